"""The part of one's own case's page that says how one is told of news: by which ways, and by none."""

from typing import Any

from django.http import QueryDict

from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.cases.ways import all_ways
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, Text
from lyhord.notifications.one_time import Tried
from lyhord.notifications.sender import SENDERS
from lyhord.organisations.models import Organisation
from lyhord.www.public.codes import SENTENCES

RESIDENT = Actor.resident()
ASKS = ("way", "stop", "wake", "confirm")
"""Fields of the page's form that are about this."""


def change(case: Case, data: QueryDict) -> None:
    """Add a way, or take away one or all. Raises Invalid, for "address" or "code", when what was written is none."""
    if "stop" in data:
        wanted, follow_id = data.get("stop"), number(data.get("stop", ""))
        if follow_id is not None or wanted == "all":
            actions.drop_ways(case_id=case.pk, follow_id=follow_id, by=RESIDENT)
        return
    if "wake" in data:
        actions.wake_way(case_id=case.pk, follow_id=number(data.get("wake", "")) or 0, by=RESIDENT)
        return
    if "confirm" in data:
        _confirm(case, number(data.get("confirm", "")), data.get("code", ""))
        return
    sender = SENDERS.find(data.get("way", ""))
    if sender is not None and sender.written:
        actions.add_way(case_id=case.pk, sender=sender.slug, address=data.get("address", ""), by=RESIDENT)


def _confirm(case: Case, follow_id: int | None, written: str) -> None:
    """The code that was sent to one of the case's ways."""
    if follow_id not in {way.follow_id for way in all_ways(case)}:
        raise Invalid({"code": SENTENCES[Tried.TOO_LATE]})
    tried = actions.confirm_by_code(follow_id=follow_id or 0, written=written, by=RESIDENT)
    if tried is not Tried.RIGHT:
        raise Invalid({"code": SENTENCES[tried]})


def number(written: str) -> int | None:
    """The id that a button stands for; None when it is none."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 18 else None


def offered(slug: str, organisation: Organisation) -> bool:
    """Whether residents of the organisation may choose that way and write an address for it."""
    sender = SENDERS.find(slug)
    return sender is not None and sender.written and sender.offered(organisation)


def choices(
    organisation: Organisation, data: QueryDict | None = None, wrong: Invalid | None = None
) -> list[dict[str, Any]]:
    """The ways that one may write an address for, as public/follow_ways.html takes them."""
    found = []
    for sender in SENDERS:
        if not offered(sender.slug, organisation):
            continue
        mine = data is not None and data.get("way", "email") == sender.slug
        error: Text = wrong.errors.get("address", "") if wrong and mine else ""
        found.append(
            {
                "slug": sender.slug,
                "label": sender.label,
                "address_label": sender.address_label,
                "input_type": sender.input_type,
                "autocomplete": sender.autocomplete,
                "written": data.get("address", "")[:254] if data is not None and mine else "",
                "error": error,
            }
        )
    return found
