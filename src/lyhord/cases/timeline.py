"""What has happened to a case, where it is now and what comes, in residents' words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lyhord.audit.models import Event
from lyhord.cases.kind import KINDS, Kind
from lyhord.cases.models import Case
from lyhord.cases.states import CLOSED, NEEDS_DATE, State
from lyhord.core.clock import local

type Phase = Literal["done", "now", "later"]


_OWN = {
    "case.replied": lazy("Vi svarade"),
    "case.not_good": lazy("Du sa att det inte blev bra"),
    "case.resident_wrote": lazy("Du skrev mer"),
}
"""What only the one who filed the case hears of."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what, when, a sentence more, and whether it is behind us, now or ahead."""

    label: str
    at: datetime | date | None
    text: str
    phase: Phase


def timeline(
    case: Case, events: Iterable[Event], *, unit: str, own: bool, merged_into: Case | None = None
) -> list[Step]:
    """The steps of a case, oldest first, the last ones ahead.

    With `own` the reader is the one who filed it; others see nothing of what was said and no reasons, since only
    what was published has been read through. Internal notes leave no step at all. Of the case that this one was
    merged into, the last step says where it is, as to anybody else.
    """
    kind, state, happened = KINDS.get(case.kind), State(case.state), list(events)
    follows_other = state is State.DUPLICATE and merged_into is not None
    brought = None if follows_other else _brought_here(happened, state)
    told = (event for event in happened if event is not brought)  # it is told as where the case is, so not twice
    steps = [step for event in told if (step := _step(event, kind, own=own)) is not None]
    if follows_other and merged_into is not None:
        return [*steps, _other(merged_into)]
    present = _step(brought, kind, own=own) if brought else None
    return [*steps, _now(case, kind, present, unit, own=own), *_ahead(case, own=own)]


def _brought_here(events: Sequence[Event], state: State) -> Event | None:
    """The event by which the case came to its state; None when it came there by none of its own, as by an answer."""
    for event in reversed(events):
        if event.verb == "case.reopened":
            return None
        if event.verb == "case.merged" and state is State.DUPLICATE:
            return event
        if event.verb == "case.assigned" and state is State.ASSIGNED:
            return event if event.data.get("officer") else None
        if event.verb == "case.state_changed":
            return event if event.data.get("after") == state else None
    return None


def _other(case: Case) -> Step:
    """Where a case is, to the reporter of one that was merged into it: no reason, no unit, nothing that was said."""
    label = KINDS.get(case.kind).sentence(State(case.state), until=case.state_until)
    return Step(label, case.closed_at, _("Det gäller det ärende som ditt hör ihop med."), "now")


def _step(event: Event, kind: Kind, *, own: bool) -> Step | None:
    """One event as a step behind us, or None when it means nothing to the reader."""
    if event.verb == "case.state_changed":
        return _state_step(event, kind, own=own)
    label = _label(event, own=own)
    return Step(label, event.at, "", "done") if label else None


def _label(event: Event, *, own: bool) -> str:
    """What to call an event that needs but one line; "" when it means nothing to the reader."""
    match event.verb:
        case "case.registered":
            return _("Vi har tagit emot det")
        case "case.assigned" if event.data.get("officer"):
            who = str(event.data.get("name", "")) if own else ""
            return _("%(name)s har tagit hand om det") % {"name": who} if who else _("En handläggare har det nu")
        case "case.moved":
            return _("Flyttat till %(unit)s") % {"unit": event.data.get("unit", "")}
        case "case.merged":
            return _merged_sentence(own=own)
        case "case.reopened":
            return _("Öppnat igen")
    return str(_OWN.get(event.verb, "")) if own else ""


def _merged_sentence(*, own: bool) -> str:
    if own:
        return _("Någon har redan berättat om samma sak. Nu följer du det och får samma svar.")
    return _("Samma sak som ett annat ärende")


def _state_step(event: Event, kind: Kind, *, own: bool) -> Step | None:
    try:
        state = State(str(event.data.get("after", "")))
    except ValueError:
        return None
    if state in {State.RECEIVED, State.ASSIGNED}:
        return None
    reason = str(event.data.get("reason") or "") if own else ""
    until = _day(event.data.get("until"))
    label = kind.sentence(state, reason=reason, until=until)
    return Step(label, event.at, "" if state is State.WAITING else reason, "done")


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def _now(case: Case, kind: Kind, present: Step | None, unit: str, *, own: bool) -> Step:
    """Where the case is, and since when where `present` tells of a step that brought it there."""
    state, at = State(case.state), present.at if present else None
    if state in CLOSED:
        label, text = (present.label, present.text) if present else (kind.sentence(state), "")
        if own and case.became_good:
            text = " ".join(filter(None, [text, _("Du har sagt att det blev bra.")]))
        return Step(label, at or case.closed_at, text, "now")
    if state is State.RECEIVED:
        text = ""
        if own and case.acknowledge_by:
            day = _in_words(case.acknowledge_by)
            text = _("Senast %(day)s ser du vem som har hand om det.") % {"day": day}
        return Step(_("%(unit)s läser") % {"unit": unit}, None, text, "now")
    if state in NEEDS_DATE:
        reason = case.state_reason if own else ""
        label = kind.sentence(state, reason=reason, until=case.state_until)
        return Step(label, at, "" if state is State.WAITING else reason, "now")
    label = present.label if present and state is State.ASSIGNED else kind.sentence(state)
    return Step(label, at, _("Det ligger hos %(unit)s.") % {"unit": unit}, "now")


def _ahead(case: Case, *, own: bool) -> list[Step]:
    """What has been promised."""
    if not own or State(case.state) in CLOSED or case.answer_by is None or case.answered_at is not None:
        return []
    text = _("Senast %(day)s. Blir vi sena hör vi av oss före det och säger varför.") % {
        "day": _in_words(case.answer_by)
    }
    return [Step(_("Du får svar"), None, text, "later")]


def _in_words(moment: datetime) -> str:
    return date_format(local(moment), "l j F")
