"""Mails that begin something new, with what people attach to them."""

import base64
import io
import random
import struct
import zipfile
from collections.abc import Iterator

from PIL import Image

from tests.intake.mail.make import ANNA, CONTACT, DATE, Made, crlf, head, mail, parts

TEXT = "Lampan utanför Vintergatan 12 i Motala är släckt sedan i måndags."
PLAIN = ("Content-Type: text/plain; charset=utf-8", TEXT.encode())
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def made() -> Iterator[Made]:
    """All of them."""
    yield from _texts()
    yield from _html()
    yield from _pictures()
    yield from _documents()
    yield from _refused()
    yield from _senders()
    yield from _odd()


def _texts() -> Iterator[Made]:
    yield Made("new-plain", mail(TEXT, name="new-plain"), "case", says=TEXT)
    to = f"Kommunen <{CONTACT}>, Kalle <kalle@exempel.se>"
    yield Made("new-several-recipients", mail(TEXT, name="new-several-recipients", to=to), "case", says=TEXT)
    yield Made(
        "new-another-way-in", mail(TEXT, name="new-another-way-in", to="felanmalan@motala.example"), "case", says=TEXT
    )
    yield Made(
        "new-large-letters", mail(TEXT, name="new-large-letters", to="KONTAKT@Motala.Example"), "case", says=TEXT
    )
    yield Made("new-blind-copy", mail(TEXT, name="new-blind-copy", to="undisclosed-recipients:;"), "case", says=TEXT)
    yield Made("new-no-subject", mail(TEXT, name="new-no-subject", subject=""), "case", says=TEXT)
    yield Made("new-only-subject", mail("", name="new-only-subject", subject="Lampan är släckt"), "case")
    yield Made("new-empty", mail("", name="new-empty", subject=""), "draft:empty")
    yield Made("new-blank", mail(" \n\t\n", name="new-blank", subject=" "), "draft:empty")
    signed = f"{TEXT}\n\n-- \nAnna Ek"
    yield Made("new-signature", mail(signed, name="new-signature"), "case", says=TEXT)
    yield Made(
        "new-emoji",
        mail("🙂 Tack för snöröjningen 👍🏽", name="new-emoji"),
        "case",
        says="🙂 Tack för snöröjningen 👍🏽",
    )
    yield Made("new-long", mail("Det är mörkt. " * 2000, name="new-long"), "case", files=1)
    forward = "---------- Vidarebefordrat meddelande ---------\nFrån: Bo <bo@exempel.se>\nDatum: i går\nÄmne: Lampan\n\nDen är släckt."
    yield Made("new-forwarded", mail(forward, name="new-forwarded", subject="Fwd: Lampan"), "case", says=forward)
    flowed = crlf(
        f"From: {ANNA}\nTo: {CONTACT}\nSubject: Lampan\nDate: {DATE}\nMessage-ID: <new-flowed@exempel.se>\n"
        "Content-Type: text/plain; charset=utf-8; format=flowed\n\nLampan utanför Vintergatan \när släckt.\n"
    )
    yield Made("new-flowed", flowed, "case", says="Lampan utanför Vintergatan är släckt.")
    english = mail("The lamp is out.", name="new-english", headers="Content-Language: en-GB", subject="Lamp")
    yield Made("new-english", english, "case", says="The lamp is out.")


