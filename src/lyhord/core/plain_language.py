"""How heavy a text is to read: LIX, long sentences, long and official words, and whether it greets its reader.

LIX (Björnsson, 1968) is the number of words in a sentence, on the average, and how many in a hundred have more than
six letters. It says nothing of whether a text is good: a hint is never more than a hint.
"""

import re
from dataclasses import dataclass

from lyhord.core.plain_words import PLAINER

LONG_SENTENCE = 25
"""Words; more than so many are hard to hold in mind at once."""
LONG_WORD, VERY_LONG_WORD = 7, 20
"""Letters: from so many LIX calls a word long; from so many it is hard to take in at a glance."""
FEWEST_WORDS = 15
"""Of fewer words a mean says nothing."""

_WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*|\d+(?:[.,:]\d+)*", re.UNICODE)
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+\.\S+")
_SHORT = re.compile(
    r"\b(?:bl\.\s?a|d\.\s?v\.\s?s|dvs|e\.\s?d|etc|f\.\s?d|f\.\s?n|fr\.\s?o\.\s?m|kl|m\.\s?fl|m\.\s?m|nr|o\.\s?d|osv|p\.\s?g\.\s?a|resp"
    r"|s\.\s?k|st|t\.\s?ex|t\.\s?o\.\s?m|tel|t\.\s?v)\.",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…]+(?=[\s\"”')]|$)|:(?=\s+[A-ZÅÄÖ])|\n\s*\n|\n(?=\s*[-•*\d])")
_GREETING = re.compile(
    r"(?:hej|hallå|god\s+(?:morgon|dag|kväll)|bästa|tack|hello|hi|dear|good|thank|thanks)\b", re.IGNORECASE
)
_CLOSING = re.compile(r"\b(?:hälsningar|hälsar|mvh|vänligen|regards|sincerely|wishes)\b", re.IGNORECASE)
_OFFICIAL = re.compile(
    r"(?<!\w)(?:" + "|".join(sorted(map(re.escape, PLAINER), key=len, reverse=True)) + r")(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a text."""

    words: int
    sentences: int
    lix: int | None
    """None where there is too little text to say."""
    long_sentences: tuple[str, ...]
    official: tuple[tuple[str, str], ...]
    """(as it stands, what says the same)."""
    long_words: tuple[str, ...]
    greets: bool
    closes: bool


def read(text: str) -> Reading:
    """All of it; linear in the length of the text."""
    plain = _ADDRESS.sub(" ", text)
    sentences = sentences_of(plain)
    counted = [(sentence, words_of(sentence)) for sentence in sentences]
    words = [word for _sentence, found in counted for word in found]
    long_words = [word for word in words if letters_in(word) >= VERY_LONG_WORD]
    official = [found[0] for found in _OFFICIAL.finditer(plain)]
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return Reading(
        words=len(words),
        sentences=len(sentences),
        lix=lix(plain) if len(words) >= FEWEST_WORDS else None,
        long_sentences=tuple(sentence for sentence, found in counted if len(found) > LONG_SENTENCE),
        official=tuple((word, PLAINER[word.lower()]) for word in dict.fromkeys(official)),
        long_words=tuple(dict.fromkeys(long_words)),
        greets=bool(lines) and bool(_GREETING.match(lines[0].strip())),
        closes=bool(_CLOSING.search("\n".join(lines[-3:]))),
    )


def lix(text: str) -> int:
    """Words to a sentence and long words to a hundred, added up; 0 for a text without words."""
    words = words_of(text)
    if not words:
        return 0
    long = sum(letters_in(word) >= LONG_WORD for word in words)
    return round(len(words) / max(1, len(sentences_of(text))) + 100 * long / len(words))


def words_of(text: str) -> list[str]:
    """Its words; a number is one, and so are words joined by a hyphen."""
    return _WORD.findall(text)


def sentences_of(text: str) -> list[str]:
    """Its sentences that have words; "t.ex." and "kl. 10" end none, and a line of a list is one."""
    joined = _SHORT.sub(lambda found: found[0].replace(".", "\0"), text)
    parts = [part.replace("\0", ".").strip() for part in _END.split(joined)]
    return [" ".join(part.split()) for part in parts if _WORD.search(part)]


def letters_in(word: str) -> int:
    """How many letters a word has; a number has none."""
    return sum(char.isalpha() for char in word)
