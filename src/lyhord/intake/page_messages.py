"""From a message to the organisation's Facebook page to a draft, which a person looks at.

Nobody can be answered by us there, and half of what is written to a page is meant for nobody in particular: so
somebody says of each whether it is a case. People write a sentence at a time; what one writes within an hour, while
nobody has decided, is one draft.
"""

import json
from datetime import timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import ngettext

from lyhord.cases.models import Case
from lyhord.cases.numbers import numbers_in
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.abuse import digest_of
from lyhord.intake.arrivals import finish
from lyhord.intake.draft_actions import LONGEST, add_draft, write_on
from lyhord.intake.models import Arrival, ArrivalState, DraftCase, DraftState, Original, Outcome
from lyhord.intake.rates import DAY, HOUR, Rate, wait_for
from lyhord.organisations.models import Organisation

SYSTEM = Actor.system("facebook")
CHANNEL = "facebook"
TOGETHER = timedelta(hours=1)
RATES = (Rate(10, HOUR), Rate(25, DAY))
"""How many drafts one person begins before somebody is asked."""


def handle_page_message(*, organisation_id: int, arrival_id: int, by: Actor = SYSTEM) -> None:
    """Take in one kept message, once; safe to run again."""
    with organisation_scope(organisation_id):
        settle_page_message(arrival_id=arrival_id, by=by)


@transaction.atomic
def settle_page_message(*, arrival_id: int, by: Actor) -> Outcome | None:
    """Make a draft of it, or part of one; None when that is done, or when its sender writes too much to let it pass."""
    arrival = Arrival.objects.select_for_update(of=("self",)).filter(pk=arrival_id).first()
    if arrival is None or arrival.state != ArrivalState.RECEIVED:
        return None
    organisation = Organisation.objects.get(pk=arrival.organisation_id)
    text = _words(arrival, organisation.own_language)
    outcome: Outcome | None = Outcome.DRAFT
    going_on = _going_on(arrival)
    if going_on is not None and len(going_on.text) + len(text) < LONGEST:
        write_on(draft_id=going_on.pk, text=text, by=by)
        arrival.reason, arrival.private = "review", going_on.confidential or going_on.protected
    elif _too_many(arrival):
        outcome = None
    else:
        _draft(arrival, text, organisation.own_language, by)
    finish(arrival, outcome)
    return outcome


def _words(arrival: Arrival, language: str) -> str:
    raw = Original.objects.filter(arrival=arrival).values_list("data", flat=True).first()
    said = json.loads(bytes(raw or b"{}"))
    count = int(said.get("attachments", 0))
    with translation.override(language):
        more = ngettext(
            "(En bild eller fil finns i Facebook.)", "(%(n)s bilder eller filer finns i Facebook.)", count
        ) % {"n": count}
    return "\n".join(part for part in (str(said.get("text", "")).strip(), more if count else "") if part)


def _going_on(arrival: Arrival) -> DraftCase | None:
    """What the same person wrote a moment ago, while nobody has said what it is."""
    begun = DraftCase.objects.filter(channel=CHANNEL, state=DraftState.WAITING, created_at__gt=now() - TOGETHER)
    return begun.filter(arrival__sender=arrival.sender, arrival__inlet=arrival.inlet).order_by("-pk").first()


def _draft(arrival: Arrival, text: str, language: str, by: Actor) -> None:
    """With a case's number in it, it is for those who may see that case; it leads into none by itself."""
    mentioned = numbers_in(text)[:20]
    linked = Case.objects.filter(number__in=mentioned).order_by("-pk").first() if mentioned else None
    reason = "number" if linked else "review"
    draft = add_draft(
        channel=CHANNEL, reason=reason, arrival=arrival, linked=linked, text=text, language=language, by=by
    )
    arrival.reason, arrival.private = reason, draft.confidential or draft.protected


def _too_many(arrival: Arrival) -> bool:
    if arrival.reason == "let_through":
        return False
    waits = [
        wait_for(rate, purpose=purpose, digest=digest_of(purpose, arrival.sender))
        for rate, purpose in zip(RATES, ("page", "page_day"), strict=True)
    ]
    return any(waits)
