"""Bytes to text by whatever charset they claim, and by what they are when the claim is wrong. Never raises."""

import base64
import binascii
import codecs
import re
from encodings.aliases import aliases

_SAME = {
    "iso-8859-1": "cp1252",  # browsers and mail programs read it so (WHATWG Encoding)
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ansi": "cp1252",
    "windows-1252": "cp1252",
    "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "iso-8859-8-i": "iso8859-8",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
}
# Codecs that are text and nothing more: others unpack, escape or take their time. They are loaded now, since the
# limited process can open no file once it has the mail.
_ALLOWED = (
    *("ascii", "utf-8", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "big5", "big5hkscs"),
    *("euc_jp", "euc_kr", "iso2022_jp", "iso2022_jp_2", "iso2022_kr", "cp932", "cp949", "koi8-r", "koi8-u", "tis-620"),
    *("mac-roman", "mac-cyrillic", "mac-latin2", "cp437", "cp850", "cp852", "cp865", "cp866", "cp874"),
    *(f"cp125{n}" for n in range(9)),
    *(f"iso8859-{n}" for n in range(1, 17) if n != 12),
)
_CODECS = {name.replace("-", "_"): codecs.lookup(name).name for name in _ALLOWED}
_BY_NAME = {name.replace("_", "-"): codec for name, codec in _CODECS.items()}
_BY_NAME |= {alias.replace("_", "-"): _CODECS[module] for alias, module in aliases.items() if module in _CODECS}
_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]{0,2000})\?=")


def decoded(data: bytes, claimed: str = "") -> str:
    """The text. UTF-8 where that fits, then what is claimed, then Windows' western letters, which fit anything."""
    codec = _codec(claimed)
    if not codec.startswith(("utf-16", "utf-32", "utf-7", "iso2022")):
        # Whatever else it says it is: other charsets' letters are hardly ever valid UTF-8 by chance.
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            if _cut_utf8(data):
                return data.decode("utf-8", "replace")
    if codec not in {"utf-8", "ascii", "cp1252"}:
        text = data.decode(codec, "replace")
        if text.count("\ufffd") * 20 <= len(text):
            return text
    return data.decode("cp1252", "replace").replace("\ufffd", "")


def _cut_utf8(data: bytes) -> bool:
    """Whether it is UTF-8 but for a character cut in two, or some noise."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return sum(char > "\x7f" for char in text) > 4 * bad


def _codec(claimed: str) -> str:
    name = claimed.strip(" \t\"'").lower()[:40]
    return _BY_NAME.get(_SAME.get(name, name).replace("_", "-"), "cp1252")


def header(raw: str) -> str:
    """A header's text: encoded words (RFC 2047) read with forgiveness, raw bytes by what they look like.

    `raw` is as the standard library's parser leaves it, bytes beyond ASCII as surrogates. White space is one blank.
    """
    pieces: list[str] = []
    at, before = 0, None
    for match in _WORD.finditer(raw):
        between = raw[at : match.start()]
        if between.strip() or before is None:
            before = None
            pieces.append(raw_text(between))
        data = _unpacked(match[2], match[3])
        charset = match[1].lower()
        if before is not None and before[0] == charset:  # a character may have been cut between two words
            pieces.pop()
            data = before[1] + data
        pieces.append(decoded(data, charset))
        before = (charset, data)
        at = match.end()
    pieces.append(raw_text(raw[at:]))
    return " ".join("".join(pieces).split())


def raw_text(text: str) -> str:
    """Text with bytes beyond ASCII as surrogates, as what those bytes look like."""
    return decoded(text.encode("utf-8", "surrogateescape")) if not text.isascii() else text


def _unpacked(how: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if how in "qQ":
        return binascii.a2b_qp(raw, header=True)
    return base64_forgiven(raw)


def base64_forgiven(raw: bytes) -> bytes:
    """What can be read of it: without what is no base64, and of a last group that was cut off what there is."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    whole = len(kept) // 4 * 4
    rest = kept[whole:]
    tail = rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""
    return base64.b64decode(kept[:whole] + tail)
