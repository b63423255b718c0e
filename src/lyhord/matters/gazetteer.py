"""Places that a text names: properties by their form, streets and areas by the organisation's own lists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Avg

from lyhord.matters.models import MatterPlace
from lyhord.matters.properties import find_properties
from lyhord.places.models import Address, Area

_K = MatterPlace.Kind
_CAPITALISED = re.compile(r"\b[A-ZÅÄÖ][\w'-]+(?:[ ](?:[A-ZÅÄÖa-zåäö][\w'-]+|[0-9]{1,3}\b)){0,2}")
MOST_NAMES = 400
MOST = 12
AREA_KINDS = ("district", "school", "locality")


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place and the words that named it."""

    kind: str
    name: str
    evidence: str
    area_id: int | None = None
    lat: float | None = None
    lon: float | None = None


def find_places(text: str) -> list[FoundPlace]:
    """The places of a text, in one look at the lists: properties, then streets, then areas."""
    found = [FoundPlace(_K.PROPERTY, name, name) for name in find_properties(text)]
    names = dict.fromkeys(_names(text))
    if names:
        few = list(names)[:MOST_NAMES]
        streets = Address.objects.filter(street__in=few).values("street").annotate(lat=Avg("lat"), lon=Avg("lon"))
        found += [
            FoundPlace(_K.STREET, row["street"], row["street"], lat=row["lat"], lon=row["lon"])
            for row in streets.order_by("street")
        ]
        areas = Area.objects.filter(name__in=few).exclude(kind="boundary").order_by("sort_key").defer("geojson")
        found += [FoundPlace(_K.AREA, area.name, area.name, area_id=area.pk) for area in areas]
    return found[:MOST]


def _names(text: str) -> Iterator[str]:
    """What could be a name: one to three words that begin with a capital, with and without a genitive's s."""
    for match in _CAPITALISED.finditer(text):
        words = match[0].split()
        for end in range(len(words), 0, -1):
            name = " ".join(words[:end])
            yield name
            if name.endswith("s"):
                yield name[:-1]
