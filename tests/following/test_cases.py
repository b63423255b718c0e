"""Following a case: who sees the same thing gets the same news; the reporter may change their mind."""

import re
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection

from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Reporter
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import Follow
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from tests import factories

SOMEBODY = Actor.resident()
SARA = Actor.system("test")


def published(organisation: Organisation, **values: str) -> Case:
    """A case that others may read."""
    case = factories.make_case(organisation, publish=True, **values).case
    with organisation_scope(organisation.pk):
        actions.publish(case_id=case.pk, title="Släckt lampa", text="Lampan är släckt.", by=SARA, warned=True)
        case.refresh_from_db()
    return case


def ask(case: Case, email: str, language: str = "sv") -> Follow:
    """Fill in the form on the public page."""
    return actions.follow_case(case_id=case.pk, address=email, language=language, by=SOMEBODY)


def mailed(kind: str) -> list[str]:
    """To whom notices of a kind have been queued."""
    return sorted(Notice.objects.filter(kind=kind).values_list("address", flat=True))


@pytest.mark.requirement("2.15")
@pytest.mark.django_db
def test_who_follows_gets_the_same_news_as_who_told_first(motala: Organisation) -> None:
    case = published(motala, email="anna@exempel.se")
    with organisation_scope(motala.pk):
        ask(case, "bo@exempel.se", "en")
        ask(case, "cia@exempel.se")
        assert mailed("follow_confirm") == ["bo@exempel.se", "cia@exempel.se"]
        letter = Notice.objects.get(address="bo@exempel.se")
        assert letter.language == "en"
        found = re.search(r"/folj/([0-9a-f-]{36})/\s", letter.body)
        assert found
        confirmed = actions.confirm_follow(token=UUID(found[1]), by=SOMEBODY)
        actions.confirm_follow(token=confirmed.token, by=SOMEBODY)
        case.refresh_from_db()
        assert case.followers == 1
        actions.reply(case_id=case.pk, text="Vi byter lampan på torsdag.", by=SARA)
        assert mailed("case_answered") == ["anna@exempel.se"]
        assert mailed("followed_case_changed") == ["bo@exempel.se"]
        news = Notice.objects.get(kind="followed_case_changed")
        assert news.link == f"https://motala.localhost/arenden/{case.number}/"
        assert f"/folj/{confirmed.token}/sluta/" in news.stop_link
        assert "torsdag" not in news.subject + news.body
        actions.change_state(
            case_id=case.pk, to=State.RESOLVED, message="Nu lyser den.", closing={"measure": "Bytt lampa"}, by=SARA
        )
        assert mailed("followed_case_changed") == ["bo@exempel.se"] * 2
        actions.stop_following(token=confirmed.token, by=SOMEBODY)
        assert actions.stop_following(token=confirmed.token, by=SOMEBODY) is None
        case.refresh_from_db()
        assert case.followers == 0
        actions.reply(case_id=case.pk, text="Tack för hjälpen.", by=SARA)
        assert mailed("followed_case_changed") == ["bo@exempel.se"] * 2


@pytest.mark.django_db
def test_the_same_form_again_asks_once_a_day(motala: Organisation) -> None:
    case = published(motala)
    with organisation_scope(motala.pk):
        follow = ask(case, "bo@exempel.se")
        ask(case, "bo@exempel.se")
        assert mailed("follow_confirm") == ["bo@exempel.se"]
        actions.confirm_follow(token=follow.token, by=SOMEBODY)
        Notice.objects.all().delete()
        ask(case, "bo@exempel.se")
        assert mailed("follow_confirm") == []


