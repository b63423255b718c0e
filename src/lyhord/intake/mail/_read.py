"""Reads a mail. Runs only inside `files.sandbox`: the standard library's parser meets hostile bytes here.

What is broken is read as far as it goes, and named in `flaws`. Limits are on everything; what does not fit is counted.
"""

import quopri
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import MultipartInvariantViolationDefect
from email.utils import parsedate_to_datetime

from lyhord.core.text import clean_text
from lyhord.files._wire import Refused, pack
from lyhord.intake.mail import reports, sorts, tnef
from lyhord.intake.mail.addresses import Mailbox, mailboxes, message_ids
from lyhord.intake.mail.charsets import base64_forgiven, decoded, header, raw_text
from lyhord.intake.mail.html_text import MARKS, html_text
from lyhord.intake.mail.letter import (
    NAME_LENGTH,
    RESULT_LENGTH,
    SUBJECT_LENGTH,
    TEXT_LENGTH,
    Attachment,
    Letter,
    Report,
    Sort,
    to_json,
)
from lyhord.intake.mail.part import Part, parsed
from lyhord.intake.mail.quotes import own_words, without_marks

MOST_PARTS = 500
DEEPEST = 15
MOST_FILES = 30
MOST_BYTES_OF_FILES = 30_000_000
_HEADER_LENGTH = 100_000
_WHOM = ("to", "cc", "delivered-to", "x-original-to", "x-envelope-to", "envelope-to", "apparently-to", "x-forwarded-to")
# What the standard library raises for bad parameters; OSError where it looks for a charset and can open no file.
_NONSENSE = (ValueError, LookupError, TypeError, AttributeError, OSError)
_NAMELESS = {
    "message/rfc822": "mejl.eml",
    "message/global": "mejl.eml",
    "text/plain": "text.txt",
    "text/html": "text.html",
    "text/calendar": "inbjudan.ics",
    "application/pdf": "dokument.pdf",
    "image/jpeg": "bild.jpg",
    "image/png": "bild.png",
}
_NAMES = re.compile(r"[\x00-\x1f/\\:*?\"<>|]+")


def read(data: bytes) -> bytes:
    """Two packed parts: the letter as JSON, and the attachments' data, packed. Raises Refused when it is no mail."""
    letter = read_letter(data)
    return pack(to_json(letter), pack(*(attachment.data for attachment in letter.attachments)))


def read_letter(data: bytes) -> Letter:
    """The letter; for tests, which read many, also without a process of its own."""
    try:
        parts = list(_walk(parsed(_begun_right(data))))
    except RecursionError as error:
        raise Refused("nested") from error
    if not parts[0].keys() and not parts[0].content:
        raise Refused("empty")
    return _Reading(data, parts).letter()


def _begun_right(data: bytes) -> bytes:
    """Without what mbox files and some servers put before the first header."""
    data = data.lstrip(b"\r\n\x00\xef\xbb\xbf") if data[:1] in b"\r\n\x00\xef" else data
    if data.startswith((b"From ", b">From ")):
        data = data.partition(b"\n")[2]
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _walk(message: Part, depth: int = 0) -> Iterator[Part]:
    """The parts, without opening mails that came as files."""
    multiple = message.get_content_maintype() == "multipart"
    if multiple and isinstance(message.content, str):
        message = _mended(message)
    yield message
    if multiple and isinstance(message.content, list) and depth < DEEPEST:
        for part in message.content:
            yield from _walk(part, depth + 1)


def _mended(message: Part) -> Part:
    """A multipart whose boundary is missing or another: by the first line that looks like one, else as plain text."""
    content = str(message.content)
    found = re.search(r"^--(\S.{0,80}?)\s*$", content, re.MULTILINE)
    whole = _headers_only(message)
    if found:
        body = content.encode("utf-8", "surrogateescape")
        begin = b'Content-Type: multipart/mixed; boundary="' + found[1].replace('"', "").encode("utf-8", "replace")
        again = parsed(begin + b'"\n\n' + body)
        if isinstance(again.content, list):
            whole.set_payload([*again.content])
            whole["Content-Type"] = "multipart/mixed"
            return whole
    whole["Content-Type"] = "text/plain"
    whole.set_payload(content)
    return whole


