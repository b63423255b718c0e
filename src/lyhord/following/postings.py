"""The rows by which events find profiles (matching.py), made of what a profile's rule says.

A rule that asks for matters and for cases has rows for each: what events are about never meets what they are not.
"""

from typing import Any

from lyhord.following.facts import term, tiles_of_circle
from lyhord.following.models import PlacePosting, Profile, SubjectPosting
from lyhord.following.rule import Rule, key


def postings(profile: Profile, rule: Rule) -> tuple[list[SubjectPosting], list[PlacePosting]]:
    """The rows by which events find the profile."""
    subjects: list[SubjectPosting] = []
    places: list[PlacePosting] = []
    for about in rule.about:
        common = {
            "organisation_id": profile.organisation_id,
            "profile_id": profile.pk,
            "level": profile.level,
            "narrowed": rule.narrowed(about),
        }
        subjects += _subjects(rule, about, common)
        places += _places(rule, about, {"alone": rule.either or not rule.about_subjects(about), **common})
    return subjects, places


def _subjects(rule: Rule, about: str, common: dict[str, Any]) -> list[SubjectPosting]:
    terms = [term("topic", topic, about) for topic in rule.codes(about)]
    terms += [term("word", key(phrase), about) for phrase in rule.words]
    if not rule.about_subjects(about) and not rule.about_places:
        terms = [term("any", "", about)]
    placed = rule.about_places and not rule.either
    return [SubjectPosting(term=one, placed=placed, **common) for one in dict.fromkeys(terms)]


def _places(rule: Rule, about: str, common: dict[str, Any]) -> list[PlacePosting]:
    places = [PlacePosting(term=term("area", area, about), **common) for area in dict.fromkeys(rule.areas)]
    for circle in dict.fromkeys(rule.circles):
        where = {"lat": circle.lat, "lon": circle.lon, "radius_m": circle.radius_m}
        tiles = tiles_of_circle(circle.lat, circle.lon, circle.radius_m, about)
        places += [PlacePosting(term=tile, **where, **common) for tile in tiles]
    return places
