"""From a text message that came in to what it becomes.

The network says who sends; nobody can answer for a name in its place. A word that is a command (STOPP, START, JA) is
one only when it stands alone. What is left belongs to the case that the number hears of, when there is but one it can
be; a case's number in the text chooses among several of one's own, and leads into nobody else's.
"""

import json
import re
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from lyhord.cases import actions as cases
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case
from lyhord.cases.numbers import numbers_in
from lyhord.cases.type_guess import suggest_any
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.phone_number import takes_sms
from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import Follow, Role
from lyhord.following.queries import ANSWER_WITHIN
from lyhord.intake.abuse import digest_of
from lyhord.intake.arrivals import finish
from lyhord.intake.channel import CHANNELS
from lyhord.intake.draft_actions import add_draft
from lyhord.intake.models import Arrival, ArrivalState, Original, Outcome
from lyhord.intake.rates import DAY, HOUR, Rate, wait_for
from lyhord.intake.submission import Submission
from lyhord.intake.taking import LONGEST, USUAL_KIND
from lyhord.notifications.actions import heard_from
from lyhord.notifications.contact_actions import contact_for, verify
from lyhord.notifications.models import Notice
from lyhord.notifications.one_time import Tried
from lyhord.notifications.text_actions import SMS, start_texts, stop_texts
from lyhord.organisations.models import Inlet, Organisation

SYSTEM, RESIDENT = Actor.system("sms"), Actor.resident()
STOP = {"stopp", "stop", "stoppa", "sluta", "avsluta", "avbryt", "lopeta", "seis"}
START = {"start", "starta", "aloita"}
YES = {"ja", "yes", "kyllä", "joo"}
RATES = (Rate(10, HOUR), Rate(25, DAY))
"""How many new things one number begins before somebody is asked."""
LATELY = timedelta(days=60)
"""So long after it was closed a case is still what an answer may be about."""
FEWEST_LETTERS = 12
"""What is shorter says nothing that could be a case: "ok", "tack", "?"."""


def handle_text(*, organisation_id: int, arrival_id: int, by: Actor = SYSTEM) -> None:
    """Take in one kept message, once; safe to run again."""
    with organisation_scope(organisation_id):
        settle_text(arrival_id=arrival_id, by=by)


@transaction.atomic
def settle_text(*, arrival_id: int, by: Actor) -> Outcome | None:
    """Do what it asks for; None when it is done already, or when the number sends too much to let it pass."""
    arrival = Arrival.objects.select_for_update(of=("self",)).filter(pk=arrival_id).first()
    if arrival is None or arrival.state != ArrivalState.RECEIVED:
        return None
    raw = Original.objects.filter(arrival=arrival).values_list("data", flat=True).first()
    text = str(json.loads(bytes(raw or b"{}")).get("text", "")).strip()
    outcome = _command(arrival, text, by)
    if outcome is None:
        outcome = _take(arrival, text, by)
    finish(arrival, outcome)
    return outcome


def _command(arrival: Arrival, text: str, by: Actor) -> Outcome | None:
    """What became of a message that is one word, or a code, that we asked for; None for all others."""
    word = text.strip(" .!\"'").casefold()
    if not takes_sms(arrival.sender):
        return None
    language = Organisation.objects.get(pk=arrival.organisation_id).own_language
    if word in STOP:
        cases.stop_address(sender=SMS, address=arrival.sender, by=RESIDENT)
        stop_texts(address=arrival.sender, language=language, by=RESIDENT)
        arrival.reason = "stop"
        return Outcome.STOPPED
    if word in START:
        start_texts(address=arrival.sender, language=language, by=RESIDENT)
        arrival.reason = "start"
        return Outcome.IGNORED
    if not _confirmed(arrival.sender, word):
        return None
    arrival.reason = "confirmed"
    return Outcome.IGNORED


def _confirmed(number: str, word: str) -> bool:
    """Whether it was a yes to a question of ours, or the code that we sent; then what was wished for holds."""
    said_yes, is_code = word in YES, re.fullmatch(r"\d{6}", word) is not None
    found = False
    for follow in _wishes(number) if said_yes or is_code else ():
        if said_yes and _was_asked(follow):
            cases.confirm_follow(token=follow.token, by=RESIDENT)
            found = True
        elif is_code and cases.confirm_by_code(follow_id=follow.pk, written=word, by=RESIDENT) is Tried.RIGHT:
            found = True
    return found


def _was_asked(follow: Follow) -> bool:
    """Whether it was asked so that yes is an answer, and not by a code."""
    asked = Notice.objects.filter(contact_id=follow.contact_id, kind="reporter_confirm")
    return asked.filter(dedupe_key__startswith=f"follow-{follow.pk}-").exists()


def _wishes(number: str) -> list[Follow]:
    """What the number has been asked about and has not said yes to."""
    asked = Follow.objects.filter(contact__sender=SMS, contact__address=number, confirmed_at=None)
    return list(asked.filter(created_at__gt=now() - ANSWER_WITHIN).select_related("contact").order_by("pk")[:20])


