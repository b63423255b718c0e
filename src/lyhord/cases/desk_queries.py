"""Reads for the desk: which cases somebody sees in which view, oldest waiting first."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import F, Q

from lyhord.accounts.permissions import Permission
from lyhord.cases.desk_views import MOMENT, REVIEW, UNCOUNTED, VIEWS, View
from lyhord.cases.lateness import Moment
from lyhord.cases.models import Case, CaseQuerySet
from lyhord.cases.queries import search
from lyhord.core.clock import now
from lyhord.core.prepared import PreparedCounts, PreparedRows

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lyhord.accounts.staff import Staff

PAGE = 50
COUNT_TO = 100  # counts stop here: "99+"; counting a million rows to show a number helps nobody

_BEGINNING, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_CURSOR = re.compile(r"(?P<since>-|[0-9]{1,18})_(?P<pk>[0-9]{1,18})")


def cases_in(staff: "Staff", view: View, *, unit_ids: Collection[int] | None = None, words: str = "") -> CaseQuerySet:
    """The cases of a view that the person may see, in no order yet; with words, those they find in every view."""
    if words.strip():
        cases = search(staff, words)
    else:
        cases = Case.objects.visible_to(staff).filter(view.condition(staff.user.pk, Moment.of(now())))
    return cases if unit_ids is None else cases.filter(unit_id__in=unit_ids)


class Row(NamedTuple):
    """A case as the desk's list names it: by far cheaper than a whole one, and a list has fifty."""

    pk: int
    revision: int
    number: str
    kind: str
    title: str
    text: str
    language: str
    state: str
    open: bool
    state_until: date | None
    waiting_since: datetime | None
    answered_at: datetime | None
    answer_by: datetime | None
    unread: bool
    protected: bool
    place_text: str
    unit_name: str
    area_name: str | None
    officer_name: str | None


_OTHERS = {"unit_name": "unit__name", "area_name": "area__name", "officer_name": "officer__full_name"}
_COLUMNS = [_OTHERS.get(name, name) for name in Row._fields]


@dataclass(frozen=True, slots=True)
class Page[C: (Case, Row)]:
    """Up to PAGE cases, where the next page begins ("" on the last), and the id of the first case there."""

    cases: list[C]
    next: str
    beyond: int | None = None


def rows_of(cases: CaseQuerySet, after: str = "", *, newest_first: bool = False) -> Page[Row]:
    """One page: oldest waiting first, then those where nobody waits for us; or newest first.

    `after` is "<waiting since, microseconds, or ->_<id>" of the last case shown, so that pages never skip or repeat
    a case and page 1,000 costs what page 1 costs.
    """
    parts = _in_order(cases, after, newest_first=newest_first)
    return _page([Row._make(row) for row in _first([_named(part) for part in parts], PAGE + 1)], PAGE)


def first_rows(staff: "Staff", view: View) -> Page[Row]:
    """The first page of a view, which is asked for most by far: its query is worked out once."""
    if not staff.may(Permission.SEE_CASES):
        return Page([], "")
    query = _first_rows(view, everywhere=staff.may(Permission.SEE_ALL_CASES), single=_is_single(staff))
    values = _values(staff)
    return _page(query(own=values["own"], **{name: values[name] for name in view.asks}), PAGE)


@cache
def _first_rows(view: View, *, everywhere: bool, single: bool) -> PreparedRows[Row]:
    some: dict[str, Any] = {"user_id": 0, **dict.fromkeys(MOMENT)}

    def build(*, own: Any, **asked: Any) -> "QuerySet[Case, Any]":
        values = {**some, **asked}
        condition = view.condition(values.pop("user_id"), Moment(**values))
        cases = _seen(own, everywhere=everywhere, single=single).filter(condition)
        return _named(_in_order(cases, "", newest_first=view.newest_first)[0])

    return PreparedRows(Row, build, own=int if single else list, **{name: _TYPES[name] for name in view.asks})


_TYPES: dict[str, type] = {"user_id": int, "at": datetime, "day": date, "waited": datetime}


def _is_single(staff: "Staff") -> bool:
    """Whether the person sees the cases of one unit and no others: then they are read from its index, in order."""
    return len(staff.unit_ids) == 1 and not staff.may(Permission.SEE_ALL_CASES)


def _seen(own: Any, *, everywhere: bool, single: bool) -> CaseQuerySet:
    """The cases that somebody sees whose unit, or units, are `own`."""
    return Case.objects.filter(unit_id=own) if single else Case.objects.of_units(own, everywhere=everywhere)


def _values(staff: "Staff") -> dict[str, Any]:
    """What the queries that are worked out once are asked with."""
    own, moment = sorted(staff.unit_ids), Moment.of(now())
    return {
        "own": own[0] if _is_single(staff) else own,
        "user_id": staff.user.pk,
        **{name: getattr(moment, name) for name in MOMENT},
    }


