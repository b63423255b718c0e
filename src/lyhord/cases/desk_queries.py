"""Reads for the desk: which cases somebody sees in which view, oldest waiting first."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.cases.lateness import late
from lyhord.cases.models import Case, CaseQuerySet, Message, Side
from lyhord.cases.queries import search
from lyhord.core.clock import now

if TYPE_CHECKING:
    from lyhord.accounts.staff import Staff

PAGE = 50
COUNT_TO = 100  # counts stop here: "99+"; counting a million rows to show a number helps nobody

_BEGINNING, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_CURSOR = re.compile(r"(?P<since>-|[0-9]{1,18})_(?P<pk>[0-9]{1,18})")

type Condition = Callable[["Staff", datetime], Q]


@dataclass(frozen=True, slots=True)
class View:
    """One entry in the desk's menu."""

    slug: str
    label: Promise
    condition: Condition
    empty: Promise


def _written() -> Q:
    """The resident has written more than the report itself."""
    return Q(Exists(Message.objects.filter(case=OuterRef("pk"), side=Side.RESIDENT)))


VIEWS: tuple[View, ...] = (
    View(
        "min-dag",
        _("Min dag"),
        lambda staff, at: Q(open=True, officer_id=staff.user.pk) & (Q(waiting_since__isnull=False) | late(at)),
        _("Ingen väntar på dig just nu. Bra jobbat."),
    ),
    View("nya-svar", _("Nya svar"), lambda _staff, _at: Q(open=True, unread=True) & _written(), _("Inga nya svar.")),
    View("mina", _("Mina"), lambda staff, _at: Q(open=True, officer_id=staff.user.pk), _("Du har inga ärenden.")),
    View(
        "ofordelat",
        _("Ofördelat"),
        lambda _staff, _at: Q(open=True, officer_id__isnull=True),
        _("Alla ärenden har någon som har hand om dem."),
    ),
    View(
        "forsenat",
        _("Försenat"),
        lambda _staff, at: late(at),
        _("Inget är försenat."),
    ),
    View("vantar", _("Väntar"), lambda _staff, _at: Q(state__in=["waiting", "planned"]), _("Inget väntar.")),
    View("alla", _("Alla öppna"), lambda _staff, _at: Q(open=True), _("Det finns inga öppna ärenden.")),
    View("avslutade", _("Avslutade"), lambda _staff, _at: Q(open=False), _("Inga avslutade ärenden.")),
)
UNCOUNTED = frozenset({"avslutade"})
BY_SLUG = {view.slug: view for view in VIEWS}


def cases_in(staff: "Staff", view: View, *, unit_ids: Collection[int] | None = None, words: str = "") -> CaseQuerySet:
    """The cases of a view that the person may see, in no order yet; with words, those they find in every view."""
    if words.strip():
        cases = search(staff, words)
    else:
        cases = Case.objects.visible_to(staff).filter(view.condition(staff, now()))
    return cases if unit_ids is None else cases.filter(unit_id__in=unit_ids)


@dataclass(frozen=True, slots=True)
class Page:
    """Up to PAGE cases, where the next page begins ("" on the last), and the id of the first case there."""

    cases: list[Case]
    next: str
    beyond: int | None = None


def page_of(cases: CaseQuerySet, after: str = "", *, newest_first: bool = False) -> Page:
    """One page: oldest waiting first, then those where nobody waits for us; or newest first.

    `after` is "<waiting since, microseconds, or ->_<id>" of the last case shown, so that pages never skip or repeat
    a case and page 1,000 costs what page 1 costs.
    """
    waiting, last_id = _read(after)
    if newest_first:
        if last_id:
            cases = cases.filter(pk__lt=last_id)
        ordered = cases.order_by("-pk")
    else:
        if last_id:
            later = Q(waiting_since__isnull=True)
            if waiting is None:
                cases = cases.filter(later, pk__gt=last_id)
            else:
                cases = cases.filter(Q(waiting_since__gt=waiting) | Q(waiting_since=waiting, pk__gt=last_id) | later)
        ordered = cases.order_by(F("waiting_since").asc(nulls_last=True), "pk")
    rows = list(ordered.select_related("unit", "category", "area", "officer")[: PAGE + 1])
    shown = rows[:PAGE]
    return Page(shown, _write(shown[-1]), rows[PAGE].pk) if len(rows) > PAGE else Page(shown, "")


def _write(case: Case) -> str:
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
    """How many cases each view holds, counted to COUNT_TO at most, in one query."""
    at = now()
    mine = Case.objects.visible_to(staff)
    if unit_ids is not None:
        mine = mine.filter(unit_id__in=unit_ids)
    counted = [view for view in VIEWS if view.slug not in UNCOUNTED]
    parts: list[str] = []
    values: list[Any] = []
    for view in counted:
        try:
            query = mine.filter(view.condition(staff, at)).order_by().values("pk")[:COUNT_TO].query
            sql, params = query.sql_with_params()
        except EmptyResultSet:  # somebody without any unit: nothing to ask the database about
            return {view.slug: 0 for view in counted}
        parts.append(f"(select count(*) from ({sql}) as counted)")  # noqa: S608  # built by Django's own compiler
        values += list(params)
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(parts)}", values)
        row = cursor.fetchone()
    return dict(zip([view.slug for view in counted], row, strict=True))


def review_queue(staff: "Staff") -> CaseQuerySet:
    """Cases that wait to be read through before others may see them, oldest first."""
    return Case.objects.visible_to(staff).filter(publication_state=Case.Published.REVIEW).order_by("pk")


def review_count(staff: "Staff") -> int:
    """How many wait for review, counted to COUNT_TO."""
    return review_queue(staff).values("pk")[:COUNT_TO].count()
