"""What a profile has been told, and what it would have been."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from lyhord.core.clock import now
from lyhord.following.facts import CASES, MATTERS, Facts
from lyhord.following.models import NOTHING, Follow, Match, News, Profile
from lyhord.following.reasons import why
from lyhord.following.rule import Rule

LOOK_BACK = timedelta(days=30)
MOST_NEWS = 2000
"""So many of the latest are looked through at most, of each that a rule can be about."""

_SUBJECTS = {MATTERS: "matter", CASES: "case"}


@dataclass(frozen=True, slots=True)
class Told:
    """News, and why it is in this feed."""

    news: News
    reason: str


def of_profile(profile: Profile, *, most: int) -> list[Told]:
    """The newest first."""
    matches = list(Match.objects.filter(profile_id=profile.pk).order_by("-news_id")[:most])
    news = News.objects.in_bulk([match.news_id for match in matches])
    found = [(match, news[match.news_id]) for match in matches if match.news_id in news]
    return [Told(one, why(match, Facts.from_json(one.facts), profile)) for match, one in found]


def silenced(profile: Profile, told: list[Told]) -> set[int]:
    """The news in a feed of whose subject its owner wants to hear nothing."""
    quiet = Follow.objects.filter(
        contact_id=profile.contact_id,
        subject_type__in={one.news.subject_type for one in told},
        subject_id__in={one.news.subject_id for one in told},
        level=NOTHING,
    )
    subjects = set(quiet.values_list("subject_type", "subject_id"))
    return {one.news.pk for one in told if (one.news.subject_type, one.news.subject_id) in subjects}


def would_have_been(profile: Profile) -> list[Told]:
    """What a profile, also one that is not kept, would have been told in the last thirty days; the newest first.

    By the same rule as matching, over the same facts.
    """
    return [Told(news, why(match, facts, profile)) for news, match, facts in _would_match(profile)]


def _would_match(profile: Profile) -> Iterator[tuple[News, Match, Facts]]:
    rule = Rule.from_json(profile.rule)
    latest = News.objects.filter(at__gt=now() - LOOK_BACK, level__gte=profile.level).order_by("-at")
    found = [news for about in rule.about for news in latest.filter(subject_type=_SUBJECTS[about])[:MOST_NEWS]]
    for news in sorted(found, key=lambda one: (one.at, one.pk), reverse=True):
        facts = Facts.from_json(news.facts)
        reason = rule.reason(facts)
        if reason is not None:
            yield (
                news,
                Match(subject=reason.subject, place=reason.place, distance_m=reason.distance_m),
                facts,
            )
