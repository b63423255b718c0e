"""Changes to residents' accounts: somebody logs in or out, and puts a case among their own."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.cases.models import Case
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid
from lyhord.core.rows import insert_or_read
from lyhord.core.tenancy import require_organisation_id
from lyhord.following.models import Follow
from lyhord.notifications.contact_actions import verify
from lyhord.notifications.models import Contact, Notice, NoticeState, OneTimeCode
from lyhord.notifications.one_time import Tried, try_code
from lyhord.residents.models import Account, AccountCase, LogIn
from lyhord.residents.token import digest_of

UNFINISHED_FOR = timedelta(days=1)
"""How long an address is kept that somebody wrote to log in and never showed to be theirs."""
HOLDS = timedelta(hours=8)
"""How long one stays logged in at most; the cookie ends with the browser. A library's computer is everybody's."""
PURPOSE = "log_in"


@transaction.atomic
def log_in_by_code(*, contact: Contact, written: str, by: Actor) -> tuple[Tried, str]:
    """How the code was, and for a right one the new log-in's token, else ""."""
    tried = try_code(contact=contact, purpose=PURPOSE, written=written, by=by)
    if tried is not Tried.RIGHT:
        return tried, ""
    verify(contact_id=contact.pk, by=by)
    return tried, log_in(issuer="", subject=f"contact {contact.pk}", contact=contact, by=by)


@transaction.atomic
def prove_address(*, account: Account, contact: Contact, written: str, by: Actor) -> Tried:
    """An account that somebody else vouches for gets an address too, by a code: its cases are theirs from now on."""
    tried = try_code(contact=contact, purpose=PURPOSE, written=written, by=by)
    if tried is Tried.RIGHT:
        verify(contact_id=contact.pk, by=by)
        Account.objects.filter(pk=account.pk).update(contact=contact)
        record(verb="account.address_shown", subject_type="account", subject_id=account.pk, by=by, level=1)
    return tried


@transaction.atomic
def log_in(*, issuer: str, subject: str, contact: Contact | None, by: Actor) -> str:
    """Log in whom an issuer (or, where it is "", a code) has vouched for; returns the token for the cookie."""
    account, is_new = _opened(issuer, subject, contact)
    token = secrets.token_urlsafe(32)
    LogIn.objects.create(
        organisation_id=account.organisation_id, account=account, digest=digest_of(token), ends_at=now() + HOLDS
    )
    _log_opened("account.opened" if is_new else "account.logged_in", account, by)
    return token


@transaction.atomic
def account_for(*, issuer: str, subject: str, by: Actor) -> Account:
    """The account of whom an issuer vouches for, opened if there is none: a program of theirs puts something there."""
    account, is_new = _opened(issuer, subject, None)
    if is_new:
        _log_opened("account.opened", account, by)
    return account


def _opened(issuer: str, subject: str, contact: Contact | None) -> tuple[Account, bool]:
    """The account, and whether it is new."""
    at = now()
    account = Account(
        organisation_id=require_organisation_id(),
        issuer=issuer,
        subject=subject,
        contact=contact,
        created_at=at,
        last_at=at,
    )
    is_new = insert_or_read(account, equal_by=("organisation_id", "issuer", "subject"))
    if not is_new:
        Account.objects.filter(pk=account.pk).update(last_at=at)
    return account, is_new


def _log_opened(verb: str, account: Account, by: Actor) -> None:
    record(verb=verb, subject_type="account", subject_id=account.pk, by=by, level=1)


@transaction.atomic
def log_out(*, token: str, by: Actor) -> None:
    """End one browser's log-in; one that has ended already is no error."""
    LogIn.objects.filter(digest=digest_of(token)).delete()


@transaction.atomic
def add_case(*, account: Account, case: Case, by: Actor) -> None:
    """Put a case whose code somebody holds among their own; again changes nothing.

    Raises Invalid, for the field "kod", where reading somebody's mail would be enough to find one that is protected.
    """
    if case.protected and account.by_address_alone:
        raise Invalid(
            {"kod": _("Det här ärendet är skyddat, och öppnas bara med sin kod. Vi visar det inte bland dina ärenden.")}
        )
    row = AccountCase(organisation_id=account.organisation_id, account=account, case=case, at=now())
    if insert_or_read(row, equal_by=("organisation_id", "account_id", "case_id")):
        record(
            verb="account.case_added",
            subject_type="account",
            subject_id=account.pk,
            by=by,
            data={"case": case.pk},
            level=1,
        )


@transaction.atomic
def forget_unfinished(*, by: Actor) -> int:
    """Forget addresses that somebody wrote to log in, and nothing more: never shown to be theirs, and told of nothing.

    One that is in use in any way stays: it hears of something or has been asked about it, somebody's account has it,
    something waits for it, a code was sent of late, or it must be left alone. Returns how many; no event is recorded,
    since nobody knows whose they were.
    """
    before = now() - UNFINISHED_FOR
    waiting = [NoticeState.QUEUED, NoticeState.HELD, NoticeState.FAILED]
    old = (
        Contact.objects.filter(created_at__lt=before, verified_at=None, paused_at=None, stopped_at=None)
        .exclude(pk__in=Follow.objects.values("contact_id"))
        .exclude(pk__in=Account.objects.filter(contact__isnull=False).values("contact_id"))
        .exclude(pk__in=OneTimeCode.objects.filter(created_at__gte=before).values("contact_id"))
        .exclude(pk__in=Notice.objects.filter(contact__isnull=False, state__in=waiting).values("contact_id"))
    )
    ids = list(old.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)[:5000])
    Contact.objects.filter(pk__in=ids).delete()
    return len(ids)
