"""Where it is, said by somebody who stands there."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.cases.actions.changes import lock, log, save
from lyhord.cases.models import Case
from lyhord.cases.queries import districts_at
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text
from lyhord.places.morton import distance_m
from lyhord.places.point import Point

LONGEST = 200


@transaction.atomic
def set_position(
    *, case_id: int, point: Point, by: Actor, place_text: str | None = None, revision: int | None = None
) -> Case:
    """Put the case where it really is, and in the district there; the words stay unless others are given.

    Unit and deadline stay: the case does not wander to another desk because somebody has gone to look. The log says
    how far it was moved, not where: it outlives the case and is read by more people.
    """
    case = lock(case_id, revision=revision)
    words = case.place_text if place_text is None else clean_text(place_text, one_line=True)
    if len(words) > LONGEST:
        raise Invalid({"place_text": _("Skriv kortare, med högst 200 tecken.")})
    moved = None
    if case.lat is not None and case.lon is not None:
        moved = round(distance_m((case.lat, case.lon), point.position))
    case.lat, case.lon, case.accuracy_m = point.lat, point.lon, point.accuracy_m
    case.position_source, case.cell, case.place_text = point.source, point.cell, words
    case.area = next(iter(districts_at(case.organisation_id, point)), None)
    save(case, "lat", "lon", "accuracy_m", "position_source", "cell", "place_text", "area")
    log(case, "placed", by, level=1, metres=moved)
    return case
