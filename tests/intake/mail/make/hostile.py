"""Mails that are made to break their reader, to smuggle something in, or to be too much."""

import base64
from collections.abc import Iterator

from tests.intake.mail.make import ANNA, CONTACT, DATE, Made, crlf, mail, parts

TEXT = "Lampan är släckt."
TO = f"From: {ANNA}\nTo: {CONTACT}\nSubject: Hej\nDate: {DATE}\n"


def made() -> Iterator[Made]:
    """All of them."""
    yield from _headers()
    yield from _structure()
    yield from _much()
    yield from _words()


def _headers() -> Iterator[Made]:
    smuggled = "=?utf-8?q?Hej=0D=0ABcc:_alla@exempel.se=0D=0A=0D=0AText?="
    yield Made("hostile-subject-lines", mail(TEXT, name="hostile-subject-lines", subject=smuggled), "case", says=TEXT)
    sender = "=?utf-8?q?Anna=0D=0ABcc:_alla@exempel.se?= <anna.ny@exempel.se>"
    yield Made("hostile-name-lines", mail(TEXT, name="hostile-name-lines", sender=sender), "case", says=TEXT)
    yield Made(
        "hostile-subject-turned",
        mail(TEXT, name="hostile-subject-turned", subject="Hej \N{RIGHT-TO-LEFT OVERRIDE}gpj.exe"),
        "case",
    )
    yield Made(
        "hostile-subject-nul", mail(TEXT, name="hostile-subject-nul", subject="Hej =?utf-8?q?=00=01=02?= du"), "case"
    )
    yield Made(
        "hostile-subject-html",
        mail(TEXT, name="hostile-subject-html", subject="<script>alert(1)</script>{{ x }}"),
        "case",
    )
    long_subject = "x" * 50_000
    yield Made("hostile-subject-long", mail(TEXT, name="hostile-subject-long", subject=long_subject), "case", says=TEXT)
    words = " ".join(["=?utf-8?q?x?="] * 3000)
    yield Made("hostile-subject-words", mail(TEXT, name="hostile-subject-words", subject=words), "case", says=TEXT)
    many = ", ".join(f"a{n}@exempel.se" for n in range(3000))
    yield Made("hostile-recipients", mail(TEXT, name="hostile-recipients", headers=f"Cc: {many}"), "case", says=TEXT)
    quotes = '"' * 5001 + " <anna.ny@exempel.se>"
    yield Made("hostile-quotes", mail(TEXT, name="hostile-quotes", sender=quotes), "case", says=TEXT)
    comments = "(" * 5000 + "anna.ny@exempel.se"
    yield Made("hostile-comments", mail(TEXT, name="hostile-comments", sender=comments), "draft:no_sender", says=TEXT)
    refers = "References: " + "\n ".join(f"<{n}@exempel.se>" for n in range(2000))
    yield Made("hostile-references", mail(TEXT, name="hostile-references", headers=refers), "case", says=TEXT)
    more = "\n".join(f"X-{n}: {n}" for n in range(5000))
    yield Made("hostile-many-headers", mail(TEXT, name="hostile-many-headers", headers=more), "case", says=TEXT)
    message_id = crlf(f"{TO}Message-ID: {'<' * 3000}x@y{'>' * 3000}\n\n{TEXT}\n")
    yield Made("hostile-message-id", message_id, "case", says=TEXT)
    sql = mail(TEXT, name="x'); drop table cases_case; --", subject="'; drop table cases_case; --")
    yield Made("hostile-sql", sql, "case", says=TEXT)
    same_id = crlf(f"{TO}Message-ID: <\n\n{TEXT}\n")
    yield Made("hostile-half-id", same_id, "case", says=TEXT)
    charset = crlf(
        f"{TO}Message-ID: <hostile-rfc2231@exempel.se>\nContent-Type: text/plain; charset*0*=x''%ff; charset*1=\n\n{TEXT}\n"
    )
    yield Made("hostile-rfc2231", charset, "case", says=TEXT)


