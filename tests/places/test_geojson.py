import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.core.errors import Invalid
from lyhord.places.geojson import Limits, parse_areas, to_geojson

SQUARE = [[15.0, 58.5], [15.1, 58.5], [15.1, 58.6], [15.0, 58.6], [15.0, 58.5]]
HOLE = [[15.04, 58.54], [15.06, 58.54], [15.06, 58.56], [15.04, 58.56], [15.04, 58.54]]
BOWTIE = [[15.0, 58.5], [15.1, 58.6], [15.1, 58.5], [15.0, 58.6], [15.0, 58.5]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def parse(document: Any, limits: Limits | None = None) -> Any:
    return parse_areas(json.dumps(document), limits=limits)


def refusal(document: Any, limits: Limits | None = None) -> str:
    with pytest.raises(Invalid) as caught:
        parse(document, limits)
    return str(caught.value)


@pytest.mark.requirement("0.7")
def test_a_collection_gives_its_areas_with_names_and_codes() -> None:
    areas = parse(
        collection(
            feature(polygon(SQUARE, HOLE), name="  Varamon ", kod=17),
            feature({"type": "MultiPolygon", "coordinates": [[SQUARE]]}, NAMN="Råssnäs"),
            feature(polygon(SQUARE)),
        )
    )
    assert [(area.name, area.code) for area in areas] == [("Varamon", "17"), ("Råssnäs", ""), ("", "")]
    assert areas[0].geometry.area == pytest.approx(0.01 - 0.0004)


@pytest.mark.parametrize(
    "document", [polygon(SQUARE), feature(polygon(SQUARE)), {"type": "MultiPolygon", "coordinates": [[SQUARE]]}]
)
def test_a_lone_area_is_enough(document: Any) -> None:
    assert [area.geometry.area for area in parse(document)] == [pytest.approx(0.01)]


def test_bytes_with_a_mark_at_the_start_are_read() -> None:
    assert parse_areas(b"\xef\xbb\xbf" + json.dumps(polygon(SQUARE)).encode())


def test_open_rings_heights_and_repeated_corners_are_put_right() -> None:
    ring = [[15.0, 58.5, 88.0], [15.1, 58.5, 88.0], [15.1, 58.5, 88.0], [15.1, 58.6, 88.0], [15.0, 58.6, 88.0]]
    (area,) = parse(polygon(ring))
    assert area.geometry.is_valid
    assert not area.geometry.has_z
    assert area.geometry.area == pytest.approx(0.01)


def test_a_shape_that_crosses_itself_is_mended() -> None:
    (area,) = parse(polygon(BOWTIE))
    assert area.geometry.is_valid
    assert area.geometry.area == pytest.approx(0.005)


def test_a_shape_that_crosses_itself_everywhere_is_refused_before_it_is_mended() -> None:
    zigzag = [[15 + step % 2, 58 + (step * 37 % 101) / 100] for step in range(5000)]
    assert "korsar sig själv" in refusal(polygon(zigzag))


def test_names_are_cleaned_and_cut() -> None:
    (area,) = parse(feature(polygon(SQUARE), name="Vara\u202emon\u0000" + "x" * 999))
    assert area.name.startswith("Varamonx")
    assert len(area.name) == 120


@pytest.mark.parametrize("value", [True, None, 1.5, [], {}, "", " "])
def test_what_is_no_name_is_none(value: Any) -> None:
    assert parse(feature(polygon(SQUARE), name=value, namn="Centrum"))[0].name == "Centrum"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "GeoJSON med ytor"),
        ({}, "GeoJSON med ytor"),
        ({"type": "Point", "coordinates": [15, 58]}, "GeoJSON med ytor"),
        ({"type": "GeometryCollection", "geometries": [polygon(SQUARE)]}, "GeoJSON med ytor"),
        (collection(), "inga områden"),
        ({"type": "FeatureCollection", "features": {}}, "inga områden"),
        (collection(polygon(SQUARE)), "en Feature"),
        (collection(feature(polygon(SQUARE)), feature({"type": "LineString", "coordinates": SQUARE})), "Område 2"),
        (feature(None), "en yta"),
        ({"type": "Polygon"}, "saknar hörn"),
        (polygon(), "saknar hörn"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "saknar hörn"),
        (polygon(SQUARE[:2]), "minst tre hörn"),
        (polygon([SQUARE[0]] * 9), "minst tre hörn"),
        (polygon([[15, 58], [16, 58], [17, 58], [15, 58]]), "ingen insida"),
        (polygon([*SQUARE[:3], [15]]), "longitud, latitud"),
        (polygon([*SQUARE[:3], ["15", "58"]]), "longitud, latitud"),
        (polygon([*SQUARE[:3], [True, False]]), "longitud, latitud"),
        (polygon([*SQUARE[:3], [[15, 58], 1]]), "longitud, latitud"),
        (polygon([*SQUARE[:3], [181, 58]]), "inte på jorden"),
        (polygon([*SQUARE[:3], [15, 91]]), "inte på jorden"),
        (polygon([*SQUARE[:3], [10**400, 58]]), "WGS84"),
        (polygon([[502125, 6488510], [512125, 6488510], [512125, 6498510]]), "WGS84"),
        (polygon([[lat, lon] for lon, lat in SQUARE]), "fel ordning"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(document: Any, words: str) -> None:
    sentence = refusal(document)
    assert words in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{", b"\xff\xfe", b"null x", b'{"type": "Polygon", "coordinates": [[[NaN, 58]]]}'),
        *(b"[" * 100_000, b'{"a":' * 100_000, b'{"type":"Polygon","coordinates":' + b"[" * 100_000, b"9" * 5000),
    ],
)
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="går inte att läsa"):
        parse_areas(data)


