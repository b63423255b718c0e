"""Whether residents are informed, engaged and involved: figures of a matter, or of all, for staff.

- followers: those who follow the matter and have said yes;
- reach: those who have been told of it: its followers, and those whose alerts its news matched, each once a matter;
- acts: what was said or supported at its openings, without what staff took away;
- areas: the districts that acts with a place lie in, and the largest one's share of these acts;
- influence: of the openings whose outcome is told, how many changed something.
"""

from dataclasses import dataclass

from django.db.models import Count

from lyhord.engagement.models import Act, Influence, Opening, Support
from lyhord.following.models import NOTHING, Follow, Match, News, Profile, Role
from lyhord.places.models import Area

SUBJECT = "matter"


@dataclass(frozen=True, slots=True)
class Indicators:
    """The figures."""

    followers: int
    reach: int
    openings: int
    acts: int
    by_mechanism: dict[str, int]
    supports: int
    placed: int
    areas: int
    areas_of: int
    largest_area: int
    closed: int
    outcomes_told: int
    influenced: int


def indicators(matter_id: int | None = None) -> Indicators:
    """Of one matter, or of all that the organisation has."""
    openings = Opening.objects.exclude(state=Opening.State.DRAFT)
    acts = Act.objects.exclude(state=Act.State.HIDDEN).exclude(opening__state=Opening.State.DRAFT)
    supports = Support.objects.exclude(act__state=Act.State.HIDDEN)
    if matter_id is not None:
        openings = openings.filter(matter_id=matter_id)
        acts = acts.filter(opening__matter_id=matter_id)
        supports = supports.filter(act__opening__matter_id=matter_id)
    by_mechanism = dict(acts.values_list("opening__mechanism").annotate(n=Count("pk")).order_by("opening__mechanism"))
    by_area = [n for _area, n in acts.exclude(area=None).values_list("area").annotate(n=Count("pk")).order_by()]
    states = list(openings.values_list("state", "influence"))
    agreed = supports.count()
    followers, reach = _told(matter_id)
    return Indicators(
        followers=followers,
        reach=reach,
        openings=len(states),
        acts=sum(by_mechanism.values()) + agreed,
        by_mechanism=by_mechanism,
        supports=agreed,
        placed=sum(by_area),
        areas=len(by_area),
        areas_of=Area.objects.filter(kind="district").count(),
        largest_area=max(by_area, default=0),
        closed=sum(1 for state, _influence in states if state == Opening.State.CLOSED),
        outcomes_told=sum(1 for _state, influence in states if influence),
        influenced=sum(1 for _state, influence in states if influence in {Influence.CHANGED, Influence.PARTLY}),
    )


def _told(matter_id: int | None) -> tuple[int, int]:
    """How many follow, and how many have been told: a contact counts once for each matter."""
    follows = Follow.objects.filter(subject_type=SUBJECT, role=Role.FOLLOWER, confirmed_at__isnull=False)
    follows = follows.exclude(level=NOTHING)
    news = News.objects.filter(subject_type=SUBJECT)
    if matter_id is not None:
        follows, news = follows.filter(subject_id=matter_id), news.filter(subject_id=matter_id)
    following = set(follows.values_list("subject_id", "contact_id"))
    about = dict(news.values_list("pk", "subject_id"))
    matched = Match.objects.filter(news_id__in=list(about)).values_list("news_id", "profile_id")
    pairs = set(matched)
    contacts = _contacts({profile_id for _news, profile_id in pairs})
    told = {(about[news_id], contacts[profile_id]) for news_id, profile_id in pairs if profile_id in contacts}
    return len(following), len(following | told)


def _contacts(profile_ids: set[int]) -> dict[int, int]:
    return dict(Profile.objects.filter(pk__in=profile_ids).values_list("pk", "contact_id"))
