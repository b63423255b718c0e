"""A way to people that takes short words and asks for a code, as text messages do: one file, dropped in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lyhord.notifications import senders
from lyhord.notifications.sender import SENDERS

PAGER = """
from lyhord.core.phone_number import phone_number
from lyhord.notifications.sender import Sender, SenderError


class Pager(Sender):
    slug, label, order = "pager", "Personsökare", 20
    brief = quiet = True
    proof = "code"
    address_label = "Ditt nummer"
    input_type = autocomplete = "tel"
    beeped = []

    def check(self, address):
        if not address.startswith("+"):
            raise SenderError("inget nummer", permanent=True)

    def clean(self, written):
        return phone_number(written, field="address")

    def send(self, notice):
        self.beeped.append((notice.address, notice.body))
"""


@contextmanager
def pager() -> Iterator[list[tuple[str, str]]]:
    """What has been sent by it: (address, words)."""
    before = list(senders.__path__)
    with TemporaryDirectory() as folder:
        (Path(folder) / "pager.py").write_text(PAGER, encoding="utf-8")
        senders.__path__ = [*before, folder]
        SENDERS.forget()
        try:
            beeped: list[tuple[str, str]] = SENDERS.get("pager").beeped  # type: ignore[attr-defined]  # as written above
            yield beeped
        finally:
            senders.__path__ = before
            sys.modules.pop("lyhord.notifications.senders.pager", None)
            SENDERS.forget()
