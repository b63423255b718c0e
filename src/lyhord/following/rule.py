"""What somebody wants to hear of: subjects, places, or both; and whether an event is that.

`reason` is the whole rule in plain Python: for looking back over what has been, and the oracle that the database's
join (matching.py) is tested against.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import Invalid
from lyhord.core.stems import EMPTY_STEMS, stems
from lyhord.following.facts import CASES, MATTERS, Facts
from lyhord.places.morton import check_position, distance_m

MOST = 50
"""Of each sort, in one profile."""
SHORTEST_M, LONGEST_M = 50, 50_000


@dataclass(frozen=True, slots=True)
class Circle:
    """Around a point. `label` is the owner's own name for it, or the address that it was found by."""

    lat: float
    lon: float
    radius_m: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the numbers of the subject (Facts.subjects) and of the place, and how many metres away; None where none."""

    subject: int | None
    place: int | None
    distance_m: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """(topics OR words) AND (areas OR circles); where one side is empty, the other alone. Of what it is `about`.

    With `either`, one side is enough. `bodies`, `stages` and `kinds` narrow it further, where they say something. A
    phrase in `words` counts when all its words are there. Topics, bodies, stages and kinds are of matters; what cases
    are chosen by instead, their categories and types, are `sorts`.
    """

    topics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    areas: tuple[int, ...] = ()
    circles: tuple[Circle, ...] = ()
    either: bool = False
    bodies: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    about: tuple[str, ...] = (MATTERS,)
    sorts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """To keep; `from_json` reads it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Rule":
        """What `as_json` wrote; what was written before there was a choice is about matters."""
        circles = tuple(Circle(**circle) for circle in kept["circles"])
        texts = {name: tuple(kept[name]) for name in ("topics", "words", "areas", "bodies", "stages", "kinds")}
        about, sorts = tuple(kept.get("about", (MATTERS,))), tuple(kept.get("sorts", ()))
        return cls(**texts, circles=circles, either=kept["either"], about=about, sorts=sorts)

    def codes(self, about: str) -> tuple[str, ...]:
        """The topics, as the facts of such events have them."""
        return self.sorts if about == CASES else self.topics

    def about_subjects(self, about: str) -> bool:
        """Whether it asks for subjects, of such events."""
        return bool(self.codes(about) or self.words)

    @property
    def about_places(self) -> bool:
        """Whether it asks for places."""
        return bool(self.areas or self.circles)

    def narrowed(self, about: str) -> bool:
        """Whether there is more to it than terms that meet, of such events."""
        further = about == MATTERS and (self.bodies or self.stages or self.kinds)
        return bool(further or any(len(parts(words)) > 1 for words in self.words))

    def reason(self, facts: Facts) -> Reason | None:
        """Why an event with these facts is what is asked for; None when it is not."""
        if not self._fits(facts):
            return None
        subject, place = self._subject(facts), self._place(facts)
        about_subjects = self.about_subjects(facts.about)
        if not about_subjects and not self.about_places:
            return Reason(len(facts.subjects()) - 1, None)
        needed = [found for asked, found in ((about_subjects, subject), (self.about_places, place)) if asked]
        if not (any if self.either else all)(found is not None for found in needed):
            return None
        return Reason(subject, *(place or (None, None)))

    def _fits(self, facts: Facts) -> bool:
        if facts.about != MATTERS:
            return facts.about in self.about
        if MATTERS not in self.about:
            return False
        asked = ((self.bodies, facts.body), (self.stages, facts.stage), (self.kinds, facts.kind))
        return all(not wanted or is_ in wanted for wanted, is_ in asked)

    def _subject(self, facts: Facts) -> int | None:
        wanted = {("topic", topic) for topic in self.codes(facts.about)}
        wanted |= {("word", key(phrase)) for phrase in self.words if set(parts(phrase)) <= facts.words}
        return next((number for number, subject in enumerate(facts.subjects()) if subject in wanted), None)

    def _place(self, facts: Facts) -> tuple[int, int | None] | None:
        """The first area, else the nearest spot within a circle; spots are numbered after the areas."""
        for number, (pk, _name) in enumerate(facts.areas):
            if pk in self.areas:
                return number, None
        near = [
            (metres, len(facts.areas) + number)
            for number, spot in enumerate(facts.spots)
            for circle in self.circles
            if (metres := distance_m((spot.lat, spot.lon), (circle.lat, circle.lon))) <= circle.radius_m
        ]
        return (min(near)[1], round(min(near)[0])) if near else None


def parts(phrase: str) -> list[str]:
    """The stems of a word or a phrase that say something."""
    return [stem for stem in stems(phrase) if stem not in EMPTY_STEMS]


def key(phrase: str) -> str:
    """The stem that a phrase is looked up by: its longest, mostly its rarest."""
    return max(parts(phrase), key=lambda stem: (len(stem), stem), default="")


def check(rule: Rule) -> None:
    """Raise Invalid, field by field, for what cannot be followed."""
    wrong: dict[str, Any] = {}
    if not rule.about or not set(rule.about) <= {MATTERS, CASES}:
        wrong["about"] = _("Välj vad du vill veta om.")
    for name in ("topics", "sorts", "words", "areas", "circles"):
        if len(getattr(rule, name)) > MOST:
            wrong[name] = _("Högst %(most)s åt gången. Gör en bevakning till för resten.") % {"most": MOST}
    if empty := [word for word in rule.words if not key(word)]:
        wrong["words"] = _("“%(word)s” går inte att söka på. Skriv ett ord med minst två bokstäver.") % {
            "word": empty[0]
        }
    for circle in rule.circles:
        try:
            check_position(circle.lat, circle.lon)
        except ValueError:
            wrong["circles"] = _("Vi hittar inte platsen.")
        if not SHORTEST_M <= circle.radius_m <= LONGEST_M:
            wrong["circles"] = _("Välj ett avstånd mellan 50 meter och 5 mil.")
    if wrong:
        raise Invalid(wrong)
