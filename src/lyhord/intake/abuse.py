"""Keeping machines from filling the desks, without ever losing what a person said.

Nobody is turned away: who sends unusually much is asked to press the button once more (`too_many`), and what a
robot's trap caught is taken in and marked. To count, the sender's address is made into a number with a key that
changes every day; the number lives for an hour, apart from any case, and the address itself is never written down.
"""

import hmac
from datetime import timedelta

from django.conf import settings
from django.db import connection

from lyhord.core.clock import now, today
from lyhord.core.tenancy import require_organisation_id
from lyhord.intake.models import RecentSender

WINDOW = timedelta(hours=1)
REPORTS = "report"
CODES = "code"
PHOTOS = "photo"
FOLLOWS = "follow"

MOST = {REPORTS: 15, CODES: 30, PHOTOS: 60, FOLLOWS: 15}
"""How often in an hour one sender does a thing before being asked. A school or a library may share one address."""

_COUNT = """
with noted as (
    insert into intake_recentsender (organisation_id, purpose, digest, at) values (%(organisation)s, %(purpose)s,
    %(digest)s, %(now)s)
)
select count(*) from intake_recentsender
where organisation_id = %(organisation)s and purpose = %(purpose)s and digest = %(digest)s and at > %(since)s
"""


def too_many(*, purpose: str, address: str) -> bool:
    """Note that the sender at a network address does this now; True when they had done it too often in the last hour.

    No event is recorded: nothing may remain of who sent what.
    """
    at = now()
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "organisation": require_organisation_id(),
                "purpose": purpose,
                "digest": _digest(purpose, address),
                "now": at,
                "since": at - WINDOW,
            },
        )
        before = int(cursor.fetchone()[0])
    return before >= MOST[purpose]


def forget_old() -> int:
    """Delete what is older than the window, in the organisation of this scope; returns how many rows."""
    return RecentSender.objects.filter(at__lte=now() - WINDOW).delete()[0]


def _digest(purpose: str, address: str) -> bytes:
    said = f"{today().isoformat()} {require_organisation_id()} {purpose} {address}"
    key = hmac.digest(settings.SECRET_KEY.encode(), b"lyhord recent senders", "sha256")
    return hmac.digest(key, said.encode(), "sha256")[:16]
