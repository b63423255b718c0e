"""Contacts: whom we reach, how often, when not, and what happens when nothing gets through."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from lyhord.audit.models import Event
from lyhord.cases import actions as case_actions
from lyhord.cases.models import Case
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications import actions
from lyhord.notifications.contact_actions import change_contact, contact_for, verify
from lyhord.notifications.models import Contact, Notice
from lyhord.notifications.tasks import gather_all
from lyhord.organisations.models import Organisation
from tests import factories
from tests.notifications.post_office import PostOffice, text_of

EMAIL = "anna@exempel.se"
SARA = Actor.system("test")
SOMEBODY = Actor.resident()
type Work = Callable[[], int]

pytestmark = pytest.mark.django_db(transaction=True)


def the_contact() -> Contact:
    """The only one."""
    return Contact.objects.get()


def answer(case: Case, text: str = "Vi byter den.") -> None:
    """An answer to the reporter."""
    case_actions.reply(case_id=case.pk, text=text, by=SARA)


def states() -> list[str]:
    """Of all notices, oldest first."""
    return list(Notice.objects.order_by("pk").values_list("state", flat=True))


class TestContacts:
    """There is one for each address, however it is written."""

    def test_an_address_is_one_contact(self, motala: Organisation) -> None:
        with organisation_scope(motala.pk):
            first = contact_for(sender="email", address=" Anna@Exempel.SE ", language="en")
            assert contact_for(sender="email", address=EMAIL, language="sv") == first
            assert (first.address, first.language, first.verified_at) == (EMAIL, "en", None)

    @pytest.mark.parametrize(("sender", "address"), [("email", "anna"), ("email", ""), ("pigeon", "anna@exempel.se")])
    def test_what_is_no_address(self, motala: Organisation, sender: str, address: str) -> None:
        with organisation_scope(motala.pk), pytest.raises(Invalid) as caught:
            contact_for(sender=sender, address=address, language="sv")
        assert set(caught.value.errors) == {"address"}

    @pytest.mark.requirement("0.22")
    def test_who_chose_nothing_gets_nothing(self, motala: Organisation) -> None:
        case = factories.make_case(motala, email=EMAIL).case
        with organisation_scope(motala.pk):
            assert states() == ["queued"]
            case_actions.drop_ways(case_id=case.pk, by=SOMEBODY)
            assert states() == ["cancelled"]  # not even what was on its way
            answer(case)
            assert states() == ["cancelled"]

    @pytest.mark.requirement("X1")
    def test_the_same_address_elsewhere_is_another_contact(self, motala: Organisation) -> None:
        mjolby = factories.make_organisation("mjolby")
        for organisation in (motala, mjolby):
            factories.make_case(organisation, email=EMAIL)
        with organisation_scope(motala.pk):
            actions.address_bounced(address=EMAIL, reason="550 nobody", by=SARA)
            assert the_contact().paused_at
        with organisation_scope(mjolby.pk):
            assert the_contact().paused_at is None


class TestBounces:
    """A bounce pauses an address; verifying it tells what was missed."""

    def test_a_bounce_pauses_and_what_comes_is_held(
        self, motala: Organisation, post_office: PostOffice, work: Work
    ) -> None:
        case = factories.make_case(motala, email=EMAIL).case
        work()
        with organisation_scope(motala.pk):
            [sent] = Notice.objects.all()
            paused = actions.address_bounced(
                address=f"<{EMAIL}>", reason=f"550 5.1.1 <{EMAIL}> unknown", by=SARA, notice_id=sent.pk
            )
            assert paused == the_contact()
            assert EMAIL not in the_contact().pause_reason
            assert actions.address_bounced(address=EMAIL, reason="again", by=SARA) == paused
            answer(case)
            answer(case, "Nu är det klart.")
            assert states() == ["failed", "held", "held"]
            events = Event.objects.filter(subject_type="contact")
            assert [event.verb for event in events] == ["contact.paused"]
        work()
        assert len(post_office.letters) == 1
        with organisation_scope(motala.pk):
            verify(contact_id=the_contact().pk, by=SOMEBODY)
            assert the_contact().paused_at is None
            assert states() == ["failed", "gathered", "gathered", "queued"]
        work()
        [_receipt, summary] = post_office.letters
        assert summary["Subject"] == "2 nyheter till dig"
        assert text_of(summary).count("/f/") == 1
        assert "(och 1 nyhet till)" in text_of(summary)

    def test_what_came_back_cannot_be_resent_since_its_words_are_gone(
        self, motala: Organisation, post_office: PostOffice, work: Work
    ) -> None:
        factories.make_case(motala, email=EMAIL)
        work()
        with organisation_scope(motala.pk):
            [sent] = Notice.objects.all()
            actions.address_bounced(address=EMAIL, reason="550", by=SARA, notice_id=sent.pk)
            with pytest.raises(Exception, match="kom tillbaka"):
                actions.resend(notice_id=sent.pk, by=SARA)

    @pytest.mark.parametrize(
        ("answer_given", "paused"),
        [
            ("550 5.1.1 no such user", True),
            ("550 no", True),
            ("550 5.2.1 mailbox disabled", True),
            ("550 5.7.1 we do not like your network", False),
            ("552 5.2.2 mailbox full", False),
            ("451 4.1.1 not now", False),
        ],
    )
    def test_a_refusal_of_the_address_is_a_bounce_too(
        self, motala: Organisation, post_office: PostOffice, work: Work, answer_given: str, paused: bool
    ) -> None:
        post_office.at_rcpt.append(answer_given)
        factories.make_case(motala, email=EMAIL)
        work()
        with organisation_scope(motala.pk):
            assert (the_contact().paused_at is not None) is paused

    def test_who_resends_lifts_the_pause_and_the_rest_follows(
        self, motala: Organisation, post_office: PostOffice, work: Work
    ) -> None:
        post_office.at_rcpt.append("550 5.1.1 no such user")
        case = factories.make_case(motala, email=EMAIL).case
        work()
        with organisation_scope(motala.pk):
            answer(case)
            assert states() == ["failed", "held"]
            actions.resend(notice_id=Notice.objects.earliest("pk").pk, by=SARA)
        work()
        assert len(post_office.letters) == 2
        with organisation_scope(motala.pk):
            assert states() == ["sent", "sent"]

    def test_a_pause_that_comes_while_something_is_on_its_way_holds_it(
        self, motala: Organisation, post_office: PostOffice, work: Work
    ) -> None:
        factories.make_case(motala, email=EMAIL)
        with organisation_scope(motala.pk):
            actions.address_bounced(address=EMAIL, reason="550", by=SARA)
        work()
        assert post_office.letters == []
        with organisation_scope(motala.pk):
            assert states() == ["held"]

    def test_an_address_that_is_nobodys_pauses_nothing(self, motala: Organisation) -> None:
        with organisation_scope(motala.pk):
            for address in ("nobody@exempel.se", "", "<>", "\x00"):
                assert actions.address_bounced(address=address, reason="550", by=SARA) is None


class TestUnsubscribing:
    """One press in the mail program ends it (RFC 8058)."""

    @pytest.mark.requirement("3.21")
    def test_every_mail_says_how_and_the_press_needs_nothing_else(
        self, motala: Organisation, post_office: PostOffice, work: Work
    ) -> None:
        case = factories.make_case(motala, email=EMAIL).case
        work()
        [letter] = post_office.letters
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = letter["List-Unsubscribe"].strip()
        assert address.startswith("<http")
        assert address.endswith("/sluta/>")
        path = address.strip("<>").split(".localhost", 1)[1].lstrip(":0123456789")
        program = Client(headers={"host": "motala.localhost"}, enforce_csrf_checks=True)
        done = program.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert done.status_code == 200
        assert not done.cookies
        with organisation_scope(motala.pk):
            answer(case)
        work()
        assert len(post_office.letters) == 1
        assert program.post(path).status_code == 410


MONDAY = "2026-11-23"


class TestSummaries:
    """One message a day or a week in place of many."""

    @pytest.fixture
    def case(self, motala: Organisation) -> Case:
        """A case whose reporter wants one message a day."""
        with time_machine.travel(factories.at(f"{MONDAY} 10:00"), tick=False):
            made = factories.make_case(motala, email=EMAIL).case
            self.wants(motala, "day")
        return made

    def wants(self, motala: Organisation, rhythm: str) -> None:
        with organisation_scope(motala.pk):
            change_contact(contact_id=the_contact().pk, rhythm=rhythm, quiet=False, language="sv", by=SOMEBODY)

    def at(self, moment: str, motala: Organisation, work: Work, case: Case | None = None) -> None:
        """That time comes: perhaps an answer, perhaps a summary."""
        with time_machine.travel(factories.at(moment), tick=False):
            if case is not None:
                with organisation_scope(motala.pk):
                    answer(case, f"Svar {moment}")
            gather_all.call()
            work()

    @pytest.mark.requirement("3.21")
    def test_a_day_is_one_message_and_each_event_is_told_once(
        self, motala: Organisation, post_office: PostOffice, work: Work, case: Case
    ) -> None:
        work()
        assert len(post_office.letters) == 1  # the receipt comes at once
        for hour in ("11", "12", "22"):
            self.at(f"{MONDAY} {hour}:00", motala, work, case)
        self.at("2026-11-24 06:40", motala, work)
        assert len(post_office.letters) == 1
        self.at("2026-11-24 07:00", motala, work)
        self.at("2026-11-24 07:20", motala, work)
        [_receipt, summary] = post_office.letters
        assert summary["Subject"] == "3 nyheter till dig"
        assert summary["List-Unsubscribe-Post"]
        self.at("2026-11-25 07:00", motala, work)
        assert len(post_office.letters) == 2
        with organisation_scope(motala.pk):
            assert set(Notice.objects.filter(state="gathered").values_list("body", flat=True)) == {""}

    def test_what_is_committed_late_comes_with_the_next(
        self, motala: Organisation, post_office: PostOffice, work: Work, case: Case
    ) -> None:
        self.at(f"{MONDAY} 11:00", motala, work, case)
        with organisation_scope(motala.pk):
            late = Notice.objects.get(state="held")
            Notice.objects.filter(pk=late.pk).update(state="cancelled")  # as if not committed yet
        self.at("2026-11-24 06:59", motala, work, case)
        self.at("2026-11-24 07:00", motala, work)
        with organisation_scope(motala.pk):
            Notice.objects.filter(pk=late.pk).update(state="held")
        self.at("2026-11-24 07:20", motala, work)
        assert len(post_office.letters) == 2
        self.at("2026-11-25 07:00", motala, work)
        assert len(post_office.letters) == 3

    def test_a_lost_morning_is_made_up_for(
        self, motala: Organisation, post_office: PostOffice, work: Work, case: Case
    ) -> None:
        self.at(f"{MONDAY} 11:00", motala, work, case)
        self.at("2026-11-24 15:00", motala, work)  # the workers were away
        assert len(post_office.letters) == 2

    def test_a_week_ends_on_monday_morning(
        self, motala: Organisation, post_office: PostOffice, work: Work, case: Case
    ) -> None:
        with time_machine.travel(factories.at(f"{MONDAY} 10:30"), tick=False):
            self.wants(motala, "week")
        self.at(f"{MONDAY} 11:00", motala, work, case)
        for day in ("24", "27", "29"):
            self.at(f"2026-11-{day} 07:00", motala, work, case)
        assert len(post_office.letters) == 1
        self.at("2026-11-30 07:00", motala, work)
        assert post_office.letters[1]["Subject"] == "4 nyheter till dig"

    def test_one_piece_of_news_comes_as_it_is(
        self, motala: Organisation, post_office: PostOffice, work: Work, case: Case
    ) -> None:
        self.at(f"{MONDAY} 11:00", motala, work, case)
        self.at("2026-11-24 07:00", motala, work)
        assert post_office.letters[1]["Subject"] == f"Nytt svar i ärende {case.number}"

    def test_who_wants_it_at_once_again_gets_what_was_kept(
        self, motala: Organisation, post_office: PostOffice, work: Work, case: Case
    ) -> None:
        self.at(f"{MONDAY} 11:00", motala, work, case)
        self.wants(motala, "now")
        work()
        assert len(post_office.letters) == 2

    def test_what_is_ended_is_not_in_the_summary(
        self, motala: Organisation, post_office: PostOffice, work: Work, case: Case
    ) -> None:
        self.at(f"{MONDAY} 11:00", motala, work, case)
        with organisation_scope(motala.pk):
            case_actions.drop_ways(case_id=case.pk, by=SOMEBODY)
        self.at("2026-11-24 07:00", motala, work)
        assert len(post_office.letters) == 1


class TestNights:
    """Who wants to sleep is left alone from 21 to 07."""

    def told_at(self, motala: Organisation, post_office: PostOffice, work: Work, moment: str) -> datetime | None:
        """When an answer given at that time leaves, to somebody who wants to sleep; None when at once."""
        with time_machine.travel(factories.at("2026-03-01 12:00"), tick=False):
            case = factories.make_case(motala, email=EMAIL).case
            with organisation_scope(motala.pk):
                change_contact(contact_id=the_contact().pk, rhythm="now", quiet=True, language="sv", by=SOMEBODY)
            work()
        sent = len(post_office.letters)
        with time_machine.travel(factories.at(moment), tick=False) as clock:
            with organisation_scope(motala.pk):
                answer(case)
            began = now()
            for _quarter in range(4 * 12):
                work()
                if len(post_office.letters) > sent:
                    return now() if now() != began else None
                clock.shift(timedelta(minutes=15))
        raise AssertionError("it never left")

    @pytest.mark.requirement("3.21")
    @pytest.mark.parametrize(
        ("said", "left"),
        [
            ("2026-11-23 20:45", None),
            ("2026-11-23 21:00", "2026-11-24 07:00"),
            ("2026-11-24 03:00", "2026-11-24 07:00"),
            ("2026-11-24 06:45", "2026-11-24 07:00"),
            ("2026-11-24 07:00", None),
            ("2026-03-28 21:30", "2026-03-29 07:00"),  # the night loses an hour
            ("2026-10-24 21:30", "2026-10-25 07:00"),  # the night gains one
        ],
    )
    def test_what_comes_at_night_leaves_in_the_morning(
        self, motala: Organisation, post_office: PostOffice, work: Work, said: str, left: str | None
    ) -> None:
        expected = factories.at(left) if left else None
        assert self.told_at(motala, post_office, work, said) == expected

    def test_a_try_that_failed_in_the_evening_is_not_made_again_at_night(
        self, motala: Organisation, post_office: PostOffice, work: Work
    ) -> None:
        post_office.at_data += ["451 later"] * 2
        with time_machine.travel(factories.at("2026-11-23 20:58"), tick=False) as clock:
            factories.make_case(motala)
            with organisation_scope(motala.pk):
                case = Case.objects.get()
                way = case_actions.add_way(case_id=case.pk, sender="email", address=EMAIL, by=SOMEBODY)
                case_actions.confirm_follow(token=way.token, by=SOMEBODY)
                Notice.objects.all().delete()
                change_contact(contact_id=the_contact().pk, rhythm="now", quiet=True, language="sv", by=SOMEBODY)
                answer(case)
            work()
            clock.shift(timedelta(hours=5))
            work()
            assert post_office.letters == []
            clock.shift(timedelta(hours=6))
            work()
            clock.shift(timedelta(hours=1))
            work()
        assert len(post_office.letters) == 1

    def test_a_receipt_comes_at_night_too(self, motala: Organisation, post_office: PostOffice, work: Work) -> None:
        with time_machine.travel(factories.at("2026-11-23 23:00"), tick=False):
            factories.make_case(motala, email=EMAIL)
            with organisation_scope(motala.pk):
                Contact.objects.update(quiet=True)
            factories.make_case(motala, email=EMAIL)
            work()
        assert len(post_office.letters) == 2
