"""Kept before it is read, once however often it comes, and never lost when something goes wrong."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection

from lyhord.audit.models import Event
from lyhord.cases.models import Case, Message, Photo
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.files import scanning
from lyhord.intake.arrivals import KEPT, forget_originals, inlets_for, keep_mail, try_again
from lyhord.intake.handling import RATES, handle_mail
from lyhord.intake.mail.head import head_of
from lyhord.intake.mail.reading import MOST_BYTES
from lyhord.intake.models import Arrival, ArrivalState, DraftCase, Original, Outcome
from lyhord.jobs.models import Job
from lyhord.notifications.actions import address_bounced
from lyhord.notifications.models import Contact, Notice
from lyhord.organisations.models import Organisation
from tests import factories
from tests.far_end import work
from tests.intake.mail import make
from tests.intake.mail.conftest import Deliver, Told, open_inlets
from tests.intake.mail.make.everything import CORPUS

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P24", "2.16")]
PICTURE = (CORPUS / "made/picture.eml").read_bytes()


def keep(organisation: Organisation, raw: bytes, *recipients: str) -> Arrival:
    with organisation_scope(organisation.pk):
        inlet = inlets_for(recipients or [make.CONTACT])[organisation.pk]
        return keep_mail(inlet=inlet, raw=raw, recipients=recipients, by=factories.TEST)


def test_it_is_kept_as_it_came_and_waits_for_a_worker(told: Told) -> None:
    raw = make.mail("Hej", name="hej", subject="Lampan")
    arrival = keep(told.organisation, raw, make.CONTACT)
    with organisation_scope(told.organisation.pk):
        assert bytes(Original.objects.get(arrival=arrival).data) == raw
        assert (arrival.state, arrival.sender, arrival.subject) == ("received", make.ANNA, "Lampan")
        assert arrival.recipients == [make.CONTACT]
        assert Case.objects.count() == 1
        assert Job.objects.filter(task__endswith="handle_arrival").count() == 1


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda raw: raw, True),
        (lambda raw: b"Received: from x by y; today\r\n" + raw, True),
        (lambda raw: b"Delivered-To: kontakt@motala.example\r\n" + raw, True),
        (lambda raw: raw.replace(b"\r\n", b"\n"), True),
        (lambda raw: raw + b"\r\n_____\r\nlistans fotnot\r\n", True),
        (lambda raw: raw.replace(b"Subject: Lampan", b"Subject: Hunden"), False),
        (lambda raw: raw.replace(b"10:14:00", b"10:15:00"), False),
        (lambda raw: raw.replace(b"<hej@", b"<hejsan@"), False),
        (lambda raw: raw.replace(b"anna@", b"anders@"), False),
    ],
)
def test_which_mails_are_the_same(told: Told, change: Callable[[bytes], bytes], same: bool) -> None:
    raw = make.mail("Hej", name="hej", subject="Lampan")
    first = keep(told.organisation, raw)
    assert (keep(told.organisation, change(raw)).pk == first.pk) == same


def test_mails_without_an_id_are_known_by_all_that_is_said(told: Told) -> None:
    raw = b"From: anna@exempel.se\nSubject: Hej\n\nLampan"
    first = keep(told.organisation, raw)
    assert keep(told.organisation, b"Received: x\n" + raw).pk == first.pk
    assert keep(told.organisation, raw + b" igen").pk != first.pk


def test_a_client_that_gives_all_its_mails_one_id_loses_none(told: Told, deliver: Deliver) -> None:
    for number in range(3):
        deliver(make.mail(f"Nummer {number}", name="alltid-samma", subject=f"Mejl {number}", sender="bo@exempel.se"))
    with organisation_scope(told.organisation.pk):
        assert Case.objects.filter(channel="email").count() == 3


def test_the_same_mail_by_two_ways_is_one_and_the_better_way_counts(told: Told, deliver: Deliver) -> None:
    """To the contact address and, as a blind copy, to the case's own: the second delivery says what it is about."""
    raw = make.mail("Ja.", name="two-ways")
    reply = told.written(make.REPLY.encode()).decode()
    keep(told.organisation, raw, make.CONTACT)
    arrival = deliver(raw, [reply])
    assert (arrival.outcome, arrival.case_id) == (Outcome.JOINED, told.case.pk)
    with organisation_scope(told.organisation.pk):
        assert Arrival.objects.count() == 1


def test_it_comes_to_each_organisation_that_it_is_for(told: Told) -> None:
    raw = make.mail("Hej", name="both", to="kontakt@motala.example, kontakt@mjolby.example", sender="bo@exempel.se")
    found = inlets_for(head_of(raw).recipients)
    assert len(found) == 2
    for organisation_id, inlet in found.items():
        with organisation_scope(organisation_id):
            arrival = keep_mail(inlet=inlet, raw=raw, recipients=[], by=factories.TEST)
        handle_mail(organisation_id=organisation_id, arrival_id=arrival.pk)
        with organisation_scope(organisation_id):
            assert Case.objects.filter(channel="email").count() == 1


