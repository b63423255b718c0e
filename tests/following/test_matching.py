"""Matching: the database's join finds what the rule in plain Python says, for the reasons it says, and nothing else."""

from datetime import timedelta
from math import cos, radians, sin
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope, require_organisation_id
from lyhord.following import matching, profile_actions
from lyhord.following.actions import confirm, follow
from lyhord.following.facts import CASES, MATTERS, Facts, Spot, tiles_at, tiles_of_circle, words_of
from lyhord.following.models import Follow, Match, News, Profile
from lyhord.following.rule import Circle, Reason, Rule
from lyhord.notifications.contact_actions import contact_for
from lyhord.organisations.models import Organisation
from lyhord.places.morton import distance_m
from tests import factories
from tests.following import profiles

pytestmark = pytest.mark.django_db
SOMEBODY = Actor.resident()
HOME = Circle(58.5371, 15.0364, 500.0, "hemma")
NEXT_DOOR, FAR_OFF = Spot(58.5380, 15.0370, "Storgatan 5"), Spot(58.60, 15.2, "Borensberg")


def profile(rule: Rule, *, level: int = 1, email: str = "anna@exempel.se", confirmed: bool = True) -> Profile:
    """Somebody's, who has said yes."""
    contact = contact_for(sender="email", address=email, language="sv")
    made = profile_actions.create(contact=contact, name="hemma", rule=rule, level=level, by=SOMEBODY)
    return profile_actions.confirm(token=made.token, by=SOMEBODY) if confirmed else made


def news(facts: Facts, *, level: int = 2, subject_id: int = 7) -> News:
    """An event about matter 7."""
    return News.objects.create(
        organisation_id=require_organisation_id(),
        event_id=News.objects.count() + 1,
        subject_type="matter",
        subject_id=subject_id,
        title="Ny skola vid Ekön",
        level=level,
        at=now(),
        facts=facts.as_json(),
    )


@pytest.mark.requirement("3.2", "3.10", "3.17", "3.18", "P4")
@pytest.mark.parametrize("seed", range(5))
def test_the_join_is_the_rule(motala: Organisation, seed: int) -> None:
    dice = Random(seed)
    with organisation_scope(motala.pk):
        made = [
            profile(profiles.rule(dice), level=dice.randint(1, 3), email=f"{number}@exempel.se") for number in range(40)
        ]
        found_of = set()
        for _ in range(20):
            facts, level = profiles.facts(dice), dice.randint(1, 3)
            expected = {
                one.pk: reason
                for one in made
                if one.level <= level and (reason := Rule.from_json(one.rule).reason(facts))
            }
            hits = matching.find(facts, level)
            assert len(hits) == len({hit.profile_id for hit in hits})
            assert {hit.profile_id: hit.reason for hit in hits} == expected
            found_of |= {facts.about} if expected else set()
        assert found_of == {MATTERS, CASES}


@pytest.mark.requirement("3.2", "3.10")
@pytest.mark.parametrize(
    ("rule", "there"),
    [
        (Rule(topics=("skola",)), "near far"),
        (Rule(circles=(HOME,)), "near other"),
        (Rule(topics=("skola",), circles=(HOME,)), "near"),
        (Rule(topics=("skola",), circles=(HOME,), either=True), "near far other"),
        (Rule(), "near far other nothing"),
        (Rule(topics=("budget",), areas=(9,)), ""),
    ],
)
def test_area_interest_both_or_none(motala: Organisation, rule: Rule, there: str) -> None:
    events = {
        "near": Facts(topics=(("skola", ""),), spots=(NEXT_DOOR,)),
        "far": Facts(topics=(("skola", ""),), spots=(FAR_OFF,)),
        "other": Facts(topics=(("trafik", ""),), spots=(NEXT_DOOR,)),
        "nothing": Facts(),
    }
    with organisation_scope(motala.pk):
        profile(rule)
        assert [name for name, facts in events.items() if matching.find(facts, 2)] == there.split()


@pytest.mark.requirement("P4", "3.10")
@pytest.mark.parametrize(
    ("rule", "there"),
    [
        (Rule(circles=(HOME,)), "matter"),
        (Rule(circles=(HOME,), about=(CASES,)), "case"),
        (Rule(circles=(HOME,), about=(MATTERS, CASES)), "matter case"),
        (Rule(about=(CASES,)), "case far"),
        (Rule(areas=(3,), about=(CASES,)), "case"),
        (Rule(sorts=("category:gata",), about=(CASES,)), "far"),
        (Rule(sorts=("category:gata",), topics=("skola",), about=(MATTERS, CASES)), "matter far"),
        (Rule(words=("gropar",), about=(CASES,)), "case"),
        (Rule(words=("gropar",)), "matter"),
        (Rule(bodies=("KS",), circles=(HOME,), about=(MATTERS, CASES)), "case"),  # a body narrows matters only
    ],
)
def test_matters_and_cases_are_asked_for_apart(motala: Organisation, rule: Rule, there: str) -> None:
    words = words_of("En grop i gatan")
    events = {
        "matter": Facts(topics=(("skola", ""),), words=words, areas=((3, "Ekön"),), spots=(NEXT_DOOR,), body="BN"),
        "case": Facts(words=words, areas=((3, "Ekön"),), spots=(NEXT_DOOR,), about=CASES),
        "far": Facts(topics=(("category:gata", "Gata"),), spots=(FAR_OFF,), about=CASES),
    }
    with organisation_scope(motala.pk):
        profile(rule)
        assert [name for name, facts in events.items() if matching.find(facts, 2)] == there.split()
        assert [name for name, facts in events.items() if rule.reason(facts)] == there.split()


