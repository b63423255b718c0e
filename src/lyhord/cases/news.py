"""Published cases as interests see them: what each is about and where, and what is told of it to those with alerts.

Nothing is told but what the public page shows, read as it is when the news is made, while the case is locked: what was
withdrawn meanwhile is no news. Who follows the case, or reported it, hears of it by the case's own messages instead.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction
from django.tasks import task
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.audit.models import Event
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, Publication
from lyhord.cases.questions import in_language
from lyhord.cases.states import State
from lyhord.cases.tongues import HOUSE
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.following.facts import CASES, Facts, Spot, words_of
from lyhord.following.news_actions import correct, publish
from lyhord.organisations.models import Organisation
from lyhord.places.point import Point
from lyhord.places.queries import areas_holding

if TYPE_CHECKING:
    from lyhord.places.models import Area

SYSTEM = Actor.system("cases")


class What(StrEnum):
    """What is news of a published case."""

    PUBLISHED = "published"
    ANSWERED = "answered"  # an answer that all may read
    CLOSED = "closed"
    CORRECTED = "corrected"  # no news: what was told already says what is shown now


_SAID: dict[What, str | Promise] = {What.PUBLISHED: _("Nytt ärende"), What.ANSWERED: _("Svar från kommunen")}


def sort_of_category(code: str) -> str:
    """A category, as alerts ask for it."""
    return f"category:{code}"


def sort_of_type(code: str) -> str:
    """A type, as alerts ask for it."""
    return f"type:{code}"


def tell_alerts(event: Event, what: What) -> None:
    """Let those with alerts hear of the event about a published case, in a job: there may be very many."""
    make_news.enqueue(organisation_id=event.organisation_id, event_id=event.pk, what=what.value)


@task()
def make_news(organisation_id: int, event_id: int, what: str) -> None:
    """Make news of the event, if the case is still shown. Again makes no more."""
    with organisation_scope(organisation_id), transaction.atomic():
        event = Event.objects.get(pk=event_id)
        case = (
            Case.objects.select_for_update(of=("self",), no_key=True)
            .select_related("case_type__current", "case_type__category", "category", "area")
            .filter(pk=event.subject_id, publication_state=Case.Published.PUBLISHED)
            .first()
        )
        text = Publication.objects.filter(case=case).first() if case else None
        organisation = Organisation.objects.get(pk=organisation_id)
        if case is None or text is None or not (organisation.publishes and organisation.has("following")):
            return
        facts = interest_of(case, text)
        if what in {What.ANSWERED, What.CORRECTED}:
            correct(subject_type="case", subject_id=case.pk, title=text.title, facts=facts, by=SYSTEM)
        if what == What.CORRECTED:
            return
        publish(
            event=event,
            title=text.title,
            what=_in_words(case, What(what), event),
            path=f"/arenden/{case.number}/",
            facts=facts,
            by=SYSTEM,
            followers=False,
        )


def interest_of(case: Case, text: Publication) -> Facts:
    """What a case is about, by what others may read of it."""
    current = case.case_type.current
    named = in_language((current.content if current else {}).get("name") or {}, HOUSE)
    sorts = [(sort_of_type(case.case_type.code), named or case.case_type.code)]
    category = case.category or case.case_type.category
    if category is not None:
        sorts.insert(0, (sort_of_category(category.code), category.name(HOUSE)))
    return Facts(
        topics=tuple(sorts),
        words=words_of(f"{text.title}\n{text.text}\n{text.answer}"),
        areas=tuple((area.pk, area.name) for area in _areas(case)),
        spots=(Spot(case.lat, case.lon, case.place_text),) if case.lat is not None and case.lon is not None else (),
        kind=case.kind,
        about=CASES,
    )


def _areas(case: Case) -> "list[Area]":
    """All that hold its place; without a place, the one that it is said to lie in."""
    if case.lat is not None and case.lon is not None:
        return areas_holding(Point(case.lat, case.lon, None, "api"))
    return [case.area] if case.area is not None else []


def _in_words(case: Case, what: What, event: Event) -> str:
    """A few words in the language of the house: what happened, or how it ended, without the reason."""
    with translation.override(HOUSE):
        if what is What.CLOSED:
            return KINDS.get(case.kind).sentence(State(event.data["after"]))
        return str(_SAID[what])
