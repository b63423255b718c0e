"""A matter as interests see it: what it is about, where, in which body and at what stage."""

from lyhord.core.stems import EMPTY_STEMS
from lyhord.following.facts import Facts, Spot
from lyhord.matters.models import Matter
from lyhord.matters.topics import topics


def interest_of(matter: Matter) -> Facts:
    """What a person has denied does not count."""
    known = topics()
    chosen = matter.topics.filter(denied=False).order_by("pk").values_list("topic", flat=True)
    places = list(matter.places.filter(denied=False).order_by("pk"))
    return Facts(
        topics=tuple((code, known[code].name("sv")) for code in chosen if code in known),
        words=frozenset(matter.stems.split()) - EMPTY_STEMS,
        areas=tuple((place.area_id, place.name) for place in places if place.area_id is not None),
        spots=tuple(
            Spot(place.lat, place.lon, place.name)
            for place in places
            if place.lat is not None and place.lon is not None and place.area_id is None
        ),
        body=matter.body.code if matter.body else "",
        stage=matter.stage,
        kind=matter.kind,
    )
