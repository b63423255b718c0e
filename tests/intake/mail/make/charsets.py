"""Right and wrong charsets, in texts and headers."""

import base64
import quopri
from collections.abc import Iterator

from tests.intake.mail.make import ANNA, CONTACT, DATE, Made, crlf, mail

TEXT = "Gården på Åvägen är mörk. Är det någon som kan komma? Hälsningar Åsa Öberg"
FINNISH = "Lamppu ei pala. Tämä on tärkeää, kiitos. Näkemiin!"


def made() -> Iterator[Made]:
    """All of them."""
    yield from _bodies()
    yield from _packed()
    yield from _headers()


def _raw(name: str, body: bytes, content_type: str, *, encoding: str = "8bit", says: str | None = TEXT) -> Made:
    head = crlf(
        f"From: {ANNA}\nTo: {CONTACT}\nSubject: Lampan\nDate: {DATE}\nMessage-ID: <charset-{name}@exempel.se>\n"
        f"MIME-Version: 1.0\n{content_type}\nContent-Transfer-Encoding: {encoding}\n\n"
    )
    return Made(f"charset-{name}", head + body + b"\r\n", "case", says=says)


def _bodies() -> Iterator[Made]:
    def plain(charset: str) -> str:
        return f"Content-Type: text/plain; charset={charset}"

    yield _raw("utf-8", TEXT.encode(), plain("utf-8"))
    yield _raw("latin-1", TEXT.encode("latin-1"), plain("iso-8859-1"))
    yield _raw("latin-9", f"{TEXT} 5 €".encode("iso8859-15"), plain("iso-8859-15"), says=f"{TEXT} 5 €")
    yield _raw("windows", f"{TEXT} \N{LEFT DOUBLE QUOTATION MARK}x\N{RIGHT DOUBLE QUOTATION MARK}".encode("cp1252"),
               plain("windows-1252"), says=f"{TEXT} \N{LEFT DOUBLE QUOTATION MARK}x\N{RIGHT DOUBLE QUOTATION MARK}")  # fmt: skip
    yield _raw(
        "windows-called-latin-1",
        f"{TEXT} \N{EN DASH} x".encode("cp1252"),
        plain("iso-8859-1"),
        says=f"{TEXT} \N{EN DASH} x",
    )
    yield _raw("utf-8-called-latin-1", TEXT.encode(), plain("iso-8859-1"))
    yield _raw("utf-8-called-ascii", TEXT.encode(), plain("us-ascii"))
    yield _raw("utf-8-called-nothing", TEXT.encode(), "Content-Type: text/plain")
    yield _raw("utf-8-no-type", TEXT.encode(), "X-Nothing: here")
    yield _raw("latin-1-called-utf-8", TEXT.encode("latin-1"), plain("utf-8"))
    yield _raw("latin-1-called-nothing", TEXT.encode("latin-1"), "Content-Type: text/plain")
    yield _raw("latin-1-called-ascii", TEXT.encode("latin-1"), plain("us-ascii"))
    yield _raw("unknown", TEXT.encode(), plain("x-klingon"))
    yield _raw("quoted-name", TEXT.encode("latin-1"), plain('"ISO-8859-1"'))
    yield _raw("empty-name", TEXT.encode(), plain('""'))
    yield _raw("zip-for-a-charset", TEXT.encode(), plain("zlib"))
    yield _raw("escapes-for-a-charset", TEXT.encode(), plain("unicode_escape"))
    yield _raw("punycode-for-a-charset", TEXT.encode(), plain("punycode"))
    yield _raw("finnish", FINNISH.encode("latin-1"), plain("iso-8859-1"), says=FINNISH)
    yield _raw("cyrillic", "Лампа не горит".encode("koi8-r"), plain("koi8-r"), says="Лампа не горит")
    yield _raw("arabic", "المصباح لا يعمل".encode("cp1256"), plain("windows-1256"), says="المصباح لا يعمل")
    yield _raw("chinese", "路灯坏了".encode("gb2312"), plain("gb2312"), says="路灯坏了")
    yield _raw("japanese", "街灯が消えています".encode("iso2022_jp"), plain("iso-2022-jp"), says="街灯が消えています")
    yield _raw("byte-order-mark", TEXT.encode("utf-8-sig"), plain("utf-8"))
    decomposed = "Ga\N{COMBINING RING ABOVE}rden"
    yield _raw("decomposed", decomposed.encode(), plain("utf-8"), says="G\N{LATIN SMALL LETTER A WITH RING ABOVE}rden")
    yield _raw("cut-in-a-letter", TEXT.encode()[:-7] + b"\xc3", plain("utf-8"), says=None)
    yield _raw("nul-bytes", b"Lam\x00pan \x00\x01\x02 sl\xc3\xa4ckt", plain("utf-8"), says="Lampan  släckt")


