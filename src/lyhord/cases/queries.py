"""Reads of cases that several screens share."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models.expressions import RawSQL

from lyhord.accounts.permissions import Permission
from lyhord.cases import follow_code
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, CaseQuerySet, CaseType, Question, Reporter
from lyhord.cases.numbers import format_number, parse_number
from lyhord.cases.states import State
from lyhord.core.kept import kept
from lyhord.core.prepared import Prepared
from lyhord.core.tenancy import current_organisation_id
from lyhord.core.text import clean_text
from lyhord.places.models import Area
from lyhord.places.point import Point
from lyhord.places.queries import areas_at

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lyhord.accounts.staff import Staff

LONGEST_SEARCH = 200
MOST_FOUND = 500

__all__ = ["MOST_FOUND", "asks_outcome", "by_follow_code", "districts_at", "same_reporter", "search"]


def districts_at(organisation_id: int, point: Point | None) -> list[Area]:
    """The districts that hold the point, by name."""
    if organisation_id != current_organisation_id():
        raise ValueError("another organisation's districts")
    return areas_at("district", point)


def _followed(*related: str) -> Prepared[Case]:
    return Prepared(lambda digest: Case.objects.select_related(*related).filter(follow_digest=digest), digest=bytes)


_FOLLOWED = _followed("unit", "officer")
_FOLLOWED_WHOLE = _followed("case_type", "version", "category", "unit", "area", "officer")


def by_follow_code(code: str, *, whole: bool = False) -> Case | None:
    """The case that a follow code opens, or None: for a wrong code and for another organisation's alike.

    It comes with its unit and officer; `whole` also with its type, category and area, which pages do not show.
    """
    try:
        digest = follow_code.digest(follow_code.normalise(code))
    except ValueError:
        return None
    return (_FOLLOWED_WHOLE if whole else _FOLLOWED).first(digest=digest)


def types_in_use() -> list[tuple[int, str, str, dict[str, str]]]:
    """(id, code, kind, names by language) of the case types that can be chosen, by category and in their order."""
    types = CaseType.objects.filter(active=True, current__isnull=False)
    rows = types.order_by("category__position", "position", "code")
    return kept("types in use", lambda: list(rows.values_list("pk", "code", "kind", "current__content__name")))


def is_asked(case: Case) -> bool:
    """Whether we wait for the reporter's answer to a question; looked up only for a case that waits."""
    return case.state == State.WAITING and Question.objects.filter(case=case, settled_at=None).exists()


def asks_outcome(case: Case) -> bool:
    """Whether the reporter is asked now: the case has been mended or answered, and its kind has something to mend."""
    return case.state == State.RESOLVED and KINDS.get(case.kind).asks_outcome


def search(staff: "Staff", words: str) -> CaseQuerySet:
    """The cases that words find among those the person may see, by Swedish full text.

    A case number finds its case, and a mail address the cases of whoever has it. At most the MOST_FOUND newest; the
    caller says so when that many are found. Nothing finds out what somebody with protected identity has written or
    whose address it is, but for those who may know.
    """
    words = clean_text(words, one_line=True)[:LONGEST_SEARCH]
    visible = Case.objects.visible_to(staff)
    if number := parse_number(words):
        return visible.filter(number=format_number(*number))
    if not staff.may(Permission.SEE_PROTECTED):
        visible = visible.filter(protected=False)
    if "@" in words and " " not in words:
        ids = reported_by(words.lower(), knows_protected=staff.may(Permission.SEE_PROTECTED))
        return visible.filter(pk__in=ids)
    everywhere = staff.may(Permission.SEE_ALL_CASES)
    values = (words, MOST_FOUND, sorted(staff.unit_ids), everywhere)
    return visible.filter(pk__in=RawSQL("select lyhord_search_cases(%s, %s, %s, %s)", values))


def numbers_known(staff: "Staff", case_ids: Collection[int]) -> dict[int, str]:
    """The numbers of those cases that the person may see and know who reported, by id."""
    cases = Case.objects.visible_to(staff).filter(pk__in=case_ids)
    if not staff.may(Permission.SEE_PROTECTED):
        cases = cases.filter(protected=False)
    return dict(cases.values_list("pk", "number"))


def same_reporter(staff: "Staff", case: Case, reporter: Reporter | None) -> CaseQuerySet:
    """What the reporter of a case has said otherwise, as far as the person may see and know; most often nothing."""
    may_know = staff.may(Permission.SEE_PROTECTED)
    if reporter is None or not reporter.email or ((reporter.protected or case.protected) and not may_know):
        return Case.objects.none()
    ids = reported_by(reporter.email.lower(), knows_protected=may_know)
    others = Case.objects.visible_to(staff).filter(pk__in=ids)
    return others if may_know else others.filter(protected=False)


def reported_by(address: object, *, knows_protected: bool) -> "QuerySet[Reporter, int]":
    """The newest cases of a mail address (in small letters, or an expression for it), at most MOST_FOUND."""
    reporters = Reporter.objects.filter(email=address).exclude(email="")  # said so that the index of addresses is used
    if not knows_protected:
        reporters = reporters.filter(protected=False)
    return reporters.order_by("-case_id").values_list("case_id", flat=True)[:MOST_FOUND]