def test_infinity_by_overflow_is_refused() -> None:
    with pytest.raises(Invalid, match="WGS84"):
        parse_areas('{"type": "Polygon", "coordinates": [[[1e999, 58], [15, 58], [15, 59]]]}')


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(size=100), "för stor"),
        (Limits(areas=1), "för många områden"),
        (Limits(corners=9), "för många hörn"),
        (Limits(rings=1), "för många hörn eller öar"),
    ],
)
def test_limits(limits: Limits, words: str) -> None:
    document = collection(feature(polygon(SQUARE)), feature(polygon(SQUARE)))
    assert parse(document)
    assert words in refusal(document, limits)


@pytest.mark.parametrize(
    "document", [polygon(SQUARE, HOLE), {"type": "MultiPolygon", "coordinates": [[SQUARE], [HOLE]]}]
)
def test_an_area_survives_being_written_and_read(document: Any) -> None:
    (area,) = parse(document)
    (again,) = parse(to_geojson(area.geometry))
    assert again.geometry.equals_exact(area.geometry, 1e-6, normalize=True)


numbers = st.integers() | st.floats(-200, 200)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5) | st.sampled_from(["Feature", "Polygon", "MultiPolygon"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["type", "coordinates"]), inner),
    max_leaves=30,
)


@given(st.sampled_from(["Polygon", "MultiPolygon", "FeatureCollection"]), values)
def test_any_json_is_areas_or_refused(kind: str, inner: Any) -> None:
    document = {"type": kind, "coordinates": inner, "features": inner if kind == "FeatureCollection" else None}
    try:
        areas = parse(document)
    except Invalid:
        return
    assert all(area.geometry.is_valid and area.geometry.area > 0 for area in areas)


@given(st.lists(st.tuples(st.floats(15, 15.2), st.floats(58.4, 58.6)), min_size=3, max_size=12))
def test_any_outline_is_a_valid_area_or_refused(corners: list[tuple[float, float]]) -> None:
    try:
        (area,) = parse(polygon(corners))
    except Invalid:
        return
    assert area.geometry.is_valid
    assert area.geometry.area > 0
