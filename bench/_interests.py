"""Random interests and documents, as many towns' together: few topics, many words, some places.

Each profile asks for 1 to 5 of 200 topics and 0 to 3 of 50,000 words (Zipf, without the commonest); 45 in 100 for 1 to
3 of 500 areas, 25 for a circle of half to five kilometres, the rest for the whole municipality. A document has 800
distinct words of the same Zipf, 1 to 3 topics, and 1 to 3 places, each a spot in an area.
"""

from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate
from random import Random

from lyhord.following.facts import Facts, Spot
from lyhord.following.rule import Circle, Rule

TOPICS, AREAS, WORDS, STOP = 200, 500, 50_000, 100
DISTINCT = 800
_CUMULATIVE = list(accumulate(1 / rank for rank in range(STOP + 1, WORDS + 1)))


def word(dice: Random) -> str:
    """One of the words, the common ones oftener; of letters only, and its own stem."""
    number = bisect(_CUMULATIVE, dice.random() * _CUMULATIVE[-1])
    return "".join("bdfghjklmp"[int(digit)] for digit in f"{number:05d}")


def somewhere(dice: Random) -> tuple[float, float]:
    """A place in a municipality of some forty kilometres."""
    return dice.uniform(58.40, 58.75), dice.uniform(14.80, 15.40)


def rules(count: int) -> Iterator[tuple[Rule, int]]:
    """So many, each with its level; the same every time."""
    dice = Random(7)
    for _ in range(count):
        where = dice.random()
        areas = tuple({dice.randrange(AREAS) for _ in range(dice.randint(1, 3))}) if where < 0.45 else ()
        circle = (Circle(*somewhere(dice), dice.uniform(500, 5_000)),) if 0.45 <= where < 0.7 else ()
        yield (
            Rule(
                topics=tuple({f"t{dice.randrange(TOPICS)}" for _ in range(dice.randint(1, 5))}),
                words=tuple({word(dice) for _ in range(dice.randint(0, 3))}),
                areas=areas,
                circles=circle,
            ),
            dice.randint(1, 3),
        )


def documents(count: int) -> Iterator[tuple[Facts, int]]:
    """So many, each with its level; others than any profile was drawn from."""
    dice = Random(11)
    for _ in range(count):
        words: set[str] = set()
        while len(words) < DISTINCT:
            words.add(word(dice))
        places = dice.randint(1, 3)
        yield (
            Facts(
                topics=tuple(
                    (topic, "") for topic in {f"t{dice.randrange(TOPICS)}" for _ in range(dice.randint(1, 3))}
                ),
                words=frozenset(words),
                areas=tuple((area, "") for area in {dice.randrange(AREAS) for _ in range(places)}),
                spots=tuple(Spot(*somewhere(dice)) for _ in range(places)),
            ),
            dice.randint(1, 3),
        )
