"""Reads for residents: what they can choose among, and what has been published."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db import connection

from lyhord.audit.models import Event
from lyhord.cases.models import Case, CaseQuerySet, CaseType, Category, Message, Photo, Publication, Reporter, Side
from lyhord.cases.public_filter import PublicFilter
from lyhord.cases.questions import in_language
from lyhord.core.clock import today
from lyhord.core.kept import kept
from lyhord.core.prepared import Prepared, PreparedRows
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.together import Together
from lyhord.places.morton import Range

if TYPE_CHECKING:
    from lyhord.accounts.staff import Staff

_CODE = re.compile(r"[a-z0-9_.-]{1,80}")  # what comes from outside may hold what the database cannot
SOMETHING_ELSE = ("annat", "ovrigt")
"""How the code of a kind's general type ends."""


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """One type to choose in a form, under the name of its category ("" for none)."""

    code: str
    name: str
    group: str


_CHOICES = PreparedRows(
    lambda *row: row,
    lambda kind, day: (
        CaseType.objects.choosable(day)
        .filter(kind=kind)
        .order_by("category__position", "category__code", "position", "code")
        .values_list("code", "current__content__name", "category__names")
    ),
    kind=str,
    day=date,
)
_BY_CODE = Prepared(
    lambda code, day: (
        CaseType.objects.choosable(day).select_related("current", "category", "category__unit").filter(code=code)
    ),
    code=str,
    day=date,
)
_CODES = PreparedRows(
    lambda *row: row,
    lambda kind, day: (
        CaseType.objects.choosable(day)
        .filter(kind=kind)
        .order_by("position", "code")
        .values_list("code", "category_id")
    ),
    kind=str,
    day=date,
)
_CATEGORY = Prepared(lambda code: Category.objects.select_related("unit").filter(code=code), code=str)
_CATEGORIES = Prepared(Category.objects.all)


def type_choices(kind: str, language: str) -> list[TypeChoice]:
    """The types of a kind in the order of the organisation, by category; names only, since a form needs no more."""
    day = today()
    return [
        TypeChoice(code, in_language(names, language), in_language(group or {}, language))
        for code, names, group in kept(("type choices", kind, day), lambda: _CHOICES(kind=kind, day=day))
    ]


def type_by_code(code: str) -> CaseType | None:
    """The active type with that code, with version, category and the category's unit; None when there is none."""
    if not _CODE.fullmatch(code):
        return None
    day = today()
    return kept(("case type", code, day), lambda: _BY_CODE.first(code=code, day=day))


def type_codes(kind: str) -> list[str]:
    """The codes of the types of a kind that can be chosen, in the organisation's order."""
    return [code for code, _category_id in _codes(kind)]


def _codes(kind: str) -> list[tuple[Any, ...]]:
    day = today()
    return kept(("case type codes", kind, day), lambda: _CODES(kind=kind, day=day))


def generic_type(kind: str) -> CaseType | None:
    """The kind's general type, for what fits nowhere else: named so, or without a category, or the last of all."""
    codes = _codes(kind)
    if not codes:
        return None
    named = [code for code, _category in codes if code.split(".")[-1] in SOMETHING_ELSE]
    free = [code for code, category_id in codes if not category_id]
    return type_by_code(min(named, key=len) if named else free[0] if free else codes[-1][0])


def category_by_code(code: str) -> Category | None:
    """A category by its code, or None."""
    return kept(("category", code), lambda: _CATEGORY.first(code=code)) if _CODE.fullmatch(code) else None


def feedback_categories(language: str) -> list[tuple[str, str]]:
    """(code, name) of the areas that feedback can be about, in the organisation's order."""
    return [(category.code, category.name(language)) for category in _categories() if not category.for_faults]


def _categories() -> list[Category]:
    return kept("categories", _CATEGORIES)


def category_names(codes: Collection[str], language: str) -> dict[str, str]:
    """The names of those of the given categories that exist, in the organisation's order; asks nothing for none."""
    return {row.code: row.name(language) for row in _CATEGORIES() if row.code in codes} if codes else {}


def published() -> CaseQuerySet:
    """Published cases, newest first."""
    return Case.objects.published().order_by("-id")


_IDS = """
select c.id from cases_case c where c.organisation_id = %s and c.publication_state = 'published'
"""


def published_ids(wanted: PublicFilter, most: int, *, below: int | None = None) -> list[int]:
    """Ids of the newest published cases that somebody wants; `below` goes on from the last one had."""
    conditions, values = wanted.sql()
    if below is not None:
        conditions, values = f"{conditions} and c.id < %s", [*values, below]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_IDS}{conditions} order by c.id desc limit %s",  # our own conditions, values apart
            [require_organisation_id(), *values, most],
        )
        return [row[0] for row in cursor.fetchall()]


_TYPES = PreparedRows(
    lambda *row: row,
    lambda: (
        CaseType.objects.filter(active=True, current__isnull=False)
        .order_by("position", "code")
        .values_list("code", "current__content__name", "current__content__publication__allowed")
    ),
)


