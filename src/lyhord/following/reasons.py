"""Why somebody is told, in words."""

from django.utils.translation import gettext as _

from lyhord.following.facts import Facts
from lyhord.following.models import Match, Profile
from lyhord.following.rule import Rule, key
from lyhord.places.morton import distance_m


def why(match: Match, facts: Facts, profile: Profile) -> str:
    """A line such as "Skola, 640 m från hemma": what was asked for and is there. In the language that is active."""
    rule = Rule.from_json(profile.rule)
    found = [_subject(match, facts, rule), _place(match, facts, rule)]
    return ", ".join(part for part in found if part) or _("allt som händer")


def _subject(match: Match, facts: Facts, rule: Rule) -> str:
    subjects = facts.subjects()
    if match.subject is None or match.subject >= len(subjects):
        return ""
    sort, value = subjects[match.subject]
    if sort == "topic":
        return dict(facts.topics).get(value) or value
    if sort == "word":
        asked = next((phrase for phrase in rule.words if key(phrase) == value), value)
        return _("ordet “%(word)s”") % {"word": asked}
    return ""


def _place(match: Match, facts: Facts, rule: Rule) -> str:
    if match.place is None:
        return ""
    if match.place < len(facts.areas):
        return facts.areas[match.place][1]
    number = match.place - len(facts.areas)
    if match.distance_m is None or number >= len(facts.spots) or not rule.circles:
        return ""
    spot = facts.spots[number]
    nearest = min(rule.circles, key=lambda circle: distance_m((spot.lat, spot.lon), (circle.lat, circle.lon)))
    away = _("%(metres)s m från %(place)s") % {
        "metres": match.distance_m,
        "place": nearest.label or _("din plats"),
    }
    return f"{spot.label}, {away}" if spot.label else away