def _take(arrival: Arrival, text: str, by: Actor) -> Outcome | None:
    """Into a case, a new one, or a draft."""
    own = _own_cases(arrival.sender)
    mentioned = numbers_in(text)
    chosen = [case for case in own if case.number in mentioned] if mentioned else _meant(arrival.sender, own)
    if len(chosen) == 1 and text:
        _join(arrival, chosen[0], text, by)
        return Outcome.JOINED
    if _too_many(arrival):
        return None
    inlet = _inlet(arrival)
    others = Case.objects.filter(number__in=mentioned[:20]).order_by("-pk") if mentioned else Case.objects.none()
    reason, linked = _doubt(arrival, text, own, others.first(), inlet)
    if reason:
        _draft(arrival, text, (reason, linked), inlet=inlet, by=by)
        return Outcome.DRAFT
    _begin(arrival, text, inlet, by)
    return Outcome.CASE


def _own_cases(number: str) -> list[Case]:
    """The cases that the number, as their reporter, hears of; the newest first, and none that ended long ago."""
    follows = Follow.objects.filter(
        contact__sender=SMS,
        contact__address=number,
        role=Role.REPORTER,
        subject_type="case",
        confirmed_at__isnull=False,
    )
    found = Case.objects.filter(pk__in=follows.values("subject_id")).order_by("-pk")[:100]
    return [case for case in found if case.open or (case.closed_at or case.changed_at) > now() - LATELY]


def _meant(number: str, own: Sequence[Case]) -> list[Case]:
    """Those that an answer without a number may be about: the open ones, else the one that we last wrote about."""
    still_open = [case for case in own if case.open]
    if still_open or not own:
        return still_open
    told = Notice.objects.filter(
        contact__sender=SMS, contact__address=number, subject_type="case", sent_at__isnull=False
    )
    last = told.order_by("-sent_at").values_list("subject_id", flat=True).first()
    return [case for case in own if case.pk == last]


def _doubt(
    arrival: Arrival, text: str, own: Sequence[Case], other: Case | None, inlet: Inlet
) -> tuple[str, Case | None]:
    """Why somebody should look at it first, and the case that it may be about; "" for no reason."""
    if other is not None:
        return "number", other
    if len(own) > 1:
        return "several", own[0]
    if not text:
        return "empty", None
    if not takes_sms(arrival.sender):
        return "no_sender", None
    if len(text) < FEWEST_LETTERS or " " not in text:
        return "unknown_number", None
    return ("review", None) if inlet.review else ("", None)


def _join(arrival: Arrival, case: Case, text: str, by: Actor) -> None:
    CHANNELS.get(SMS).write(case=case, text=text[:LONGEST], external_id=f"sms:{arrival.key}", by=RESIDENT)
    _belongs(arrival, case)
    heard_from(sender=SMS, address=arrival.sender, by=by)


def _begin(arrival: Arrival, text: str, inlet: Inlet, by: Actor) -> None:
    """A new case by the one way in. The number has shown itself by writing."""
    organisation = Organisation.objects.get(pk=arrival.organisation_id)
    contact = contact_for(sender=SMS, address=arrival.sender, language=organisation.own_language)
    verify(contact_id=contact.pk, by=RESIDENT)
    guessed = suggest_any(text) if not inlet.kind else None
    submission = Submission(
        source="sms",
        external_id=arrival.key,
        channel="sms",
        text=text,
        kind=inlet.kind or (guessed.kind if guessed else USUAL_KIND),
        reporter=NewReporter(phone=arrival.sender, tell_by=("sms",)),
        wants_feedback=True,
        language=organisation.own_language,
        longest=LONGEST,
        unit_code=inlet.unit_code,
    )
    receipt = CHANNELS.get(SMS).receive(organisation=organisation, submission=submission, by=RESIDENT)
    _belongs(arrival, receipt.case)


def _draft(arrival: Arrival, text: str, doubt: tuple[str, Case | None], *, inlet: Inlet, by: Actor) -> None:
    reason, linked = doubt
    organisation = Organisation.objects.get(pk=arrival.organisation_id)
    with translation.override(organisation.own_language):
        nothing = _("Sms:et hade ingen text.")
    draft = add_draft(
        channel=SMS,
        reason=reason,
        arrival=arrival,
        linked=linked,
        unit_code=inlet.unit_code,
        kind=inlet.kind,
        phone=arrival.sender,
        text=text[:LONGEST] or nothing,
        language=organisation.own_language,
        by=by,
    )
    arrival.reason, arrival.private = reason, draft.confidential or draft.protected


def _belongs(arrival: Arrival, case: Case) -> None:
    arrival.case, arrival.private = case, case.protected or case.confidential


def _too_many(arrival: Arrival) -> bool:
    if arrival.reason == "let_through":
        return False
    waits = [
        wait_for(rate, purpose=purpose, digest=digest_of(purpose, arrival.sender or "nobody"))
        for rate, purpose in zip(RATES, ("sms", "sms_day"), strict=True)
    ]
    return any(waits)


def _inlet(arrival: Arrival) -> Inlet:
    found = Inlet.objects.filter(
        organisation_id=arrival.organisation_id, channel=Inlet.Channel.SMS, address=arrival.inlet
    ).first()
    return found or Inlet(channel=Inlet.Channel.SMS, address=arrival.inlet)
