"""Where answers by mail to the news of a case go: an address that only whoever had the news can know.

The part in front of the "@" holds the case's number, for people, and a signature over the case and the version of its
follow link. The same is the root of the thread that all mail about the case belongs to.
"""

import re

from lyhord.cases.models import Case
from lyhord.cases.numbers import format_number, parse_number
from lyhord.core.signed import PATTERN, genuine, sign
from lyhord.organisations.models import Inlet, Organisation
from lyhord.organisations.queries import answer_address, primary_host

_PURPOSE = "reply address"
_TOKEN = re.compile(rf"(?:[^+@]+\+)?(\d\d-[1-9]\d{{0,8}})-({PATTERN})@.+", re.IGNORECASE)


def reply_address(case: Case) -> str:
    """The whole address; "" where the organisation takes in no mail."""
    mailbox = answer_address(case.organisation_id, Inlet.Channel.EMAIL)
    local, _at, domain = mailbox.partition("@")
    return f"{local}+{_token(case)}@{domain}" if mailbox else ""


def thread_root(organisation: Organisation, case: Case) -> str:
    """A Message-ID, with brackets, that no mail has and all of the case's refer to."""
    return f"<{_token(case)}@{primary_host(organisation)}>"


def case_of(name: str) -> tuple[Case | None, bool]:
    """The case that a reply address, or a root without brackets, names; and whether it was made here for that case.

    In the organisation of this scope: another's case of the same number has other signatures.
    """
    found = _TOKEN.fullmatch(name)
    parsed = parse_number(found[1]) if found else None
    if found is None or parsed is None:
        return None, False
    case = Case.objects.filter(number=format_number(*parsed)).first()
    return case, case is not None and genuine(found[2], *_about(case))


def is_reply_address(name: str) -> bool:
    """Whether it looks like one, real or not."""
    return _TOKEN.fullmatch(name) is not None


def _token(case: Case) -> str:
    return f"{case.number}-{sign(*_about(case))}"


def _about(case: Case) -> tuple[str, str, str]:
    return _PURPOSE, case.uid.hex, str(case.follow_version)
