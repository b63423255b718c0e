"""What is done with cases by the clock."""

import logging

from django.tasks import task

from lyhord.cases.actions.drafts import forget_old_drafts
from lyhord.cases.actions.learn import train_suggestions
from lyhord.cases.actions.map_counts import compact_map_counts
from lyhord.cases.actions.question import remind, take_silence
from lyhord.cases.models import Question
from lyhord.core.actor import Actor
from lyhord.core.clock import now, today
from lyhord.core.errors import LyhordError
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.schedule import daily, every
from lyhord.notifications.quiet_hours import morning_after
from lyhord.organisations.models import Organisation

log = logging.getLogger(__name__)
_QUESTIONS = Actor.system("questions")
_AT_ONCE = 1000


@daily("03:20")
@task()
def train_all_suggestions() -> None:
    """Let each organisation's type suggestion learn from its own newest cases, never from another's."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            train_suggestions(by=Actor.system("suggestions"))


@daily("03:40")
@task()
def forget_drafts() -> None:
    """Forget what was begun and never sent."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            forget_old_drafts()


@daily("03:50")
@task()
def compact_maps() -> None:
    """Sum the counts of the maps that the day has added to."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            compact_map_counts()


@every(hours=1)
@task()
def follow_up_questions() -> None:
    """Remind those who have been asked something, and take silence for what it was said to mean; by day only."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            if morning_after(now()) is None:
                follow_up()


def follow_up() -> None:
    """What is due today in one organisation, each question by itself: one that cannot be closed stops no other."""
    waiting = Question.objects.filter(settled_at=None, remind_on__lte=today()).order_by("remind_on", "pk")
    for question in list(waiting[:_AT_ONCE]):
        over = question.answer_by < today()
        try:
            (take_silence if over else remind)(question_id=question.pk, by=_QUESTIONS)
        except LyhordError:
            log.exception("a question could not be followed up")
