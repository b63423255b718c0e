"""What a text message can hold: its letters (GSM 03.38 or UCS-2), how many parts it is sent in, and what fits.

The network cuts a longer message into parts, each of which costs as much as a whole one. One single letter outside the
small alphabet makes all of it take more than twice the room, so typographic signs are written plainly; letters that
somebody's name or language needs are left as they are.
"""

import unicodedata
from enum import Enum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Each takes the room of two."""
_PLAINER = str.maketrans(
    {
        **dict.fromkeys("\N{EN DASH}\N{EM DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{MINUS SIGN}", "-"),
        **dict.fromkeys("\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{ACUTE ACCENT}`", "'"),
        **dict.fromkeys("\N{RIGHT DOUBLE QUOTATION MARK}\N{LEFT DOUBLE QUOTATION MARK}«»", '"'),
        **dict.fromkeys("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\t", " "),
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{BULLET}": "-",
    }
)


class Alphabet(Enum):
    """How the letters are sent: value is the room of one message, and of each part of a longer one."""

    GSM = (160, 153)
    UCS2 = (70, 67)


def plainer(text: str) -> str:
    """The same words without typography that costs; composed letters, so that "a" with a ring is one."""
    return unicodedata.normalize("NFC", text).translate(_PLAINER)


def alphabet_of(text: str) -> Alphabet:
    """The alphabet that the text needs."""
    return Alphabet.GSM if all(char in _BASIC or char in _EXTENDED for char in text) else Alphabet.UCS2


def parts_of(text: str) -> int:
    """In how many parts it is sent; 0 for nothing at all."""
    alphabet = alphabet_of(text)
    whole, each = alphabet.value
    sizes = [_size(char, alphabet) for char in text]
    if sum(sizes) <= whole:
        return 1 if text else 0
    parts, left = 1, each
    for size in sizes:  # what takes two places never lies in two parts
        if size > left:
            parts, left = parts + 1, each
        left -= size
    return parts


def fitted(text: str, link: str = "", *, most: int) -> str:
    """The text, with a link behind it, in at most so many parts: the words are cut, the link never is."""
    words = plainer(" ".join(text.split()))
    whole = f"{words} {link}".strip()
    if parts_of(whole) <= most:
        return whole
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if parts_of(_cut(words, middle, link)) <= most else (low, middle - 1)
    return _cut(words, low, link)


def _cut(words: str, length: int, link: str) -> str:
    begun = words[:length].rsplit(" ", 1)[0] if " " in words[:length] else words[:length]
    return f"{begun.rstrip(' .,')}... {link}".strip() if begun else link


def _size(char: str, alphabet: Alphabet) -> int:
    if alphabet is Alphabet.GSM:
        return 2 if char in _EXTENDED else 1
    return len(char.encode("utf-16-be")) // 2
