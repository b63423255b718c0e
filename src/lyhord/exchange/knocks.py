"""A case system that knocks: something is new there, so that it is read now rather than within a minute.

Nothing that a knock says is believed, nor even read: what is new is fetched from the system itself, as ever. So a knock
that comes twice, late, out of order or from somebody who has overheard it does nothing that a minute would not do, and
none of what lies in such a system lies in our log.
"""

import base64
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import NotFound
from lyhord.core.sealed import seal, unseal
from lyhord.exchange import signing, systems
from lyhord.exchange.models import System
from lyhord.exchange.tasks import pull
from lyhord.organisations.queries import public_url

COMMITTED = timedelta(seconds=1)  # whoever knocks may not have committed yet what it knocks about
REST = timedelta(seconds=5)  # between two readings: of a system that knocks at everything, our own changes too


def secret_of(system: System) -> str:
    """What it proves by that it is that system: theirs, where they have one of their own, else one of ours."""
    theirs = unseal(system.knock_secret, purpose=_purpose(system)) if system.knock_secret else None
    return theirs or signing.secret_for(settings.SECRET_KEY.encode(), system.uid, system.knock_version)


def knock_address(system: System) -> str:
    """Where it knocks."""
    return public_url(system.organisation, f"/in/system/{system.pk}/")


def known(system: System, headers: Mapping[str, str], body: Callable[[], bytes]) -> bool:
    """Whether it is that system: a signature as in Standard Webhooks, or the secret itself as key or password."""
    secret = secret_of(system)
    if "webhook-signature" in headers:
        return signing.verified(headers, body(), secret, now())
    kind, _blank, given = headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[2]
        except ValueError:
            return False
    return signing.same(given.strip(), secret)


def knocked(system: System) -> None:
    """Have it read soon. However often it knocks meanwhile, that is one reading."""
    if not system.active:
        return
    systems.note_time(system.pk, "knocked_at")
    rested = system.pulled_at + REST if system.pulled_at else now()
    soon = max(now() + COMMITTED, rested)
    pull.using(run_after=soon).enqueue(organisation_id=system.organisation_id, system_id=system.pk)


@transaction.atomic
def change_knock_secret(*, system_id: int, theirs: str = "", by: Actor) -> None:
    """Another secret, from now on: one that they have, or "" for a new one of ours."""
    system = System.objects.select_for_update(of=("self",)).filter(pk=system_id).first()
    if system is None:
        raise NotFound
    system.knock_secret = seal(theirs.strip(), purpose=_purpose(system)) if theirs.strip() else ""
    system.knock_version += 1
    system.save(update_fields=["knock_secret", "knock_version"])
    told = {"name": system.name, "theirs": bool(theirs.strip())}
    record(verb="system.knock_secret_changed", subject_type="system", subject_id=system.pk, by=by, data=told)


def _purpose(system: System) -> str:
    return f"knocks of case system {system.uid}"
