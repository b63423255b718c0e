"""The part of one's own case's page that says how one is told of news: by which ways, and by none."""

from typing import Any

from django.http import QueryDict

from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, Text
from lyhord.notifications.sender import SENDERS
from lyhord.organisations.models import Organisation

RESIDENT = Actor.resident()
ASKS = ("way", "stop", "wake")
"""Fields of the page's form that are about this."""


def change(case: Case, data: QueryDict) -> None:
    """Add a way, or take away one or all. Raises Invalid, for "address", when what was written is no address."""
    if "stop" in data:
        wanted, follow_id = data.get("stop"), number(data.get("stop", ""))
        if follow_id is not None or wanted == "all":
            actions.drop_ways(case_id=case.pk, follow_id=follow_id, by=RESIDENT)
        return
    if "wake" in data:
        actions.wake_way(case_id=case.pk, follow_id=number(data.get("wake", "")) or 0, by=RESIDENT)
        return
    sender = SENDERS.find(data.get("way", ""))
    if sender is not None and sender.written:
        actions.add_way(case_id=case.pk, sender=sender.slug, address=data.get("address", ""), by=RESIDENT)


def number(written: str) -> int | None:
    """The id that a button stands for; None when it is none."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 18 else None


def choices(
    organisation: Organisation, data: QueryDict | None = None, wrong: Invalid | None = None
) -> list[dict[str, Any]]:
    """The ways that one may write an address for, as public/follow_ways.html takes them."""
    found = []
    for sender in SENDERS:
        if not (sender.written and sender.offered(organisation)):
            continue
        mine = data is not None and data.get("way") == sender.slug
        error: Text = wrong.errors.get("address", wrong.message) if wrong and mine else ""
        found.append(
            {
                "slug": sender.slug,
                "label": sender.label,
                "address_label": sender.address_label,
                "input_type": sender.input_type,
                "autocomplete": sender.autocomplete,
                "written": data.get("address", "") if data is not None and mine else "",
                "error": error,
            }
        )
    return found