def test_whose_an_address_is(told: Told) -> None:
    assert [inlet.address for inlet in inlets_for(["SVAR+26-1-x@Motala.Example"]).values()] == ["svar@motala.example"]
    assert inlets_for(["kontakt@annan.example", "", "@", "kontakt"]) == {}


@pytest.mark.django_db(transaction=True)
def test_twenty_times_at_once_is_one_case() -> None:
    motala = factories.make_organisation("motala")
    open_inlets(motala)
    start = Barrier(20)

    def bring(number: int) -> None:
        start.wait()
        try:
            arrival = keep(motala, PICTURE if number % 2 else b"Received: by another way\r\n" + PICTURE)
            handle_mail(organisation_id=motala.pk, arrival_id=arrival.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(bring, range(20)))
    with organisation_scope(motala.pk):
        assert Arrival.objects.count() == Case.objects.count() == Photo.objects.count() == Notice.objects.count() == 1
        assert Arrival.objects.get().outcome == Outcome.CASE


@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_it_in() -> None:
    motala = factories.make_organisation("motala")
    open_inlets(motala)
    keep(motala, PICTURE)
    work()
    with organisation_scope(motala.pk):
        case = Case.objects.get()
        assert Photo.objects.get().case == case
        assert case.reporters.get().email == make.ANNA
        assert Notice.objects.get().thread.startswith("<picture@exempel.se> ")


def test_what_cannot_be_read_is_seen_and_can_be_tried_again(told: Told) -> None:
    arrival = keep(told.organisation, b"\n\n\n ")
    handle_mail(organisation_id=told.organisation.pk, arrival_id=arrival.pk)
    with organisation_scope(told.organisation.pk):
        arrival.refresh_from_db()
        assert (arrival.state, arrival.reason) == (ArrivalState.FAILED, "empty")
        assert Event.objects.filter(verb="arrival.failed").exists()
        Original.objects.filter(arrival=arrival).update(data=make.mail("Hej", name="mended", sender="bo@exempel.se"))
        try_again(arrival_id=arrival.pk, by=factories.TEST)
    handle_mail(organisation_id=told.organisation.pk, arrival_id=arrival.pk)
    with organisation_scope(told.organisation.pk):
        arrival.refresh_from_db()
        assert (arrival.state, arrival.outcome) == (ArrivalState.HANDLED, Outcome.CASE)
        with pytest.raises(Conflict):
            try_again(arrival_id=arrival.pk, by=factories.TEST)
        with pytest.raises(NotFound):
            try_again(arrival_id=arrival.pk + 1000, by=factories.TEST)


@pytest.mark.django_db(transaction=True)
def test_while_the_virus_scanner_is_away_nothing_is_decided(settings: Any) -> None:
    motala = factories.make_organisation("motala")
    open_inlets(motala)
    keep(motala, (CORPUS / "made/document-pdf.eml").read_bytes())
    settings.LYHORD_VIRUS_SCANNER = "no.such.scanner"
    work()
    with organisation_scope(motala.pk):
        assert (Arrival.objects.get().state, Case.objects.count()) == (ArrivalState.RECEIVED, 0)
    settings.LYHORD_VIRUS_SCANNER = ""
    work(days=0.01)
    with organisation_scope(motala.pk):
        assert Arrival.objects.get().outcome == Outcome.CASE
        assert Case.objects.get().has_documents


@pytest.mark.django_db(transaction=True)
def test_after_the_last_try_somebody_sees_it(settings: Any) -> None:
    motala = factories.make_organisation("motala")
    open_inlets(motala)
    keep(motala, (CORPUS / "made/document-pdf.eml").read_bytes())
    settings.LYHORD_VIRUS_SCANNER = "no.such.scanner"
    for day in range(8):
        work(days=day)
    with organisation_scope(motala.pk):
        arrival = Arrival.objects.get()
        assert (arrival.state, arrival.reason) == (ArrivalState.FAILED, "broken")
        assert Original.objects.exists()


def test_two_machines_that_answer_each_other_stop(told: Told, deliver: Deliver) -> None:
    for number in range(RATES[0].most + 3):
        deliver(make.mail("Tack för ditt mejl!", name=f"loop-{number}", sender="robot@verket.example"))
    with organisation_scope(told.organisation.pk):
        held = list(Arrival.objects.filter(state=ArrivalState.HELD))
        assert (len(held), held[0].reason) == (3, "many")
        assert Case.objects.filter(channel="email").count() == RATES[0].most
        try_again(arrival_id=held[0].pk, by=factories.TEST)
    handle_mail(organisation_id=told.organisation.pk, arrival_id=held[0].pk)
    with organisation_scope(told.organisation.pk):
        assert Arrival.objects.filter(state=ArrivalState.HELD).count() == 2
        assert Case.objects.filter(channel="email").count() == RATES[0].most + 1


def test_what_belongs_to_a_case_always_comes_in(told: Told, deliver: Deliver) -> None:
    for number in range(RATES[0].most + 3):
        deliver(make.reply(f"Rad {number}", name=f"many-{number}"))
    with organisation_scope(told.organisation.pk):
        assert Message.objects.filter(case=told.case).count() == RATES[0].most + 3