def types_of_published(language: str) -> list[tuple[str, str]]:
    """(code, name) of the types one may filter by: those in use whose cases can be published."""
    types = kept("types that can be published", _TYPES)
    return [(code, in_language(names or {}, language) or code) for code, names, allowed in types if allowed]


def categories_of_published(language: str) -> list[tuple[str, str]]:
    """(code, name) of the categories one may filter by: those whose cases can be published."""
    return [(category.code, category.name(language)) for category in _categories() if category.publishable]


_TEXTS = Prepared(lambda case_ids: Publication.objects.filter(case_id__any=case_ids), case_ids=list)


def with_publications(cases: Iterable[Case]) -> list[tuple[Case, Publication]]:
    """The cases of a short list with what is published of each; a case that was withdrawn meanwhile is left out."""
    found = list(cases)
    if not found:
        return []
    texts = {text.case_id: text for text in _TEXTS(case_ids=[case.pk for case in found])}
    return [(case, texts[case.pk]) for case in found if case.pk in texts]


_BY_NUMBER = Prepared(
    lambda number: Case.objects.select_related("category", "area", "unit").filter(number=number), number=str
)
_PUBLISHED = Prepared(
    lambda number: Publication.objects.select_related("case", "case__unit").filter(
        case__number=number, case__publication_state=Case.Published.PUBLISHED
    ),
    number=str,
)
HISTORY = Prepared(lambda case_id: Event.objects.all().about("case", case_id), case_id=int)
_SAID = Prepared(
    lambda case_id: Message.objects.filter(case=case_id).exclude(side=Side.INTERNAL).order_by("id"), case_id=int
)
_REPORTERS = Prepared(lambda case_id: Reporter.objects.filter(case=case_id, protected=False), case_id=int)
_PHOTOS = Prepared(
    lambda case_id: (
        Photo.objects.filter(case=case_id, internal=False).select_related("file").order_by("position", "id")
    ),
    case_id=int,
)


_ABOUT = Together(_PHOTOS, HISTORY)
_ALL_ABOUT = Together(_PHOTOS, HISTORY, _SAID)


def by_number(number: str) -> Case | None:
    """The case with that number whether published or not: the caller tells 404 from 410."""
    return _BY_NUMBER.first(number=number)


def published_by_number(number: str) -> Publication | None:
    """What others may read of the case with that number, with the case and its unit; None when it is not published."""
    return _PUBLISHED.first(number=number)


def publication_of(case: Case) -> Publication | None:
    """What is published of a case."""
    return _TEXTS.first(case_ids=[case.pk])


def history(case: Case) -> list[Event]:
    """The events of a case, oldest first."""
    return HISTORY(case_id=case.pk)


def photos_and_history(case: Case) -> tuple[list[Photo], list[Event]]:
    """`photos_for_resident` and `history`, by one statement."""
    photos, events = _ABOUT(case_id=case.pk)
    return photos, events


def all_for_resident(case: Case) -> tuple[list[Photo], list[Event], list[Message]]:
    """The same with `messages_for_resident`: what the page of one's own case shows."""
    photos, events, messages = _ALL_ABOUT(case_id=case.pk)
    return photos, events, messages


def messages_for_resident(case: Case) -> list[Message]:
    """What has been said between the resident and the municipality, oldest first; no internal notes."""
    return _SAID(case_id=case.pk)


def reporter_email(case: Case) -> str:
    """The address that hears of the case; "" when there is none or it must not be shown."""
    reporter = _REPORTERS.first(case_id=case.pk)
    return reporter.email if reporter else ""


def photos_for_resident(case: Case) -> list[Photo]:
    """Every picture of the case but the internal ones, the reporter's own first."""
    return _PHOTOS(case_id=case.pk)


def photos_with_file(uid: UUID) -> list[Photo]:
    """Every use of a stored picture, with its case and file: who may see it is asked of each."""
    return list(Photo.objects.filter(file__uid=uid).select_related("case", "file"))


def staff_may_see(case: Case, staff: "Staff") -> bool:
    """Whether a member of staff sees the case at all."""
    return Case.objects.filter(pk=case.pk).visible_to(staff).exists()


class Marker(NamedTuple):
    """A published case as a point on a map."""

    title: str
    number: str
    lat: float
    lon: float
    kind: str
    state: str


_MARKERS = """
select p.title, c.number, c.lat, c.lon, c.kind, c.state
from cases_case c join cases_publication p on p.organisation_id = c.organisation_id and p.case_id = c.id
where c.organisation_id = %s and c.cell >= %s and c.cell < %s and c.publication_state = 'published'
"""


def markers(cells: Range, wanted: PublicFilter, most: int) -> list[Marker] | None:
    """The published cases whose cell lies in the half-open range; None when there are more than `most`."""
    conditions, values = wanted.sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_MARKERS}{conditions} order by c.cell limit %s",  # our own conditions, values apart
            [require_organisation_id(), *cells, *values, most + 1],
        )
        rows = cursor.fetchall()
    return [Marker._make(row) for row in rows] if len(rows) <= most else None
