"""Published cases as files: whole, valid, and never more than what was published."""

import csv
import io
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from geojson_pydantic import FeatureCollection
from shapely import wkb

from lyhord.cases import actions
from lyhord.cases.states import CLOSED, State
from lyhord.core.tenancy import organisation_scope
from lyhord.opendata.columns import COLUMNS
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from lyhord.places.sweref import to_sweref99tm
from tests import factories
from tests.www.opendata.conftest import Publish, content, multiply

pytestmark = pytest.mark.django_db
WALL = 4
NAMES = 4  # types, categories, areas, units
BATCH = 6  # into the organisation and out again, the cases, their texts


def features(response: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(content(response))["features"]
    return found


def rows(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(response).decode())))


def tag_of(response: Any) -> str:
    content(response)
    return str(response.headers["ETag"])


def opened(response: Any, folder: Path) -> sqlite3.Connection:
    path = folder / "a.gpkg"
    path.write_bytes(content(response))
    return sqlite3.connect(path)


@pytest.mark.requirement("0.19", "P7")
def test_a_thousand_cases_validate_and_are_as_many_as_the_filter_says(
    web: Client, motala: Organisation, publish: Publish, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    multiply(motala, publish().case.pk, 1199)
    expected = {"": 1200, "lage=planerat": 320, "lage=klart": 239, "lage=pagar": 961, "lage=pagar&kategori=trafik": 0}
    content(web.get("/oppna-data/arenden.csv"))
    for query, count in expected.items():
        with django_assert_max_num_queries(WALL + NAMES + 1 + 2 * BATCH):
            body = content(web.get(f"/oppna-data/arenden.geojson?{query}"))
        collection: Any = FeatureCollection.model_validate_json(body)
        assert len(collection.features) == count, query
        assert len({feature.id for feature in collection.features}) == count
        with django_assert_max_num_queries(WALL + NAMES + 1 + 2 * BATCH):
            assert len(rows(web.get(f"/oppna-data/arenden.csv?{query}"))) == count
        with django_assert_max_num_queries(WALL + NAMES + 1 + 2 * BATCH):
            response = web.get(f"/oppna-data/arenden.gpkg?{query}")
        assert opened(response, tmp_path).execute("select count(*) from arenden").fetchone() == (count,)


@pytest.mark.requirement("0.19", "4.15")
def test_every_file_says_the_same_of_a_case(web: Client, motala: Organisation, publish: Publish, cast: Any) -> None:
    made = publish("Släckt, ”lampa”", "Rad ett\nrad två; å, ä och ö", answer="Vi byter den.", email="asta@example.se")
    with organisation_scope(motala.pk):
        actions.change_state(case_id=made.case.pk, to=State.RESOLVED, message="Klart.", by=cast.sara.actor)
    [feature] = features(web.get("/oppna-data/arenden.geojson"))
    [row] = rows(web.get("/oppna-data/arenden.csv"))
    lon, lat = feature["geometry"]["coordinates"]
    assert (lat, lon) == factories.MOTALA
    said = feature["properties"]
    northing, easting = to_sweref99tm(*factories.MOTALA)
    assert (said["sweref99tm_n"], said["sweref99tm_e"]) == pytest.approx((northing, easting), abs=0.01)
    assert said["nummer"] == feature["id"] == made.case.number
    assert said["url"] == f"https://motala.localhost/arenden/{made.case.number}/"
    assert (said["typ"], said["typ_namn"]) == ("belysning.lampa", "Släckt gatubelysning")
    assert (said["lage"], said["lage_namn"], said["enhet"]) == ("resolved", "Åtgärdad", "Gata och park")
    assert (said["omrade"], said["svar"], said["rubrik"]) == ("varamon", "Vi byter den.", "Släckt, ”lampa”")
    assert datetime.fromisoformat(said["kom_in"]) == made.case.registered_at.replace(microsecond=0)
    assert row == {name: "" if value is None else str(value) for name, value in said.items()}
    for secret in ("asta", made.code, "Sara Ek"):
        assert secret not in json.dumps(feature) + str(row)


@pytest.mark.requirement("0.19")
def test_the_geopackage_has_the_core_tables_of_the_standard(web: Client, publish: Publish, tmp_path: Path) -> None:
    publish()
    publish("Utan plats", at=None)
    publish("Långt borta", at=(58.5, -70.1))
    response = web.get("/oppna-data/arenden.gpkg")
    assert response.headers["Content-Type"] == "application/geopackage+sqlite3"
    database = opened(response, tmp_path)
    assert database.execute("pragma application_id").fetchone() == (0x47504B47,)
    assert database.execute("pragma user_version").fetchone() == (10300,)
    assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    assert database.execute("pragma foreign_key_check").fetchall() == []
    systems = {srs for (srs,) in database.execute("select srs_id from gpkg_spatial_ref_sys")}
    assert systems >= {-1, 0, 4326, 3006}
    [(name, sort, *bounds, srs)] = database.execute(
        "select table_name, data_type, min_x, min_y, max_x, max_y, srs_id from gpkg_contents"
    )
    assert (name, sort, srs) == ("arenden", "features", 3006)
    northing, easting = to_sweref99tm(*factories.MOTALA)
    assert bounds == pytest.approx([easting, northing, easting, northing], abs=0.01)
    assert database.execute("select * from gpkg_geometry_columns").fetchall() == [
        ("arenden", "geom", "POINT", 3006, 0, 0)
    ]
    columns = {(name, sort) for _id, name, sort, *_rest in database.execute("pragma table_info(arenden)")}
    assert columns >= {("fid", "INTEGER"), ("geom", "point"), ("kom_in", "DATETIME"), ("lat", "DOUBLE")}
    shapes = dict(database.execute("select rubrik, geom from arenden"))
    assert shapes["Utan plats"] is None
    assert shapes["Långt borta"] is None
    blob = shapes["Släckt lampa"]
    assert blob[:4] == b"GP\x00\x01"
    assert int.from_bytes(blob[4:8], "little") == 3006
    point: Any = wkb.loads(blob[8:])
    assert (point.x, point.y) == pytest.approx((easting, northing), abs=0.01)


@pytest.mark.all
@pytest.mark.requirement("0.19")
def test_gdal_reads_the_geopackage(web: Client, publish: Publish, tmp_path: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio")
    publish()
    publish("Utan plats", at=None)
    path = tmp_path / "a.gpkg"
    path.write_bytes(content(web.get("/oppna-data/arenden.gpkg")))
    about = pyogrio.read_info(path)
    assert (about["crs"], about["features"], about["geometry_type"]) == ("EPSG:3006", 2, "Point")
    assert set(about["fields"]) == {*(column.name for column in COLUMNS), "url"}


def test_a_file_is_not_sent_again_while_nothing_has_changed(
    web: Client, motala: Organisation, publish: Publish, cast: Any, django_assert_num_queries: Any
) -> None:
    made = publish()
    for ending in ("geojson", "csv", "gpkg"):
        url = f"/oppna-data/arenden.{ending}"
        tag = tag_of(web.get(url))
        with django_assert_num_queries(WALL + NAMES + 1):
            again = web.get(url, headers={"if-none-match": tag})
        assert again.status_code == 304
        assert again.content == b""
        assert tag_of(web.get(f"{url}?lage=klart", headers={"if-none-match": tag})) != tag
        for state in (State.RESOLVED, State.IN_PROGRESS):
            with organisation_scope(motala.pk):
                actions.change_state(case_id=made.case.pk, to=state, message="Hej.", by=cast.sara.actor)
            answer = web.get(url, headers={"if-none-match": tag})
            assert answer.status_code == 200
            tag = tag_of(answer)


@pytest.mark.requirement("X1", "4.11")
def test_only_what_is_published_is_in_the_files(web: Client, motala: Organisation, publish: Publish, cast: Any) -> None:
    factories.make_case(motala, "Hemligt läge.", publish=True)
    gone = publish("Borttaget")
    with organisation_scope(motala.pk):
        actions.withdraw(case_id=gone.case.pk, by=cast.sara.actor)
    for ending in ("geojson", "csv", "gpkg"):
        body = content(web.get(f"/oppna-data/arenden.{ending}"))
        assert b"Hemligt" not in body
        assert b"Borttaget" not in body
        assert gone.case.number.encode() not in body
    other = Client(headers={"host": "mjolby.localhost"})
    publish("Motalas")
    assert features(other.get("/oppna-data/arenden.geojson")) == []
    motala.publishes = False
    motala.save()
    forget_hosts()
    assert web.get("/oppna-data/arenden.csv").status_code == 404


@pytest.mark.parametrize("start", ["=1+1", "+46", "-x", "@sum(a1)"])
def test_a_spreadsheet_runs_nothing(web: Client, publish: Publish, start: str) -> None:
    publish(start, f"{start} text")
    [row] = rows(web.get("/oppna-data/arenden.csv"))
    assert (row["rubrik"], row["text"]) == (f"'{start}", f"'{start} text")
    assert float(row["lon"]) > 0


def test_files_are_in_the_readers_language_and_may_be_read_by_other_sites(web: Client, publish: Publish) -> None:
    publish()
    web.cookies["lyhord_language"] = "en"
    response = web.get("/oppna-data/arenden.geojson")
    [feature] = features(response)
    assert feature["properties"]["typ_namn"] == "Släckt gatubelysning (en)"
    assert feature["properties"]["lage"] == "received"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Cookie" in response.headers["Vary"]
    head = web.head("/oppna-data/arenden.geojson")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == response.headers["ETag"]
    assert web.get("/oppna-data/arenden.exe").status_code == 404


def test_moments_are_utc(web: Client, publish: Publish) -> None:
    publish()
    [row] = rows(web.get("/oppna-data/arenden.csv"))
    assert datetime.fromisoformat(row["kom_in"]).tzinfo == UTC
    assert row["avslutad"] == ""
    assert State(row["lage"]) not in CLOSED