def test_a_day_has_its_limit_too(told: Told, deliver: Deliver) -> None:
    morning = (now() + timedelta(days=1)).replace(hour=6)  # so that all of it falls on one day
    for hour in range(4):
        with time_machine.travel(morning + timedelta(hours=2 * hour), tick=False):
            for number in range(RATES[0].most):
                deliver(make.mail("Hej!", name=f"day-{hour}-{number}", sender="robot@verket.example"))
    with organisation_scope(told.organisation.pk):
        assert Case.objects.filter(channel="email").count() <= RATES[1].most
        assert Arrival.objects.filter(state=ArrivalState.HELD).count() >= 4 * RATES[0].most - RATES[1].most


def test_an_answer_opens_a_closed_case_and_a_machines_answer_does_not(told: Told, deliver: Deliver) -> None:
    with organisation_scope(told.organisation.pk):
        Case.objects.filter(pk=told.case.pk).update(state="resolved", unread=False)
    deliver((CORPUS / "made/away-sieve.eml").read_bytes())
    with organisation_scope(told.organisation.pk):
        told.case.refresh_from_db()
        assert (told.case.state, told.case.unread) == ("resolved", False)
    deliver((CORPUS / "made/reply-yes.eml").read_bytes())
    with organisation_scope(told.organisation.pk):
        told.case.refresh_from_db()
        assert (told.case.state, told.case.unread) == ("received", True)


def test_who_writes_can_be_written_to(told: Told, deliver: Deliver) -> None:
    with organisation_scope(told.organisation.pk):
        address_bounced(address=make.ANNA, notice_id=told.notice.pk, reason="550", by=factories.TEST)
        assert Contact.objects.get(address=make.ANNA).paused_at is not None
    deliver((CORPUS / "made/reply-yes.eml").read_bytes())
    with organisation_scope(told.organisation.pk):
        assert Contact.objects.get(address=make.ANNA).paused_at is None


def test_a_long_text_is_a_file_and_what_was_refused_is_told(told: Told, deliver: Deliver) -> None:
    deliver((CORPUS / "made/new-long.eml").read_bytes())
    deliver((CORPUS / "made/refused-program.eml").read_bytes())
    with organisation_scope(told.organisation.pk):
        long = Case.objects.get(has_documents=True)
        assert long.text.endswith("…\n\nHela texten ligger i en bifogad fil.")
        assert long.documents.get().file.name == "mejlet.txt"
        [note] = Message.objects.exclude(case=told.case)
        assert note.text == "Filer som vi inte tog emot:\nspel.exe: Vi tar inte emot filer av det slaget."


def test_what_comes_to_an_address_is_of_its_kind_and_its_units(told: Told, deliver: Deliver) -> None:
    organisation = told.organisation
    organisation.inlets.filter(address="felanmalan@motala.example").update(unit_code="tekniska")
    raw = make.mail("Det är halt.", name="kinds", to="felanmalan@motala.example", sender="bo@exempel.se")
    deliver(raw)
    deliver(make.mail("Lampan är släckt, gatlykta.", name="guess", sender="bo@exempel.se"))
    deliver(make.mail("Hej, hur gör man?", name="unsure", sender="bo@exempel.se", subject="En fråga"))
    with organisation_scope(organisation.pk):
        addressed, guessed, unsure = Case.objects.filter(channel="email").order_by("pk")
        assert (addressed.kind, addressed.route_kind, addressed.unit.code) == ("felanmalan", "address", "tekniska")
        assert guessed.kind == "felanmalan"
        assert (unsure.kind, unsure.text) == ("fraga", "En fråga\n\nHej, hur gör man?")


def test_an_address_may_be_looked_through_first(told: Told, deliver: Deliver) -> None:
    told.organisation.inlets.update(review=True)
    arrival = deliver((CORPUS / "made/new-plain.eml").read_bytes())
    assert (arrival.outcome, arrival.reason) == (Outcome.DRAFT, "review")
    with organisation_scope(told.organisation.pk):
        assert DraftCase.objects.get().unit.fallback


def test_originals_go_after_a_time_but_not_of_what_waits(told: Told, deliver: Deliver) -> None:
    handled = deliver((CORPUS / "made/new-plain.eml").read_bytes())
    waits = deliver((CORPUS / "made/new-emoji.eml").read_bytes(), handle=False)
    with organisation_scope(told.organisation.pk):
        assert forget_originals() == 0
        with time_machine.travel(now() + KEPT + timedelta(days=1)):
            assert forget_originals() == 1
        assert [original.arrival_id for original in Original.objects.all()] == [waits.pk]
        Arrival.objects.filter(pk=handled.pk).update(state=ArrivalState.FAILED)
        with pytest.raises(Conflict):
            try_again(arrival_id=handled.pk, by=factories.TEST)


def test_a_mail_may_hold_what_a_scanner_fears(told: Told, deliver: Deliver) -> None:
    raw = make.mail(scanning.EICAR.decode("latin-1"), name="eicar", sender="bo@exempel.se")
    assert deliver(raw).outcome == Outcome.CASE  # a text is a text


def test_too_large_is_told_at_the_door() -> None:
    assert MOST_BYTES < 45_000_000
