"""Workers that are killed (kill -9) two hundred times while they bring things to other systems."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lyhord.cases.actions import reply
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import system_actions as actions
from lyhord.exchange.actions import resend
from lyhord.exchange.models import ChangeState, Delivery, DeliveryState, Outgoing
from lyhord.organisations.models import Organisation
from tests import factories
from tests.exchange.conftest import MakeWebhook, counted
from tests.exchange.errand_server import ErrandServer
from tests.far_end import FarEnd, work
from tests.jobs.conftest import database_url

KILLS, CASES, REPLIES = 200, 5, 30


@pytest.mark.all  # takes a minute
@pytest.mark.requirement("0.9", "P27", "N5", "N9")
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_or_doubled_and_the_order_holds(
    far_end: FarEnd, make_webhook: MakeWebhook, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, town = ErrandServer(), factories.make_organisation("motala")
    settings.OUTWARD_PORTS = [there.port, far_end.port]
    monkeypatch.setenv("LYHORD_OUTWARD_PORTS", f"{there.port},{far_end.port}")
    monkeypatch.setenv("LYHORD_OUTWARD_ALLOW", "127.0.0.0/8")
    monkeypatch.setenv("LYHORD_DATABASE_URL", database_url())
    monkeypatch.setenv("LYHORD_OWNER_DATABASE_URL", database_url())
    make_webhook(town, events=["case.replied"])
    with organisation_scope(town.pk):
        system = actions.save_system(
            name="Draken", adapter="errands", secret="nyckel", by=factories.TEST,  # no real one
            settings={"url": there.url, "municipality": "0580", "namespace": "KONTAKTCENTER", "user": "lyhord"},
            mapping={"types": {"*": "GATA/HÅL"}},
        )  # fmt: skip
        actions.switch_system(system_id=system.pk, active=True, by=factories.TEST)
    cases = [factories.make_case(town).case for _each in range(CASES)]
    with organisation_scope(town.pk):
        for number in range(REPLIES):
            for case in cases:
                reply(case_id=case.pk, text=f"Svar {number}", by=factories.TEST)
    command = [sys.executable, "-m", "tests.exchange.killed_worker", str(KILLS), "20261129"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)

    with organisation_scope(town.pk):
        tries = sum(Outgoing.objects.values_list("attempts", flat=True))
    dead = 0
    while failed := _failed(town):  # those whose worker was killed five times in a row: sent again by hand
        dead += len(failed)
        with organisation_scope(town.pk):
            for row in failed:
                if isinstance(row, Outgoing):
                    actions.resend_change(outgoing_id=row.pk, by=factories.TEST)
                else:
                    resend(delivery_id=row.pk, by=factories.TEST)
        work()
    heard = [one.headers["webhook-id"] for one in far_end.heard]
    counted(
        f"{done.stdout} workers killed: {CASES * REPLIES + CASES} changes, {tries} tries, {dead} given up and sent"
        f" again; {len(set(heard))} messages to a webhook, {len(heard)} times"
    )
    assert int(done.stdout) == KILLS, done.stderr[-2000:]
    with organisation_scope(town.pk):
        assert set(Outgoing.objects.values_list("state", flat=True)) == {ChangeState.SENT}
        assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}
    for case in cases:
        [kept] = there.by_key(f"motala-{case.number}")
        said = [text.split("\n")[0] for text in there.spoken(kept.errand["id"])]
        assert said == [f"Svar {number}" for number in range(REPLIES)]
        assert len(kept.conversations) == 1
    assert len(set(heard)) == CASES * REPLIES
    assert len(heard) <= CASES * REPLIES + KILLS
    assert there.wrong == []
    there.close()


def _failed(town: Organisation) -> list[Outgoing | Delivery]:
    with organisation_scope(town.pk):
        changes = Outgoing.objects.filter(state=ChangeState.FAILED)
        return [*changes, *Delivery.objects.filter(state=DeliveryState.FAILED)]
