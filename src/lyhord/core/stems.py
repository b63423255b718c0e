"""Swedish words as stems, the same wherever words are compared: one stemmer, never mixed with the database's own."""

import re
from threading import local

from Stemmer import Stemmer

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


EMPTY_STEMS = frozenset(stem for word in EMPTY for stem in stems(word)) | EMPTY
