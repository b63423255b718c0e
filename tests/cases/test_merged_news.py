"""Whoever said the same thing as somebody else hears of what is decided, and never reads what the other one wrote."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.clock import today
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cast: Cast) -> tuple[Case, Case]:
    """The case that lives on, and one that was merged into it; both have somebody who wants to hear."""
    master = factories.make_case(cast.motala, email="elin@example.se").case
    merged = factories.make_case(cast.motala, email="asta@example.se").case
    with organisation_scope(cast.motala.pk):
        actions.merge(case_id=merged.pk, into_number=master.number, by=cast.sara.actor)
        Notice.objects.all().delete()
    return master, merged


def _mails(case: Case) -> list[tuple[str, str, str]]:
    notices = Notice.objects.filter(subject_type="case", subject_id=case.pk).order_by("pk")
    return [(notice.kind, notice.address, notice.body) for notice in notices]


def _set(cast: Cast, case: Case, to: State, reason: str) -> None:
    until = today() + timedelta(days=14)
    actions.change_state(case_id=case.pk, to=to, reason=reason, until=until, by=cast.sara.actor)


@pytest.mark.requirement("P1", "4.4")
def test_a_plan_and_an_end_are_told_to_the_merged_reporter_too(cast: Cast, pair: tuple[Case, Case]) -> None:
    master, merged = pair
    with organisation_scope(cast.motala.pk):
        _set(cast, master, State.PLANNED, "HEMLIGT SKÄL")
        [(kind, address, body)] = _mails(merged)
        assert (kind, address) == ("case_planned", "asta@example.se")
        assert merged.number in body
        assert master.number not in body
        assert "HEMLIGT" not in body
        actions.change_state(
            case_id=master.pk, to=State.RESOLVED, message="Nu lyser den.", closing={"done": "x"}, by=cast.sara.actor
        )
        assert len(_mails(merged)) == 2
        assert "Nu lyser" not in _mails(merged)[1][2]


@pytest.mark.requirement("P1")
def test_nothing_is_told_once_the_two_are_apart(cast: Cast, pair: tuple[Case, Case]) -> None:
    master, merged = pair
    with organisation_scope(cast.motala.pk):
        actions.unmerge(case_id=merged.pk, by=cast.sara.actor)
        _set(cast, master, State.WAITING, "reservdel")
        assert not _mails(merged)
        assert len(_mails(master)) == 1


@pytest.mark.requirement("P1")
@pytest.mark.parametrize(
    ("to", "words"),
    [(State.PLANNED, "Planerad till"), (State.REFUSED, "Tas inte upp"), (State.IN_PROGRESS, "Vi arbetar")],
)
def test_the_own_page_shows_where_the_other_case_is_and_nothing_that_was_said_in_it(
    cast: Cast, to: State, words: str
) -> None:
    master = factories.make_case(cast.motala, "HEMLIG TEXT", place_text="HEMLIG PLATS").case
    merged = factories.make_case(cast.motala, "Min lampa.", email="asta@example.se")
    with organisation_scope(cast.motala.pk):
        actions.resident_writes(case_id=master.pk, text="HEMLIGT BREV", by=factories.TEST, channel="web")
        actions.note(case_id=master.pk, text="HEMLIG ANTECKNING", by=cast.sara.actor)
        actions.merge(case_id=merged.case.pk, into_number=master.number, by=cast.sara.actor)
        actions.change_state(
            case_id=master.pk,
            to=to,
            reason="HEMLIGT SKÄL",
            responsible="HEMLIG VÄG",
            until=today() + timedelta(days=14) if to is State.PLANNED else None,
            message="Tack för att du hörde av dig." if to is State.REFUSED else "",
            by=cast.sara.actor,
        )
    page = Client(headers={"host": "motala.localhost"}).get(f"/f/{merged.code}/")
    now = BeautifulSoup(page.content, "html.parser").select_one('.line [aria-current="step"]')
    assert now is not None
    assert words in now.text
    assert "HEMLIG" not in page.text
    assert f">{master.number}" not in page.text
