"""The nine states of a case, which changes are allowed, and what each change needs.

*Handled* is not *solved*: a case may be closed in four ways, and only one of them mended anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import Invalid, LyhordError, Text


class State(StrEnum):
    """Where a case is. The values are stored and sent to other systems: never rename one."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    PLANNED = "planned"
    WAITING = "waiting"
    RESOLVED = "resolved"
    NOT_RESOLVED = "not_resolved"
    REFUSED = "refused"
    DUPLICATE = "duplicate"


SOLVED = frozenset({State.RESOLVED})
HANDLED = frozenset({State.RESOLVED, State.NOT_RESOLVED, State.REFUSED, State.DUPLICATE})
CLOSED = HANDLED
OPEN = frozenset(State) - HANDLED
REOPENABLE = HANDLED

# Reopening is recorded as the event "reopened"; the case lands in one of these.
AFTER_REOPENING = frozenset({State.RECEIVED, State.ASSIGNED, State.IN_PROGRESS})

# The same state again is a change only where it carries a new reason and a new date.
RENEWABLE = frozenset({State.PLANNED, State.WAITING})

CHANGES: Mapping[State, frozenset[State]] = {
    State.RECEIVED: frozenset(State) - {State.RECEIVED},
    State.ASSIGNED: frozenset(State) - {State.ASSIGNED},
    State.IN_PROGRESS: frozenset(State) - {State.IN_PROGRESS},
    State.PLANNED: frozenset(State),
    State.WAITING: frozenset(State),
    State.RESOLVED: AFTER_REOPENING,
    State.NOT_RESOLVED: AFTER_REOPENING,
    State.REFUSED: AFTER_REOPENING,
    State.DUPLICATE: AFTER_REOPENING,
}

NEEDS_REASON = frozenset({State.PLANNED, State.WAITING, State.NOT_RESOLVED, State.REFUSED})
NEEDS_DATE = frozenset({State.PLANNED, State.WAITING})
NEEDS_RESPONSIBLE = frozenset({State.REFUSED})


@dataclass(frozen=True, slots=True)
class StateWords:
    """How one state is said. `reason_label` heads the reason field where the state needs a reason."""

    resident: Text
    staff: Text
    icon: str
    reason_label: Text = ""


WORDS: Mapping[State, StateWords] = {
    State.RECEIVED: StateWords(_("Mottagen"), _("Ny"), "inbox"),
    State.ASSIGNED: StateWords(_("Hos handläggare"), _("Tilldelad"), "user"),
    State.IN_PROGRESS: StateWords(_("Vi arbetar med det"), _("Pågår"), "play"),
    State.PLANNED: StateWords(_("Planerad"), _("Planerad"), "cal", _("Vad ska göras?")),
    State.WAITING: StateWords(_("Väntar"), _("Väntar"), "pause", _("Väntar på …")),
    State.RESOLVED: StateWords(_("Åtgärdad"), _("Åtgärdad"), "check"),
    State.NOT_RESOLVED: StateWords(_("Åtgärdas inte"), _("Åtgärdas inte"), "minus", _("Varför åtgärdas det inte?")),
    State.REFUSED: StateWords(_("Tas inte upp"), _("Tas inte upp"), "ban", _("Varför tar vi inte upp det?")),
    State.DUPLICATE: StateWords(_("Samma som ett annat"), _("Dubblett"), "dup"),
}


def is_open(state: State) -> bool:
    """Whether somebody still has something to do."""
    return state not in HANDLED


def is_reopening(before: State, after: State) -> bool:
    """Whether the change takes a closed case up again (the event "reopened")."""
    return before in REOPENABLE and after in AFTER_REOPENING


def open311_status(state: State) -> Literal["open", "closed"]:
    """The only two words that GeoReport v2 knows; the fine state travels beside them."""
    return "open" if state in OPEN else "closed"


def sentence(state: State, *, reason: str = "", until: date | None = None) -> str:
    """The state as residents read it, with its reason and date: "Väntar på reservdel till 8 december 2026".

    Says only what it was given; a state without reason or date is its word alone.
    """
    day = date_format(until, "j F Y") if until else ""
    reason = reason.strip()
    if state is State.WAITING and reason and day:
        return gettext("Väntar på %(reason)s till %(day)s") % {"reason": _continued(reason), "day": day}
    if state is State.WAITING and reason:
        return gettext("Väntar på %(reason)s") % {"reason": _continued(reason)}
    if state is State.PLANNED and day:
        return gettext("Planerad till %(day)s") % {"day": day}
    return str(WORDS[state].resident)


def _continued(reason: str) -> str:
    """A reason as the end of "Väntar på …": the small first letter and no full stop that belong inside a sentence."""
    reason = reason.removesuffix(".")
    for opening in ("väntar på ", "vi väntar på "):
        if reason.casefold().startswith(opening):
            reason = reason[len(opening) :]
    inside_a_name = reason[1:2].isupper()  # "SMHI" keeps its capitals
    return reason if inside_a_name else reason[:1].lower() + reason[1:]


def check_change(
    before: State,
    after: State,
    *,
    reason: str = "",
    until: date | None = None,
    responsible: str = "",
    message: str = "",
    wants_feedback: bool = False,
    today: date | None = None,
) -> None:
    """Raise unless the case may go from `before` to `after` with what is given.

    `reason` says why, `until` when it is done or looked at again, `responsible` who to turn to instead, `message`
    what the reporter is told now. With `today`, a date that has passed is refused. A case whose reporter asked for
    feedback is never closed without a message.

    Raises LyhordError("state_change") for a change the table does not have, else Invalid with a sentence per
    missing field.
    """
    if after not in CHANGES[before]:
        raise LyhordError(
            gettext("Det går inte att ändra från ”%(before)s” till ”%(after)s”.")
            % {"before": WORDS[before].staff, "after": WORDS[after].staff},
            "state_change",
        )
    errors: dict[str, Text] = {}
    if after in NEEDS_REASON and not reason.strip():
        errors["reason"] = _MISSING_REASON[after]
    if after in NEEDS_DATE:
        if until is None:
            errors["until"] = _("Skriv till vilket datum.")
        elif today is not None and until < today:
            errors["until"] = _("Datumet har redan passerat. Välj ett som kommer.")
    if after in NEEDS_RESPONSIBLE and not responsible.strip():
        errors["responsible"] = _("Skriv vem som ansvarar i stället. Då vet den som hörde av sig vart hen vänder sig.")
    if after in CLOSED and wants_feedback and not message.strip():
        errors["message"] = _("Den som hörde av sig vill ha svar. Skriv ett meddelande innan du avslutar.")
    if errors:
        raise Invalid(errors)


_MISSING_REASON: Mapping[State, Text] = {
    State.PLANNED: _("Skriv vad som ska göras."),
    State.WAITING: _("Skriv vad ni väntar på."),
    State.NOT_RESOLVED: _("Skriv varför det inte åtgärdas."),
    State.REFUSED: _("Skriv varför ni inte tar upp det."),
}