def _headers_only(message: Part) -> Part:
    copy = Part()
    for name, value in message.raw_items():
        if name.lower() not in {"content-type", "content-transfer-encoding"}:
            copy.set_raw(name, value)
    copy.defects = [*message.defects, MultipartInvariantViolationDefect()]
    return copy


class _Reading:
    """One mail being read."""

    def __init__(self, data: bytes, parts: list[Part]) -> None:
        self.raw = data
        self.flaws: list[str] = ["many_parts"] if len(parts) > MOST_PARTS else []
        self.parts = parts[:MOST_PARTS]
        self.files: list[Attachment] = []
        self.headers: dict[str, str] = {}
        self.raw_headers: dict[str, list[str]] = {}
        for name, value in parts[0].raw_items():
            lower = name.lower()
            self.raw_headers.setdefault(lower, []).append(str(value)[:_HEADER_LENGTH])
        for name, values in self.raw_headers.items():
            self.headers[name] = MARKS.sub("", clean_text(header(values[0]), one_line=True))
        if any(len(self.raw_headers.get(name, ())) > 1 for name in ("from", "subject", "message-id", "content-type")):
            self.flaws.append("repeated_header")
        if any(part.defects for part in self.parts):
            self.flaws.append("broken_mime")

    def letter(self) -> Letter:
        """All of it."""
        sender = self._sender()
        report = reports.read_report(self.parts)
        text, own = self._texts()
        if report is None and sorts.looks_bounced(self.headers, sender.address):
            report = reports.read_old_bounce(self._said_by_server(text))
        sort = report[0] if report else sorts.sort_of(self.headers, sender.address)
        reply_to = self._mailboxes("reply-to")
        return Letter(
            sort=sort,
            message_id=self._one_id("message-id"),
            refers_to=self._refers_to(),
            from_name=_line(sender.name, NAME_LENGTH),
            from_address=_line(sender.address, 254),
            reply_to=_line(reply_to[0].address, 254) if reply_to else "",
            recipients=tuple(dict.fromkeys(_line(one.address, 320) for one in self._mailboxes(*_WHOM) if one.address)),
            subject=_line(self.headers.get("subject", ""), SUBJECT_LENGTH),
            sent_at=self._sent_at(),
            language=_line(self.headers.get("content-language", "").split(",")[0].split("-")[0].lower(), 10),
            text=text,
            own_words=own,
            attachments=tuple(self.files),
            report=_short(report[1]) if report else None,
            our_ids=reports.our_ids(self.raw) if report or sort is not Sort.PERSON else (),
            hops=len(self.raw_headers.get("received", ())),
            looks_automatic=sorts.looks_automatic(self.headers.get("subject", "")),
            no_reply=sorts.no_reply(sender.address),
            results=self._results(),
            spam=sorts.is_spam(self.headers),
            flaws=tuple(dict.fromkeys(self.flaws)),
        )

    def _sender(self) -> Mailbox:
        """Who From says it is; nobody, where it says several things."""
        found = self._mailboxes("from")
        addresses = {one.address for one in found if one.address}
        if len(addresses) > 1:
            self.flaws.append("several_senders")
            return Mailbox(found[0].name, "")
        return next((one for one in found if one.address), found[0] if found else Mailbox("", ""))

    def _mailboxes(self, *names: str) -> list[Mailbox]:
        return [one for name in names for value in self.raw_headers.get(name, ())[:20] for one in mailboxes(value)]

    def _one_id(self, name: str) -> str:
        raw = self.raw_headers.get(name, [""])[0]
        found = message_ids(raw)
        return _line(found[0] if found else header(raw).strip("<> "), 500)

    def _refers_to(self) -> tuple[str, ...]:
        near = [found for value in self.raw_headers.get("in-reply-to", ())[:5] for found in message_ids(value)]
        far = [found for value in self.raw_headers.get("references", ())[:5] for found in message_ids(value)]
        return tuple(dict.fromkeys(_line(one, 500) for one in [*near, *reversed(far)]))[:100]

    def _results(self) -> tuple[str, ...]:
        found = self.raw_headers.get("authentication-results", ())[:10]
        return tuple(_line(raw_text(value), RESULT_LENGTH) for value in found)

    def _sent_at(self) -> datetime | None:
        try:
            found = parsedate_to_datetime(self.headers.get("date", "")[:100])
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            return None

    def _texts(self) -> tuple[str, str]:
        """All of the text, and the sender's own words in it; files are put aside on the way."""
        plain: list[str] = []
        html: list[str] = []
        calendar = ""
        alternatives = self._inside_alternatives()
        for part in self.parts:
            if part.is_multipart() and part.get_content_maintype() == "multipart":
                continue
            kind = part.get_content_type()
            if self._is_text(part, plain, html, alternatives):
                (html if kind == "text/html" else plain).append(_content(part))
            else:
                calendar = calendar or self._put_aside(part, plain)
        written = "\n\n".join(plain)
        if not written.strip(" \n\t>\xa0") and html:
            written = "\n\n".join(html_text(source) for source in html)
        else:
            written = MARKS.sub("", written)
        written = _clean(written) or calendar
        if len(written) > TEXT_LENGTH:
            self.flaws.append("long_text")
            written = written[:TEXT_LENGTH]
        return without_marks(written), own_words(written)

    def _inside_alternatives(self) -> set[int]:
        """Ids of texts that may say again what another says."""
        found: set[int] = set()
        for part in self.parts:
            if part.get_content_type() == "multipart/alternative" and part.is_multipart():
                found |= {id(one) for one in _walk(part) if one.get_content_maintype() == "text"}
        return found

    def _is_text(self, part: Part, plain: list[str], html: list[str], alternatives: set[int]) -> bool:
        """Whether the part is what somebody wrote, and no file. The first text is; later ones are where they say so."""
        kind = part.get_content_type()
        if kind not in {"text/plain", "text/html"} or part.get_content_disposition() == "attachment":
            return False
        if _file_name(part) and (plain or html):
            return False
        if id(part) in alternatives or not (plain or html):
            return True
        return kind == "text/plain" or not plain

    def _put_aside(self, part: Part, plain: list[str]) -> str:
        """Keep a part as a file; what an invitation says is returned, in case nothing else is said."""
        kind = part.get_content_type()
        if kind.startswith("message/") and kind not in {"message/rfc822", "message/global"}:
            return ""  # the machine's part of a report, or what lies elsewhere
        name = _line(_file_name(part), 1000) or _NAMELESS.get(kind, "")
        data = _packed_mail(part) if kind in {"message/rfc822", "message/global"} else _bytes(part)
        if kind in {"application/ms-tnef", "application/vnd.ms-tnef"} or data.startswith(tnef.SIGNATURE):
            return self._open_tnef(data, plain)
        inline = bool(
            part.get("content-id")
        )  # named so that the text can show it; telephones say "inline" of any picture
        self._keep(name, kind, data, inline=inline and part.get_content_maintype() == "image")
        return _invitation(data) if kind == "text/calendar" else ""

    def _open_tnef(self, data: bytes, plain: list[str]) -> str:
        try:
            body, files = tnef.opened(data)
        except ValueError:
            self.flaws.append("broken_tnef")
            return ""
        if body.strip() and not any(text.strip() for text in plain):
            plain.append(body)
        for name, content in files:
            self._keep(_line(name, 1000), "", content, inline=False)
        return ""

    def _keep(self, name: str, kind: str, data: bytes, *, inline: bool) -> None:
        if not data:
            return
        kept = sum(len(one.data) for one in self.files)
        if len(self.files) >= MOST_FILES or kept + len(data) > MOST_BYTES_OF_FILES:
            self.flaws.append("many_files")
            return
        name = _NAMES.sub("_", name).strip(" ._")[-150:] or "bilaga"
        self.files.append(Attachment(name=name, content_type=_line(kind, 100), inline=inline, data=data))

    def _said_by_server(self, text: str) -> str:
        """The words before the mail that comes back, which may hold codes of its own."""
        before = re.split(
            r"\n-{3,}.*(?:original message|copy of|returned).*\n|\nReceived: |\nReturn-Path: ", text, maxsplit=1
        )
        return before[0] if before[0].strip() else text


