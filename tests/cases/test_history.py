"""The log of a case as sentences for staff."""

from datetime import timedelta

import pytest
from django.utils import translation

from lyhord.audit.models import Event
from lyhord.cases.actions import (
    assign,
    change_state,
    convert,
    decline_publication,
    merge,
    move,
    note,
    publish,
    reply,
    resident_writes,
    unmerge,
    withdraw,
)
from lyhord.cases.history import Line, staff_history
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.clock import today
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Unit
from tests.conftest import Cast
from tests.factories import make_case

pytestmark = pytest.mark.django_db


def lines(case: Case) -> list[Line]:
    return staff_history(list(Event.objects.all().about("case", case.pk)), Case.objects.get(pk=case.pk).kind)


def test_everything_that_happens_has_its_sentence_and_its_doer(cast: Cast) -> None:
    case, other = make_case(cast.motala, publish=True).case, make_case(cast.motala).case
    sara, pk = cast.sara.actor, case.pk
    until = today() + timedelta(days=2)
    with organisation_scope(cast.motala.pk):
        assign(case_id=pk, officer_id=cast.amir.pk, by=sara)
        note(case_id=pk, text="Hemligt.", by=sara)
        reply(case_id=pk, text="Tack.", by=sara)
        resident_writes(case_id=pk, text="Mer.", by=Actor.resident(), channel="web")
        change_state(case_id=pk, to=State.WAITING, by=sara, reason="Reservdel.", until=until)
        change_state(case_id=pk, to=State.REFUSED, by=sara, reason="Statlig väg.", responsible="Trafikverket")
        change_state(case_id=pk, to=State.IN_PROGRESS, by=sara, reason="Vi tog fel på vägen.")
        decline_publication(case_id=pk, by=sara)
        publish(case_id=pk, title="Lampa", text="Släckt.", by=sara)
        withdraw(case_id=pk, by=sara, reason="Fel text.")
        convert(case_id=pk, type_code="klagomal", by=sara)
        merge(case_id=pk, into_number=other.number, by=sara)
        unmerge(case_id=pk, by=sara)
        assign(case_id=pk, officer_id=None, by=sara)
        kundcenter = Unit.objects.get(code="kundcenter")
        move(case_id=pk, unit_id=kundcenter.pk, reason="Fråga dem.", by=Actor.system("exchange"))
        said = lines(case)
        assert len(said) == Event.objects.all().about("case", pk).count()  # nothing is left out
        texts = [line.text for line in said]
        assert texts[0].startswith("Kom in. Släckt gatubelysning går till Gata och park")
        for piece in (
            "Handläggare: Amir Holm",
            "Läge: Väntar till",
            "Reservdel.",
            "Läge: Tas inte upp. Ansvarig: Trafikverket. Statlig väg.",
            "Öppnades igen. Vi tog fel på vägen.",
            f"Slogs ihop med {other.number}",
            "Öppnades igen, var inte samma sak som det andra",
            "Ingen handläggare längre",
            "Flyttat till Kundcenter. Fråga dem.",
            "Visas inte längre för andra. Fel text.",
            "Ändrat från Släckt gatubelysning till Klagomål",
        ):
            assert any(piece in text for text in texts), piece
        assert {line.who for line in said} == {"Invånaren", "Sara Ek", "Systemet"}
        assert "Hemligt" not in str(said)
        assert f"{case.number} slogs ihop med det här" in [line.text for line in lines(other)]


def test_in_the_readers_language(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk), translation.override("en"):
        assert len(lines(case)) == 1


def test_an_event_this_version_does_not_know_is_passed_over(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        events = list(Event.objects.all().about("case", case.pk))
        strange = Event(verb="case.teleported", at=case.registered_at, actor_kind="system", data={})
        assert len(staff_history([*events, strange], case.kind)) == 1


def test_a_state_of_a_kind_it_no_longer_is_keeps_its_word(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        change_state(case_id=case.pk, to=State.PLANNED, by=cast.sara.actor, reason="Lagas", until=today())
        convert(case_id=case.pk, type_code="berom", by=cast.sara.actor)
        assert any(line.text.startswith("Läge: Planerad till") for line in lines(case))
