"""One submission is one case, whatever happens on the way."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from lyhord.audit.models import Event
from lyhord.cases.facts import NewReporter
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, Reporter
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.channel import CHANNELS
from lyhord.intake.checks import text_problem
from lyhord.intake.models import Reception
from lyhord.intake.receive import receive
from lyhord.intake.submission import Receipt, Submission
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from lyhord.places.point import Point
from tests import factories

pytestmark = pytest.mark.django_db
RESIDENT = Actor.resident()


def submission(text: str = "Lampan vid lekplatsen är släckt.", **values: Any) -> Submission:
    return Submission(source="web", external_id=factories.unique(), channel="web", text=text, **values)


def take(organisation: Organisation, sent: Submission) -> Receipt:
    with organisation_scope(organisation.pk):
        return receive(organisation=organisation, submission=sent, by=RESIDENT)


def refused(organisation: Organisation, sent: Submission) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        take(organisation, sent)
    return {name: str(sentence) for name, sentence in error.value.errors.items()}


@pytest.mark.requirement("0.6", "2.21", "4.28")
def test_a_text_alone_is_enough_for_a_visitor_from_anywhere(motala: Organisation) -> None:
    receipt = take(motala, submission("Det är mörkt.", point=Point(40.7, -74.0, None, "gps")))
    assert receipt.created
    assert receipt.number.partition("-")[2] == "1"
    with organisation_scope(motala.pk):
        case = Case.objects.get()
        assert (case.text, case.channel, case.unread) == ("Det är mörkt.", "web", True)
        assert not Reporter.objects.exists()


@pytest.mark.requirement("0.6")
@pytest.mark.parametrize("slug", KINDS.slugs())
def test_an_empty_text_is_refused_in_the_kinds_own_words(motala: Organisation, slug: str) -> None:
    for text in ("", "  \n ", "\x00\x07", "\u200b\u202e"):
        assert refused(motala, submission(text, kind=slug)) == {"text": str(KINDS.get(slug).text_missing)}
    with organisation_scope(motala.pk):
        assert not Reception.objects.exists()


@pytest.mark.requirement("0.6")
def test_two_thousand_characters_fit_and_one_more_does_not(motala: Organisation) -> None:
    # a line end is one character, however the browser sent it
    assert take(motala, submission("å" * 1999 + "\r\n" + " ")).created
    assert take(motala, submission(("ä" * 999 + "\r\n") * 2)).created
    assert refused(motala, submission("ö" * 2001))["text"].startswith("Texten är 1 tecken för lång.")


@given(st.text())
def test_any_text_is_either_kept_clean_or_refused_with_a_sentence(text: str) -> None:
    from lyhord.core.text import clean_text

    cleaned = clean_text(text)
    assert (text_problem(KINDS.get("felanmalan"), cleaned) is None) == (0 < len(cleaned) <= 2000)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned


@pytest.mark.requirement("0.6")
def test_broken_unicode_and_control_characters_are_cleaned_not_refused(motala: Organisation) -> None:
    receipt = take(motala, submission("Hål\x00 i \udc80gatan\u202e\r\nvid bron"))
    assert receipt.case.text == "Hål i gatan\nvid bron"


@pytest.mark.requirement("0.7", "P11", "4.1")
def test_the_type_is_the_choice_else_what_the_words_say_else_the_general_one(motala: Organisation) -> None:
    chosen = take(motala, submission("Det är mörkt, lampan är släckt.", case_type="ovrigt"))
    guessed = take(motala, submission("Det är mörkt, lampan är släckt."))
    unguessed = take(motala, submission("Det är mörkt, lampan är släckt.", guess=False))
    unclear = take(motala, submission("Hej hej."))
    with organisation_scope(motala.pk):
        codes = [Case.objects.get(pk=r.case.pk).case_type.code for r in (chosen, guessed, unguessed, unclear)]
    assert codes == ["ovrigt", "belysning.lampa", "ovrigt", "ovrigt"]
    assert guessed.case.unit.code == "gata-park"
    assert guessed.case.route_reason


@pytest.mark.requirement("4.13")
@pytest.mark.parametrize("slug", KINDS.slugs())
def test_every_kind_is_taken_in(motala: Organisation, slug: str) -> None:
    assert take(motala, submission("En mening.", kind=slug)).case.kind == slug


def test_a_type_of_another_kind_and_what_does_not_exist_are_refused(motala: Organisation) -> None:
    assert "case_type" in refused(motala, submission(case_type="klagomal"))
    assert "case_type" in refused(motala, submission(case_type="finns-inte"))
    assert "category" in refused(motala, submission(category="finns-inte"))
    assert "kind" in refused(motala, submission(kind="finns-inte"))


def test_answers_are_asked_for_only_where_the_questions_were_seen(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        required = {"code": "size", "label": {"sv": "Hur stort?"}, "datatype": "number", "required": True}
        factories.make_type("gata.hal", "felanmalan", "Hål i vägen", questions=[required])
    assert take(motala, submission("Hål.", case_type="gata.hal")).created
    assert refused(motala, submission("Hål.", case_type="gata.hal", ask_all=True)) == {"q_size": "Skriv ett tal."}
    wrong = submission("Hål.", case_type="gata.hal", answers={"size": ["nan"]})
    assert refused(motala, wrong)["q_size"].startswith("Skriv ett tal")
    answered = take(motala, submission("Hål.", case_type="gata.hal", answers={"size": ["1 200,5"], "other": ["x"]}))
    assert answered.case.answers == {"size": 1200.5}


def test_every_wrong_field_gets_its_sentence_and_nothing_is_kept(motala: Organisation) -> None:
    reporter = NewReporter(name="x" * 121, email="inte en adress", phone="0" * 41)
    found = refused(motala, submission("", reporter=reporter, place_text="x" * 201))
    assert set(found) == {"text", "name", "email", "phone", "place_text"}
    with organisation_scope(motala.pk):
        assert not Case.objects.exists()
        assert not Reception.objects.exists()


@pytest.mark.requirement("2.16", "X3")
def test_the_case_its_event_and_its_acknowledgement_are_one_transaction(motala: Organisation) -> None:
    reporter = NewReporter(email="asta@example.se")
    receipt = take(motala, submission(reporter=reporter, wants_feedback=True))
    with organisation_scope(motala.pk):
        assert Event.objects.filter(verb="case.registered", subject_id=receipt.case.pk).count() == 1
        notice = Notice.objects.get()
        assert (notice.address, notice.kind) == ("asta@example.se", "case_received")
        assert receipt.code in notice.link


def test_what_a_trap_caught_is_kept_and_marked(motala: Organisation) -> None:
    receipt = take(motala, submission(suspected="honeypot"))
    with organisation_scope(motala.pk):
        assert Case.objects.get(pk=receipt.case.pk).unread
        assert Event.objects.get(verb="case.suspected").data == {"reason": "honeypot"}


@pytest.mark.requirement("0.3")
def test_the_same_submission_again_gives_the_same_receipt(motala: Organisation) -> None:
    sent = submission()
    first, again = take(motala, sent), take(motala, sent)
    assert (again.number, again.code, again.created) == (first.number, first.code, False)
    # nothing else about a repeated submission is looked at, not even whether it could be used
    assert take(motala, replace(sent, text="")).number == first.number


def test_the_same_external_id_in_another_organisation_is_another_case(cast: Any) -> None:
    sent = submission()
    first, other = take(cast.motala, sent), take(cast.mjolby, sent)
    assert first.created
    assert other.created
    assert first.code != other.code


def test_a_channel_takes_in_only_what_is_its_own(motala: Organisation) -> None:
    with organisation_scope(motala.pk), pytest.raises(ValueError, match="came to web"):
        CHANNELS.get("web").receive(organisation=motala, submission=replace(submission(), channel="email"), by=RESIDENT)


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("X3", "2.4")
def test_twenty_at_the_same_moment_are_one_case_with_one_number() -> None:
    motala = factories.make_organisation("motala")
    sent = submission(reporter=NewReporter(email="asta@example.se"), wants_feedback=True)
    start = Barrier(20)

    def send(_: int) -> tuple[str, str, bool]:
        start.wait()
        try:
            receipt = take(motala, sent)
        finally:
            connection.close()
        return receipt.number, receipt.code, receipt.created

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(send, range(20)))
    assert len({(number, code) for number, code, _created in answers}) == 1
    assert sum(created for _number, _code, created in answers) == 1
    with organisation_scope(motala.pk):
        assert Case.objects.count() == Reception.objects.count() == Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_when_the_first_fails_the_second_takes_its_place() -> None:
    """The one who waits for a transaction that is then rolled back must not be left without a case."""
    motala = factories.make_organisation("motala")
    sent = submission()
    claimed, may_fail = Barrier(2), Barrier(2)

    def fail(_: int) -> None:
        try:
            with organisation_scope(motala.pk):
                receive(organisation=motala, submission=sent, by=RESIDENT)
                claimed.wait()
                may_fail.wait()
                raise RuntimeError("the process dies before the commit")
        except RuntimeError:
            pass
        finally:
            connection.close()

    def succeed(_: int) -> Receipt:
        claimed.wait()
        may_fail.wait()
        try:
            return take(motala, sent)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        failing, winning = threads.submit(fail, 0), threads.submit(succeed, 0)
        failing.result()
        receipt = winning.result()
    with organisation_scope(motala.pk):
        assert Case.objects.get().number == receipt.number
