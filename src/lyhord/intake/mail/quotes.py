"""What somebody says themselves in a mail, without the mails that it quotes and without their signature.

Mail programs mark quoted mail in few ways but in every language; they are written down here for those that residents
of Sweden use. Nothing is ever lost: where nothing would be left, all of it is what they say. A forwarded mail is no
quote, since it is what they want to show.
"""

import re
from collections.abc import Sequence

from lyhord.intake.mail.html_text import END, MARKS, QUOTE, SIGNATURE

_WROTE = (
    r"skrev|wrote|writes|skriver|kirjoitti|schrieb|a écrit|escribió|ha scritto|schreef|napisał(?:\(a\))?|skreiv|написал"
)
# As in: Den 3 mars 2026 kl. 10:14 skrev Anna <anna@exempel.se>: – or: tis 3 mars 2026 kl. 10:14 Anna skrev:
_ATTRIBUTION = re.compile(rf"(?=.*(?:\d|@)).*\b(?:{_WROTE})(?!\w).*:\s*$", re.IGNORECASE)
_EXACT = re.compile(r"@|\b\d{1,2}[:.]\d\d\b")  # a person who tells what they wrote when gives no minute and no address
_ATTRIBUTION_BEGINS = re.compile(
    r"^(?:den|on|am|le|el|il|op|på|från|from|lör|sön|mån|tis|ons|tors?|fre|ma|ti|ke|to|pe|la|su|mon|tue|wed|thu|fri|sat"
    r"|sun|man|tir|tor|søn|\d{1,4})\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"^[-_=* ]{2,}\s*(?:original message|ursprungligt meddelande|original-?meddelande|ursprungsmeddelande"
    r"|original ?mail|opprinnelig melding|oprindelig meddelelse|alkuperäinen viesti|ursprüngliche nachricht"
    r"|message d.origine"
    r"|svar från|ursprungligt mejl|citerat meddelande)\s*[-_=* ]*$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"forwarded message|vidarebefordrat|vidarebefordrad|videresendt|välitetty viesti|weitergeleitete|begin forwarded"
    r"|börjar vidarebefordra|fwd message",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\W{0,3}(?:från|from|fra|lähettäjä|von|de|avsändare)\W{0,3}:", re.IGNORECASE)
_OTHERS = tuple(
    re.compile(rf"^\W{{0,3}}(?:{names})\W{{0,3}}:", re.IGNORECASE)
    for names in (
        r"skickat|datum|sent|date|sendt|dato|lähetetty|päivämäärä|päiväys|gesendet|envoyé",
        r"till|to|til|vastaanottaja|kenelle|an|à",
        r"ämne|subject|emne|aihe|betreff|objet|ang",
    )
)
_DASHES = re.compile(r"^--\s?$")
_SENT_FROM = re.compile(
    r"^\W{0,3}(?:skicka(?:t|d|des) (?:från|med)|hämta outlook|sent (?:from|via|with)|get outlook|lähetetty"
    r"|hanki outlook|von meinem|gesendet (?:von|mit)|sendt (?:fra|via)|få outlook|envoyé de)\b.{0,80}$",
    re.IGNORECASE,
)
_LOOKED_AT = 500
"""Characters of a line that the patterns are tried on."""


def without_marks(text: str) -> str:
    """All of the text, for people."""
    return _tidy([line for line in text.split("\n") if not MARKS.search(line)])


def own_words(text: str) -> str:
    """The sender's own words; all of it where nothing else is left."""
    lines = _without_signatures(text.split("\n"))
    at, header = _quote_begins(lines)
    if at is not None:
        lines = [*_signed_off(lines[:at]), *_answers_below(lines[at + header :])]
    else:
        lines = _without_quoted_end(lines)
    said = _tidy(_signed_off([line for line in lines if not MARKS.search(line)]))
    return said or without_marks(text)


def _quote_begins(lines: Sequence[str]) -> tuple[int | None, int]:
    """The index of the first line that introduces a quoted mail, and how many lines the introduction has."""
    for at, line in enumerate(lines):
        if QUOTE in line and not _forwards(lines, at):
            return at, 1
        if line.startswith(">") or not line.strip():
            continue
        length = _introduces(lines, at)
        if length:
            return at, length
    return None, 0


def _forwards(lines: Sequence[str], at: int) -> bool:
    """Whether what begins here is a mail that is passed on."""
    near = [line for line in lines[max(0, at - 1) : at + 5] if line.strip()][:4]
    return any(_FORWARD.search(line[:_LOOKED_AT]) for line in near)


def _introduces(lines: Sequence[str], at: int) -> int:
    line = lines[at][:_LOOKED_AT]
    if _SEPARATOR.match(line):
        return 1
    if _FROM.match(line) and _is_header_block(lines[at + 1 : at + 7]) and not _forwards(lines, max(0, at - 3)):
        return 1
    for length in (1, 2, 3):  # it may have been broken into two or three lines
        part = lines[at : at + length]
        joined = " ".join(piece.strip() for piece in part)[:_LOOKED_AT]
        if len(part) == length and all(part) and _ATTRIBUTION.match(joined):
            begins = _ATTRIBUTION_BEGINS.match(joined) and _EXACT.search(joined)
            if begins or (length == 1 and _followed_by_quote(lines, at + 1)):
                return length
    return 0


def _is_header_block(after: Sequence[str]) -> bool:
    """At least two of when, to whom and about what."""
    near = [line[:_LOOKED_AT] for line in after if line.strip()][:5]
    return sum(any(other.match(line) for line in near) for other in _OTHERS) >= 2


def _followed_by_quote(lines: Sequence[str], at: int) -> bool:
    for line in lines[at : at + 3]:
        if line.strip():
            return line.startswith(">")
    return False


def _answers_below(quoted: Sequence[str]) -> list[str]:
    """What somebody has written below or between what they quote, where quoted lines have marks.

    Between, the quoted lines stay: without them the answers mean nothing.
    """
    if not any(line.startswith(">") for line in quoted):
        return []
    first = next(at for at, line in enumerate(quoted) if line.startswith(">"))
    body = [line for line in quoted[first:] if QUOTE not in line]
    blocks = _blocks(body)
    answers = [block for block in blocks if not block[0].startswith(">")]
    if not answers:
        return []
    if len(blocks) - len(answers) == 1:
        return ["", *answers[0]]
    last = max(at for at, block in enumerate(blocks) if not block[0].startswith(">"))
    return ["", *(line for block in blocks[: last + 1] for line in [*block, ""])]


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    """Runs of quoted and of other lines; blank lines belong to the run they stand in."""
    blocks: list[list[str]] = []
    for line in lines:
        quoted = line.startswith(">")
        if not line.strip():
            if blocks:
                blocks[-1].append(line)
        elif blocks and blocks[-1][0].startswith(">") == quoted:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _without_quoted_end(lines: Sequence[str]) -> list[str]:
    """Away with quoted lines that end the mail though nothing introduces them."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith(">")):
        end -= 1
    return list(lines[:end])


def _without_signatures(lines: Sequence[str]) -> list[str]:
    """What stands between the marks of a signature is away with."""
    kept, inside = [], False
    for line in lines:
        if SIGNATURE in line:
            inside = True
        elif END in line:
            inside = False
        elif not inside or QUOTE in line:
            inside = False
            kept.append(line)
    return kept


def _signed_off(lines: Sequence[str]) -> list[str]:
    """The lines up to "-- ", or to what a telephone adds at the end."""
    kept = list(lines)
    for at, line in enumerate(kept):
        if _DASHES.match(line):
            kept = kept[:at]
            break
    while kept and (not kept[-1].strip("_ ") or _SENT_FROM.match(kept[-1][:_LOOKED_AT])):
        kept.pop()
    return kept


def _tidy(lines: Sequence[str]) -> str:
    """Never more than one blank line, and none at the ends."""
    out: list[str] = []
    for line in (line.rstrip() for line in lines):
        if line.strip("> ") or (out and out[-1].strip("> ")):
            out.append(line)
    return "\n".join(out).strip("\n")