@pytest.mark.django_db
def test_the_form_cannot_fill_a_strangers_mailbox(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        for _ in range(13):
            ask(published(motala), "stranger@exempel.se")
        assert len(mailed("follow_confirm")) == 10


@pytest.mark.requirement("X2")
@pytest.mark.django_db
def test_only_a_published_case_can_be_followed_and_news_ends_when_it_is_withdrawn(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        with pytest.raises(NotFound):
            ask(factories.make_case(motala).case, "bo@exempel.se")
        case = published(motala)
        actions.confirm_follow(token=ask(case, "bo@exempel.se").token, by=SOMEBODY)
        actions.withdraw(case_id=case.pk, by=SARA)
        actions.reply(case_id=case.pk, text="Det här är bara för dig.", by=SARA)
        assert mailed("followed_case_changed") == []


@pytest.mark.django_db
def test_following_disturbs_nobody_who_works_with_the_case(motala: Organisation) -> None:
    case = published(motala)
    with organisation_scope(motala.pk):
        before = Case.objects.get(pk=case.pk).revision
        actions.confirm_follow(token=ask(case, "bo@exempel.se").token, by=SOMEBODY)
        assert Case.objects.get(pk=case.pk).revision == before


@pytest.mark.django_db(transaction=True)
def test_two_who_say_yes_at_once_are_both_counted(motala: Organisation) -> None:
    case = published(motala)
    with organisation_scope(motala.pk):
        tokens = [ask(case, email).token for email in ("bo@exempel.se", "cia@exempel.se")]
    together = Barrier(2)

    def confirm(token: UUID) -> None:
        try:
            together.wait(30)
            with organisation_scope(motala.pk):
                actions.confirm_follow(token=token, by=SOMEBODY)
        finally:
            connection.close()

    threads = [Thread(target=confirm, args=[token]) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with organisation_scope(motala.pk):
        assert Case.objects.get(pk=case.pk).followers == 2


@pytest.mark.requirement("0.22")
@pytest.mark.django_db
def test_the_reporter_may_ask_for_mail_later_and_have_no_more_of_it(motala: Organisation) -> None:
    case = factories.make_case(motala).case
    with organisation_scope(motala.pk):
        actions.reply(case_id=case.pk, text="Vi tittar.", by=SARA)
        assert mailed("case_answered") == []
        with pytest.raises(Invalid):
            actions.add_way(case_id=case.pk, sender="email", address="anna", by=SOMEBODY)
        for address in ("anna@exempel.se", "anna@ny.exempel.se"):
            way = actions.add_way(case_id=case.pk, sender="email", address=address, by=SOMEBODY)
            actions.reply(case_id=case.pk, text="Vi har tittat.", by=SARA)
            assert address not in mailed("case_answered")  # not before its owner has said yes
            actions.confirm_follow(token=way.token, by=SOMEBODY)
        assert mailed("reporter_confirm") == ["anna@exempel.se", "anna@ny.exempel.se"]
        assert Reporter.objects.get(case=case).email == "anna@ny.exempel.se"
        actions.reply(case_id=case.pk, text="Vi har tittat igen.", by=SARA)
        assert mailed("case_answered") == [
            "anna@exempel.se",
            "anna@ny.exempel.se",
        ]  # one takes the other's place
        actions.drop_ways(case_id=case.pk, by=SOMEBODY)
        actions.drop_ways(case_id=case.pk, by=SOMEBODY)
        actions.reply(case_id=case.pk, text="Nu är det klart.", by=SARA)
        assert len(mailed("case_answered")) == 2


@pytest.mark.requirement("X2")
@pytest.mark.django_db
def test_protected_reporters_are_told_that_there_is_something_and_no_more(motala: Organisation) -> None:
    reporter = NewReporter(name="Skyddad Person", email="skyddad@exempel.se", protected=True)
    case = factories.make_case(motala, "De bor på Dolda vägen 7.", reporter=reporter, wants_feedback=True).case
    with organisation_scope(motala.pk):
        actions.reply(case_id=case.pk, text="Vi har talat med Skyddad.", by=SARA)
        actions.change_state(
            case_id=case.pk, to=State.RESOLVED, message="Klart.", closing={"measure": "Samtal"}, by=SARA
        )
        notices = list(Notice.objects.all())
        assert len(notices) == 3
        assert {notice.subject for notice in notices} == {"Du har ett nytt meddelande"}
        assert len({notice.body for notice in notices}) == 1
        assert all(notice.private for notice in notices)
        for notice in notices:
            for secret in (case.number, case.title, "Dolda", "Skyddad"):
                assert secret not in notice.subject + notice.body
