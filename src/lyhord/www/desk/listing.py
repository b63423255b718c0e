"""Which list somebody looks at, read from the address, and its rows: the address of a list is its filter."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff, StaffRequest
from lyhord.cases import tongues
from lyhord.cases.desk_queries import Page, Row, cases_in, first_rows, rows_of
from lyhord.cases.desk_views import BY_SLUG, VIEWS, View
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, CaseQuerySet, Reporter
from lyhord.cases.queries import LONGEST_SEARCH, MOST_FOUND, same_reporter
from lyhord.core.text import clean_text
from lyhord.organisations.models import Unit
from lyhord.organisations.queries import units_in_order
from lyhord.www.addresses import DESK_CASE
from lyhord.www.desk.bulk_deeds import bulk_choices, bulk_url
from lyhord.www.desk.deadline import deadline_of
from lyhord.www.desk.frame import frame, inbox_url
from lyhord.www.desk.lists import Rows


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for; what makes no sense in it is passed over."""

    view: View
    words: str
    unit: Unit | None
    units: list[Unit]
    """Those whose cases the person sees, to choose among."""
    below: frozenset[int]
    """The chosen unit and all below it."""
    reporter_of: Case | None
    """All from the one who reported this case."""
    after: str

    @classmethod
    def read(cls, request: StaffRequest) -> "Wanted":
        """From the query string: vy, q, enhet, fran, efter."""
        staff, given = request.staff, request.GET
        everything = units_in_order()
        units = units_seen(staff, everything)
        unit = next((one for one in units if one.code == given.get("enhet", "")), None)
        return cls(
            view=BY_SLUG.get(given.get("vy", ""), VIEWS[0]),
            words=clean_text(given.get("q", ""), one_line=True)[:LONGEST_SEARCH],
            unit=unit,
            units=units if len(units) > 1 else [],
            below=units_below(everything, unit),
            reporter_of=_case(staff, given.get("fran", "")),
            after=given.get("efter", "")[:60],
        )

    @property
    def query(self) -> dict[str, str]:
        """The list's address, without where on it one is."""
        chosen = {
            "vy": self.view.slug,
            "q": self.words,
            "enhet": self.unit.code if self.unit else "",
            "fran": str(self.reporter_of.pk) if self.reporter_of else "",
        }
        return {name: value for name, value in chosen.items() if value}

    @property
    def here(self) -> str:
        """The query string of this page of the list."""
        return urlencode({**self.query, **({"efter": self.after} if self.after else {})})

    @property
    def searching(self) -> bool:
        """Whether the list is what something found, newest first, and no view."""
        return bool(self.words or self.reporter_of)

    @property
    def plain(self) -> bool:
        """Whether it is the first page of a view, and nothing else is asked for."""
        return not (self.searching or self.unit or self.after)

    @property
    def newest_first(self) -> bool:
        """In which order the list is; else whoever has waited longest comes first."""
        return self.searching or self.view.newest_first

    @property
    def label(self) -> str:
        """The heading."""
        if self.reporter_of:
            return _("Från samma som %(number)s") % {"number": self.reporter_of.number}
        return _("Sök: %(words)s") % {"words": self.words} if self.words else str(self.view.label)

    def cases(self, staff: Staff) -> CaseQuerySet:
        """The cases, in no order yet."""
        unit_ids = self.below if self.unit else None
        if self.reporter_of is None:
            return cases_in(staff, self.view, unit_ids=unit_ids, words=self.words)
        reporter = Reporter.objects.filter(case=self.reporter_of).first()
        cases = same_reporter(staff, self.reporter_of, reporter)
        return cases if unit_ids is None else cases.filter(unit_id__in=unit_ids)


def units_seen(staff: Staff, units: list[Unit]) -> list[Unit]:
    """Those whose cases the person sees."""
    return [unit for unit in units if _sees(staff, unit)]


def _sees(staff: Staff, unit: Unit) -> bool:
    return unit.pk in staff.unit_ids or (staff.may(Permission.SEE_ALL_CASES) and not unit.confidential)


def units_below(units: list[Unit], top: Unit | None) -> frozenset[int]:
    """A unit and everything under it."""
    found = {top.pk} if top else set()
    size = -1
    while len(found) != size:
        size = len(found)
        found |= {unit.pk for unit in units if unit.parent_id in found}
    return frozenset(found)


