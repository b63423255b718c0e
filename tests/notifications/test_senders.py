"""One file makes a sender."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lyhord.notifications import senders
from lyhord.notifications.models import Notice
from lyhord.notifications.sender import SENDERS, Sender, SenderError

PIGEON = """
from lyhord.notifications.sender import Sender, SenderError


class Pigeon(Sender):
    slug = "pigeon"
    label = "Brevduva"

    def send(self, notice):
        self.check(notice.address)

    def check(self, address):
        if not address:
            raise SenderError("ingen holk", permanent=True)
"""


@pytest.fixture
def pigeon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A file dropped into the folder of senders."""
    (tmp_path / "pigeon.py").write_text(PIGEON)
    monkeypatch.setattr(senders, "__path__", [*senders.__path__, str(tmp_path)])
    SENDERS.forget()
    yield
    SENDERS.forget()
    sys.modules.pop("lyhord.notifications.senders.pigeon", None)


def test_a_file_in_the_folder_is_found(pigeon: None) -> None:
    assert "pigeon" in SENDERS.slugs()
    assert ("pigeon", "Brevduva") in SENDERS.choices()
    SENDERS.get("pigeon").send(Notice(address="holken"))


def test_without_it_the_folder_is_as_before() -> None:
    assert "pigeon" not in SENDERS.slugs()
    assert "email" in SENDERS.slugs()


@pytest.mark.usefixtures("pigeon")
def test_every_sender_keeps_the_contract() -> None:
    for sender in SENDERS:
        assert isinstance(sender, Sender)
        assert sender.slug
        assert str(sender.label)
        with pytest.raises(SenderError) as caught:
            sender.check("")
        assert caught.value.permanent
