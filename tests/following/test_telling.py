"""News: in the feed of those who asked at once, in their mail once, with the reason, and to nobody else."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from lyhord.audit.actions import record
from lyhord.cases.actions import stop_all_following
from lyhord.core.actor import Actor
from lyhord.core.clock import local, now, today, zone
from lyhord.core.tenancy import organisation_scope
from lyhord.following import profile_actions, telling
from lyhord.following.actions import confirm, follow, follow_as_owner
from lyhord.following.facts import Facts, Spot
from lyhord.following.feed import of_profile, would_have_been
from lyhord.following.models import Follow, Match, News, Profile
from lyhord.following.news_actions import publish
from lyhord.following.rule import Circle, Rule
from lyhord.following.tasks import end_what_nobody_renewed, forget_unconfirmed
from lyhord.jobs.models import Job
from lyhord.jobs.worker import Worker
from lyhord.notifications import delivery
from lyhord.notifications.contact_actions import change_contact, contact_for
from lyhord.notifications.gathering import gather_if_due
from lyhord.notifications.models import Contact, Notice
from lyhord.organisations.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db
SOMEBODY, SYSTEM = Actor.resident(), Actor.system("matters")
SCHOOL = Facts(topics=(("school", "Skola"),), spots=(Spot(58.5380, 15.0370, "Storgatan 5"),))
HOME = Circle(58.5371, 15.0364, 500.0, "hemma")


def profile(rule: Rule, *, email: str = "anna@exempel.se", level: int = 1) -> Profile:
    """Somebody's, who has said yes."""
    made = profile_actions.watch(
        sender="email", address=email, language="sv", name="hemma", rule=rule, level=level, by=SOMEBODY
    )
    return profile_actions.confirm(token=made.token, by=SOMEBODY)


def happen(facts: Facts = SCHOOL, *, level: int = 3, matter: int = 7) -> News:
    """A decision in matter 7."""
    event = record(verb="matter.decided", subject_type="matter", subject_id=matter, by=SYSTEM, level=level)
    news = publish(event=event, title="Ny skola", what="Beslut", path="/beslut/7/", facts=facts, by=SYSTEM)
    assert news is not None
    assert publish(event=event, title="Igen", what="", path="", facts=facts, by=SYSTEM) is None
    return news


def tell_all(news: News) -> None:
    """What the jobs do, twice over."""
    for _ in range(2):
        after: int | None = 0
        while after is not None:
            after = telling.tell_profiles(news_id=news.pk, after=after, by=SYSTEM)
        after = 0
        while after is not None:
            after = telling.tell_followers(news_id=news.pk, after=after, by=SYSTEM)


def told() -> list[str]:
    """To whom news went."""
    return sorted(Notice.objects.filter(kind="news").values_list("address", flat=True))


