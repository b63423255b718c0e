"""What may be put in the common queue, who sees it there, and how it leaves it again."""

from datetime import timedelta
from typing import Any

import pytest

from lyhord.audit.models import Event
from lyhord.cases import actions as case_actions
from lyhord.cases.actions.secrecy import close_unit
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.collaboration import actions
from lyhord.collaboration.models import Group, Offer, Outcome
from lyhord.core.clock import today
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.inline import run_waiting
from lyhord.organisations.models import Organisation, Unit
from tests import factories
from tests.collaboration.conftest import Neighbours, ask, entries

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.20")]


def made(organisation: Organisation, **values: Any) -> Case:
    return factories.make_case(organisation, **values).case


def wrong(organisation: Organisation, case: Case, **values: Any) -> dict[str, str]:
    """What is said about an offer that cannot be made, by field."""
    with organisation_scope(organisation.pk):
        given = {"group_id": Group.objects.order_by("pk")[0].pk, "reason": "Er väg", "title": "T", "text": "Text"}
        with pytest.raises(Invalid) as caught:
            actions.offer(case_id=case.pk, by=factories.TEST, **{**given, **values})
        assert not Offer.objects.exists()
    return {name: str(sentence) for name, sentence in caught.value.errors.items()}


def test_only_members_of_the_group_see_it_and_only_a_snapshot(neighbours: Neighbours) -> None:
    case = made(neighbours.motala, reporter=NewReporter(name="Asta Ek", email="asta@example.se", phone="0709-11 22 33"))
    ask(neighbours.motala, case.pk, text="Ring Asta på 0709-11 22 33 eller asta@example.se. Jag heter Asta Ek.")
    [entry] = entries(neighbours.mjolby)
    assert (entry.giver, entry.number, entry.kind, entry.type_name) == (
        neighbours.motala,
        case.number,
        "felanmalan",
        "Släckt gatubelysning",
    )
    assert (entry.reason, entry.place_text, entry.contact) == ("Vägen är er.", "Vintergatan 12", False)
    for word in ("Asta", "Ek", "0709", "example"):
        assert word not in entry.text
    assert entries(neighbours.motala) == entries(neighbours.vadstena) == entries(neighbours.odeshog) == []
    with organisation_scope(neighbours.motala.pk):
        [event] = Event.objects.filter(verb="case.offered")
        assert event.data["group"] == "Östra"


@pytest.mark.requirement("X2")
def test_never_what_is_protected_confidential_or_closed(neighbours: Neighbours) -> None:
    protected = made(neighbours.motala, reporter=NewReporter(name="Ulla", protected=True))
    assert "skyddade personuppgifter" in wrong(neighbours.motala, protected)[""]
    secret = made(neighbours.motala)
    with organisation_scope(neighbours.motala.pk):
        preschool = Unit.objects.get(code="forskola")
        case_actions.move(case_id=secret.pk, unit_id=preschool.pk, reason="Barn", by=factories.TEST)
    assert "sekretess" in wrong(neighbours.motala, secret)[""]
    closed = made(neighbours.motala)
    with organisation_scope(neighbours.motala.pk):
        case_actions.change_state(
            case_id=closed.pk, to=State.RESOLVED, closing={"measure": "Ny lampa"}, by=factories.TEST
        )
    assert "avslutat" in wrong(neighbours.motala, closed)[""]
    assert entries(neighbours.mjolby) == []


def test_what_is_missing_or_too_long_is_said_at_its_field(neighbours: Neighbours) -> None:
    case = made(neighbours.motala)
    assert set(wrong(neighbours.motala, case, reason=" ", title="", text="\n")) == {"reason", "title", "text"}
    assert set(wrong(neighbours.motala, case, reason="x" * 1001)) == {"reason"}
    assert set(wrong(neighbours.motala, case, group_id=0)) == {"group"}
    with organisation_scope(neighbours.vadstena.pk):
        theirs = Group.objects.get().pk
    assert set(wrong(neighbours.motala, case, group_id=theirs)) == {"group"}
    with organisation_scope(neighbours.motala.pk):
        alone = actions.found_group(name="Ensam", by=factories.TEST)
    assert "Ingen annan" in wrong(neighbours.motala, case, group_id=alone.pk)["group"]


