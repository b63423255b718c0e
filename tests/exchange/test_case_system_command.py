"""Setting a case system up from the command line."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lyhord.cases.actions import note
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange.models import ChangeState, Outgoing, System
from lyhord.organisations.models import Organisation
from tests import factories
from tests.exchange.test_systems import Peer, case, peer, set_up, town
from tests.far_end import work

__all__ = ["case", "peer", "town"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("0.10")]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("case_system", *arguments)
    return capsys.readouterr().out


def test_set_up_check_dry_run_and_backfill(
    town: Organisation,
    peer: Peer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LYHORD_CASE_SYSTEM_SECRET", "hemligt")
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"types": {"*": "Gata och park"}}))
    made = factories.make_case(town).case
    told = ("--adapter", "rt", "--set", "url=https://rt.example", "--set", "user=lyhord", "--mapping", str(mapping))
    assert "RT: off, 0 waiting, 0 failed." in run(capsys, "motala", "RT", *told, "--check")
    run(capsys, "motala", "RT", "--on")
    assert f"{made.number} Gata och park" in run(capsys, "motala", "RT", "--backfill", "2020-01-01", "--dry-run")
    work()
    assert peer.done == []
    assert "1 cases are on their way." in run(capsys, "motala", "RT", "--backfill", "2020-01-01")
    work()
    assert peer.kinds() == ["create"]


@pytest.mark.parametrize(
    "how", [("--resend-failed", "create", "internal"), ("--give-up-failed", "create")], ids=lambda how: how[0]
)
def test_what_has_failed_is_listed_and_sent_again_or_given_up(
    town: Organisation, peer: Peer, case: Case, how: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with organisation_scope(town.pk):
        note(case_id=case.pk, text="Ring elverket.", by=factories.TEST)
    peer.fails = ["refused"]
    work()
    assert f"{case.number} internal: Systemet sa nej. no" in run(capsys, "motala", "RT")
    run(capsys, "motala", "RT", how[0])
    work()
    assert peer.kinds() == list(how[1:])
    with organisation_scope(town.pk):
        assert not Outgoing.objects.filter(state=ChangeState.FAILED).exists()


def test_what_is_not_there_is_said(town: Organisation) -> None:
    with pytest.raises(CommandError, match="no organisation"):
        call_command("case_system", "okand", "RT")
    with pytest.raises(CommandError, match="no case system"):
        call_command("case_system", "motala", "RT")
    with pytest.raises(CommandError):
        call_command("case_system", "motala", "RT", "--adapter", "rt")
    set_up(town, on=False)
    with organisation_scope(town.pk):
        assert not System.objects.get().active
