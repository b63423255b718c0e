"""Random interests and events, drawn from few words and near places, so that they often meet."""

from random import Random

from lyhord.following.facts import CASES, MATTERS, Facts, Spot, words_of
from lyhord.following.rule import Circle, Rule

TOPICS = ("skola", "detaljplan", "trafik", "budget", "vatten")
WORDS = ("cykelbana", "lekplats", "rondell", "ny skola", "stora torget", "busskort")
AREAS = ((1, "Centrum"), (2, "Ekön"), (3, "Varamon"))
SORTS = ("category:gata", "category:belysning", "type:gata.hal", "type:belysning.lampa")
ABOUTS = ((MATTERS,), (CASES,), (MATTERS, CASES))
BODIES, STAGES, KINDS = ("KS", "BN"), ("samråd", "beslut"), ("plan", "motion")


def some[T](dice: Random, values: tuple[T, ...], most: int) -> tuple[T, ...]:
    """None to `most` of them, in their order."""
    chosen = dice.sample(values, dice.randint(0, min(most, len(values))))
    return tuple(value for value in values if value in chosen)


def somewhere(dice: Random) -> tuple[float, float]:
    """Within Motala, more or less."""
    return dice.uniform(58.50, 58.58), dice.uniform(14.95, 15.10)


def rule(dice: Random) -> Rule:
    """Of every shape: one side, both, either, none, narrowed or not."""
    circles = tuple(Circle(*somewhere(dice), dice.choice((50, 300, 2_000, 9_000))) for _ in range(dice.randint(0, 2)))
    seldom = dice.random() < 0.2
    return Rule(
        topics=some(dice, TOPICS, 2),
        words=some(dice, WORDS, 2),
        areas=tuple(pk for pk, _name in some(dice, AREAS, 1)),
        circles=circles if dice.random() < 0.5 else (),
        either=dice.random() < 0.3,
        bodies=some(dice, BODIES, 1) if seldom else (),
        stages=some(dice, STAGES, 1) if seldom else (),
        kinds=some(dice, KINDS, 1) if seldom else (),
        about=dice.choice(ABOUTS),
        sorts=some(dice, SORTS, 2),
    )


def facts(dice: Random) -> Facts:
    """What an event might be about, a matter or a case."""
    about = dice.choice((MATTERS, CASES))
    return Facts(
        topics=tuple((code, code.capitalize()) for code in some(dice, TOPICS if about == MATTERS else SORTS, 2)),
        words=words_of(" ".join(some(dice, WORDS, 3))),
        areas=some(dice, AREAS, 2),
        spots=tuple(Spot(*somewhere(dice), f"plats {n}") for n in range(dice.randint(0, 3))),
        body=dice.choice(("", *BODIES)),
        stage=dice.choice(("", *STAGES)),
        kind=dice.choice(("", *KINDS)),
        about=about,
    )
