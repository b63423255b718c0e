"""Changes to who vouches for residents."""

import hashlib
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lyhord.accounts.discovery import is_issuer
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid
from lyhord.core.sealed import seal
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.residents.models import Provider
from lyhord.residents.provider_rows import fetch_soon, locked, log

SECRET = "resident provider"  # noqa: S105  # what it is sealed for
ASK_AGAIN = timedelta(minutes=5)


@transaction.atomic
def set_provider(
    *,
    provider_id: int | None,
    label: str,
    issuer: str,
    client_id: str,
    secret: str,
    levels: str,
    active: bool,
    by: Actor,
    audience: str = "",
) -> Provider:
    """Let somebody vouch for residents, or change how; `secret` "" keeps the one there is. Raises Invalid per field.

    With an `audience`, residents' programs may come with its tokens that are meant for that.

    Its address stays as it is: accounts are known by it.
    """
    row = locked(provider_id) if provider_id else Provider(organisation_id=require_organisation_id())
    before = _values(row) if provider_id else {}
    given = (clean_text(text, one_line=True) for text in (label, client_id, audience))
    row.label, row.client_id, row.audience = given
    row.levels = " ".join(levels.split())
    row.issuer = row.issuer if provider_id else clean_text(issuer, one_line=True)
    row.active = active
    _check(row, new=not provider_id)
    if secret.strip():
        row.secret = seal(secret.strip(), purpose=SECRET)
    row.save()
    log("set", row, by, before=before, after=_values(row), new_secret=bool(secret.strip()))
    fetch_soon(row.pk)
    return row


def _check(row: Provider, *, new: bool) -> None:
    errors = {}
    if not is_issuer(row.issuer):
        errors["issuer"] = _("Skriv tjänstens adress, den börjar med https://")
    elif new and Provider.objects.filter(issuer=row.issuer).exists():
        errors["issuer"] = _("Den finns redan i listan.")
    if not 0 < len(row.label) <= 60:
        errors["label"] = _("Skriv vad invånare känner tjänsten som. Högst 60 tecken.")
    if not 0 < len(row.client_id) <= 300:
        errors["client_id"] = _("Skriv vad tjänsten kallar oss (client_id).")
    if len(row.audience) > 300:
        errors["audience"] = _("Det är för långt. Högst 300 tecken.")
    elif row.audience and row.audience == row.client_id:
        errors["audience"] = _("Skriv ett annat namn än client_id: det som loggar in här ska inte gå att använda där.")
    if len(row.levels) > 500:
        errors["levels"] = _("Det är för långt. Högst 500 tecken.")
    if errors:
        raise Invalid(errors)


@transaction.atomic
def remove_provider(*, provider_id: int, by: Actor) -> None:
    """Let it vouch for nobody any more. Accounts stay, and are there again if it comes back."""
    row = locked(provider_id)
    log("removed", row, by)
    row.delete()


@transaction.atomic
def keep_description(*, provider_id: int, about: dict[str, Any], keys: list[Any], by: Actor) -> None:
    """Keep what a provider says of itself now; in the log when it has changed."""
    row = Provider.objects.select_for_update().filter(pk=provider_id).first()
    if row is None:
        return
    changed = (row.about, row.keys) != (about, keys)
    row.about, row.keys, row.fetched_at, row.last_error = about, keys, now(), ""
    row.save(update_fields=["about", "keys", "fetched_at", "last_error"])
    if changed:
        log("described", row, by, kids=[_name_of(key) for key in keys])


@transaction.atomic
def note_failure(*, provider_id: int, error: str, by: Actor) -> None:
    """It could not be reached: what was known holds, and what went wrong can be read."""
    Provider.objects.filter(pk=provider_id).update(last_error=error[:500])


@transaction.atomic
def fetch_again(*, provider_id: int, by: Actor) -> None:
    """Somebody wants its description fetched now."""
    fetch_soon(locked(provider_id).pk)


@transaction.atomic
def miss_key(*, provider_id: int, by: Actor) -> None:
    """Somebody came with a key that is not here: have them fetched, now and then at most."""
    due = Q(asked_at__isnull=True) | Q(asked_at__lt=now() - ASK_AGAIN)
    if Provider.objects.filter(due, pk=provider_id).update(asked_at=now()):
        fetch_soon(provider_id)


def _name_of(key: Any) -> str:
    """What a key is known by in the log."""
    if isinstance(key, dict):
        return str(key.get("kid", ""))
    return hashlib.sha256(str(key).encode()).hexdigest()[:16]


def _values(row: Provider) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("label", "client_id", "levels", "audience", "active")}