def _content(part: Part) -> str:
    """A text part as text: by its charset, and flowing lines joined (RFC 3676)."""
    text = decoded(_bytes(part), _parameter(part, "charset"))
    if _parameter(part, "format") == "flowed" and part.get_content_type() == "text/plain":
        return _unflowed(text, delete=_parameter(part, "delsp") == "yes")
    return text


def _parameter(part: Part, name: str) -> str:
    """A parameter of Content-Type in small letters; "" where it is missing or makes no sense."""
    try:
        found = part.get_param(name, "")
    except _NONSENSE:
        return ""
    return (found[2] if isinstance(found, tuple) else str(found)).lower()


def _file_name(part: Part) -> str:
    """What the sender calls the file; bytes beyond ASCII read as what they look like."""
    apart = Part()
    for name, value in part.raw_items():
        if name.lower() in {"content-disposition", "content-type"} and name not in apart:
            apart[name] = raw_text(str(value).replace("\n", " "))[:4000]
    try:
        return header(apart.get_filename() or "")
    except _NONSENSE:
        return ""


def _unflowed(text: str, *, delete: bool) -> str:
    out: list[str] = []
    flowing = False
    for raw in text.split("\n"):
        quoted, line = raw.startswith(">"), raw.removeprefix(" ")
        if flowing and not quoted and out and not out[-1].startswith(">"):
            out[-1] += line
        else:
            out.append(line)
        flowing = line.endswith(" ") and line != "-- " and not quoted
        if flowing and delete:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


