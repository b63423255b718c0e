"""Changes to the addresses where people write to an organisation."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, NotFound, Text
from lyhord.core.mail_address import mail_address
from lyhord.core.phone_number import phone_number
from lyhord.core.tenancy import require_organisation_id
from lyhord.organisations.models import Inlet, Unit
from lyhord.organisations.queries import forget_hosts

MOST = 50
LONGEST_LOCAL_PART = 20
"""So that a case's number and a signature fit behind it: RFC 5321 allows 64 characters before the "@"."""


@transaction.atomic
def set_inlet(
    *,
    inlet_id: int | None = None,
    channel: str,
    address: str,
    by: Actor,
    kind: str = "",
    unit_code: str = "",
    review: bool = False,
    answers: bool = False,
    trusted: bool = False,
) -> Inlet:
    """Add an address, or change one. Of those with `answers` there is one for each channel: the last one said.

    Only who runs the installation (`trusted`) says which domains and numbers are whose: else an administrator of one
    municipality could ask for the mail of another. Raises Invalid with a sentence per field.
    """
    organisation_id = require_organisation_id()
    channel = Inlet.Channel(channel)
    found = _checked(channel, address, answers=answers)
    if not trusted and (inlet_id is None or _find(inlet_id).address != found) and not _owns(organisation_id, found):
        raise Invalid({"address": _("Domänen eller numret måste först läggas till av dem som driver tjänsten.")})
    if unit_code and not Unit.objects.filter(code=unit_code).exists():
        raise Invalid({"unit_code": _("Välj något i listan.")})
    taken = Inlet.objects.filter(channel=channel, address=found).first()
    if taken is not None and taken.pk != inlet_id:
        raise Invalid({"address": _("Adressen används redan.")})
    if inlet_id is None and Inlet.objects.filter(organisation_id=organisation_id).count() >= MOST:
        raise Invalid({"": _("Det finns redan så många som det kan finnas.")})
    inlet = _find(inlet_id) if inlet_id else Inlet(organisation_id=organisation_id)
    if answers:
        Inlet.objects.filter(organisation_id=organisation_id, channel=channel).update(answers=False)
    values = {"kind": kind, "unit_code": unit_code, "review": review, "answers": answers}
    inlet.channel, inlet.address = channel, found
    for name, value in values.items():
        setattr(inlet, name, value)
    inlet.save()
    _log(inlet, "set", by, **values)
    return inlet


@transaction.atomic
def remove_inlet(*, inlet_id: int, by: Actor) -> None:
    """Take nothing more in there. What has come stays."""
    inlet = _find(inlet_id)
    _log(inlet, "removed", by)
    Inlet.objects.filter(pk=inlet.pk).delete()


def _owns(organisation_id: int, address: str) -> bool:
    """Whether the organisation, and no other, has an address at the same domain already."""
    domain = address.rpartition("@")[2]
    if domain == address:
        return False
    owners = set(Inlet.objects.filter(address__endswith=f"@{domain}").values_list("organisation_id", flat=True))
    return owners == {organisation_id}


def _checked(channel: Inlet.Channel, address: str, *, answers: bool) -> str:
    if channel == Inlet.Channel.SMS:
        return phone_number(address, field="address")
    found = mail_address(address, field="address")
    problem: Text | None = None
    if "+" in found.partition("@")[0]:
        problem = _("Skriv adressen utan plustecken.")
    elif answers and len(found.partition("@")[0]) > LONGEST_LOCAL_PART:
        problem = _("Det som står före @ får vara högst 20 tecken när svar ska komma hit.")
    if problem:
        raise Invalid({"address": problem})
    return found


def _find(inlet_id: int) -> Inlet:
    inlet = Inlet.objects.filter(pk=inlet_id, organisation_id=require_organisation_id()).first()
    if inlet is None:
        raise NotFound
    return inlet


def _log(inlet: Inlet, verb: str, by: Actor, **values: Mapping[str, Any] | object) -> None:
    data = {"address": inlet.address, "channel": inlet.channel, **values}
    record(verb=f"inlet.{verb}", subject_type="inlet", subject_id=inlet.pk, by=by, data=data)
    forget_hosts()
    transaction.on_commit(forget_hosts)
