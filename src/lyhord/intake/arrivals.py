"""Keeping what comes in before anybody reads it, and what became of each."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, NotFound
from lyhord.core.rows import insert
from lyhord.core.tenancy import require_organisation_id
from lyhord.intake.mail.head import Head, head_of
from lyhord.intake.models import Arrival, ArrivalState, Original, Outcome
from lyhord.organisations.models import Inlet, Unit

KEPT = timedelta(days=90)
"""How long the original of what has been handled is kept: so long it can be looked at, or taken in once more."""


def inlets_for(addresses: Iterable[str]) -> dict[int, Inlet]:
    """For each organisation that one of the addresses belongs to: the first of its inlets that is meant.

    What stands between "+" and "@" is let go: that is how answers to our own mail come.
    """
    wanted = list(dict.fromkeys(_bare(address) for address in addresses))
    rows = {
        inlet.address: inlet
        for inlet in Inlet.objects.select_related("organisation").filter(channel="email", address__in=wanted[:200])
    }
    found: dict[int, Inlet] = {}
    for address in wanted:
        if address in rows:
            found.setdefault(rows[address].organisation_id, rows[address])
    return found


def _bare(address: str) -> str:
    local, _at, domain = address.strip().strip("<>").lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


@transaction.atomic
def keep_mail(*, inlet: Inlet, raw: bytes, recipients: Sequence[str], by: Actor) -> Arrival:
    """Keep a mail and queue its handling; the same mail again is the same arrival. In the inlet's organisation.

    `recipients` is to whom the server delivered it; what the mail says about that is read later.
    """
    return keep(inlet=inlet, raw=raw, head=head_of(raw), recipients=recipients, by=by)


@transaction.atomic
def keep(*, inlet: Inlet, raw: bytes, head: Head, recipients: Sequence[str], by: Actor) -> Arrival:
    """As `keep_mail`, for whatever comes by the inlet."""
    unit = Unit.objects.by_code(inlet.unit_code) if inlet.unit_code else None
    arrival = Arrival(
        organisation_id=require_organisation_id(),
        channel=inlet.channel,
        key=head.key,
        inlet=inlet.address,
        recipients=[address.lower()[:320] for address in recipients][:50],
        sender=head.sender,
        subject=head.subject,
        size=len(raw),
        received_at=now(),
        unit=unit,
    )
    if not insert(arrival, unless_taken=("organisation_id", "key")):
        known = Arrival.objects.get(key=head.key)
        _join_recipients(known, arrival.recipients)
        return known
    Original.objects.create(arrival=arrival, data=raw)
    _enqueue(arrival)
    return arrival


def _join_recipients(known: Arrival, more: list[str]) -> None:
    """The same mail to another of our addresses, which may be the one that says what it is about."""
    new = [address for address in more if address not in known.recipients]
    if new and known.state == ArrivalState.RECEIVED:
        Arrival.objects.filter(pk=known.pk).update(recipients=[*known.recipients, *new][:50])


@transaction.atomic
def try_again(*, arrival_id: int, by: Actor) -> Arrival:
    """Handle once more what failed or was held; what was held is let through. Conflict when it was neither."""
    arrival = Arrival.objects.select_for_update(of=("self",)).filter(pk=arrival_id).first()
    if arrival is None:
        raise NotFound
    if arrival.state not in {ArrivalState.FAILED, ArrivalState.HELD}:
        raise Conflict(_("Det här är redan hanterat."))
    if not Original.objects.filter(arrival=arrival).exists():
        raise Conflict(_("Originalet finns inte kvar, så det går inte att försöka igen."))
    record(
        verb="arrival.tried_again",
        subject_type="arrival",
        subject_id=arrival.pk,
        by=by,
        data={"before": arrival.state, "reason": arrival.reason},
        level=1,
    )
    forced = arrival.state == ArrivalState.HELD
    arrival.state, arrival.reason = ArrivalState.RECEIVED, "let_through" if forced else ""
    arrival.save(update_fields=["state", "reason"])
    _enqueue(arrival)
    return arrival


@transaction.atomic
def mark_failed(*, arrival_id: int, reason: str, by: Actor) -> None:
    """It could not be taken in: staff see it, and can try again."""
    arrival = Arrival.objects.select_for_update(of=("self",)).filter(pk=arrival_id).first()
    if arrival is None or arrival.state != ArrivalState.RECEIVED:
        return
    arrival.state, arrival.reason, arrival.handled_at = ArrivalState.FAILED, reason[:30], now()
    arrival.save(update_fields=["state", "reason", "handled_at"])
    data = {"channel": arrival.channel, "reason": arrival.reason}
    record(verb="arrival.failed", subject_type="arrival", subject_id=arrival.pk, by=by, data=data, level=1)


def forget_originals() -> int:
    """Delete the originals of what was handled long ago, in the organisation of this scope; returns how many."""
    old = Original.objects.filter(arrival__state=ArrivalState.HANDLED, arrival__handled_at__lt=now() - KEPT)
    return Original.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:5000])).delete()[0]


def finish(arrival: Arrival, outcome: Outcome | None) -> None:
    """Write down what became of it; None: it is held until somebody has looked, since its sender writes too much."""
    if outcome is None:
        arrival.state, arrival.reason = ArrivalState.HELD, "many"
    else:
        arrival.state, arrival.outcome = ArrivalState.HANDLED, outcome
    arrival.attempts += 1
    arrival.handled_at = now()
    arrival.save()


def _enqueue(arrival: Arrival) -> None:
    from lyhord.intake.tasks import handle_arrival  # the task needs what stands here

    handle_arrival.enqueue(organisation_id=arrival.organisation_id, arrival_id=arrival.pk)
