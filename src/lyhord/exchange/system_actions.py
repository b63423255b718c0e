"""Changes to case systems: set one up, switch it on and off, send again or give up, send open cases from a date."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, Invalid, NotFound, Text
from lyhord.core.mail_address import mail_address
from lyhord.core.sealed import seal
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.exchange import lanes, systems
from lyhord.exchange.actions import NAME_LENGTH
from lyhord.exchange.adapter import ADAPTERS, Adapter, Setting
from lyhord.exchange.addresses import URL_LENGTH, wrong_with
from lyhord.exchange.lanes import Turn
from lyhord.exchange.mapping import wrong_mapping
from lyhord.exchange.models import ChangeKind, ChangeState, Link, Outgoing, System
from lyhord.exchange.tasks import check_system, push_turn
from lyhord.organisations.models import Inlet

MOST_AT_ONCE = 1000


@transaction.atomic
def save_system(
    *,
    name: str,
    adapter: str,
    settings: Mapping[str, str],
    secret: str = "",
    mapping: Mapping[str, Any] | None = None,
    system_id: int | None = None,
    by: Actor,
) -> System:
    """A case system, by its id or else its name: a new one, which is off, or other values.

    "" keeps the secret, unless the address leads to another machine: who may change the address must not thereby be
    sent the secret. Raises Invalid with a sentence per field.
    """
    name, secret = clean_text(name, one_line=True), secret.strip()
    system = _lock(system_id) if system_id else System.objects.filter(name=name).first()
    kind = ADAPTERS.find(system.adapter if system_id and system else adapter)
    if kind is None:
        raise Invalid({"adapter": _("Välj något i listan.")})
    values = {one.name: clean_text(settings.get(one.name, ""), one_line=True) for one in kind.settings}
    errors = _wrong_settings(kind, values) | (wrong_mapping(mapping) if mapping is not None else {})
    if not 0 < len(name) <= NAME_LENGTH:
        errors["name"] = _("Skriv vad det andra systemet heter, med högst 80 tecken.")
    elif System.objects.filter(name=name).exclude(pk=system.pk if system else 0).exists():
        errors["name"] = _("Det finns redan ett system som heter så.")
    if system and system.secret and not secret and _hosts(kind, values) - _hosts(kind, system.settings):
        errors["secret"] = _("Skriv hemligheten igen: adressen leder till en annan dator.")
    if errors:
        raise Invalid(errors)
    system = system or System(organisation_id=require_organisation_id(), created_at=now())
    system.name, system.adapter, system.settings = name, kind.slug, values
    if mapping is not None:
        system.mapping = json.loads(json.dumps(dict(mapping)))
    if secret:
        system.secret = seal(secret, purpose=systems.purpose(system))
    system.save()
    _log(system, "saved", by, adapter=kind.slug, settings=values, mapping=system.mapping)
    return system


def _wrong_settings(kind: Adapter, values: Mapping[str, str]) -> dict[str, Text]:
    errors: dict[str, Text] = {}
    for one in kind.settings:
        if one.required and not values[one.name]:
            errors[one.name] = _("Fyll i det här.")
        elif len(values[one.name]) > URL_LENGTH:
            errors[one.name] = _("Det är för långt.")
        elif values[one.name] and (sentence := _wrong_value(one, values[one.name])):
            errors[one.name] = sentence
    return errors


def _wrong_value(one: Setting, value: str) -> Text | None:
    if one.address:
        return wrong_with(value)
    return _wrong_mail(value) if one.mail else None


def _wrong_mail(address: str) -> Text | None:
    try:
        mail_address(address)
    except Invalid as error:
        return next(iter(error.errors.values()))
    bare = f"{address.partition('+')[0].partition('@')[0]}@{address.rpartition('@')[2]}".lower()
    ours = Inlet.objects.filter(channel=Inlet.Channel.EMAIL, address=bare).exists()
    return _("Dit kommer mejl till oss. Skriv deras adress.") if ours else None


def _hosts(kind: Adapter, settings: Mapping[str, str]) -> set[str]:
    """The machines that are sent the secret."""
    given = (settings.get(one.name, "") for one in kind.settings if one.address)
    return {urlsplit(address).netloc for address in given if address}


@transaction.atomic
def ask_check(*, system_id: int, by: Actor) -> None:
    """Have it tried whether we may log in there and all that we need is there; the answer comes on the system."""
    system = _lock(system_id)
    _log(system, "checked", by)
    check_system.enqueue(organisation_id=system.organisation_id, system_id=system.pk)


@transaction.atomic
def switch_system(*, system_id: int, active: bool, by: Actor) -> System:
    """On: what happens from now on is sent. Off: what waits stays, and goes when it is on again."""
    system = _lock(system_id)
    if active and not system.active:
        system.started_at = system.started_at or now()
    system.active = active
    system.save(update_fields=["active", "started_at"])
    _log(system, "switched", by, active=active)
    if active:
        for link in Link.objects.filter(system=system):
            push_turn(system.organisation_id, lanes.idle_turn(link))
    return system


@transaction.atomic
def backfill(*, system_id: int, since: datetime, by: Actor) -> int:
    """Send the open cases that came in since then and are not there, at most MOST_AT_ONCE; returns how many."""
    system = _lock(system_id)
    if not system.active:
        raise Conflict(_("Slå på systemet först."))
    cases = systems.planned(system, since)[:MOST_AT_ONCE]
    for case in cases:
        link = Link.objects.create(system=system, case=case, created_at=now())
        Outgoing.objects.create(link=link, kind=ChangeKind.CREATE, happened_at=now())
        push_turn(system.organisation_id, lanes.next_turn(link))
    _log(system, "backfilled", by, count=len(cases))
    return len(cases)


@transaction.atomic
def resend_change(*, outgoing_id: int, by: Actor) -> None:
    """Try one again that has failed for good. Conflict when it has not."""
    row = _failed(outgoing_id)
    row.state, row.attempts, row.next_try_at = ChangeState.WAITING, 1, None  # it may have been done: never twice
    row.save(update_fields=["state", "attempts", "next_try_at"])
    _tell(row, "case.system_resent", by)
    push_turn(row.organisation_id, [Turn(row.pk)])


@transaction.atomic
def give_up_change(*, outgoing_id: int, by: Actor) -> None:
    """Let one be that has failed for good; what waits behind it goes on. Conflict when it has not failed."""
    row = _failed(outgoing_id)
    row.state = ChangeState.CANCELLED
    row.save(update_fields=["state"])
    _tell(row, "case.system_given_up", by)
    push_turn(row.organisation_id, lanes.next_turn(row.link))


def _failed(outgoing_id: int) -> Outgoing:
    rows = Outgoing.objects.select_for_update(of=("self",)).select_related("link__system")
    row = rows.filter(pk=outgoing_id).first()
    if row is None:
        raise NotFound
    if row.state != ChangeState.FAILED:
        raise Conflict(_("Det här meddelandet har redan kommit fram eller är på väg."))
    return row


def _tell(row: Outgoing, verb: str, by: Actor) -> None:
    """Said in the case's own history: that is where it is missed."""
    told = {"system": row.link.system.name, "kind": row.kind}
    record(verb=verb, subject_type="case", subject_id=row.link.case_id, by=by, data=told, level=1)


def _lock(system_id: int) -> System:
    system = System.objects.select_for_update(of=("self",)).filter(pk=system_id).first()
    if system is None:
        raise NotFound
    return system


def _log(system: System, verb: str, by: Actor, **data: object) -> None:
    told = {"name": system.name, **data}
    record(verb=f"system.{verb}", subject_type="system", subject_id=system.pk, by=by, data=told)