@pytest.mark.requirement("3.2", "3.11", "3.21", "3.26")
def test_who_asked_is_told_once_and_why(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        mine = profile(Rule(topics=("school",), circles=(HOME,)))
        profile(Rule(words=("cykelbana",)), email="bo@exempel.se")
        profile_actions.watch(
            sender="email", address="eva@exempel.se", language="sv", name="x", rule=Rule(), level=1, by=SOMEBODY
        )
        news = happen()
        (entry,) = of_profile(mine, most=10)
        assert (entry.news, entry.reason) == (news, "Skola, Storgatan 5, 106 m från hemma")
        tell_all(news)
        assert told() == ["anna@exempel.se"]
        notice = Notice.objects.get(kind="news")
        assert notice.subject == "Ny skola: Beslut"
        assert "Därför får du detta: Skola, Storgatan 5, 106 m från hemma." in notice.body
        assert notice.link.endswith("/beslut/7/")
        assert notice.stop_link.endswith(f"/bevakningar/{mine.token}/sluta/")  # a mail program presses it
        assert f"/bevakningar/{mine.token}/\n" in notice.body


@pytest.mark.requirement("3.20", "3.18")
def test_two_reasons_are_one_message_and_mute_wins(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        mine = profile(Rule(topics=("school",)))
        profile(Rule(circles=(HOME,)))
        direct = follow(subject_type="matter", subject_id=7, contact=mine.contact, by=SOMEBODY)
        confirm(token=direct.token, by=SOMEBODY)
        tell_all(happen())
        assert told() == ["anna@exempel.se"]
        later = happen(level=2)
        Follow.objects.update(level=3)  # muted after it was matched, before it was told
        tell_all(later)
        assert told() == ["anna@exempel.se"]


@pytest.mark.requirement("3.18")
def test_the_same_matter_at_two_levels(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        for email, level in (("allt@exempel.se", 1), ("viktigast@exempel.se", 3)):
            contact = contact_for(sender="email", address=email, language="sv")
            made = follow(subject_type="matter", subject_id=7, contact=contact, by=SOMEBODY)
            Follow.objects.filter(pk=made.pk).update(level=level)
            confirm(token=made.token, by=SOMEBODY)
        tell_all(happen(level=1))
        assert told() == ["allt@exempel.se"]
        tell_all(happen(level=3))
        assert told() == ["allt@exempel.se", "allt@exempel.se", "viktigast@exempel.se"]


@pytest.mark.requirement("3.2")
def test_batches_reach_everybody(motala: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "BATCH", 2)
    with organisation_scope(motala.pk):
        for number in range(5):
            profile(Rule(topics=("school",)), email=f"{number}@exempel.se")
        tell_all(happen())
        assert told() == [f"{number}@exempel.se" for number in range(5)]


@pytest.mark.requirement("3.16")
def test_what_would_have_been_is_what_was(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        mine = profile(Rule(topics=("school",), circles=(HOME,)), level=2)
        happen()
        happen(level=1)
        happen(Facts(topics=(("water", "Vatten"),)))
        assert would_have_been(mine) == of_profile(mine, most=10) != []
        News.objects.update(at=now() - timedelta(days=31))
        assert would_have_been(mine) == []


@pytest.mark.requirement("3.19", "3.27")
def test_ending_leaves_nothing(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        mine = profile(Rule(topics=("school",)))
        happen()
        profile_actions.end(token=mine.token, by=SOMEBODY)
        assert not Profile.objects.exists()
        assert not Match.objects.exists()
        assert profile_actions.end(token=mine.token, by=SOMEBODY) is None


@pytest.mark.requirement("3.21")
def test_no_more_of_anything_ends_alerts_too(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        mine = profile(Rule(topics=("school",)))
        tell_all(happen())
        assert stop_all_following(contact=mine.contact, by=SOMEBODY) == 1
        assert not Profile.objects.exists()
        assert Notice.objects.get(kind="news").state == "cancelled"


def test_an_address_is_asked_a_few_times_a_day_at_most(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        for _ in range(6):
            profile_actions.watch(
                sender="email", address="anna@exempel.se", language="sv", name="x", rule=Rule(), level=1, by=SOMEBODY
            )
        assert Notice.objects.filter(kind="profile_confirm").count() == profile_actions.MOST_QUESTIONS


@pytest.mark.requirement("3.27")
def test_upkeep_asks_ends_and_forgets_but_keeps_who_has_an_alert(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        kept = profile(Rule())
        asked = profile_actions.watch(
            sender="email", address="bo@exempel.se", language="sv", name="x", rule=Rule(), level=1, by=SOMEBODY
        )
        Contact.objects.update(created_at=now() - timedelta(days=30))
        Profile.objects.filter(pk=asked.pk).update(created_at=now() - timedelta(days=30))
        Profile.objects.filter(pk=kept.pk).update(expires_at=now() + timedelta(days=3))
    forget_unconfirmed.func()
    with time_machine.travel(datetime.combine(today(), time(23), zone())):
        end_what_nobody_renewed.func()  # nobody is asked at night
    with time_machine.travel(datetime.combine(today(), time(12), zone())):
        end_what_nobody_renewed.func()
    with organisation_scope(motala.pk):
        assert list(Profile.objects.all()) == [kept]
        assert list(Contact.objects.values_list("address", flat=True)) == ["anna@exempel.se"]
        assert Notice.objects.filter(kind="profile_ends").count() == 1
        profile_actions.renew(token=kept.token, by=SOMEBODY)
        Profile.objects.update(expires_at=now() - timedelta(days=1), asked_to_renew_at=now() - timedelta(days=8))
    with time_machine.travel(datetime.combine(today(), time(12), zone())):
        end_what_nobody_renewed.func()
    with organisation_scope(motala.pk):
        assert not Profile.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("3.11")
def test_the_worker_tells(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        profile(Rule(topics=("school",)))
        happen()
    Worker().run(until_empty=True)
    with organisation_scope(motala.pk):
        assert told() == ["anna@exempel.se"]


@pytest.mark.requirement("3.12", "3.21")
def test_news_come_once_a_day_with_what_else_there_is_and_by_text_message_only_what_matters_most(
    motala: Organisation,
) -> None:
    friday, saturday = datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
    with organisation_scope(motala.pk), time_machine.travel(friday, tick=False):
        mine = profile(Rule(topics=("school",)))
        follower = contact_for(sender="email", address="bo@exempel.se", language="sv")
        follow_as_owner(subject_type="matter", subject_id=7, contact=follower, level=1, by=SOMEBODY)
        phone = contact_for(sender="sms", address="+46701234567", language="sv")
        follow_as_owner(subject_type="matter", subject_id=7, contact=phone, level=1, by=SOMEBODY)
        tell_all(happen(level=2))
        tell_all(happen(level=3))
        tell_all(happen(level=3, matter=8))
        states = Notice.objects.filter(kind="news").values_list("address", "state")
        held = [("anna@exempel.se", "held")] * 3 + [("bo@exempel.se", "held")] * 2
        assert sorted(states) == [("+46701234567", "queued"), *held]
        assert gather_if_due(mine.contact_id) is None  # not before seven
        wanted: dict[str, Any] = {"rhythm": "now", "quiet": False, "language": "sv", "by": SOMEBODY}
        wanted["contact_id"] = follower.pk
        change_contact(**wanted, news_rhythm="week")
    with organisation_scope(motala.pk), time_machine.travel(saturday, tick=False):
        summary = gather_if_due(mine.contact_id)
        assert summary is not None
        assert summary.body.count("Ny skola: Beslut") == 2  # a matter is said once
        assert "(och en nyhet till)" in summary.body or "(och 1 nyhet till)" in summary.body
        assert summary.body.count("Därför får du detta: Skola.") == 2
        assert gather_if_due(mine.contact_id) is None
        assert gather_if_due(follower.pk) is None
        assert not Notice.objects.exclude(reason="").filter(state="gathered").exists()  # what one asked for is not kept
        change_contact(**wanted, news_rhythm="now")
        assert Notice.objects.get(kind="gathered", address="bo@exempel.se").state == "queued"
    with organisation_scope(motala.pk):
        assert {notice.private for notice in Notice.objects.filter(kind__in=["news", "gathered"])} == {True}


@pytest.fixture
def phone(motala: Organisation) -> Contact:
    """Follows matters 7, 8 and 9 by text message, as somebody does who has never changed anything."""
    with organisation_scope(motala.pk):
        contact = contact_for(sender="sms", address="+46701234567", language="sv")
        for matter in (7, 8, 9):
            follow_as_owner(subject_type="matter", subject_id=matter, contact=contact, level=1, by=SOMEBODY)
    return contact


def leaves(notice: Notice) -> str:
    """What the worker makes of it: "sent", the state it is kept in, or until when it waits."""
    found = delivery.begin(notice.pk)
    if isinstance(found, delivery.NotNow):
        return f"{local(found.until):%Y-%m-%d %H:%M}"
    if found is not None:
        delivery.sent(notice.pk, keep_words=True)
    notice.refresh_from_db()
    return notice.state


@pytest.mark.requirement("3.12", "3.21")
def test_one_text_message_of_news_a_day_and_the_rest_together_the_next_morning(
    motala: Organisation, phone: Contact
) -> None:
    with organisation_scope(motala.pk), time_machine.travel(factories.at("2040-01-20 12:00"), tick=False) as clock:
        for matter in (7, 8, 9):
            tell_all(happen(matter=matter))
        first, *others = Notice.objects.filter(kind="news").order_by("pk")
        assert [leaves(notice) for notice in (first, *others)] == ["sent", "held", "held"]
        assert gather_if_due(phone.pk) is None  # not today
        clock.move_to(factories.at("2040-01-21 06:59"))
        assert gather_if_due(phone.pk) is None
        clock.move_to(factories.at("2040-01-21 07:00"))
        summary = gather_if_due(phone.pk)
        assert summary is not None
        assert (summary.kind, leaves(summary)) == ("gathered", "sent")
        tell_all(happen(matter=9))  # the day has had its message
        latest = Notice.objects.filter(kind="news").latest("pk")
        assert leaves(latest) == "held"
        tell_all(happen(matter=8))
        assert leaves(Notice.objects.filter(kind="news").latest("pk")) == "held"
        wanted: dict[str, Any] = {"rhythm": "day", "quiet": True, "language": "sv", "by": SOMEBODY}
        change_contact(contact_id=phone.pk, news_rhythm="now", **wanted)  # which tells what is held
        assert leaves(Notice.objects.filter(kind="gathered").latest("pk")) == "2040-01-22 07:00"


@pytest.mark.requirement("3.12")
def test_what_failed_is_no_news_of_the_day(motala: Organisation, phone: Contact) -> None:
    with organisation_scope(motala.pk), time_machine.travel(factories.at("2040-01-20 12:00"), tick=False):
        for matter in (7, 8, 9):
            tell_all(happen(matter=matter))
        first, second, third = Notice.objects.filter(kind="news").order_by("pk")
        assert delivery.begin(first.pk) is not None
        delivery.failed(first.pk, error="nej")
        assert delivery.begin(second.pk) is not None  # on its way
        assert leaves(third) == "held"
        assert delivery.begin(second.pk) is not None  # tried again


@pytest.mark.requirement("3.21")
@pytest.mark.parametrize(
    ("said", "morning"),
    [
        ("2026-03-28 21:00", "2026-03-29 07:00"),  # the night loses an hour
        ("2026-03-29 01:59", "2026-03-29 07:00"),
        ("2026-03-29 03:00", "2026-03-29 07:00"),
        ("2026-10-24 21:00", "2026-10-25 07:00"),  # the night gains one
        ("2026-10-25 02:30", "2026-10-25 07:00"),
    ],
)
def test_alerts_sleep_through_nights_when_clocks_change(
    motala: Organisation, phone: Contact, said: str, morning: str
) -> None:
    with organisation_scope(motala.pk), time_machine.travel(factories.at(said), tick=False) as clock:
        tell_all(happen())
        notice = Notice.objects.get(kind="news")
        assert Job.objects.filter(task__endswith="deliver").get().run_after == factories.at(morning)
        clock.move_to(factories.at(morning) - timedelta(seconds=1))
        assert leaves(notice) == morning
        clock.move_to(factories.at(morning))
        assert leaves(notice) == "sent"
