"""Moving a case from one state to another, by the one table of allowed changes."""

from collections.abc import Callable, Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.audit.models import Event
from lyhord.cases.actions.changes import lock, log, reopen, save
from lyhord.cases.actions.messages import reply
from lyhord.cases.actions.tell import tell_followers, tell_merged, tell_reporter
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, Message, Side
from lyhord.cases.news import What, tell_alerts
from lyhord.cases.notices import CaseAnswered, CaseClosed, CaseNotice, CasePlanned
from lyhord.cases.states import CLOSED, NEEDS_DATE, State, check_change
from lyhord.core.actor import Actor
from lyhord.core.clock import now, today
from lyhord.core.errors import Invalid, Text
from lyhord.core.text import clean_text


@transaction.atomic
def change_state(
    *,
    case_id: int,
    to: State,
    by: Actor,
    reason: str = "",
    until: date | None = None,
    responsible: str = "",
    message: str = "",
    closing: Mapping[str, str] | None = None,
    revision: int | None = None,
    news: type[CaseNotice] = CaseAnswered,
) -> Case:
    """Change the state, say why, and tell those it concerns.

    `closing` holds what the kind asks for when a case is closed (kind.ClosingField).
    `message` goes to the resident in the same transaction, and is told of as `news`. Closing a case whose reporter
    wants feedback needs one, unless the municipality has already answered since the resident last wrote; so does one
    that other cases have been merged into, as long as somebody there has not heard anything.
    Raises Invalid with a sentence per field, Conflict when somebody else was first.
    """
    case = lock(case_id, revision=revision)
    before = State(case.state)
    reason, responsible, message = clean_text(reason), clean_text(responsible, one_line=True), clean_text(message)
    if to is State.DUPLICATE:
        raise Invalid({"state": _("Välj vilket ärende det är samma som, med Slå ihop.")})
    kind = KINDS.get(case.kind)
    kind.check_state(to)
    _check(
        lambda: check_change(
            before,
            to,
            reason=reason,
            until=until,
            responsible=responsible,
            message=message,
            wants_feedback=to in CLOSED and _somebody_waits(case),
            today=today(),
        ),
        lambda: kind.check_closing(to, closing or {}),
    )
    if message:
        reply(case_id=case.pk, text=message, by=by, begins=False, news=news)
        case = lock(case_id)
    save(case, *_set(case, to, reason=reason, until=until, responsible=responsible))
    event = log(
        case,
        "reopened" if before in CLOSED else "state_changed",
        by,
        level=3 if to in CLOSED else 2,
        before=before,
        after=to,
        reason=reason,
        until=until.isoformat() if until else None,
        responsible=responsible,
        closing={field.name: clean_text((closing or {}).get(field.name, "")) for field in kind.closing(to)},
    )
    _tell(case, to, event, said=bool(message))
    return case


def _set(case: Case, to: State, *, reason: str, until: date | None, responsible: str) -> list[str]:
    """Put the case into the state; returns the names of what changed."""
    before = State(case.state)
    case.state = to
    case.state_reason = reason
    case.state_until = until if to in NEEDS_DATE else None
    case.responsible = responsible
    fields = ["state", "state_reason", "state_until", "responsible"]
    if to in CLOSED:
        case.closed_at = now()
        case.waiting_since = None
        case.unread = False
        return [*fields, "closed_at", "waiting_since", "unread"]
    return [*fields, *reopen(case)] if before in CLOSED else fields


def _tell(case: Case, to: State, event: Event, *, said: bool) -> None:
    """Say that it has ended or has a date; where a message `said` so, that is news to all but those with alerts."""
    if to in CLOSED and case.publication_state == Case.Published.PUBLISHED:
        tell_alerts(event, What.CLOSED)
    if said or to not in CLOSED | NEEDS_DATE:
        return
    key, news = f"state-{case.revision}", CaseClosed if to in CLOSED else CasePlanned
    tell_reporter(case, news, key=key)
    tell_merged(case, news, key=key)
    tell_followers(case, key=key)


def _check(*checks: Callable[[], None]) -> None:
    """Run them all, so that the person hears of every missing field at once."""
    errors: dict[str, Text] = {}
    for check in checks:
        try:
            check()
        except Invalid as error:
            errors |= error.errors
    if errors:
        raise Invalid(errors)


def _somebody_waits(case: Case) -> bool:
    """Whether somebody who wants to hear from us has not: the reporter, or that of a case merged into this one."""
    answered = case.answered_at is not None and case.waiting_since is None
    if case.wants_feedback and not answered:
        return True
    merged = Case.objects.filter(duplicate_of=case, wants_feedback=True)
    return merged.exclude(pk__in=Message.objects.filter(case__in=merged, side=Side.OFFICE).values("case_id")).exists()