def _case(staff: Staff, text: str) -> Case | None:
    if not (text.isascii() and text.isdecimal() and len(text) < 18):
        return None
    return Case.objects.visible_to(staff).filter(pk=int(text)).first()


def list_context(request: StaffRequest, *, current: Case | None = None) -> dict[str, Any]:
    """What the list shows, alone or beside an open case."""
    staff, wanted = request.staff, Wanted.read(request)
    found = (
        first_rows(staff, wanted.view)
        if wanted.plain
        else rows_of(wanted.cases(staff), wanted.after, newest_first=wanted.newest_first)
    )
    more = inbox_url(**wanted.query, efter=found.next) if found.next else ""
    here, sees_all = wanted.here, staff.may(Permission.SEE_PROTECTED)
    label = cache(lambda kind: str(KINDS.get(kind).label))  # few differ, and each is translated
    rows = [_row(case, label(case.kind), here, current, sees_all=sees_all) for case in found.cases]
    empty = _("Vi hittar inget ärende. Pröva med andra ord, eller med numret.") if wanted.words else wanted.view.empty
    unit_code = wanted.unit.code if wanted.unit else ""
    unit_ids = wanted.below if wanted.unit else None
    return {
        **frame(staff, "" if wanted.searching else wanted.view.slug, unit=unit_code, unit_ids=unit_ids),
        "q": wanted.words,
        "view": {"label": wanted.label, "summary": _summary(len(rows), more), "empty": str(empty)},
        "units": [{"value": unit.code, "label": unit.name, "selected": unit == wanted.unit} for unit in wanted.units],
        "kept": [(name, value) for name, value in wanted.query.items() if name != "enhet"],
        "page": Rows(rows, next_url=more),
        "beyond": _beyond(found, wanted),
        "capped": _capped(wanted, staff, more),
        "bulk": bulk_choices(staff),
        "bulk_url": bulk_url(here),
        "back_url": f"{reverse('desk:inbox')}?{here}",
        "here": here,
        "case": None,
    }


def _beyond(found: Page[Row], wanted: Wanted) -> dict[str, Any] | None:
    """The case that comes after the last one shown."""
    if found.beyond is None:
        return None
    query = urlencode({**wanted.query, "efter": found.next})
    return {"id": found.beyond, "url": f"{DESK_CASE(found.beyond)}?{query}"}


def _summary(rows: int, more: str) -> str:
    if not rows:
        return ""
    return ngettext("%(n)s ärende", "%(n)s ärenden", rows) % {"n": f"{rows}+" if more else rows}


def _capped(wanted: Wanted, staff: Staff, more: str) -> str:
    """Said at the end of a search that found more than it shows."""
    if more or not (wanted.words and wanted.after) or wanted.cases(staff).count() < MOST_FOUND:
        return ""
    return _("Det här är de %(n)s nyaste träffarna. Skriv fler ord för att hitta äldre.") % {"n": MOST_FOUND}


def _row(case: Row, label: str, here: str, current: Case | None, *, sees_all: bool) -> dict[str, Any]:
    """`sees_all`: the reader may know where those with protected identity are."""
    area = case.area_name if sees_all or not case.protected else None
    parts = [label, area or case.unit_name]
    if case.officer_name:
        parts.append(case.officer_name)
    return {
        "id": case.pk,
        "revision": case.revision,
        "number": case.number,
        "title": case.title,
        "language": tongues.of_title(case),
        "url": f"{DESK_CASE(case.pk)}?{here}",
        "meta": " · ".join(parts),
        "deadline": deadline_of(case).chip,
        "unread": case.unread,
        "current": current is not None and case.pk == current.pk,
    }


def neighbours(context: Mapping[str, Any], found: Case) -> dict[str, Any]:
    """The rows before and after the open case in the list that is shown, and which case comes when it is done.

    An open case that is not in the list (any longer) is followed by the first one there.
    """
    rows = context["page"].object_list
    ids = [row["id"] for row in rows]
    if found.pk not in ids:
        return {"previous_url": "", "next_url": "", "next_id": ids[0] if ids else ""}
    at = ids.index(found.pk)
    following = rows[at + 1] if at + 1 < len(rows) else context["beyond"]
    return {
        "previous_url": rows[at - 1]["url"] if at else "",
        "next_url": following["url"] if following else "",
        "next_id": following["id"] if following else "",
    }
