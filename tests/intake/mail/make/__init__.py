"""Writes the mails of `corpus/made`: what residents of Sweden, their mail programs and machines send, and hostile ones.

What depends on the case that a mail is about has a stand-in, which the tests replace:
REPLY and so on, and the number 26-4817.
"""

from dataclasses import dataclass

REPLY = "svar+26-4817-aaaaaaaaaaaaaaaaaaaa@motala.example"
"""The reply address of the case."""
FORGED = "svar+26-4817-ffffffffffffffffffff@motala.example"
"""The same with another signature."""
FOREIGN = "svar+26-4817-bbbbbbbbbbbbbbbbbbbb@motala.example"
"""Signed, but for another organisation's case."""
BOUNCES = "svar+n4711-cccccccccccccccccccc@motala.example"
"""Where bounces of the notice come."""
NOTICE = "<notice-4711.cccccccccccccccccccc@motala.localhost>"
"""The notice's Message-ID."""
THREAD = "<26-4817-aaaaaaaaaaaaaaaaaaaa@motala.localhost>"
"""The Message-ID that every notice of the case refers to."""
NUMBER = "26-4817"
CONTACT = "kontakt@motala.example"
ANNA = "anna@exempel.se"
"""Who reported the case."""
DATE = "Tue, 03 Mar 2026 10:14:00 +0100"


@dataclass(frozen=True)
class Made:
    """One mail, and what shall become of it."""

    name: str
    raw: bytes
    outcome: str
    sort: str = "person"
    says: str | None = None
    """The sender's own words, where that matters; exactly."""
    files: int = 0


def crlf(text: str, charset: str = "utf-8") -> bytes:
    """As it goes over the wire."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode(charset)


def mail(
    body: str,
    *,
    to: str = CONTACT,
    sender: str = f"Anna Ek <{ANNA}>",
    subject: str = "Lampan på Vintergatan",
    name: str = "mejl",
    headers: str = "",
    html: bool = False,
    charset: str = "utf-8",
) -> bytes:
    """A plain mail with one part, 8 bits as they are; `headers` are lines to add."""
    kind = "text/html" if html else "text/plain"
    return crlf(
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: {DATE}\nMessage-ID: <{name}@exempel.se>\n"
        f"{_ended(headers)}MIME-Version: 1.0\nContent-Type: {kind}; charset={charset}\n"
        f"Content-Transfer-Encoding: 8bit\n\n{body}\n",
        charset,
    )


def reply(body: str, *, name: str, html: bool = False, headers: str = "", **others: str) -> bytes:
    """An answer to the case's notice by the one who reported it."""
    refers = f"In-Reply-To: {NOTICE}\nReferences: {THREAD} {NOTICE}\n"
    values = {"to": f"Dialog Motala <{REPLY}>", "subject": f"Sv: Nytt svar i ärende {NUMBER}", **others}
    return mail(body, name=name, html=html, headers=refers + _ended(headers), **values)


def parts(*pieces: tuple[str, bytes], kind: str = "mixed", headers: str = "", head: bytes | None = None) -> bytes:
    """A multipart mail of (headers, body) pieces; `head` is all of the headers where they are not the usual ones."""
    boundary = "=_grans"
    lines = [head if head is not None else _head(headers)]
    lines.append(f'MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode())
    for part_headers, body in pieces:
        lines.append(f"--{boundary}\r\n".encode() + crlf(part_headers.strip()) + b"\r\n\r\n" + body + b"\r\n")
    lines.append(f"--{boundary}--\r\n".encode())
    return b"".join(lines)


def head(
    name: str, *, to: str = CONTACT, sender: str = f"Anna Ek <{ANNA}>", subject: str = "Bild på lampan", more: str = ""
) -> bytes:
    """The usual headers, for `parts`."""
    text = (
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: {DATE}\nMessage-ID: <{name}@exempel.se>\n{_ended(more)}"
    )
    return crlf(text)


def _head(headers: str) -> bytes:
    return crlf(_ended(headers))


def _ended(headers: str) -> str:
    return headers.rstrip("\n") + "\n" if headers else ""
