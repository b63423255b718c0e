"""The desk's map: the open cases that the person may see, and the same as a list beside it."""

from collections.abc import Collection
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.desk_map import desk_cell_counts, desk_markers, on_map
from lyhord.cases.desk_queries import Row, rows_of
from lyhord.cases.kind import KINDS
from lyhord.cases.models import CaseQuerySet
from lyhord.cases.states import State
from lyhord.core.errors import NotFound
from lyhord.organisations.models import Unit
from lyhord.organisations.queries import units_in_order
from lyhord.places.morton import Range, tile_range
from lyhord.www.addresses import DESK_CASE
from lyhord.www.desk.deadline import deadline_of
from lyhord.www.desk.frame import desk_page, frame
from lyhord.www.desk.listing import units_below, units_seen
from lyhord.www.desk.lists import Rows
from lyhord.www.public.shown import map_settings
from lyhord.www.public.tiles import CLUSTER_STEPS, HIGHEST, LOWEST, MOST_ON_TILE, clusters, kept, pinned


@require_safe
@requires(Permission.SEE_CASES)
def desk_map(request: StaffRequest) -> HttpResponse:
    """Map and list, of one unit or all, of one kind or all; the list is oldest waiting first."""
    staff = request.staff
    everything = units_in_order()
    seen = units_seen(staff, everything)
    unit, kind = _wanted(request, seen)
    unit_ids = units_below(everything, unit) if unit else None
    found = rows_of(on_map(staff, unit_ids=unit_ids, kind=kind), request.GET.get("efter", "")[:60])
    chosen = {name: value for name, value in {"enhet": unit.code if unit else "", "sort": kind}.items() if value}
    more = f"?{urlencode({**chosen, 'efter': found.next})}" if found.next else ""
    shown = map_settings(request.organisation)
    if shown:
        shown["cases_url"] = f"{reverse('desk:map')}{{z}}/{{x}}/{{y}}.json"
        shown["query"] = urlencode(chosen)
    kinds = [(slug, str(KINDS.get(slug).label)) for slug in KINDS.slugs()]
    context = {
        **frame(staff, "karta"),
        "page": Rows([_row(case) for case in found.cases], next_url=more),
        "units": [{"value": one.code, "label": one.name, "selected": one == unit} for one in seen],
        "kinds": [{"value": slug, "label": label, "selected": slug == kind} for slug, label in kinds],
        "map": shown,
    }
    return desk_page(request, "desk/map.html", context)


@require_safe
@requires(Permission.SEE_CASES)
def desk_tile(request: StaffRequest, z: int, x: int, y: int) -> HttpResponse:
    """One tile, as the public ones, of what the person may see. No one else's browser may keep it."""
    if not LOWEST <= z <= HIGHEST:
        raise NotFound
    try:
        cells = tile_range(z, x, y)
    except ValueError:
        raise NotFound from None
    everything = units_in_order() if request.GET.get("enhet") else []
    unit, kind = _wanted(request, units_seen(request.staff, everything))
    unit_ids: Collection[int] | None = units_below(everything, unit) if unit else None
    cases = on_map(request.staff, unit_ids=unit_ids, kind=kind)
    return kept(request, _content(cases, cells, z), "private, no-cache")


def _wanted(request: StaffRequest, seen: list[Unit]) -> tuple[Unit | None, str]:
    """The unit and the kind asked for; what makes no sense is nothing."""
    code, kind = request.GET.get("enhet", ""), request.GET.get("sort", "")
    return next((one for one in seen if one.code == code), None), kind if kind in KINDS.slugs() else ""


def _content(cases: CaseQuerySet, cells: Range, z: int) -> dict[str, Any]:
    found = desk_markers(cases, cells, MOST_ON_TILE)
    if found is None:
        depth = z + CLUSTER_STEPS
        return {"cases": [], "clusters": clusters(desk_cell_counts(cases, cells, depth), depth)}
    rows = ((f"{one.number} {one.title}", one.pk, one.lat, one.lon, one.kind, one.state) for one in found)
    return {**pinned(rows, DESK_CASE("{}"), _label), "clusters": []}


def _label(kind: str, state: str) -> str:
    return str(KINDS.get(kind).words(State(state)).staff)


def _row(case: Row) -> dict[str, Any]:
    words = KINDS.get(case.kind).words(State(case.state))
    return {
        "number": case.number,
        "title": case.title,
        "url": DESK_CASE(case.pk),
        "place_text": case.place_text,
        "unit_name": case.unit_name,
        "deadline": deadline_of(case).chip,
        "state": case.state,
        "state_label": str(words.staff),
        "state_icon": words.icon,
    }
