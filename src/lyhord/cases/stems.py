"""Swedish words as stems, and compounds as their parts: what both guesses of the type suggestion see."""

import re
from collections.abc import Container, Iterator
from threading import local

from Stemmer import Stemmer

SHORTEST_PART = 4
HEAD, FIRST, WHERE = 0.7, 0.45, 0.5
"""What a compound's last part, its first part and a word of place count, next to 1 for a word as it stands."""

_WORD = re.compile(r"\b(?:e|rv|lv)\d{1,3}\b|[^\W\d_]{2,40}")
# Snowball leaves "lampan" as it is, next to "lamp" for "lampa".
_DEFINITE = re.compile(r"(?<=\w{3})ans?$")
_own = local()

# Words without a subject of their own; they may still be part of a phrase.
EMPTY = frozenset(
    {"och", "att", "det", "som", "en", "ett", "på", "är", "av", "för", "med", "till", "den", "har", "de", "om", "vi"}
    | {"jag", "så", "men", "man", "var", "när", "där", "här", "från", "vid", "kan", "ni", "mig", "oss", "vår", "vårt"}
    | {"våra", "mycket", "hela", "alla", "eller", "under", "över", "efter", "inte", "ingen", "inget", "någon", "något"}
    | {"några", "sig", "sin", "sitt", "ska", "skulle", "blir", "blivit", "bli", "varit", "finns", "får", "göra", "upp"}
    | {"ut", "in", "ner", "bort", "hos", "utanför", "annan", "annat", "andra", "våran", "hej", "tack", "flera", "många"}
)


def stems(text: str) -> list[str]:
    """The stems of the words, in order; digits and lone letters are no words."""
    words = [_DEFINITE.sub("a", word) for word in _WORD.findall(text.casefold())]
    return list(_stemmer().stemWords(words))


def _stemmer() -> Stemmer:
    """One per thread: the object keeps a cache and is not safe to share."""
    if not hasattr(_own, "stemmer"):
        _own.stemmer = Stemmer("swedish")
    stemmer: Stemmer = _own.stemmer
    return stemmer


_PLACE_WORDS = (
    "vid",
    "utanför",
    "mot",
    "bakom",
    "framför",
    "bredvid",
    "intill",
    "nära",
    "under",
    "till",
    "från",
    "på",
    "över",
    "längs",
    "mellan",
    "hos",
)
PREPOSITIONS = frozenset(stem for word in _PLACE_WORDS for stem in stems(word))
EMPTY_STEMS = frozenset(stem for word in EMPTY for stem in stems(word)) | EMPTY


def features(text: str, vocabulary: Container[str]) -> dict[str, float]:
    """The known stems in the text with how strongly each is there: 1 as a word, less as a part of a compound.

    What stands after "vid" or "utanför" is where it is, not what it is, and counts less.
    """
    found: dict[str, float] = {}
    before = ""
    for stem in stems(text):
        where = WHERE if before in PREPOSITIONS else 1.0
        for part, strength in _parts(stem, vocabulary):
            found[part] = max(found.get(part, 0.0), strength * where)
        before = stem
    return found


def _parts(stem: str, vocabulary: Container[str]) -> Iterator[tuple[str, float]]:
    """The stem, and the longest known last and first part of it: "gatlykt" is "lykt" and "gat…"."""
    if stem in vocabulary:
        yield stem, 1.0
    # Snowball cuts "gatlykta" to "gatlyk", yet "lykta" to "lykt" only.
    endings = (stem, f"{stem}t") if stem.endswith(("k", "g", "d")) else (stem,)
    heads = (ending[start:] for start in range(1, len(stem) - 2) for ending in endings)
    head = next((head for head in heads if len(head) >= SHORTEST_PART and head in vocabulary), None)
    if head:
        yield head, HEAD
    for end in range(len(stem) - 1, SHORTEST_PART - 1, -1):
        if stem[:end] in vocabulary:
            yield stem[:end], FIRST
            break