def _html() -> Iterator[Made]:
    yield Made("html-only", mail(f"<p>{TEXT}</p>", name="html-only", html=True), "case", says=TEXT)
    both = parts(
        PLAIN,
        ("Content-Type: text/html; charset=utf-8", f"<b>{TEXT}</b>".encode()),
        kind="alternative",
        head=head("html-both"),
    )
    yield Made("html-both", both, "case", says=TEXT)
    blank = parts(
        ("Content-Type: text/plain", b" \r\n"),
        ("Content-Type: text/html; charset=utf-8", f"<b>{TEXT}</b>".encode()),
        kind="alternative",
        head=head("html-blank-plain"),
    )
    yield Made("html-blank-plain", blank, "case", says=TEXT)
    pages = {
        "list": ("<ul><li>En</li><li>Två</li></ul>", "- En\n- Två"),
        "link": ('<a href="https://exempel.se/x">Läs här</a>', "Läs här (https://exempel.se/x)"),
        "same-link": ('<a href="https://exempel.se/x">https://exempel.se/x</a>', "https://exempel.se/x"),
        "script-link": ('<a href="javascript:alert(1)">Läs här</a>', "Läs här"),
        "hidden": (f'<div style="display:none">Rabatt!</div><p>{TEXT}</p>', TEXT),
        "hidden-without-end": (f'<div style="display: none"><p>{TEXT}', TEXT),
        "script": (f"<script>alert('x')</script><style>p {{}}</style><p>{TEXT}</p>", TEXT),
        "entities": ("<p>&Aring;sa &amp; Bo &lt;tv&aring;&gt; &#8364;</p>", "Åsa & Bo <två> €"),
        "table": (
            "<table><tr><td>Var</td><td>Bron</td></tr><tr><td>När</td><td>I går</td></tr></table>",
            "Var Bron\nNär I går",
        ),
        "unclosed": ("<p>En<p>Två<br>Tre<b>fyra", "En\n\nTvå\nTrefyra"),
        "word": ("<p class=MsoNormal>En<o:p></o:p></p><![if !supportLists]><p>Två</p><![endif]>", "En\n\nTvå"),
        "comment": ("<!-- hemligt --><p>Hej</p><!--[if mso]>nej<![endif]-->", "Hej"),
        "pre": ("<pre>a\n  b</pre>", "a\n  b"),
        "picture-only": ('<img src="cid:1" alt="logga">', None),
    }
    for name, (source, says) in pages.items():
        yield Made(f"html-{name}", mail(source, name=f"html-{name}", html=True), "case", says=says)


def _file(kind: str, name: str, data: bytes, more: str = "") -> tuple[str, bytes]:
    headers = f'Content-Type: {kind}; name="{name}"\nContent-Transfer-Encoding: base64\n'
    headers += f'Content-Disposition: attachment; filename="{name}"\n{more}'
    return headers, base64.encodebytes(data).replace(b"\n", b"\r\n")


def _with(name: str, *files: tuple[str, bytes], keeps: int, outcome: str = "case") -> Made:
    return Made(name, parts(PLAIN, *files, head=head(name)), outcome, files=keeps, says=TEXT)


def _pictures() -> Iterator[Made]:
    picture = _jpeg(width=240, height=160)
    yield _with("picture", _file("image/jpeg", "bild.jpg", picture), keeps=1)
    yield _with("picture-called-something-else", _file("application/octet-stream", "IMG_0001", picture), keeps=1)
    yield _with("picture-swedish-name", _file("image/jpeg", "=?utf-8?q?l=C3=A4ktaren.jpg?=", picture), keeps=1)
    many = [_file("image/jpeg", f"bild{n}.jpg", _jpeg(width=64 + n, height=48)) for n in range(5)]
    yield _with("pictures-five", *many, keeps=5)
    yield _with("picture-broken", _file("image/jpeg", "bild.jpg", picture[:200]), keeps=0)
    only = parts(_file("image/jpeg", "bild.jpg", picture), head=head("picture-only"))
    yield Made("picture-only", only, "case", files=1)
    alone = (
        head("picture-is-the-mail")
        + crlf(_file("image/jpeg", "bild.jpg", picture)[0])
        + b"\r\n"
        + base64.encodebytes(picture)
    )
    yield Made("picture-is-the-mail", alone, "case", files=1)
    logo = _file("image/png", "image001.png", _png(), more="Content-ID: <logo>\n")
    logo = (logo[0].replace("attachment;", "inline;"), logo[1])
    yield _with("picture-logotype", logo, keeps=0)
    shown = _file("image/jpeg", "bild.jpg", _jpeg(width=320, height=240, noise=True), more="Content-ID: <bild>\n")
    yield _with("picture-in-the-text", (shown[0].replace("attachment;", "inline;"), shown[1]), keeps=1)


