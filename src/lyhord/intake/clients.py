"""Other people's systems and the keys that let them in."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Collection

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from lyhord.accounts.models import Membership
from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now, today
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.kept import kept
from lyhord.core.prepared import Prepared
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.intake.models import ApiKey
from lyhord.intake.rates import HOUR, MINUTE, Rate, wait_for, wait_for_read

REQUESTS = "requests"
"""May send reports."""
UPDATES = "updates"
"""May read and send updates of reports."""
ALARMS = "alarms"
"""May send alarms of machines."""
READ = "read"
"""May read by the REST API what its person may read."""
WRITE = "write"
"""May send reports by the REST API, and change what its person may change."""
SCOPES = (REQUESTS, UPDATES, ALARMS, READ, WRITE)
USUAL = (REQUESTS, UPDATES)
MOST_HOURLY = 1_000_000
_PREFIX = "lyh_"  # so that a key that leaks is recognised for what it is
_LONGEST = 200


def _random() -> str:
    return _PREFIX + secrets.token_urlsafe(32)


def _key_by(once: str, by: Actor) -> str:
    """The key that a person gets by a name: as hard to guess as the installation's own secret."""
    said = f"{require_organisation_id()} {by.kind} {by.id} {once}"
    secret = hmac.digest(settings.SECRET_KEY.encode(), b"lyhord api keys", "sha256")
    return _PREFIX + urlsafe_b64encode(hmac.digest(secret, said.encode(), "sha256")).decode().rstrip("=")


@transaction.atomic
def create_key(
    *,
    client: str,
    by: Actor,
    scopes: Collection[str] = USUAL,
    hourly: int = 1000,
    throttled: bool = True,
    publishes_at_once: bool = False,
    fixmystreet: bool = False,
    key: str = "",
    once: str = "",
    member_id: int | None = None,
) -> tuple[ApiKey, str]:
    """A new key for a client of the organisation in scope: the row, and the key itself, which cannot be shown again.

    With `member_id` it acts as that member of staff. A `key` is given only by the demo, whose key everybody knows.
    What is asked for by the same name (`once`, which nobody else knows) and person is the same key: a form pressed
    twice shows it both times, and makes one. Raises Invalid with a sentence per field.
    """
    client = clean_text(client, one_line=True)
    if not client or len(client) > 120:
        raise Invalid({"client": _("Skriv vad systemet heter, med högst 120 tecken.")})
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Invalid({"scopes": _("Välj vad nyckeln ska få användas till.")})
    if not 1 <= hourly <= MOST_HOURLY:
        raise Invalid({"hourly": _("Skriv ett tal som är minst 1.")})
    if member_id is not None and not Membership.objects.filter(pk=member_id, active=True).exists():
        raise Invalid({"member": _("Personen arbetar inte här.")})
    key = key or (_key_by(once, by) if once else _random())
    if once and (known := ApiKey.objects.filter(digest=_digest(key)).first()):
        if known.revoked_at is None:
            return known, key
        key = _random()
    row = ApiKey.objects.create(
        organisation_id=require_organisation_id(),
        client=client,
        digest=_digest(key),
        scopes=[scope for scope in SCOPES if scope in scopes],
        hourly=hourly,
        throttled=throttled,
        publishes_at_once=publishes_at_once,
        fixmystreet=fixmystreet,
        created_at=now(),
        member_id=member_id,
    )
    record(
        verb="api_key.created",
        subject_type="api_key",
        subject_id=row.pk,
        by=by,
        data={
            "client": client,
            "scopes": row.scopes,
            "publishes_at_once": publishes_at_once,
            "member": member_id,
        },
    )
    return row, key


@transaction.atomic
def revoke_key(*, key_id: int, by: Actor) -> ApiKey:
    """Let a key in no more; again changes nothing. What came with it stays."""
    row = ApiKey.objects.select_for_update().filter(pk=key_id).first()
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = now()
        row.save(update_fields=["revoked_at"])
        record(verb="api_key.revoked", subject_type="api_key", subject_id=row.pk, by=by, data={"client": row.client})
    return row


@transaction.atomic
def renew_key(*, key_id: int, by: Actor, once: str = "") -> tuple[ApiKey, str]:
    """A new key in place of the one that holds, which lets nobody in any more: the row, and the key, shown once.

    To us it is the same client as before: it reads on about what it has sent, and what it sends again is still the
    same. The same press again (`once`, as for `create_key`) changes nothing. Raises NotFound, also for one that was
    taken back.
    """
    row = ApiKey.objects.select_for_update(of=("self",)).filter(pk=key_id, revoked_at__isnull=True).first()
    if row is None:
        raise NotFound
    key = _key_by(once, by) if once else _random()
    if bytes(row.digest) == _digest(key):
        return row, key
    row.digest, row.created_at = _digest(key), now()
    row.save(update_fields=["digest", "created_at"])
    record(verb="api_key.renewed", subject_type="api_key", subject_id=row.pk, by=by, data={"client": row.client})
    return row, key


_BY_DIGEST = Prepared(
    lambda digest: ApiKey.objects.select_related("member__user").filter(digest=digest, revoked_at__isnull=True),
    digest=bytes,
)


def key_for(text: str, scope: str = "") -> ApiKey | None:
    """The key that somebody sent, with its person, if it lets them do this here.

    None for one that is wrong, revoked or another's. Looked up by digest, so that how long it takes tells nothing
    about the key.
    """
    if not text or len(text) > _LONGEST:
        return None
    row = _row(_digest(text))
    if row is None or (scope and scope not in row.scopes):
        return None
    if row.last_used_on != today():  # once a day: clients that send at the same time must not wait for each other
        ApiKey.objects.filter(pk=row.pk).update(last_used_on=today())
        row.last_used_on = today()
    return row


def _row(digest: bytes) -> ApiKey | None:
    """What is not revoked. A key is a setting; the person that one may act as is none, and is read every time."""
    read: list[ApiKey | None] = []

    def look() -> ApiKey | None:
        read[:] = [_BY_DIGEST.first(digest=digest)]
        return read[0]

    row = kept(("key", digest), look)
    return row if row is None or row.member_id is None or read else look()


_SENT = """
select 1 from intake_reception
where organisation_id = %s and case_id = %s and source like 'open311:%%' and source = %s
"""


def sent_by(key: ApiKey, case_id: int) -> bool:
    """Whether a case came with the key."""
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [require_organisation_id(), case_id, f"open311:{key.pk}"])
        return cursor.fetchone() is not None


def speaks_fixmystreet() -> bool:
    """Whether FixMyStreet, or a relative of it, has a key to the organisation of this scope."""
    found = ApiKey.objects.filter(fixmystreet=True, revoked_at__isnull=True)
    return kept("speaks fixmystreet", found.exists)


def over_its_rate(key: ApiKey) -> int:
    """Note that the client sends now; 0, or if it had sent what it may within an hour, how many seconds to wait."""
    if not key.throttled:
        return 0
    return wait_for(Rate(key.hourly, HOUR), purpose="api", digest=_client(key))


def reads_too_fast(key: ApiKey) -> int:
    """Note that the client reads now; 0, or how many seconds to wait (settings.API_READS_A_MINUTE)."""
    if not key.throttled:
        return 0
    return wait_for_read(Rate(settings.API_READS_A_MINUTE, MINUTE), purpose="read", digest=_client(key))


def _client(key: ApiKey) -> bytes:
    return hashlib.sha256(f"api key {key.pk}".encode()).digest()[:16]


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
