"""Asking whoever reported a question: they are reminded once, and what silence means is said from the beginning."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.cases.actions.changes import lock, log, save
from lyhord.cases.actions.state import change_state
from lyhord.cases.actions.tell import SUBJECT, tell_reporter
from lyhord.cases.asked_words import silence, waits_for
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, Message, Outcome, Question, Side
from lyhord.cases.notices import CaseAsked, CaseReminded
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.clock import local, now, today
from lyhord.core.errors import Invalid, Text
from lyhord.core.text import clean_text
from lyhord.following.models import Role
from lyhord.following.queries import confirmed

SHORTEST, LONGEST = 3, 60
"""Days that somebody may be given: a letter takes two, and a promise of a year is none."""


@transaction.atomic
def ask_reporter(
    *, case_id: int, text: str, days: int, closes: bool, by: Actor, revision: int | None = None
) -> Question:
    """Ask, and wait for the answer until a day; with `closes`, silence ends the case.

    Raises Invalid with a sentence per field, also where nobody would be told: a question that nobody hears of
    must not close anything.
    """
    case = lock(case_id, revision=revision)
    _check(case, clean_text(text), days)
    until = today() + timedelta(days=days)
    reason = waits_for(case)
    change_state(case_id=case_id, to=State.WAITING, by=by, reason=reason, until=until, message=text, news=CaseAsked)
    _settle(case, Outcome.DROPPED)
    message = Message.objects.filter(case=case, side=Side.OFFICE).latest("pk")
    question = Question.objects.create(
        organisation_id=case.organisation_id,
        case=case,
        message=message,
        closes=closes,
        asked_at=now(),
        remind_on=today() + timedelta(days=(days + 1) // 2),
        answer_by=until,
    )
    log(case, "asked", by, level=1, message=message.pk, until=until.isoformat(), closes=closes)
    return question


def _check(case: Case, text: str, days: int) -> None:
    errors: dict[str, Text] = {}
    if not text:
        errors["text"] = _("Skriv vad du vill veta. En mening räcker.")
    if not SHORTEST <= days <= LONGEST:
        errors["days"] = _("Ge minst tre dagar och högst sextio.")
    if not case.open:
        errors["text"] = _("Ärendet är avslutat. Öppna det först.")
    elif not case.wants_feedback or not confirmed(SUBJECT, case.pk, Role.REPORTER):
        errors["text"] = _("Den som hörde av sig får inga besked från oss, och skulle inte se frågan.")
    if errors:
        raise Invalid(errors)


def _settle(case: Case, outcome: Outcome) -> None:
    Question.objects.filter(case=case, settled_at=None).update(settled_at=now(), outcome=outcome)


@transaction.atomic
def remind(*, question_id: int, by: Actor) -> None:
    """Halfway to the day: say once more that we wait. Nothing where something else has happened to the case."""
    question = _due(question_id)
    if question is None or question.reminded_at:
        return
    Question.objects.filter(pk=question.pk).update(reminded_at=now())
    tell_reporter(question.case, CaseReminded, key=f"reminder-{question.pk}")
    log(question.case, "reminded", by, level=1, message=question.message_id)


@transaction.atomic
def take_silence(*, question_id: int, by: Actor) -> None:
    """The day has passed without an answer: the case ends as was said, or is shown to staff as something new."""
    question = _due(question_id)
    if question is None:
        return
    case = question.case
    Question.objects.filter(pk=question.pk).update(settled_at=now(), outcome=Outcome.SILENCE)
    if not question.closes:
        case.unread = True
        save(case, "unread")
        log(case, "no_answer", by, level=1, message=question.message_id)
        return
    kind = KINDS.get(case.kind)
    to = State.NOT_RESOLVED if State.NOT_RESOLVED in kind.states else State.RESOLVED
    reason, message = silence(case, local(question.asked_at).date())
    closing = {field.name: reason for field in kind.closing(to)}
    change_state(case_id=case.pk, to=to, by=by, reason=reason, message=message, closing=closing)


def _due(question_id: int) -> Question | None:
    """The question, its case locked, if it is still waited for; else it is settled as dropped."""
    found = Question.objects.filter(pk=question_id, settled_at=None).first()
    if found is None:
        return None
    case = lock(found.case_id)
    question = Question.objects.filter(pk=question_id, settled_at=None).first()
    if question is None:
        return None
    if case.state != State.WAITING:
        _settle(case, Outcome.DROPPED)
        return None
    question.case = case
    return question
