"""Cases on a map, tile by tile: the published ones for everybody, the open ones of the desk for staff."""

from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from lyhord.accounts.permissions import Permission
from lyhord.cases.desk_map import DeskMarker, desk_cell_counts, desk_markers, on_map
from lyhord.cases.hotspots import heat
from lyhord.cases.kind import KINDS
from lyhord.cases.public_filter import PublicFilter
from lyhord.cases.public_queries import Marker
from lyhord.cases.states import OPEN, State
from lyhord.core.errors import NotFound
from lyhord.places.morton import Range, tile_range
from lyhord.www.api.answers import OPEN as OPEN_TO_ALL
from lyhord.www.api.answers import answer
from lyhord.www.api.callers import ANYBODY, STAFF, ApiRequest, staff_may
from lyhord.www.api.case_lists import UnitCode, below
from lyhord.www.public.tiles import CLUSTER_STEPS, HIGHEST, LOWEST, MOST_ON_TILE, clusters, on_tile

router = Router(tags=["maps"], auth=ANYBODY)
desk_router = Router(tags=["cases"], auth=STAFF)

Zoom = Annotated[int, Path(ge=LOWEST, le=HIGHEST, description="As of web maps (XYZ).")]
Place = Annotated[int, Path(ge=0, lt=2**HIGHEST)]


class TileCase(BaseModel):
    """A case as a point."""

    number: str
    title: str
    state: State
    lat: float
    lon: float


class Heap(BaseModel):
    """Several cases as one."""

    lat: float
    lon: float
    count: int


class Tile(BaseModel):
    """Either cases, at most 1,000, or heaps of them."""

    cases: list[TileCase]
    clusters: list[Heap]


class Heat(BaseModel):
    """How many cases have been told of in each square, densest first."""

    total: int
    side_m: int = Field(description="The side of a square, in metres.")
    cells: list[Heap]


@router.get("/published/map/{z}/{x}/{y}", response=Tile, summary="Published cases on a map")
def published_tile(
    request: ApiRequest,
    z: Zoom,
    x: Place,
    y: Place,
    state: Annotated[list[State], Query(max_length=9, description="Any of these; the open ones unless said.")] = [],  # noqa: B006  # copied for each request
) -> HttpResponse:
    """One tile of the map of published cases."""
    if not request.organisation.publishes:
        raise NotFound
    found, heaps = on_tile(_cells(z, x, y), PublicFilter(states=frozenset(state) or OPEN), z)
    return answer(request, _tile(found, heaps), cache=OPEN_TO_ALL)


@router.get("/published/heat", response=Heat, summary="Where most is told of")
def published_heat(request: ApiRequest) -> HttpResponse:
    """All published cases, counted by square."""
    if not request.organisation.publishes:
        raise NotFound
    found = heat(PublicFilter())
    body = Heat(
        total=found.total,
        side_m=found.side_m,
        cells=[Heap(lat=lat, lon=lon, count=count) for lat, lon, count in found.cells],
    )
    return answer(request, body, cache=OPEN_TO_ALL)


@desk_router.get("/map/{z}/{x}/{y}", response=Tile, summary="Open cases on a map")
def desk_tile(
    request: ApiRequest,
    z: Zoom,
    x: Place,
    y: Place,
    *,
    unit: UnitCode = "",
    kind: Annotated[str, Query(max_length=40)] = "",
) -> HttpResponse:
    """One tile of the open cases that the person sees; what is secret or protected is on no map."""
    staff = staff_may(request, Permission.SEE_CASES)
    if kind and kind not in KINDS.slugs():
        raise NotFound
    cells, depth = _cells(z, x, y), z + CLUSTER_STEPS
    cases = on_map(staff, unit_ids=below(unit), kind=kind)
    found = desk_markers(cases, cells, MOST_ON_TILE)
    heaps = clusters(desk_cell_counts(cases, cells, depth), depth) if found is None else []
    return answer(request, _tile(found or [], heaps))


def _cells(z: int, x: int, y: int) -> Range:
    try:
        return tile_range(z, x, y)
    except ValueError:
        raise NotFound from None


def _tile(found: Sequence[Marker | DeskMarker], heaps: list[dict[str, Any]]) -> Tile:
    cases = [
        TileCase(number=one.number, title=one.title, state=State(one.state), lat=one.lat or 0.0, lon=one.lon or 0.0)
        for one in found
    ]
    return Tile(cases=cases, clusters=[Heap(**heap) for heap in heaps])
