"""Where cases lie closer than elsewhere: the heat map's cells, and the spots that chance alone does not explain.

A spot is a cell and its eight neighbours. Were the same cases spread evenly over the cells that have any, a spot would
hold a Poisson number of them; one is hot when so many would come by chance less than once in a hundred such maps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, lgamma, log

from django.db import connection

from lyhord.cases.map_counts import cell_counts
from lyhord.cases.public_filter import PublicFilter
from lyhord.core.tenancy import require_organisation_id
from lyhord.places.morton import AXIS_BITS, CELLS, cell_at, cell_xy, centre, distance_m

DEPTH = 17
"""Cells of about 160 metres in the middle of Sweden."""
MOST_CELLS = 1500
"""More than these are drawn as fewer and larger ones."""
FEWEST = 5
"""Fewer cases than these make no spot."""
_CHANCE = 0.01
_AROUND = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]


@dataclass(frozen=True, slots=True)
class Hotspot:
    """One spot: its middle, how many cases it holds, and how many times more than an average one."""

    lat: float
    lon: float
    count: int
    times: float
    cell: int
    place: str = ""
    """Where most of its cases are said to be."""


@dataclass(frozen=True, slots=True)
class Heat:
    """Cells with cases: (lat, lon, count) of each, densest first, and how wide a cell is in metres."""

    cells: list[tuple[float, float, int]]
    side_m: int
    total: int


@dataclass(frozen=True, slots=True)
class Densest:
    """The hottest spots of all cases counted, and how wide a cell of the map is in metres."""

    spots: list[Hotspot]
    side_m: int
    total: int


def heat(wanted: PublicFilter) -> Heat:
    """How closely published cases lie, in cells as small as can be drawn. One query."""
    finest = _counts(wanted)
    counts, depth = _drawn(finest)
    cells = [(*_rounded(cell, depth), count) for cell, count in _densest_first(counts)]
    return Heat(cells, _side(counts, depth), sum(finest.values()))


def hotspots(wanted: PublicFilter, most: int = 10) -> Densest:
    """The hottest spots among published cases, with their places; two queries, whatever the number of cases."""
    finest = _counts(wanted)
    return Densest(_named(find_hotspots(finest, DEPTH, most), wanted), _side(*_drawn(finest)), sum(finest.values()))


def _counts(wanted: PublicFilter) -> dict[int, int]:
    return dict(cell_counts((0, CELLS), wanted, DEPTH))


def _drawn(counts: dict[int, int]) -> tuple[dict[int, int], int]:
    """The cells as the map shows them, and their depth: larger ones where there are too many."""
    depth = DEPTH
    while len(counts) > MOST_CELLS:
        coarser: dict[int, int] = {}
        for cell, count in counts.items():
            coarser[cell >> 2] = coarser.get(cell >> 2, 0) + count
        counts, depth = coarser, depth - 1
    return counts, depth


def _densest_first(counts: Mapping[int, int]) -> list[tuple[int, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _side(counts: Mapping[int, int], depth: int) -> int:
    """How wide the densest cell is, in metres; 0 when there is none."""
    if not counts:
        return 0
    x, y = cell_xy(_densest_first(counts)[0][0])
    return round(distance_m(centre(cell_at(x, y), depth), centre(cell_at(x + 1, y), depth)))


def find_hotspots(counts: Mapping[int, int], depth: int, most: int) -> list[Hotspot]:
    """Hot spots in counts by cell of a depth, hottest first, none overlapping another."""
    if not counts:
        return []
    by_place = {cell_xy(cell): count for cell, count in counts.items()}
    sums = {(x, y): sum(by_place.get((x + dx, y + dy), 0) for dx, dy in _AROUND) for x, y in by_place}
    usual = sum(by_place.values()) / len(by_place)  # in one cell that has any
    evenly = {
        (x, y): usual * sum((x + dx, y + dy) in by_place for dx, dy in _AROUND)
        for (x, y), count in sums.items()
        if count >= max(FEWEST, usual)  # else it is no denser than it would be
    }
    chance = {place: log_tail(sums[place], expected) for place, expected in evenly.items()}
    hot = {place: found for place, found in chance.items() if found < log(_CHANCE / len(sums))}
    found: list[tuple[int, int]] = []
    for place in sorted(hot, key=lambda one: (hot[one], -by_place[one], one)):
        if len(found) < most and all(max(abs(place[0] - x), abs(place[1] - y)) > 2 for x, y in found):
            found.append(place)
    spots = [_spot(place, by_place, sums[place], sums[place] / evenly[place], depth) for place in found]
    return sorted(spots, key=lambda spot: (-spot.count, spot.cell))


def log_tail(count: int, usual: float) -> float:
    """The logarithm of the chance of so many or more where `usual` are expected (Poisson); 0 for what is usual."""
    if count <= usual:
        return 0.0
    term = total = 1.0
    for step in range(1, 1000):
        term *= usual / (count + step)
        total += term
        if term < total * 1e-12:
            break
    return min(0.0, count * log(usual) - usual - lgamma(count + 1) + log(total)) if usual > exp(-300) else -300.0


def _spot(
    place: tuple[int, int], by_place: Mapping[tuple[int, int], int], count: int, times: float, depth: int
) -> Hotspot:
    """The spot round a cell, its middle where most of its cases are."""
    lat = lon = 0.0
    for dx, dy in _AROUND:
        near = (place[0] + dx, place[1] + dy)
        if held := by_place.get(near, 0):
            here = centre(cell_at(*near), depth)
            lat, lon = lat + here[0] * held / count, lon + here[1] * held / count
    densest = max(
        ((place[0] + dx, place[1] + dy) for dx, dy in _AROUND), key=lambda near: (by_place.get(near, 0), near)
    )
    return Hotspot(round(lat, 5), round(lon, 5), count, round(times, 1), cell_at(*densest))


def _rounded(cell: int, depth: int) -> tuple[float, float]:
    lat, lon = centre(cell, depth)
    return round(lat, 5), round(lon, 5)


_PLACES = """
select spot.low, place.place_text
from unnest(%s::bigint[], %s::bigint[]) as spot(low, high)
cross join lateral (
    select c.place_text from cases_case c
    where c.organisation_id = %s and c.publication_state = 'published' and c.cell >= spot.low and c.cell < spot.high
        and c.place_text <> ''{conditions}
    group by c.place_text order by count(*) desc, c.place_text limit 1
) place
"""


def _named(spots: list[Hotspot], wanted: PublicFilter) -> list[Hotspot]:
    """The spots with the place that most of the cases in their densest cell give: one range of the index for each."""
    if not spots:
        return []
    conditions, values = wanted.sql()
    shift = 2 * (AXIS_BITS - DEPTH)
    lows = {spot.cell << shift: spot for spot in spots}
    highs = [(spot.cell + 1) << shift for spot in spots]
    with connection.cursor() as cursor:
        cursor.execute(_PLACES.format(conditions=conditions), [list(lows), highs, require_organisation_id(), *values])
        places = dict(cursor.fetchall())
    return [
        Hotspot(spot.lat, spot.lon, spot.count, spot.times, spot.cell, places.get(low, ""))
        for low, spot in lows.items()
    ]
