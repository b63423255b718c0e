"""Planted numbers come out equal."""

import pytest

from lyhord.audit.actions import record
from lyhord.core.clock import now
from lyhord.engagement import actions
from lyhord.engagement.indicators import Indicators, indicators
from lyhord.engagement.models import Opening
from lyhord.following.models import NOTHING, Follow, Match, News, Profile
from lyhord.matters.actions import make_matter
from lyhord.matters.models import Matter
from lyhord.notifications.contact_actions import contact_for
from lyhord.organisations.models import Organisation
from lyhord.places.point import Point
from tests import factories
from tests.engagement.conftest import TEST, Open, Speak

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.25")]


def _square(west: float) -> list[list[float]]:
    return [[west, 58.5], [west + 0.1, 58.5], [west + 0.1, 58.6], [west, 58.6], [west, 58.5]]


def _contact(number: int) -> int:
    return contact_for(sender="email", address=f"n{number}@exempel.se", language="sv").pk


def plant_followers(matter: Matter) -> None:
    """Three who follow (one has not said yes, one wants nothing), and two by alerts, one of whom follows too."""
    for number, (confirmed, level) in enumerate(((True, 1), (True, 3), (True, 1), (False, 1), (True, NOTHING))):
        Follow.objects.create(
            subject_type="matter",
            subject_id=matter.pk,
            contact_id=_contact(number),
            created_at=now(),
            confirmed_at=now() if confirmed else None,
            level=level,
        )
    for event in (1, 2):
        made = record(verb="matter.decided", subject_type="matter", subject_id=matter.pk, by=TEST, level=3)
        news = News.objects.create(
            event_id=made.pk, subject_type="matter", subject_id=matter.pk, title="x", level=3, at=now(), facts={}
        )
        for number in (0, 7) if event == 1 else (7,):
            profile = Profile.objects.create(
                contact_id=_contact(number), name=f"{event}{number}", rule={}, created_at=now()
            )
            Match.objects.create(news_id=news.pk, profile_id=profile.pk)


def test_planted_numbers(opened: Open, speak: Speak, matter: Matter, motala: Organisation) -> None:
    for number in range(4):
        factories.make_area("district", f"d{number}", f"Del {number}", _square(15 + number / 5))
    plant_followers(matter)
    poll, ideas, pins = opened("poll"), opened("idea"), opened("pin")
    opened("reaction", state="draft")
    for choice in "112":
        speak(poll, choice=choice)
    idea = speak(ideas, text="Träd.")
    actions.review(act_id=idea.pk, show=True, text="Träd.", by=TEST)
    for number in range(2):
        actions.support(act_id=idea.pk, device=bytes([number]) * 16, by=TEST)
    actions.review(act_id=speak(ideas, text="Skräp.").pk, show=False, by=TEST)
    for lon in (15.05, 15.06, 15.25, 19.0):
        speak(pins, text="Här.", point=Point(58.55, lon))
    actions.switch_opening(opening_id=pins.pk, state=Opening.State.CLOSED, by=TEST)
    actions.tell_outcome(opening_id=poll.pk, text="Lekplats.", influence="changed", by=TEST)
    actions.tell_outcome(opening_id=ideas.pk, text="Inget.", influence="not", by=TEST)
    found = indicators(matter.pk)
    assert found == Indicators(
        followers=3,
        reach=4,
        openings=3,
        acts=10,
        by_mechanism={"idea": 1, "pin": 4, "poll": 3},
        supports=2,
        placed=3,
        areas=2,
        areas_of=5,  # Varamon was there
        largest_area=2,
        closed=3,
        outcomes_told=2,
        influenced=1,
    )
    other = make_matter(title="Något annat", kind="general", by=TEST)
    speak(opened("reaction", on=other), choice="good")
    assert indicators(matter.pk) == found
    every = indicators()
    assert (every.openings, every.acts, every.followers, every.reach) == (4, 11, 3, 4)
    assert indicators(other.pk).acts == 1
