"""The mail server's way in: what it is told by the exit status, and that nothing bounces for our troubles."""

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from lyhord.config.command import manage
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.mail.reading import MOST_BYTES
from lyhord.intake.management.commands.receive_mail import receive
from lyhord.intake.models import Arrival
from tests.intake.mail import make
from tests.intake.mail.conftest import Told

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P24", "2.16")]
HEJ = make.mail("Hej", name="hej")


class Stdin:
    def __init__(self, raw: bytes) -> None:
        self.buffer = io.BytesIO(raw)


def run(monkeypatch: pytest.MonkeyPatch, raw: bytes, *recipients: str) -> int:
    monkeypatch.setattr(sys, "stdin", Stdin(raw))
    try:
        call_command("receive_mail", *recipients)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_it_is_kept(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, HEJ, "kontakt@motala.example", "okand@annan.example") == os.EX_OK
    assert run(monkeypatch, HEJ, "kontakt@motala.example") == os.EX_OK
    with organisation_scope(told.organisation.pk):
        assert Arrival.objects.get().recipients == ["kontakt@motala.example", "okand@annan.example"]


def test_without_recipients_it_is_for_those_that_it_names(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, HEJ) == os.EX_OK
    monkeypatch.setenv("RECIPIENT", "felanmalan@motala.example")
    assert run(monkeypatch, make.mail("Hej", name="env", to="undisclosed-recipients:;")) == os.EX_OK
    with organisation_scope(told.organisation.pk):
        assert Arrival.objects.order_by("pk").last().inlet == "felanmalan@motala.example"  # type: ignore[union-attr]  # one has arrived


@pytest.mark.parametrize("raw", [b"", b"\n \r\n"])
def test_nothing_is_refused(told: Told, monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    assert run(monkeypatch, raw, "kontakt@motala.example") == os.EX_DATAERR


def test_what_is_too_large_is_refused(told: Told) -> None:
    assert receive(b"x" * (MOST_BYTES + 1), ["kontakt@motala.example"])[0] == os.EX_DATAERR


def test_whom_we_do_not_know_the_sender_is_told(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, HEJ, "nagon@annan.example") == os.EX_NOUSER


def test_the_database_away_is_try_later(tmp_path: Path) -> None:
    """A real process, as the mail server starts it."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lyhord.config.settings",
        "LYHORD_DATABASE_URL": f"postgresql://x@/x?host={tmp_path}",
        "LYHORD_SECRET_KEY": "x" * 50,
        "LYHORD_DATA": str(tmp_path),
    }
    command = [sys.executable, "-m", "lyhord.config.command", "manage", "receive_mail", "kontakt@motala.example"]
    done = subprocess.run(command, input=HEJ, env=environment, capture_output=True, check=False, timeout=120)
    assert done.returncode == os.EX_TEMPFAIL, done.stderr
    assert b"Traceback" not in done.stderr


def test_what_fails_before_the_command_begins_is_try_later_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any) -> Path:
        raise OSError("the disk is full")

    monkeypatch.setattr("lyhord.config.command.surroundings.prepare", broken)
    assert manage.main(["receive_mail"]) == os.EX_TEMPFAIL
    with pytest.raises(OSError, match="full"):
        manage.main(["migrate"])
