"""Keeping machines from filling the desks, without ever losing what a person said.

Nobody is turned away: who sends unusually much is asked to press the button once more (`too_many`), and what a
robot's trap caught is taken in and marked. To count, the sender's address is made into a number with a key that
changes every day; the number lives for an hour, apart from any case, and the address itself is never written down.
"""

import hmac

from django.conf import settings

from lyhord.core.clock import today
from lyhord.core.tenancy import require_organisation_id
from lyhord.intake.rates import HOUR, Rate, wait_for

REPORTS = "report"
CODES = "code"
PHOTOS = "photo"
FOLLOWS = "follow"
LOG_INS = "log_in"
ACTS = "act"

MOST = {REPORTS: 15, CODES: 30, PHOTOS: 60, FOLLOWS: 15, LOG_INS: 20, ACTS: 40}
"""How often in an hour one sender does a thing before being asked. A school or a library may share one address."""


def too_many(*, purpose: str, address: str) -> int:
    """Note that the sender at a network address does this now.

    0, or for one who had done it too often in the last hour, in how many seconds it may be done again. No event is
    recorded: nothing may remain of who sent what.
    """
    return wait_for(Rate(MOST[purpose], HOUR), purpose=purpose, digest=digest_of(purpose, address))


def digest_of(purpose: str, address: str) -> bytes:
    """A number for an address, another one each day: 16 bytes that only this installation can make."""
    said = f"{today().isoformat()} {require_organisation_id()} {purpose} {address}"
    key = hmac.digest(settings.SECRET_KEY.encode(), b"lyhord recent senders", "sha256")
    return hmac.digest(key, said.encode(), "sha256")[:16]
