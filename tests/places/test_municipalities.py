import json
import subprocess
import sys
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from lyhord.places.geojson import parse_areas
from lyhord.places.municipalities import (
    all_municipalities,
    municipalities_near,
    municipality,
    municipality_at,
)
from lyhord.places.polygons import AreaIndex

TOWNS = [
    ("0583", 58.5371, 15.0365),  # Motala
    ("0583", 58.5586, 15.2783),  # Borensberg
    ("0586", 58.3259, 15.1236),  # Mjölby
    ("0586", 58.3953, 15.0873),  # Skänninge
    ("0584", 58.4436, 14.9050),  # Vadstena
    ("0580", 58.4108, 15.6214),  # Linköping
    ("0180", 59.3303, 18.0592),  # Stockholm, in a gap by the water
    ("0180", 59.3378, 18.0735),  # Stockholm, Humlegården
    ("1480", 57.7089, 11.9746),  # Göteborg
    ("1280", 55.6050, 13.0038),  # Malmö
    ("2584", 67.8558, 20.2253),  # Kiruna
    ("0980", 57.6348, 18.2960),  # Visby
]


@pytest.mark.requirement("0.12")
def test_all_290_by_code() -> None:
    every = all_municipalities()
    assert len(every) == 290
    assert [found.code for found in every] == sorted({found.code for found in every})
    assert len({found.county_code for found in every}) == 21
    assert all(len(found.code) == 4 and found.code.startswith(found.county_code) for found in every)


def test_one_by_its_code() -> None:
    motala = municipality("0583")
    assert (motala.name, motala.short_name, motala.county) == ("Motala kommun", "Motala", "Östergötlands län")
    assert motala.centre == (motala.lat, motala.lon)
    for code in ("583", "0000", "", "0583\n"):
        with pytest.raises(KeyError):
            municipality(code)


@pytest.mark.requirement("0.7")
@pytest.mark.parametrize(("code", "lat", "lon"), TOWNS)
def test_well_known_towns_are_in_their_municipality(code: str, lat: float, lon: float) -> None:
    found = municipality_at(lat, lon)
    assert found is not None
    assert found.code == code


def test_each_boundary_is_a_valid_area_around_its_own_centre() -> None:
    for found in all_municipalities():
        assert shape(found.boundary).is_valid
        assert AreaIndex([(found.code, found.boundary)]).containing(*found.centre) == [found.code]
        west, south, east, north = _bounds(found.boundary)
        assert (south, west, north, east) == (found.south, found.west, found.north, found.east)


def _bounds(boundary: dict[str, object]) -> tuple[float, float, float, float]:
    corners = [corner for part in boundary["coordinates"] for ring in part for corner in ring]  # type: ignore[attr-defined]  # JSON of any shape
    lons, lats = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return min(lons), min(lats), max(lons), max(lats)


def test_a_boundary_is_closed_and_passes_the_check_for_uploaded_ones() -> None:
    boundary = municipality("0583").boundary
    assert all(ring[0] == ring[-1] for part in boundary["coordinates"] for ring in part)
    (area,) = parse_areas(json.dumps(boundary))
    assert area.geometry.is_valid


def test_a_boundary_that_somebody_changes_is_theirs_alone() -> None:
    municipality("0583").boundary["coordinates"].clear()
    assert municipality("0583").boundary["coordinates"]


def test_neighbours_share_their_border_exactly() -> None:
    motala = {tuple(corner) for corner in municipality("0583").boundary["coordinates"][0][0]}
    mjolby = {tuple(corner) for corner in municipality("0586").boundary["coordinates"][0][0]}
    assert len(motala & mjolby) >= 5


@pytest.mark.requirement("0.7")
def test_near_a_border_there_are_two_to_ask() -> None:
    lat, lon = 58.4400, 15.1100  # south of Fågelsta, some hundred metres from Mjölby
    assert {found.code for found in municipalities_near(lat, lon, 1500)} >= {"0586"}
    assert [found.code for found in municipalities_near(58.3259, 15.1236)] == ["0586"]
    corner = municipality("0583").boundary["coordinates"][0][0]
    shared = next(tuple(place) for place in corner if list(place) in municipality("0586").boundary["coordinates"][0][0])
    assert {"0583", "0586"} <= {found.code for found in municipalities_near(shared[1], shared[0])}


def test_abroad_and_at_sea_there_is_none() -> None:
    assert municipality_at(52.52, 13.405) is None
    assert municipality_at(57.0, 20.0) is None
    assert municipalities_near(52.52, 13.405) == []


def test_what_is_no_position_is_refused() -> None:
    for lat, lon in [(float("nan"), 15.0), (58.0, 200.0)]:
        with pytest.raises(ValueError, match="position"):
            municipality_at(lat, lon)
        with pytest.raises(ValueError, match="position"):
            municipalities_near(lat, lon)
    with pytest.raises(ValueError, match="near"):
        municipalities_near(58.0, 15.0, 50_000)


@given(st.floats(55.3, 69.1), st.floats(10.9, 24.2))
def test_the_one_it_is_in_is_the_nearest(lat: float, lon: float) -> None:
    near = municipalities_near(lat, lon)
    assert municipality_at(lat, lon) == (near[0] if near else None)
    whole = AreaIndex((found.code, found.boundary) for found in near)
    distances = [
        0.0 if found.code in whole.containing(lat, lon) else whole.nearest_border_m(lat, lon, found.code)
        for found in near
    ]
    assert distances == sorted(distances)
    assert all(away <= 1500 for away in distances)


def test_nothing_is_read_before_it_is_asked_for() -> None:
    program = (
        "import lyhord.places.municipalities as m\n"
        "assert not m._by_code.cache_info().currsize\n"
        "assert not m._packed.cache_info().currsize\n"
        "m.municipality_at(58.5371, 15.0365)\n"
        "assert m._index.cache_info().currsize < 6\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_the_boundaries_are_small() -> None:
    packed = files("lyhord.places.data").joinpath("municipality_boundaries.tsv").read_bytes()
    assert len(packed) < 300_000
