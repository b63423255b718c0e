"""The map of published cases, tile by tile, and the municipality's border to draw when there is no other map."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from lyhord.cases.kind import KINDS
from lyhord.cases.map_counts import cell_counts, counted, is_quick
from lyhord.cases.public_filter import PublicFilter
from lyhord.cases.public_queries import Marker, markers
from lyhord.cases.states import State
from lyhord.core.errors import NotFound
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.places.morton import Range, centre, tile_range
from lyhord.places.queries import boundaries
from lyhord.www.addresses import CASE
from lyhord.www.packed import squeezed
from lyhord.www.public.choices import Chosen

LOWEST, HIGHEST = 5, 22
AFAR = 12
"""From here on up a tile is counted before its cases are asked for."""
NEAR = 17
"""And from here on up where counting costs next to nothing."""
MOST_ON_TILE = 1000
DECIMALS = 6
"""Of a position: a tenth of a metre."""
CLUSTER_STEPS = 3
"""A crowded tile is cut into 8 by 8 heaps."""


@require_safe
def tile(request: OrganisationRequest, z: int, x: int, y: int) -> HttpResponse:
    """{url, states: [[state, words]], cases: [[title, number, lat, lon, which state]], clusters: [{lat, lon, count}]}.

    `url` has "{}" where a case's number goes. What cases have in common is said once, since there may be a thousand.
    One index range; at most 1,000 cases, else heaps. 304 while nothing has changed. What is withdrawn is gone at the
    next question, since nothing is kept without asking.
    """
    if not request.organisation.publishes or not LOWEST <= z <= HIGHEST:
        raise NotFound
    try:
        cells = tile_range(z, x, y)
    except ValueError:
        raise NotFound from None
    wanted = Chosen.read(request).filter
    return kept(request, _content(cells, wanted, z), "private, max-age=0, must-revalidate")


def _content(cells: Range, wanted: PublicFilter, z: int) -> dict[str, Any]:
    found, heaps = on_tile(cells, wanted, z)
    return {**pinned(found, CASE("{}"), _label), "clusters": heaps}


def pinned(
    rows: Iterable[tuple[str, str | int, float | None, float | None, str, str]],
    url: str,
    label: Callable[[str, str], str],
) -> dict[str, Any]:
    """Cases as map.js takes them, from (title, number or key, latitude, longitude, kind, state).

    `label` says in words where a case of a kind is. Few differ, and each is said once.
    """
    states: dict[tuple[str, str], int] = {}
    cases = [
        (title, number, lat, lon, states.setdefault((kind, state), len(states)))
        for title, number, lat, lon, kind, state in rows
    ]
    return {"url": url, "states": [(state, label(kind, state)) for kind, state in states], "cases": cases}


def on_tile(cells: Range, wanted: PublicFilter, z: int) -> tuple[list[Marker], list[dict[str, Any]]]:
    """Cases, or heaps where they are many. What is seen from afar is counted first: mostly it is heaps."""
    heaps: list[tuple[int, int]] | None = None
    depth = z + CLUSTER_STEPS
    if (z <= AFAR and counted(wanted)) or (z <= NEAR and is_quick(wanted)):
        heaps = cell_counts(cells, wanted, depth)
        if sum(count for _cell, count in heaps) > MOST_ON_TILE:
            return [], clusters(heaps, depth)
    found = markers(cells, wanted, MOST_ON_TILE)
    if found is None:
        return [], clusters(heaps or cell_counts(cells, wanted, depth), depth)
    return found, []


def _label(kind: str, state: str) -> str:
    return str(KINDS.get(kind).words(State(state)).resident)


def clusters(counts: list[tuple[int, int]], depth: int) -> list[dict[str, Any]]:
    """Counts of cells of a depth as heaps in their middles, in a steady order."""
    heaps = []
    for cell, count in sorted(counts):
        lat, lon = centre(cell, depth)
        heaps.append({"lat": round(lat, DECIMALS), "lon": round(lon, DECIMALS), "count": count})
    return heaps


@require_safe
def boundary(request: OrganisationRequest) -> HttpResponse:
    """The border as GeoJSON."""
    features = [
        {"type": "Feature", "properties": {"name": area.name}, "geometry": area.geojson} for area in boundaries()
    ]
    return kept(request, {"type": "FeatureCollection", "features": features}, "private, max-age=3600")


def kept(request: HttpRequest, body: dict[str, Any], cache: str) -> HttpResponse:
    """JSON that the browser may keep, and need not fetch again while it is the same."""
    text = orjson.dumps(body)
    etag = f'"{hashlib.sha256(text).hexdigest()[:24]}"'
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(text, content_type="application/json")
    response["ETag"] = etag
    response["Cache-Control"] = cache
    patch_vary_headers(response, ["Cookie"])
    return squeezed(request, response)
