"""A municipality that takes in mail, and a case that somebody has been told of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lyhord.cases.models import Case
from lyhord.cases.reply_address import reply_address, thread_root
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.arrivals import inlets_for, keep_mail
from lyhord.intake.handling import handle_mail
from lyhord.intake.mail.head import head_of
from lyhord.intake.models import Arrival
from lyhord.notifications.models import Notice
from lyhord.notifications.names import message_id, return_address
from lyhord.organisations.models import Inlet, Organisation
from lyhord.organisations.queries import forget_hosts
from tests import factories
from tests.intake.mail import make

SVAR = "svar@motala.example"


@dataclass
class Told:
    """The case that Anna reported and has been told of, and another organisation's with the same number."""

    organisation: Organisation
    case: Case
    notice: Notice
    foreign: str

    def written(self, raw: bytes) -> bytes:
        """A made mail, with what depends on the case in place of the stand-ins."""
        with organisation_scope(self.organisation.pk):
            real = reply_address(self.case)
        last = real[real.index("@") - 1]
        forged = real.replace(f"{last}@", f"{'0' if last != '0' else '1'}@")
        swaps = {
            make.REPLY: real,
            make.REPLY.upper(): real.upper(),
            make.FORGED: forged,
            make.FOREIGN: self.foreign.replace("mjolby", "motala"),
            make.BOUNCES: return_address(self.notice.pk, SVAR),
            make.NOTICE: message_id(self.notice.pk, "motala.localhost"),
            make.THREAD: thread_root(self.organisation, self.case),
            make.NUMBER: self.case.number,
            make.NUMBER.replace("-", "\N{EN DASH}"): self.case.number.replace("-", "\N{EN DASH}"),
        }
        for before, after in swaps.items():
            raw = raw.replace(before.encode(), after.encode())
        return raw


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def open_inlets(organisation: Organisation) -> None:
    """Three addresses: for anything, for faults, and for answers."""
    for local, values in (("kontakt", {}), ("felanmalan", {"kind": "felanmalan"}), ("svar", {"answers": True})):
        address = f"{local}@{organisation.slug}.example"
        Inlet.objects.create(organisation=organisation, channel="email", address=address, **values)
    forget_hosts()


def make_told() -> Told:
    """Two organisations with addresses, and a case in each."""
    motala, mjolby = factories.make_organisation("motala"), factories.make_organisation("mjolby")
    open_inlets(motala)
    open_inlets(mjolby)
    theirs = factories.make_case(mjolby, email="olle@exempel.se").case
    with organisation_scope(mjolby.pk):
        foreign = reply_address(theirs)
    case = factories.make_case(motala, email=make.ANNA).case
    assert case.number == theirs.number
    with organisation_scope(motala.pk):
        return Told(motala, case, Notice.objects.get(), foreign)


@pytest.fixture
def told(begun: dict[str, Any]) -> Told:
    """See there."""
    return begun.get("told") or make_told()


type Deliver = Callable[..., Arrival]


@pytest.fixture
def deliver(told: Told) -> Deliver:
    """Hands a mail over as the mail server would, and handles it."""

    def hand_over(raw: bytes, recipients: Sequence[str] = (), *, handle: bool = True) -> Arrival:
        raw = told.written(raw)
        whom = list(recipients) or ([] if inlets_for(head_of(raw).recipients) else [make.CONTACT])
        inlets = inlets_for(whom or head_of(raw).recipients)
        inlet = inlets[told.organisation.pk]
        with organisation_scope(told.organisation.pk):
            arrival = keep_mail(inlet=inlet, raw=raw, recipients=whom, by=factories.TEST)
        if handle:
            handle_mail(organisation_id=told.organisation.pk, arrival_id=arrival.pk)
        with organisation_scope(told.organisation.pk):
            arrival.refresh_from_db()
        return arrival

    return hand_over