def _structure() -> Iterator[Made]:
    boundary = "Content-Type: multipart/mixed; boundary=b\n"
    head = f"{TO}Message-ID: <{{}}@exempel.se>\nMIME-Version: 1.0\n"
    plain = f"Content-Type: text/plain; charset=utf-8\n\n{TEXT}\n"
    pieces = {
        "no-end": f"{boundary}\n--b\n{plain}",
        "before-and-after": f"{boundary}\nDet här läser ingen.\n--b\n{plain}--b--\nInte det här heller.\n",
        "no-boundary-said": f"Content-Type: multipart/mixed\n\n--b\n{plain}--b--\n",
        "other-boundary": f"Content-Type: multipart/mixed; boundary=annan\n\n--b\n{plain}--b--\n",
        "no-parts-at-all": f"{boundary}\n{TEXT}\n",
        "two-types": f"Content-Type: text/plain; charset=utf-8\nContent-Type: image/png\n\n{TEXT}\n",
        "type-of-nothing": f"Content-Type: ;;;=\n\n{TEXT}\n",
        "type-unknown": f"Content-Type: text/x-hemlig; charset=utf-8\n\n{TEXT}\n",
        "headers-in-the-text": f"Content-Type: text/plain; charset=utf-8\n\n{TEXT}\nContent-Type: text/html\n\nHej\n",
        "folded-badly": f"Content-Type: multipart/mixed;\nboundary=b\n\n--b\n{plain}--b--\n",
    }
    says: dict[str, str | None] = dict.fromkeys(pieces, TEXT)
    says |= {"type-unknown": None, "headers-in-the-text": f"{TEXT}\nContent-Type: text/html\n\nHej"}
    for name, rest in pieces.items():
        files = 1 if name == "type-unknown" else 0
        yield Made(f"hostile-{name}", crlf(head.format(f"hostile-{name}") + rest), "case", says=says[name], files=files)
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(60))
    yield Made("hostile-deep", crlf(head.format("hostile-deep") + deep + plain), "case")
    mails = f"Content-Type: text/plain; charset=utf-8\n\n{TEXT}\n"
    for n in range(40):
        mails = f"Content-Type: message/rfc822\n\nFrom: a{n}@exempel.se\nSubject: {n}\n{mails}"
    yield Made("hostile-mail-in-mail", crlf(head.format("hostile-mail-in-mail") + mails), "case", files=1)
    partial = f"Content-Type: message/partial; id=x; number=1; total=2\n\n{TEXT}\n"
    yield Made("hostile-partial", crlf(head.format("hostile-partial") + partial), "case")
    outside = (
        'Content-Type: message/external-body; access-type=url; url="file:///etc/passwd"\n\nContent-Type: text/plain\n\n'
    )
    yield Made("hostile-external-body", crlf(head.format("hostile-external-body") + outside), "case")


def _much() -> Iterator[Made]:
    many = parts(
        *[("Content-Type: text/plain", b"x")] * 2000, head=crlf(f"{TO}Message-ID: <hostile-parts@exempel.se>\n")
    )
    yield Made("hostile-parts", many, "case")
    files = [("Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment", b"%PDF-1.4\n%%EOF")] * 60
    much = parts(
        ("Content-Type: text/plain; charset=utf-8", TEXT.encode()),
        *files,
        head=crlf(f"{TO}Message-ID: <hostile-files@exempel.se>\n"),
    )
    yield Made("hostile-files", much, "case", files=30, says=TEXT)
    line = "x" * 200_000
    yield Made("hostile-long-line", mail(line, name="hostile-long-line"), "case", files=1)
    quotes = "\n".join(["> " * 300 + "x"] * 300)
    yield Made("hostile-deep-quotes", mail(f"{TEXT}\n{quotes}", name="hostile-deep-quotes"), "case", files=1)
    tags = "<div>" * 5000 + TEXT
    yield Made("hostile-deep-html", mail(tags, name="hostile-deep-html", html=True), "case", says=TEXT)
    attributes = "<p " + "a " * 20_000 + f">{TEXT}"
    yield Made(
        "hostile-html-attributes", mail(attributes, name="hostile-html-attributes", html=True), "case", says=TEXT
    )
    zeros = base64.encodebytes(b"\0" * 30_000).decode()
    kind = "Content-Type: application/octet-stream; name=nollor.bin\nContent-Transfer-Encoding: base64\n"
    raw = crlf(f"{TO}Message-ID: <hostile-zeros@exempel.se>\n{kind}\n{zeros}")
    yield Made("hostile-zeros", raw, "case")


def _words() -> Iterator[Made]:
    yield Made("hostile-template", mail("{{ settings.SECRET_KEY }} {% debug %} %(x)s {0}", name="hostile-template"), "case",
               says="{{ settings.SECRET_KEY }} {% debug %} %(x)s {0}")  # fmt: skip
    page = "<img src=x onerror=alert(1)><svg onload=alert(1)>Hej</svg><a href='javascript:alert(1)'>klicka</a>"
    yield Made("hostile-html", mail(page, name="hostile-html", html=True), "case", says="klicka")
    marks = "Hej \ue0f1 och \ue0f2 och \ue0f3\nHej då"
    yield Made("hostile-our-marks", mail(marks, name="hostile-our-marks"), "case", says="Hej  och  och\nHej då")
    turned = "Hej \N{RIGHT-TO-LEFT OVERRIDE}täv \N{POP DIRECTIONAL FORMATTING}du"
    yield Made("hostile-turned-text", mail(turned, name="hostile-turned-text"), "case", says="Hej täv du")
    zalgo = "L" + "\N{COMBINING ACUTE ACCENT}" * 500 + "ampan"
    yield Made("hostile-accents", mail(zalgo, name="hostile-accents"), "case")
    dots = mail(".\n..\n.x", name="hostile-dots")
    yield Made("hostile-dots", dots, "case", says=".\n..\n.x")
    yield Made("hostile-nothing-but-nul", mail("\0" * 100, name="hostile-nothing-but-nul", subject="Nollor"), "case")
