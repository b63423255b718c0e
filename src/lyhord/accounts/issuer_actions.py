"""Changes to whose tokens let people in."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lyhord.accounts.discovery import is_issuer
from lyhord.accounts.models import Membership, TokenIssuer, TokenSubject
from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text

ASK_AGAIN = timedelta(minutes=5)
"""So often at most are keys fetched because of a token, which anybody can make up."""


@transaction.atomic
def set_issuer(
    *, issuer: str, audience: str, by: Actor, trusts_email: bool = False, active: bool = True
) -> TokenIssuer:
    """Trust an issuer, or change how. Its keys are fetched afterwards by a task. Raises Invalid per field."""
    issuer, audience = _checked(issuer, audience)
    row, made = TokenIssuer.objects.select_for_update().get_or_create(
        organisation_id=require_organisation_id(),
        issuer=issuer,
        defaults={"audience": audience, "trusts_email": trusts_email, "active": active},
    )
    before = {} if made else _values(row)
    row.audience, row.trusts_email, row.active = audience, trusts_email, active
    row.save(update_fields=["audience", "trusts_email", "active"])
    _log("set", row, by, level=3, before=before, after=_values(row))
    _fetch_soon(row.pk)
    return row


def _checked(issuer: str, audience: str) -> tuple[str, str]:
    issuer, audience = clean_text(issuer, one_line=True), clean_text(audience, one_line=True)
    errors = {}
    if not is_issuer(issuer):
        errors["issuer"] = _("Skriv utfärdarens adress, den börjar med https://")
    if not audience or len(audience) > 300:
        errors["audience"] = _("Skriv vad utfärdaren kallar den här tjänsten (aud).")
    if errors:
        raise Invalid(errors)
    return issuer, audience


def _values(row: TokenIssuer) -> dict[str, Any]:
    return {"audience": row.audience, "trusts_email": row.trusts_email, "trusted": row.active}


@transaction.atomic
def add_issuer(
    *, issuer: str, audience: str, by: Actor, trusts_email: bool = False, active: bool = True
) -> TokenIssuer:
    """Trust one more issuer. Raises Invalid per field, also for one that is there already."""
    address, _audience = _checked(issuer, audience)
    if TokenIssuer.objects.filter(issuer=address).exists():
        raise Invalid({"issuer": _("Den finns redan i listan.")})
    return set_issuer(issuer=issuer, audience=audience, trusts_email=trusts_email, active=active, by=by)


@transaction.atomic
def change_issuer(*, issuer_id: int, audience: str, trusts_email: bool, active: bool, by: Actor) -> TokenIssuer:
    """Trust an issuer otherwise. Its address stays: tokens of another address are another issuer's."""
    return set_issuer(
        issuer=_locked(issuer_id).issuer, audience=audience, trusts_email=trusts_email, active=active, by=by
    )


@transaction.atomic
def remove_issuer(*, issuer_id: int, by: Actor) -> None:
    """Trust an issuer no longer, and forget whom it meant by which name."""
    row = _locked(issuer_id)
    _log("removed", row, by, level=3, **_values(row))
    row.delete()


def _locked(issuer_id: int) -> TokenIssuer:
    row = TokenIssuer.objects.select_for_update().filter(pk=issuer_id).first()
    if row is None:
        raise NotFound
    return row


@transaction.atomic
def tie_subject(*, issuer_id: int, subject: str, membership_id: int, by: Actor) -> TokenSubject:
    """Say who the issuer means by a name of its own."""
    subject = clean_text(subject, one_line=True)
    issuer = TokenIssuer.objects.filter(pk=issuer_id).first()
    membership = Membership.objects.filter(pk=membership_id, active=True).first()
    if issuer is None or membership is None:
        raise NotFound
    if not subject or len(subject) > 255:
        raise Invalid({"subject": _("Skriv utfärdarens namn på personen (sub).")})
    row, _made = TokenSubject.objects.update_or_create(
        organisation_id=issuer.organisation_id, issuer=issuer, subject=subject, defaults={"membership": membership}
    )
    _log("subject_tied", issuer, by, level=3, subject=subject, member=membership.pk)
    return row


@transaction.atomic
def untie_subject(*, subject_id: int, by: Actor) -> None:
    """Let an issuer's name for somebody mean nobody; again changes nothing."""
    row = TokenSubject.objects.select_for_update().select_related("issuer").filter(pk=subject_id).first()
    if row is not None:
        _log("subject_untied", row.issuer, by, level=3, subject=row.subject, member=row.membership_id)
        row.delete()


@transaction.atomic
def keep_keys(*, issuer_id: int, keys: list[dict[str, Any]], by: Actor) -> None:
    """Keep an issuer's public keys as they were fetched now; in the log when they have changed."""
    row = TokenIssuer.objects.select_for_update().filter(pk=issuer_id).first()
    if row is None:
        return
    changed = row.keys != keys
    row.keys, row.fetched_at, row.last_error = keys, now(), ""
    row.save(update_fields=["keys", "fetched_at", "last_error"])
    if changed:
        _log("keys_changed", row, by, kids=[str(key.get("kid", "")) for key in keys])


@transaction.atomic
def note_failure(*, issuer_id: int, error: str) -> None:
    """Keys could not be fetched: the old ones hold, and what went wrong can be read."""
    TokenIssuer.objects.filter(pk=issuer_id).update(last_error=error[:500])


def ask_for_keys(*, issuer_id: int) -> None:
    """A token names a key that is not here: have the keys fetched, now and then at most."""
    at = now()
    due = Q(asked_at__isnull=True) | Q(asked_at__lt=at - ASK_AGAIN)
    if TokenIssuer.objects.filter(due, pk=issuer_id).update(asked_at=at):
        _fetch_soon(issuer_id)


@transaction.atomic
def fetch_again(*, issuer_id: int, by: Actor) -> None:
    """Somebody wants the keys fetched now. In no log: what comes of it is, if they have changed."""
    _fetch_soon(_locked(issuer_id).pk)


def _fetch_soon(issuer_id: int) -> None:
    from lyhord.accounts.tasks import fetch_keys

    fetch_keys.enqueue(require_organisation_id(), issuer_id)


def _log(verb: str, row: TokenIssuer, by: Actor, *, level: int = 2, **data: Any) -> None:
    record(
        verb=f"token_issuer.{verb}",
        subject_type="token_issuer",
        subject_id=row.pk,
        by=by,
        data={"issuer": row.issuer, **data},
        level=level,
    )
