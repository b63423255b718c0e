"""The rows by which events find profiles (matching.py), made of what a profile's rule says."""

from lyhord.following.facts import term, tiles_of_circle
from lyhord.following.models import PlacePosting, Profile, SubjectPosting
from lyhord.following.rule import Rule, key


def postings(profile: Profile, rule: Rule) -> tuple[list[SubjectPosting], list[PlacePosting]]:
    """The rows by which events find the profile."""
    common = {
        "organisation_id": profile.organisation_id,
        "profile_id": profile.pk,
        "level": profile.level,
        "narrowed": rule.narrowed,
    }
    terms = [term("topic", topic) for topic in rule.topics] + [term("word", key(phrase)) for phrase in rule.words]
    if not rule.about_subjects and not rule.about_places:
        terms = [term("any", "")]
    placed = rule.about_places and not rule.either
    subjects = [SubjectPosting(term=one, placed=placed, **common) for one in dict.fromkeys(terms)]
    alone = {"alone": rule.either or not rule.about_subjects, **common}
    places = [PlacePosting(term=term("area", area), **alone) for area in dict.fromkeys(rule.areas)]
    for circle in dict.fromkeys(rule.circles):
        where = {"lat": circle.lat, "lon": circle.lon, "radius_m": circle.radius_m}
        tiles = tiles_of_circle(circle.lat, circle.lon, circle.radius_m)
        places += [PlacePosting(term=tile, **where, **alone) for tile in tiles]
    return subjects, places
