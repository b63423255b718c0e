"""Upkeep, and fetching the keys by which tokens are known: never within a request."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.tasks import task

from lyhord.accounts import issuer_actions
from lyhord.accounts.discovery import KeysError, keys_of
from lyhord.accounts.form_actions import KEPT_FOR
from lyhord.accounts.models import KeptForm, SentForm, TokenIssuer
from lyhord.accounts.once import TRACED_FOR, TRACED_FOR_KEY
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.options import job_options
from lyhord.jobs.schedule import every
from lyhord.organisations.models import Organisation

_SYSTEM = Actor.system("accounts")


@every(hours=1)
@task()
def forget_forms() -> None:
    """Delete kept forms and traces of sent ones that are too old, and sessions that have ended."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            SentForm.objects.filter(at__lt=now() - TRACED_FOR, keyed=False).delete()
            SentForm.objects.filter(at__lt=now() - TRACED_FOR_KEY).delete()
            KeptForm.objects.filter(at__lt=now() - KEPT_FOR).delete()
    Session.objects.filter(expire_date__lt=now()).delete()


@every(hours=6)
@task()
def fetch_all_keys() -> None:
    """Have the keys of every issuer fetched, each as a job of its own."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            for issuer_id in TokenIssuer.objects.filter(active=True).values_list("pk", flat=True):
                fetch_keys.enqueue(organisation_id, issuer_id)


@task()
@job_options(max_attempts=5, time_limit=timedelta(minutes=2))
def fetch_keys(organisation_id: int, issuer_id: int) -> None:
    """Fetch one issuer's keys, as its discovery document says where; nothing is open while the other end takes time."""
    with organisation_scope(organisation_id):
        row = TokenIssuer.objects.filter(pk=issuer_id, active=True).first()
    if row is None:
        return
    try:
        keys = keys_of(row.issuer)
    except KeysError as error:
        with organisation_scope(organisation_id):
            issuer_actions.note_failure(issuer_id=issuer_id, error=str(error))
        raise
    with organisation_scope(organisation_id):
        issuer_actions.keep_keys(issuer_id=issuer_id, keys=keys, by=_SYSTEM)