def test_asked_once_at_a_time(neighbours: Neighbours) -> None:
    case = made(neighbours.motala)
    ask(neighbours.motala, case.pk)
    with pytest.raises(Conflict):
        ask(neighbours.motala, case.pk)
    with organisation_scope(neighbours.motala.pk):
        actions.withdraw(case_id=case.pk, by=factories.TEST)
    ask(neighbours.motala, case.pk)
    assert [entry.state for entry in entries(neighbours.mjolby)] == [Outcome.WITHDRAWN, Outcome.OPEN]


def test_withdrawn_it_is_gone_and_what_was_said_too(neighbours: Neighbours) -> None:
    case = made(neighbours.motala)
    ask(neighbours.motala, case.pk)
    with organisation_scope(neighbours.motala.pk):
        for _twice in range(2):
            actions.withdraw(case_id=case.pk, by=factories.TEST)
        assert Event.objects.filter(verb="case.offer_withdrawn").count() == 1
        case.refresh_from_db()
        assert case.open
    [entry] = entries(neighbours.mjolby)
    assert (entry.state, entry.title, entry.text, entry.reason, entry.place_text, entry.lat) == (
        Outcome.WITHDRAWN,
        "",
        "",
        "",
        "",
        None,
    )


def test_what_somebody_has_taken_cannot_be_withdrawn(neighbours: Neighbours) -> None:
    case = made(neighbours.motala)
    ask(neighbours.motala, case.pk)
    [entry] = entries(neighbours.mjolby)
    with organisation_scope(neighbours.mjolby.pk):
        actions.take(entry_id=entry.pk, by=factories.TEST)
    with organisation_scope(neighbours.motala.pk), pytest.raises(Conflict):
        actions.withdraw(case_id=case.pk, by=factories.TEST)
    with organisation_scope(neighbours.motala.pk), pytest.raises(NotFound):
        actions.withdraw(case_id=made(neighbours.motala).pk, by=factories.TEST)


def close(case: Case) -> None:
    case_actions.change_state(case_id=case.pk, to=State.RESOLVED, closing={"measure": "Ny"}, by=factories.TEST)


def plan(case: Case) -> None:
    until = today() + timedelta(days=3)
    case_actions.change_state(case_id=case.pk, to=State.PLANNED, reason="Ny lampa", until=until, by=factories.TEST)


def merge(case: Case) -> None:
    other = factories.make_case(Organisation.objects.get(pk=case.organisation_id)).case
    case_actions.merge(case_id=case.pk, into_number=other.number, by=factories.TEST)


def hide(case: Case) -> None:
    preschool = Unit.objects.get(code="forskola")
    case_actions.move(case_id=case.pk, unit_id=preschool.pk, reason="Barn", by=factories.TEST)


def close_its_unit(case: Case) -> None:
    Unit.objects.filter(pk=case.unit_id).update(confidential=True)
    close_unit(unit_id=case.unit_id, by=factories.TEST)


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (close, Outcome.WITHDRAWN),
        (merge, Outcome.WITHDRAWN),
        (hide, Outcome.WITHDRAWN),
        (close_its_unit, Outcome.WITHDRAWN),
        (plan, Outcome.OPEN),
    ],
)
def test_a_case_that_ends_or_becomes_secret_leaves_the_queue(
    neighbours: Neighbours, change: Any, left: Outcome
) -> None:
    case = made(neighbours.motala)
    ask(neighbours.motala, case.pk)
    with organisation_scope(neighbours.motala.pk):
        change(case)
    run_waiting()
    [entry] = entries(neighbours.mjolby)
    assert entry.state == left