def _named(cases: CaseQuerySet) -> "QuerySet[Case, tuple[Any, ...]]":
    """The rows of one page with their names."""
    return _only(cases, PAGE + 1).values_list(*_COLUMNS)


def _only(cases: CaseQuerySet, most: int) -> CaseQuerySet:
    """So many of the first, to be joined with what they name. Joined with all that the list holds, the database may
    find all of them, and sort them."""
    return Case.objects.filter(pk__in=cases.values("pk")[:most]).order_by(*cases.query.order_by)


def page_of(cases: CaseQuerySet, after: str = "", *, newest_first: bool = False, most: int | None = None) -> Page[Case]:
    """The same with whole cases."""
    most = most or PAGE
    parts = _in_order(cases, after, newest_first=newest_first)
    whole = [_only(part, most + 1).select_related("case_type", "unit", "category", "area", "officer") for part in parts]
    return _page(_first(whole, most + 1), most)


def _first[R](parts: "Iterable[QuerySet[Case, R]]", most: int) -> list[R]:
    """So many of the first rows of several queries, one after the other."""
    found: list[R] = []
    for part in parts:
        found += part[: most - len(found)]
        if len(found) == most:
            break
    return found


def _page[C: (Case, Row)](found: list[C], most: int) -> Page[C]:
    shown = found[:most]
    return Page(shown, _write(shown[-1]), found[most].pk) if len(found) > most else Page(shown, "")


def _in_order(cases: CaseQuerySet, after: str, *, newest_first: bool) -> list[CaseQuerySet]:
    """The rest of the list, as one query or as two that are read one after the other: each begins where the last page
    ended, by a bound of the index. "Later, or nobody waits" would be a filter on everything from the first page on."""
    waiting, last_id = _read(after)
    if newest_first:
        return [(cases.filter(pk__lt=last_id) if last_id else cases).order_by("-pk")]
    ordered = cases.order_by(F("waiting_since").asc(nulls_last=True), "pk")
    if not last_id:
        return [ordered]
    nobody_waits = ordered.filter(waiting_since__isnull=True)
    if waiting is None:
        return [nobody_waits.filter(pk__gt=last_id)]
    later = Q(waiting_since__gt=waiting) | Q(pk__gt=last_id)
    return [ordered.filter(later, waiting_since__gte=waiting), nobody_waits]


def _write(case: Case | Row) -> str:
    since = (case.waiting_since - _BEGINNING) // _MICROSECOND if case.waiting_since else "-"  # exact: no float between
    return f"{since}_{case.pk}"


def _read(after: str) -> tuple[datetime | None, int]:
    """What `_write` made; nonsense is the first page."""
    found = _CURSOR.fullmatch(after)
    if not found:
        return None, 0
    if found["since"] == "-":
        return None, int(found["pk"])
    try:
        return _BEGINNING + int(found["since"]) * _MICROSECOND, int(found["pk"])
    except OverflowError:
        return None, 0


def view_counts(staff: "Staff", unit_ids: Collection[int] | None = None) -> dict[str, int]:
    """How many cases each view holds, and how many wait for REVIEW; each counted to COUNT_TO at most, in one query."""
    counted = [*(view.slug for view in VIEWS if view.slug not in UNCOUNTED), REVIEW]
    if not staff.may(Permission.SEE_CASES):
        return dict.fromkeys(counted, 0)
    values = _values(staff)
    if unit_ids is not None:
        values["within"] = list(unit_ids)
    everywhere = staff.may(Permission.SEE_ALL_CASES)
    count = _counts(everywhere=everywhere, single=_is_single(staff), chosen=unit_ids is not None)
    return dict(zip(counted, count(**values), strict=True))


@cache
def _counts(*, everywhere: bool, single: bool, chosen: bool) -> PreparedCounts:
    """The query of `view_counts`; `chosen`: only the cases of some units."""

    def seen(own: Any) -> CaseQuerySet:
        return _seen(own, everywhere=everywhere, single=single)

    def counter(view: View) -> Callable[..., CaseQuerySet]:
        def build(*, own: Any, user_id: int, within: Any = None, **moment: Any) -> CaseQuerySet:
            cases = seen(own).filter(view.condition(user_id, Moment(**moment))).order_by(view.counted_by)
            return cases.filter(unit_id__any=within) if chosen else cases

        return build

    def reviews(*, own: Any, **_rest: Any) -> CaseQuerySet:
        return seen(own).filter(publication_state=Case.Published.REVIEW).order_by("pk")

    parameters: dict[str, type] = {**_TYPES, "own": int if single else list, **({"within": list} if chosen else {})}
    counted = [counter(view) for view in VIEWS if view.slug not in UNCOUNTED]
    return PreparedCounts([*counted, reviews], most=COUNT_TO, **parameters)


def review_queue(staff: "Staff") -> CaseQuerySet:
    """Cases that wait to be read through before others may see them, oldest first."""
    return Case.objects.visible_to(staff).filter(publication_state=Case.Published.REVIEW).order_by("pk")
