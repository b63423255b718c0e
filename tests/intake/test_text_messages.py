"""Text messages in: a new case, an answer in a case, a draft, STOPP and START; each once."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Message, Reporter
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import Follow
from lyhord.intake.models import Arrival, DraftCase
from lyhord.notifications.models import Contact, Notice, NoticeState
from lyhord.organisations.models import Organisation
from tests import factories
from tests.factories import TEST, at
from tests.far_end import listening, work
from tests.notifications.texting import ASTA, Texting

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("2.8", "0.17")]
RESIDENT = Actor.resident()
OTHER = "+46701740606"
LONG = "Lampan vid busshållplatsen är släckt sedan i tisdags"


@pytest.fixture(autouse=True)
def _usual_links(settings: Settings) -> Iterator[None]:
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", ""
    with time_machine.travel(at("2026-11-27 12:00"), tick=False):
        yield


@pytest.fixture
def motala(db: None) -> Organisation:
    return factories.make_organisation("motala")


@pytest.fixture
def texting(settings: Settings, motala: Organisation) -> Iterator[Texting]:
    with listening(settings) as far_end:
        yield Texting(far_end, motala)


def write(texting: Texting, words: str, **how: Any) -> Arrival:
    assert texting.writes(words, **how).status_code == 200
    work()
    with organisation_scope(texting.organisation.pk):
        return Arrival.objects.order_by("-pk").select_related("case")[0]


def draft(texting: Texting) -> DraftCase:
    with organisation_scope(texting.organisation.pk):
        return DraftCase.objects.select_related("linked").get()


def test_a_message_from_anybody_is_a_case_and_its_number_is_told(texting: Texting, motala: Organisation) -> None:
    arrival = write(texting, f"{LONG}.")
    assert arrival.outcome == "case"
    case = arrival.case
    assert case is not None
    assert (case.channel, case.text) == ("sms", f"{LONG}.")
    with organisation_scope(motala.pk):
        assert Reporter.objects.get(case=case).phone == ASTA
        assert Follow.objects.get(subject_id=case.pk).confirmed_at
    assert case.number in texting.words[0]
    assert texting.sent[0]["to"] == ASTA


def test_the_same_message_again_is_the_same_case(texting: Texting, motala: Organisation) -> None:
    for _twice in range(3):
        write(texting, LONG, name="i77")
    with organisation_scope(motala.pk):
        assert Case.objects.count() == 1
        assert Arrival.objects.count() == 1
    assert len(texting.words) == 1


def test_an_answer_comes_into_the_case_of_its_number(texting: Texting, motala: Organisation) -> None:
    case = write(texting, LONG).case
    assert case is not None
    arrival = write(texting, "Nu blinkar den")
    assert (arrival.outcome, arrival.case) == ("joined", case)
    with organisation_scope(motala.pk):
        assert Message.objects.get(case=case).text == "Nu blinkar den"
        assert Case.objects.get(pk=case.pk).unread


def test_with_two_cases_the_number_chooses_and_without_it_somebody_looks(
    texting: Texting, motala: Organisation
) -> None:
    first = write(texting, LONG).case
    assert first is not None
    with organisation_scope(motala.pk):
        second = factories.make_case(motala, reporter=NewReporter(phone=ASTA, tell_by=("sms",)), wants_feedback=True)
    assert write(texting, f"Om {first.number}: det gäller två lampor").case == first
    arrival = write(texting, "Det gäller två lampor")
    assert (arrival.outcome, draft(texting).reason) == ("draft", "several")
    assert draft(texting).linked == second.case


@pytest.mark.requirement("X2")
def test_a_strangers_number_of_a_case_leads_into_no_case(texting: Texting, motala: Organisation) -> None:
    case = write(texting, LONG).case
    assert case is not None
    arrival = write(texting, f"Hur går det med {case.number}? Jag bor granne.", sender=OTHER)
    assert arrival.outcome == "draft"
    assert (draft(texting).linked, draft(texting).reason, draft(texting).phone) == (case, "number", OTHER)
    assert not [form for form in texting.sent if form["to"] == OTHER]


@pytest.mark.parametrize(
    ("words", "sender", "reason"),
    [
        ("ok", ASTA, "unknown_number"),
        ("Tack!", ASTA, "unknown_number"),
        ("", ASTA, "empty"),
        ("Ditt paket har kommit, hämta det här", "PostNord", "no_sender"),
        ("Ditt saldo är lågt, ring oss i dag", "71700", "no_sender"),
    ],
)
def test_what_is_unclear_is_looked_at(texting: Texting, words: str, sender: str, reason: str) -> None:
    assert write(texting, words, sender=sender).outcome == "draft"
    assert draft(texting).reason == reason
    assert texting.words == []


def test_a_draft_that_is_accepted_is_answered_by_text(texting: Texting, motala: Organisation) -> None:
    write(texting, "Lampan")
    with organisation_scope(motala.pk):
        actions_by = Actor("person", 1, "Maria")
        from lyhord.intake.draft_actions import accept_draft

        case = accept_draft(draft_id=draft(texting).pk, text="Lampan", kind="felanmalan", by=actions_by).case
    work()
    assert case.number in texting.words[0]


@pytest.mark.requirement("3.21")
@pytest.mark.parametrize("word", ["STOPP", "stop", " Stopp. ", "Sluta!"])
def test_stop_is_stop(texting: Texting, motala: Organisation, word: str) -> None:
    case = write(texting, LONG).case
    assert case is not None
    assert write(texting, word).outcome == "stopped"
    assert "START" in texting.words[1]
    with organisation_scope(motala.pk):
        assert not Follow.objects.exists()
        assert Contact.objects.get(sender="sms").stopped_at
        actions.reply(case_id=case.pk, text="Den lyser.", by=TEST)
        # somebody writes the number in a form: not even a code is sent
        actions.add_way(case_id=case.pk, sender="sms", address=ASTA, by=RESIDENT)
    write(texting, word)
    work(days=2)
    assert len(texting.words) == 2
    with organisation_scope(motala.pk):
        assert Notice.objects.get(kind="code").state == NoticeState.CANCELLED
        assert Notice.objects.get(kind="code").body == ""


def test_stop_takes_back_what_waits_for_the_morning(texting: Texting, motala: Organisation) -> None:
    case = write(texting, LONG).case
    assert case is not None
    with time_machine.travel(at("2026-11-27 23:00"), tick=False):
        with organisation_scope(motala.pk):
            actions.reply(case_id=case.pk, text="Den lyser.", by=TEST)
        work()
        write(texting, "STOPP")
        assert len(texting.words) == 2  # the receipt, and the answer to who asked
    work(days=1)
    assert len(texting.words) == 2


@pytest.mark.requirement("3.21")
def test_start_is_start(texting: Texting, motala: Organisation) -> None:
    write(texting, "STOPP")
    assert write(texting, "START").outcome == "ignored"
    assert len(texting.words) == 2
    with organisation_scope(motala.pk):
        assert Contact.objects.get(sender="sms").stopped_at is None
    case = write(texting, LONG).case
    assert case is not None
    assert case.number in texting.words[-1]
    assert write(texting, "START").outcome == "ignored"
    assert len(texting.words) == 3


def test_the_word_in_a_sentence_stops_nothing(texting: Texting, motala: Organisation) -> None:
    arrival = write(texting, "Bussen stannar inte vid vår hållplats, stopp skylten är borta")
    assert arrival.outcome == "case"


@pytest.mark.requirement("P29")
def test_the_code_sent_back_is_a_yes_and_a_wrong_one_is_none(texting: Texting, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        made = factories.make_case(motala, reporter=NewReporter(phone=ASTA, tell_by=("sms",)), wants_feedback=True)
    work()
    code = next(word for word in texting.words[0].split() if word.isdecimal() and len(word) == 6)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert write(texting, wrong).outcome == "draft"
    assert write(texting, "JA").outcome == "draft"  # it was asked for a code, not for a yes
    assert write(texting, code).outcome == "ignored"
    with organisation_scope(motala.pk):
        assert Follow.objects.get(subject_id=made.case.pk).confirmed_at


@pytest.mark.requirement("X2")
def test_a_message_in_a_protected_persons_case_is_private(texting: Texting, motala: Organisation) -> None:
    case = write(texting, LONG).case
    assert case is not None
    with organisation_scope(motala.pk):
        actions.protect(case_id=case.pk, by=RESIDENT)
    arrival = write(texting, "Jag vill lägga till en sak")
    assert (arrival.case, arrival.private) == (case, True)


def test_too_many_from_one_number_wait_for_somebody(texting: Texting, motala: Organisation) -> None:
    for number in range(12):
        write(texting, "Hej", name=f"many{number}", sender=OTHER)
    with organisation_scope(motala.pk):
        assert Arrival.objects.filter(state="held").count() == 2
        assert DraftCase.objects.count() == 10


def test_nobody_gets_in_without_the_key(texting: Texting, motala: Organisation) -> None:
    assert texting.writes(LONG, key="x").status_code == 401
    assert texting.call({"hej": "då"}).status_code == 400
    assert texting.call({"id": "1", "from": ASTA, "message": LONG, "direction": "outgoing"}).status_code == 400
    assert texting.call({f"f{number}": "x" for number in range(100)}).status_code == 400
    with organisation_scope(motala.pk):
        assert not Arrival.objects.exists()