def _bytes(part: Part) -> bytes:
    """A part's bytes, however badly packed."""
    if isinstance(part.content, list):
        return b"\n".join(_packed_mail(one) for one in part.content[:MOST_PARTS])
    raw = part.content.encode("utf-8", "surrogateescape")
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "base64":
        return base64_forgiven(raw)
    if encoding == "quoted-printable":
        return quopri.decodestring(raw)
    if encoding in {"x-uuencode", "uuencode", "uue", "x-uue"}:
        found = part.get_payload(decode=True)
        return found if isinstance(found, bytes) else raw
    return raw


def _packed_mail(part: Part) -> bytes:
    """A mail within the mail as it came, as near as the parser can tell."""
    content = part.content
    inner = content[0] if isinstance(content, list) and content and part.get_content_maintype() == "message" else part
    try:
        return inner.as_bytes(unixfrom=False)
    except _NONSENSE:
        return str(inner.content).encode("utf-8", "surrogateescape")


def _invitation(data: bytes) -> str:
    """What an invitation is to, and when and where (RFC 5545), in one line."""
    found = dict(re.findall(r"^(SUMMARY|LOCATION|DTSTART)[^:\n]*:(.{1,200})$", decoded(data[:20_000]), re.MULTILINE))
    said = [found[name].replace("\\,", ",").strip() for name in ("SUMMARY", "DTSTART", "LOCATION") if name in found]
    return clean_text(", ".join(said))


def _clean(text: str) -> str:
    """As `clean_text`, with the marks left where they are."""
    return clean_text(text)


def _line(text: str, longest: int) -> str:
    return clean_text(text, one_line=True)[:longest].strip()


def _short(report: Report) -> Report:
    return Report(
        recipients=tuple(_line(one, 320) for one in report.recipients[:20]),
        status=report.status[:20],
        said=_line(report.said, 300),
        dead=report.dead,
    )