def _jpeg(*, width: int, height: int, noise: bool = False) -> bytes:
    picture = Image.new("RGB", (width, height), "teal")
    if noise:
        dots = random.Random(7)
        picture.frombytes(dots.randbytes(width * height * 3))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=60)
    return out.getvalue()


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 20), "navy").save(out, "PNG")
    return out.getvalue()


def _zip(*names: str, content: bytes = b"x", store: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            info = zipfile.ZipInfo(name, date_time=(2026, 3, 3, 10, 14, 0))
            archive.writestr(info, store if name == "mimetype" else content)
    return out.getvalue()


DOCX = ("[Content_Types].xml", "word/document.xml")


def _documents() -> Iterator[Made]:
    yield _with("document-pdf", _file("application/pdf", "karta.pdf", PDF), keeps=1)
    yield _with("document-pdf-called-text", _file("text/plain", "karta.txt", PDF), keeps=1)
    yield _with("document-docx", _file("application/octet-stream", "brev.docx", _zip(*DOCX)), keeps=1)
    yield _with(
        "document-xlsx",
        _file("application/octet-stream", "lista.xlsx", _zip("[Content_Types].xml", "xl/workbook.xml")),
        keeps=1,
    )
    odt = _zip("mimetype", "content.xml", store="application/vnd.oasis.opendocument.text")
    yield _with("document-odt", _file("application/octet-stream", "brev.odt", odt), keeps=1)
    yield _with("document-text", _file("text/plain", "lista.txt", "Åsa\nBo\n".encode()), keeps=1)
    yield _with("document-csv", _file("text/csv", "lista.csv", b"a;b\n1;2\n"), keeps=1)
    yield _with("document-twice", *[_file("application/pdf", "karta.pdf", PDF)] * 2, keeps=2)
    inner = mail("Inuti", name="inner", subject="Det här fick jag")
    yield _with("document-mail", ("Content-Type: message/rfc822", inner), keeps=1)
    yield _with("document-winmail", _file("application/ms-tnef", "winmail.dat", _tnef(("karta.pdf", PDF))), keeps=1)
    tnef_only = parts(
        _file("application/ms-tnef", "winmail.dat", _tnef(("karta.pdf", PDF), body=TEXT)), head=head("winmail-only")
    )
    yield Made("winmail-only", tnef_only, "case", files=1, says=TEXT)
    calendar = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:M\xc3\xb6te om lampan\r\nDTSTART:20260310T090000Z\r\nLOCATION:Bron\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    invitation = parts(
        ("Content-Type: text/calendar; charset=utf-8; method=REQUEST", calendar), head=head("invitation")
    )
    yield Made("invitation", invitation, "case", files=1, says="Möte om lampan, 20260310T090000Z, Bron")


def _tnef(*files: tuple[str, bytes], body: str = "") -> bytes:
    def attribute(level: int, kind: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, kind, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    out = b"\x78\x9f\x3e\x22\x01\x00"
    if body:
        out += attribute(1, 0x0002800C, body.encode("cp1252") + b"\0")
    for name, data in files:
        out += attribute(2, 0x00069002, b"\0" * 14)
        out += attribute(2, 0x00018010, name.encode("cp1252") + b"\0")
        out += attribute(2, 0x0006800F, data)
    return out


def _refused() -> Iterator[Made]:
    yield _with("refused-program", _file("application/octet-stream", "spel.exe", b"MZ\x90\0" + b"\0" * 200), keeps=0)
    yield _with("refused-two-endings", _file("image/jpeg", "bild.jpg.exe", b"MZ\x90\0" + b"\0" * 200), keeps=0)
    yield _with("refused-page", _file("text/html", "faktura.html", b"<script>alert(1)</script>"), keeps=0)
    yield _with(
        "refused-drawing", _file("image/svg+xml", "bild.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'), keeps=0
    )
    yield _with("refused-zip", _file("application/zip", "filer.zip", _zip("a.txt")), keeps=0)
    macros = _zip(*DOCX, "word/vbaProject.bin")
    yield _with("refused-macros", _file("application/octet-stream", "brev.docx", macros), keeps=0)
    yield _with("refused-script", _file("text/plain", "kor.ps1", b"Remove-Item C:\\\r\n"), keeps=0)
    virus = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    yield _with("refused-virus", _file("application/pdf", "karta.pdf", PDF + virus), keeps=0)
    yield _with("refused-name-with-folders", _file("application/pdf", "../../etc/passwd.pdf", PDF), keeps=1)


def _senders() -> Iterator[Made]:
    senders = {
        "name-with-comma": '"Ek, Anna" <anna.ny@exempel.se>',
        "name-with-bracket": '"Anna <chefen>" <anna.ny@exempel.se>',
        "plus": "anna+kommun@exempel.se",
        "apostrophe": "anna.o'neil@exempel.se",
        "idn": "anna@åäö.example",
        "punycode": "anna@xn--4cab6c.example",
        "dots": "Anna <anna.ny@exempel.se>.",
    }
    for name, sender in senders.items():
        yield Made(f"sender-{name}", mail(TEXT, name=f"sender-{name}", sender=sender), "case", says=TEXT)
    yield Made(
        "sender-non-ascii", mail(TEXT, name="sender-non-ascii", sender="åsa@exempel.se"), "draft:no_sender", says=TEXT
    )
    yield Made("sender-nobody", mail(TEXT, name="sender-nobody", sender=""), "draft:no_sender", says=TEXT)
    yield Made(
        "sender-only-a-name", mail(TEXT, name="sender-only-a-name", sender="Anna Ek"), "draft:no_sender", says=TEXT
    )
    without = crlf(f"To: {CONTACT}\nSubject: Hej\nDate: {DATE}\nMessage-ID: <sender-missing@exempel.se>\n\n{TEXT}\n")
    yield Made("sender-missing", without, "draft:no_sender", says=TEXT)


def _odd() -> Iterator[Made]:
    bare = f"From: {ANNA}\nTo: {CONTACT}\nSubject: Lampan\n\n{TEXT}\n".encode()
    yield Made("odd-bare-lines", bare, "case", says=TEXT)
    yield Made("odd-old-mac-lines", bare.replace(b"\n", b"\r"), "case", says=TEXT)
    yield Made(
        "odd-mbox",
        b"From anna@exempel.se Tue Mar  3 10:14:00 2026\n" + bare.replace(b"Lampan\n", b"Mbox\n"),
        "case",
        says=TEXT,
    )
    yield Made("odd-no-id-no-date", bare.replace(b"Lampan\n", b"Utan\n"), "case", says=TEXT)
    wrong = mail(TEXT, name="odd-date").replace(DATE.encode(), b"i tisdags nagon gang")
    yield Made("odd-date", wrong, "case", says=TEXT)
    early = mail(TEXT, name="odd-date-1970").replace(DATE.encode(), b"Thu, 01 Jan 1970 00:00:00 +0000")
    yield Made("odd-date-1970", early, "case", says=TEXT)
    late = mail(TEXT, name="odd-date-late").replace(DATE.encode(), b"Thu, 01 Jan 9999 00:00:00 +9999")
    yield Made("odd-date-late", late, "case", says=TEXT)
    signed = parts(PLAIN, ("Content-Type: application/pgp-signature; name=signature.asc", b"-----BEGIN PGP SIGNATURE-----"),
                   kind="signed", head=head("odd-signed"))  # fmt: skip
    yield Made("odd-signed", signed, "case", says=TEXT)
    secret = parts(
        ("Content-Type: application/pgp-encrypted", b"Version: 1"),
        ("Content-Type: application/octet-stream; name=encrypted.asc", b"-----BEGIN PGP MESSAGE-----"),
        kind="encrypted",
        head=head("odd-encrypted"),
    )
    yield Made("odd-encrypted", secret, "case")
    two = parts(PLAIN, ("Content-Type: text/plain; charset=utf-8", b"Skickat av listan."), head=head("odd-two-texts"))
    yield Made("odd-two-texts", two, "case", says=f"{TEXT}\n\nSkickat av listan.")
