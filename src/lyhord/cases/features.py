"""Compounds as their parts, and what stands where: what both guesses of the type suggestion see."""

from collections.abc import Container, Iterator

from lyhord.core.stems import stems

SHORTEST_PART = 4
HEAD, FIRST, WHERE = 0.7, 0.45, 0.5
"""What a compound's last part, its first part and a word of place count, next to 1 for a word as it stands."""

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