def _packed() -> Iterator[Made]:
    utf8 = "Content-Type: text/plain; charset=utf-8"
    packed = base64.encodebytes(TEXT.encode())
    yield _raw("base64", packed, utf8, encoding="base64")
    yield _raw("base64-large-letters", packed, utf8, encoding="BASE64")
    yield _raw("base64-cut", packed[:60], utf8, encoding="base64", says=None)
    yield _raw("base64-with-noise", b"!!" + packed[:20] + b"\r\n***\r\n" + packed[20:], utf8, encoding="base64")
    yield _raw("base64-that-is-not", TEXT.encode(), utf8, encoding="base64", says=None)
    yield _raw("quoted-printable", quopri.encodestring(TEXT.encode()), utf8, encoding="quoted-printable")
    latin = "Content-Type: text/plain; charset=iso-8859-1"
    yield _raw(
        "quoted-printable-latin-1", quopri.encodestring(TEXT.encode("latin-1")), latin, encoding="quoted-printable"
    )
    yield _raw("quoted-printable-broken", b"L=C3=A4ge=n =ZZ =", utf8, encoding="quoted-printable", says=None)
    yield _raw("unknown-encoding", TEXT.encode(), utf8, encoding="x-hemlig")
    utf16 = base64.encodebytes(TEXT.encode("utf-16"))
    yield _raw("utf-16", utf16, "Content-Type: text/plain; charset=utf-16", encoding="base64")
    yield _raw("utf-7", TEXT.encode("utf-7"), "Content-Type: text/plain; charset=utf-7", encoding="7bit")


def _headers() -> Iterator[Made]:
    subjects = {
        "word-q": "=?iso-8859-1?q?Bel=E4gget_=E4r_sl=E4ckt?=",
        "word-b": "=?utf-8?b?QmVsw6RnZ2V0IMOkciBzbMOkY2t0?=",
        "word-cut-in-a-letter": "=?utf-8?b?QmVsw6RnZ2V0IMM=?= =?utf-8?b?pHIgc2zDpGNrdA==?=",
        "word-unknown": "=?x-klingon?q?Bel=C3=A4gget_=C3=A4r_sl=C3=A4ckt?=",
        "word-large-letters": "=?UTF-8?Q?Bel=C3=A4gget_=C3=A4r_sl=C3=A4ckt?=",
        "word-with-language": "=?utf-8*sv?q?Bel=C3=A4gget_=C3=A4r_sl=C3=A4ckt?=",
        "word-with-blanks": "=?utf-8?q?Bel=C3=A4gget =C3=A4r sl=C3=A4ckt?=",
        "raw-utf-8": "Belägget är släckt",
    }
    for name, subject in subjects.items():
        yield Made(f"header-{name}", mail("Hej", name=f"header-{name}", subject=subject), "case")
    raw = mail(
        "Hej", name="header-raw-latin-1", subject="Bel\N{LATIN SMALL LETTER A WITH DIAERESIS}gget", charset="latin-1"
    )
    yield Made("header-raw-latin-1", raw, "case")
    raw = mail("Hej", name="header-name-word", sender="=?utf-8?q?=C3=85sa_=C3=96berg?= <asa@exempel.se>")
    yield Made("header-name-word", raw, "case")
    raw = mail("Hej", name="header-name-raw", sender="Åsa Öberg <asa@exempel.se>")
    yield Made("header-name-raw", raw, "case")
