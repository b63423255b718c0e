"""A client that polls for changes misses none, though transactions end in another order than they began."""

from datetime import datetime
from time import sleep

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lyhord.audit import settling
from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.cases.open_data import Wanted, open_cases
from lyhord.cases.states import State
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.updates import updates
from lyhord.organisations.models import Organisation
from tests import factories
from tests.audit.test_settling import NOT_LONG, somebody_at_it
from tests.www.open311.reading import data, url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("0.9", "N9")]


def _published(motala: Organisation) -> Case:
    made = factories.make_case(motala, "Lampan är släckt.", publish=True)
    with organisation_scope(motala.pk):
        actions.publish(case_id=made.case.pk, title="Lampa", text="Släckt.", by=factories.TEST)
    return made.case


@pytest.mark.parametrize("patience", ["none", "enough"])
def test_a_case_that_is_committed_late_is_not_missed(monkeypatch: pytest.MonkeyPatch, patience: str) -> None:
    """A is changed first and committed last; B in between. The client goes on from the last moment it was shown."""
    if patience == "none":
        monkeypatch.setattr(settling.settled_until, "__defaults__", (None, NOT_LONG))
    motala = factories.make_organisation()
    a, b = _published(motala), _published(motala)
    web = Client(headers={"host": "motala.localhost"})

    def ask(since: str) -> dict[str, str]:
        rows = data(web.get(url("requests.json"), {"updated_after": since}))
        return {row["service_request_id"]: row["updated_datetime"] for row in rows}

    known = ask("2020-01-01T00:00:00Z")
    assert list(known) == [a.number, b.number]
    last = max(known.values())
    with somebody_at_it(motala, lambda: actions.note(case_id=a.pk, text="Sent.", by=factories.TEST)) as commit:
        begun = now().replace(microsecond=0)
        while now().replace(microsecond=0) == begun:  # in the same second A would be read again anyway
            sleep(0.05)
        with organisation_scope(motala.pk):
            actions.note(case_id=b.pk, text="Emellan.", by=factories.TEST)
        if patience == "enough":
            commit.set()
        between = ask(last)
        last = max([last, *between.values()])
    after = ask(last)
    with organisation_scope(motala.pk):
        changed = Case.objects.get(pk=a.pk).changed_at
    assert a.number in {**between, **after}
    assert datetime.fromisoformat({**between, **after}[a.number]) == changed.replace(microsecond=0)
    assert b.number in {**between, **after}


def test_changes_are_read_by_an_index_of_their_own() -> None:
    """So that a poll costs the same however many cases there are."""
    motala = factories.make_organisation()
    _published(motala)
    with organisation_scope(motala.pk), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off; set local enable_sort = off; set local enable_bitmapscan = off")
        with CaptureQueriesContext(connection) as asked:
            open_cases(Wanted(changed=(now(), None)), "sv")
        cursor.execute(f"explain {asked.captured_queries[1]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using case_changed" in plan
    assert "Sort" not in plan
    assert "changed_at >=" in plan.partition("Index Cond")[2].partition("\n")[0]


def test_an_update_that_is_committed_late_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of `servicerequestupdates`: what is later than a change under way is held back until that is there."""
    monkeypatch.setattr(settling.settled_until, "__defaults__", (None, NOT_LONG))
    motala = factories.make_organisation()
    a, b = _published(motala), _published(motala)
    web = Client(headers={"host": "motala.localhost"})

    def plan(case: Case) -> None:
        actions.change_state(case_id=case.pk, to=State.IN_PROGRESS, by=factories.TEST)

    def ask() -> list[str]:
        return [row["service_request_id"] for row in data(web.get(url("servicerequestupdates.json")))]

    with somebody_at_it(motala, lambda: plan(a)) as commit:
        begun = now().replace(microsecond=0)
        while now().replace(microsecond=0) == begun:
            sleep(0.05)
        with organisation_scope(motala.pk):
            plan(b)
        assert ask() == []
        commit.set()
    assert ask() == [a.number, b.number]


def test_updates_are_read_by_an_index_of_their_own() -> None:
    motala = factories.make_organisation()
    _published(motala)
    with organisation_scope(motala.pk), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off; set local enable_sort = off; set local enable_bitmapscan = off")
        with CaptureQueriesContext(connection) as asked:
            updates(now(), now(), None, offset=0, most=10)
        cursor.execute(f"explain {asked.captured_queries[1]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using event_case_news" in plan
    assert "Sort" not in plan