@pytest.mark.requirement("P4")
def test_what_was_asked_for_before_there_was_a_choice_is_about_matters() -> None:
    written = {name: value for name, value in Rule(circles=(HOME,)).as_json().items() if name not in {"about", "sorts"}}
    assert Rule.from_json(written) == Rule(circles=(HOME,))
    kept = {name: value for name, value in Facts(spots=(NEXT_DOOR,)).as_json().items() if name != "about"}
    assert Facts.from_json(kept).about == MATTERS


@pytest.mark.requirement("3.2")
def test_every_match_has_its_reason(motala: Organisation) -> None:
    facts = Facts(
        topics=(("skola", ""),), words=words_of("En ny cykelbana till skolan"), areas=((3, "Ekön"),), spots=(NEXT_DOOR,)
    )
    with organisation_scope(motala.pk):
        profile(Rule(words=("Cykelbanor",), circles=(HOME,)))
        (hit,) = matching.find(facts, 1)
    assert hit.reason.subject is not None
    assert facts.subjects()[hit.reason.subject] == ("word", "cykelban")
    metres = distance_m((HOME.lat, HOME.lon), (NEXT_DOOR.lat, NEXT_DOOR.lon))
    assert (hit.reason.place, hit.reason.distance_m) == (1, round(metres))


@pytest.mark.requirement("3.26")
def test_who_has_not_said_yes_is_not_found_and_neither_is_who_has_ended(motala: Organisation) -> None:
    facts = Facts(topics=(("skola", ""),))
    with organisation_scope(motala.pk):
        asked = profile(Rule(topics=("skola",)), confirmed=False)
        assert not matching.find(facts, 3)
        profile_actions.confirm(token=asked.token, by=SOMEBODY)
        assert matching.store(news(facts)) == 1
        profile_actions.end(token=asked.token, by=SOMEBODY)
        assert not matching.find(facts, 3)
        assert not Match.objects.exists()


@pytest.mark.requirement("3.16")
def test_a_changed_rule_counts_from_then_on(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        mine = profile(Rule(topics=("skola",), circles=(HOME,)))
        profile_actions.change(token=mine.token, name="vatten", rule=Rule(topics=("vatten",)), level=3, by=SOMEBODY)
        assert not matching.find(Facts(topics=(("skola", ""),), spots=(NEXT_DOOR,)), 3)
        assert not matching.find(Facts(topics=(("vatten", ""),)), 2)
        assert len(matching.find(Facts(topics=(("vatten", ""),)), 3)) == 1


@pytest.mark.requirement("3.14")
def test_the_same_news_is_stored_once(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        profile(Rule(topics=("skola",)))
        profile(Rule(words=("stora torget",)), email="bo@exempel.se")
        told = news(Facts(topics=(("skola", ""),), words=words_of("Stora torget")))
        assert matching.store(told) == 2
        matching.store(told)
        assert Match.objects.count() == 2


@pytest.mark.requirement("3.20")
def test_mute_always_wins(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        mine = profile(Rule(topics=("skola",)))
        narrowed = profile(Rule(words=("stora torget",)))
        of_matter = follow(subject_type="matter", subject_id=7, contact=mine.contact, by=SOMEBODY)
        confirm(token=of_matter.token, by=SOMEBODY)
        facts = Facts(topics=(("skola", ""),), words=words_of("Stora torget"))
        Follow.objects.update(muted_until=now() + timedelta(days=1))
        assert matching.store(news(facts)) == 0
        Follow.objects.update(muted_until=None, level=3)
        assert matching.store(news(facts, level=2)) == 0
        assert matching.store(news(facts, level=3)) == 2
        assert matching.store(news(facts, subject_id=8)) == 2
        assert set(Match.objects.values_list("profile_id", flat=True)) == {mine.pk, narrowed.pk}


@pytest.mark.requirement("X1", "3.4")
def test_nobody_elsewhere_is_found(motala: Organisation, db: None) -> None:
    mjolby = factories.make_organisation("mjolby")
    with organisation_scope(mjolby.pk):
        profile(Rule(topics=("skola",)))
    with organisation_scope(motala.pk):
        assert not matching.find(Facts(topics=(("skola", ""),)), 3)


@given(
    st.floats(54, 70),
    st.floats(10, 25),
    st.sampled_from((50.0, 400.0, 3_000.0, 50_000.0)),
    st.floats(0, 0.999),
    st.floats(0, 360),
)
@settings(max_examples=150, deadline=None)
def test_what_is_in_a_circle_shares_a_tile_with_it(
    lat: float, lon: float, radius: float, share: float, way: float
) -> None:
    metres = radius * share * 0.99
    there = (
        lat + metres * cos(radians(way)) / 111_195,
        lon + metres * sin(radians(way)) / (111_195 * cos(radians(lat))),
    )
    if distance_m((lat, lon), there) > radius:
        return  # the plane is not the sphere
    tiles = tiles_of_circle(lat, lon, radius)
    assert len(tiles) <= 9
    assert set(tiles) & set(tiles_at(*there))


def test_a_reason_without_places_or_subjects() -> None:
    assert Rule().reason(Facts()) == Reason(0, None)
    assert Rule(topics=("skola",)).reason(Facts()) is None
