"""Plain text as people type it, and Swedish alphabetical order.

No wheel of PostgreSQL has ICU and a plain Debian has no Swedish locale, so the sort order is made here and stored.
"""

import re
import unicodedata

_SWEDISH = {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y", "ð": "d", "þ": "th", "ß": "ss"}
_CONTROL = re.compile(r"[^\S\n\t ]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_DIGITS = re.compile(r"\d+")

SORT_KEY_LENGTH = 160


def clean_text(text: str, *, one_line: bool = False) -> str:
    """NFC, line ends as "\\n", without control and direction-turning characters, ends trimmed.

    With `one_line`, any run of white space becomes one blank.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub(lambda match: " " if match[0].isspace() else "", text)
    text = text.encode("utf-8", "ignore").decode("utf-8")  # lone surrogates cannot be stored
    text = unicodedata.normalize("NFC", text)  # last: a letter and its accent may have had something between them
    if one_line:
        return " ".join(text.split())
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def fold(text: str) -> str:
    """For comparing: case, accents and dots away (å and ä become a, ö becomes o)."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def sort_key(text: str) -> str:
    """A key whose byte order is Swedish alphabetical order: … x y z å ä ö; v and w apart; numbers by value.

    At most SORT_KEY_LENGTH characters. A column that holds it has the collation "C", which orders by bytes.
    """
    out = []
    for char in unicodedata.normalize("NFC", text.casefold()):
        if char in _SWEDISH:
            out.append(_SWEDISH[char])
        else:
            out.append(fold(char))
    return _DIGITS.sub(lambda match: match[0].zfill(8), "".join(out))[:SORT_KEY_LENGTH]
