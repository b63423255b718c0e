"""Upkeep, and fetching what providers say of themselves: never within a request."""

from datetime import timedelta
from typing import Any

from django.tasks import task

from lyhord.accounts.discovery import KeysError, address_in, described, keys_at
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.options import job_options
from lyhord.jobs.schedule import daily, every
from lyhord.organisations.models import Organisation
from lyhord.residents import provider_actions
from lyhord.residents.actions import forget_unfinished
from lyhord.residents.models import LogIn, Protocol, Provider
from lyhord.residents.saml.description import description

_SYSTEM = Actor.system("residents")


@every(hours=1)
@task()
def forget_log_ins() -> None:
    """Delete log-ins that have ended."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            LogIn.objects.filter(ends_at__lte=now()).delete()


@daily("03:50")
@task()
def forget_unfinished_log_ins() -> None:
    """Forget addresses of log-ins that were begun a day ago and never finished."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            forget_unfinished(by=_SYSTEM)


@every(hours=6)
@task()
def fetch_all_providers() -> None:
    """Have what every provider says of itself fetched, each as a job of its own."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            for provider_id in Provider.objects.filter(active=True).values_list("pk", flat=True):
                fetch_provider.enqueue(organisation_id, provider_id)


@task()
@job_options(max_attempts=5, time_limit=timedelta(minutes=2))
def fetch_provider(organisation_id: int, provider_id: int) -> None:
    """Fetch a provider's addresses and keys; nothing is open while the other end takes time."""
    with organisation_scope(organisation_id):
        row = Provider.objects.filter(pk=provider_id).first()
    if row is None:
        return
    try:
        kept, keys = description(row) if row.protocol == Protocol.SAML else _description(row.issuer)
    except KeysError as error:
        with organisation_scope(organisation_id):
            provider_actions.note_failure(provider_id=provider_id, error=str(error), by=_SYSTEM)
        raise
    with organisation_scope(organisation_id):
        provider_actions.keep_description(provider_id=provider_id, about=kept, keys=keys, by=_SYSTEM)


def _description(issuer: str) -> tuple[dict[str, Any], list[Any]]:
    """What an OpenID provider says of itself. Raises KeysError."""
    said = described(issuer)
    about = {name: address_in(said, name, issuer) for name in ("authorization_endpoint", "token_endpoint")}
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return {**about, "basic": "client_secret_basic" in methods}, keys_at(said, issuer)
