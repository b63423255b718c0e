"""Whether the receiving server vouches for who a mail is from: what it has written down of DKIM and DMARC (RFC 8601).

Anybody can write such a line into a mail. So only the topmost by the name that the organisation says that its own
server has counts; that server takes away lines which others have written in its name (RFC 8601, section 5).
"""

import re

_METHOD = re.compile(r"\s*([a-z0-9-]+)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)\b", re.IGNORECASE)
_PROPERTY = re.compile(r"\b([a-z]+)\s*\.\s*([a-z0-9-]+)\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)
_REASON = re.compile(r"\breason\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)


def vouched_for(results: tuple[str, ...], *, sender: str, server: str) -> bool:
    """Whether `server` has found that a mail from `sender` is: DMARC passed, or DKIM of its own domain."""
    domain = sender.rpartition("@")[2].lower()
    if not server or not domain:
        return False
    said = next((parts for value in results if (parts := _parts(value)) and _name(parts[0]) == server.lower()), None)
    if said is None:
        return False
    found = [(method[1].lower(), method[2].lower(), one) for one in said[1:] if (method := _METHOD.match(one))]
    dmarc = [(result, _properties(one).get("header.from", "")) for name, result, one in found if name == "dmarc"]
    if dmarc:
        return all(result == "pass" and about == domain for result, about in dmarc)
    return any(name == "dkim" and result == "pass" and _signed_for(one, domain) for name, result, one in found)


def _signed_for(one: str, domain: str) -> bool:
    """Whether the signature is the domain's own, or that of one above it."""
    said = _properties(one)
    signer = said.get("header.d") or said.get("header.i", "").rpartition("@")[2]
    return "." in signer and (domain == signer or domain.endswith(f".{signer}"))


def _properties(one: str) -> dict[str, str]:
    """What the finding is about; its reason may repeat the sender's own words."""
    said = _PROPERTY.findall(_REASON.sub(" ", one))
    return {f"{kind}.{name}".lower(): value.strip('"').lower() for kind, name, value in said}


def _name(first: str) -> str:
    """Whose line it is; a version may follow."""
    return (first.split() or [""])[0].strip('"').lower()


def _parts(value: str) -> list[str]:
    """What stands between the semicolons, without comments; neither counts within quotes."""
    parts, depth, quoted, escaped = [""], 0, False, False
    for sign in value:
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
            continue
        elif sign == '"' and not depth:
            quoted = not quoted
        elif sign in "()" and not quoted:
            depth = max(0, depth + (1 if sign == "(" else -1))
            parts[-1] += " "
            continue
        elif sign == ";" and not quoted and not depth:
            parts.append("")
            continue
        if not depth:
            parts[-1] += sign
    return parts
