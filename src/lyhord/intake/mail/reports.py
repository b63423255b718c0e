"""What mail servers report back about a mail of ours: it bounced, waits, arrived, was read, or was called spam.

RFC 3464 says how it is written today; bounces of other shapes are read by the codes that stand in them.
"""

import re
from collections.abc import Sequence

from lyhord.intake.mail.charsets import header
from lyhord.intake.mail.letter import Report, Sort
from lyhord.intake.mail.part import Part

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.\-])([45])(\d\d)(?:[ -]|$)(?!\d)")
_OURS = re.compile(r"<(?:notice-\d+\.|\d\d-\d+-)[0-9a-z]{10,40}@[\w.-]{1,253}>")
_ADDRESS = re.compile(r"[\w.+=&'/-]{1,64}@[\w.-]{1,250}")
# Words of servers that give no code.
_FOR_GOOD = re.compile(
    "|".join(
        (
            *("user unknown", "unknown user", "user not found", "does not exist", "doesn't exist", "not exist"),
            *("no such (?:user|mailbox|person|recipient|account)", "mailbox (?:unavailable|not found|unknown)"),
            *("address rejected", "invalid (?:recipient|address|user)", "unknown (?:address|recipient|host)"),
            *("recipient (?:unknown|rejected|not found)", "not listed", "no mailbox", "host not found", "finns inte"),
            *("account (?:is )?(?:disabled|closed)", "permanent(?:ly)? (?:fail|error)", "failed permanently", "okänd"),
        )
    ),
    re.IGNORECASE,
)
_TRIES_ON = re.compile(
    "|".join(
        (
            *(
                "will (?:be )?(?:retr|keep trying|try again)",
                "not yet been delivered",
                "has been delayed",
                "delayed mail",
            ),
            *("still being (?:re)?tried", "warning message only", "do not need to resend", "försöker igen"),
        )
    ),
    re.IGNORECASE,
)
_FULL = re.compile("over quota|quota exceeded|mailbox (?:is )?full|full brevlåda|temporar", re.IGNORECASE)
_READ = 50_000
# Enhanced codes (RFC 3463) that are about the address: no such mailbox or domain, moved away, switched off. A full
# mailbox (x.2.2), a mail that is too large (x.3.4) and one that is not wanted (x.7.y) are not.
_DEAD = re.compile(r"5\.1\.[0-6](?!\d)|5\.1\.10|5\.2\.1(?!\d)|5\.4\.4")


def _is_dead(sort: Sort, status: str, said: str) -> bool:
    if sort is not Sort.BOUNCE:
        return False
    if _DEAD.match(status):
        return True
    vague = not status or status in {"5.0.0", "5.5.0"}
    return vague and bool(_FOR_GOOD.search(said)) and not _FULL.search(said)


def read_report(parts: Sequence[Part]) -> tuple[Sort, Report] | None:
    """The sort and what it says, of a report by the standards; None when there is no report among the parts."""
    for part in parts:
        match part.get_content_type():
            case "message/delivery-status" | "message/global-delivery-status":
                return _delivery(part)
            case "message/feedback-report":
                return Sort.COMPLAINT, Report(said=_field(part, "feedback-type"))
            case "message/disposition-notification" | "message/global-disposition-notification":
                return Sort.RECEIPT, Report(said=_field(part, "disposition"))
    return None


def read_old_bounce(text: str) -> tuple[Sort, Report]:
    """What a bounce in free words says."""
    text = text[:_READ]
    statuses = [match[0] for match in _STATUS.finditer(text)]
    bad = [status for status in statuses if status[0] in "45"]
    status = next((one for one in bad if one[0] == "5"), bad[0] if bad else "")
    if not status and (reply := _REPLY.search(text)):
        status = f"{reply[1]}.0.0"
    sort = Sort.DELAYED if _TRIES_ON.search(text) and not status.startswith("5") else Sort.BOUNCE
    said = _telling_line(text)
    dead = _is_dead(sort, status, said or text)
    return sort, Report(recipients=tuple(_addresses(text)), status=status, said=said, dead=dead)


def our_ids(raw: bytes) -> tuple[str, ...]:
    """Message-IDs of mails of ours, wherever in the mail they stand: without brackets, each once, at most ten."""
    text = raw.decode("latin-1")
    return tuple(dict.fromkeys(found[1:-1] for found in _OURS.findall(text)))[:10]


def _delivery(part: Part) -> tuple[Sort, Report]:
    """One block of fields for the message, then one for each recipient; the worst news counts."""
    recipients, actions, statuses, said = [], [], [], ""
    for block in _blocks(part):
        recipient = block.get("final-recipient") or block.get("original-recipient") or ""
        recipients += _addresses(recipient.partition(";")[2] or recipient)
        if action := block.get("action", "").split("(")[0].strip().lower():
            actions.append(action)
        if code := _STATUS.search(block.get("status", "")):
            statuses.append(code[0])
        said = said or block.get("diagnostic-code", "").partition(";")[2]
    status = next((one for one in statuses if one[0] == "5"), statuses[0] if statuses else "")
    if not status and (reply := _REPLY.search(said)):
        status = f"{reply[1]}.0.0"
    sort, said = _sort(actions, status), _one_line(said)
    return sort, Report(recipients=tuple(recipients), status=status, said=said, dead=_is_dead(sort, status, said))


def _sort(actions: Sequence[str], status: str) -> Sort:
    if "failed" in actions or (not actions and status.startswith("5")):
        return Sort.BOUNCE
    if "delayed" in actions or status.startswith("4"):
        return Sort.DELAYED
    if actions and set(actions) <= {"delivered", "relayed", "expanded"}:
        return Sort.DELIVERED
    return Sort.BOUNCE


def _blocks(part: Part) -> list[dict[str, str]]:
    """The fields of each block, by name in small letters. The parser makes a message of each block."""
    if isinstance(part.content, list):
        found = [{name.lower(): header(str(value)) for name, value in block.raw_items()} for block in part.content]
        if any(found):
            return found
    text = "\n".join(str(one.content) for one in part.content) if isinstance(part.content, list) else part.content
    blocks: list[dict[str, str]] = [{}]
    for line in text.splitlines()[:2000]:
        name, colon, value = line.partition(":")
        if not line.strip():
            blocks.append({})
        elif colon and not line[0].isspace():
            blocks[-1].setdefault(name.strip().lower(), header(value))
    return blocks


def _field(part: Part, name: str) -> str:
    for block in _blocks(part):
        if name in block:
            return _one_line(block[name])
    return ""


def _addresses(text: str) -> list[str]:
    return list(dict.fromkeys(found.lower().strip(".") for found in _ADDRESS.findall(text[:5000])))[:20]


def _telling_line(text: str) -> str:
    """The first line with a code, else the first that says why."""
    lines = [line.strip() for line in text.split("\n") if line.strip()][:300]
    for pattern in (_STATUS, _REPLY, _FOR_GOOD, _FULL, _TRIES_ON):
        for line in lines:
            if pattern.search(line[:500]):
                return _one_line(line)
    return ""


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
