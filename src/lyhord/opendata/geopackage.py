"""Published cases as an OGC GeoPackage 1.3 (SQLite): the core tables and one table of points.

The points are in SWEREF 99 TM where the country's authorities use it, else in WGS 84.

The tables, their columns and the geometry's header are those of the specification, OGC 12-128r18, §1.1 and §2.1.
"""

import sqlite3
import struct
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from lyhord.cases.export import ExportRow
from lyhord.core.clock import now
from lyhord.core.country import country
from lyhord.opendata.columns import COLUMNS, moment, plain
from lyhord.opendata.writers import Address

TABLE = "arenden"
SWEREF99TM, WGS84 = 3006, 4326
_APPLICATION_ID, _VERSION = 0x47504B47, 10300  # "GPKG", 1.3
_TYPES = {"text": "TEXT", "moment": "DATETIME", "number": "DOUBLE"}
_WKT = (
    'PROJCS["SWEREF99 TM",GEOGCS["SWEREF99",DATUM["SWEREF99",SPHEROID["GRS 1980",6378137,298.257222101,'
    'AUTHORITY["EPSG","7019"]],AUTHORITY["EPSG","6619"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4619"]],'
    'PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",15],'
    'PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],'
    'UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","3006"]]'
)
_WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]'
)
_CORE = """
create table gpkg_spatial_ref_sys (srs_name text not null, srs_id integer not null primary key,
    organization text not null, organization_coordsys_id integer not null, definition text not null, description text);
create table gpkg_contents (table_name text not null primary key, data_type text not null, identifier text unique,
    description text default '', last_change datetime not null, min_x double, min_y double, max_x double, max_y double,
    srs_id integer, constraint fk_gc_r_srs_id foreign key (srs_id) references gpkg_spatial_ref_sys(srs_id));
create table gpkg_geometry_columns (table_name text not null, column_name text not null, geometry_type_name text not
    null, srs_id integer not null, z tinyint not null, m tinyint not null,
    constraint pk_geom_cols primary key (table_name, column_name), constraint uk_gc_table_name unique (table_name),
    constraint fk_gc_tn foreign key (table_name) references gpkg_contents(table_name),
    constraint fk_gc_srs foreign key (srs_id) references gpkg_spatial_ref_sys (srs_id));
"""
_SYSTEMS = [
    ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", "undefined cartesian coordinate reference system"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
    ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84_WKT, "longitude/latitude coordinates in decimal degrees"),
    ("SWEREF99 TM", SWEREF99TM, "EPSG", SWEREF99TM, _WKT, "easting/northing in metres, all of Sweden"),
]


def geopackage(batches: Iterable[list[ExportRow]], address: Address, *, title: str, description: str) -> BinaryIO:
    """The whole file, open for reading from its beginning; it is gone from the disk when it is closed."""
    with tempfile.TemporaryDirectory(prefix="lyhord-") as folder:
        path = Path(folder) / "arenden.gpkg"
        with closing(sqlite3.connect(path)) as database:
            _write(database, batches, address, (title, description))
        return path.open("rb")  # the open file outlives its name


def _write(
    database: sqlite3.Connection, batches: Iterable[list[ExportRow]], address: Address, said: tuple[str, str]
) -> None:
    database.executescript(
        f"pragma journal_mode = off; pragma synchronous = off; pragma application_id = {_APPLICATION_ID};"
        f" pragma user_version = {_VERSION}; {_CORE}"
    )
    database.executemany("insert into gpkg_spatial_ref_sys values (?, ?, ?, ?, ?, ?)", _SYSTEMS)
    columns = ", ".join(f"{column.name} {_TYPES[column.sort]}" for column in COLUMNS)
    database.execute(
        f"create table {TABLE} (fid integer primary key autoincrement not null, geom point, {columns}, url text)"
    )
    marks = ", ".join("?" * (len(COLUMNS) + 2))
    names = ", ".join(["geom", *(column.name for column in COLUMNS), "url"])
    system, east, north = (SWEREF99TM, "sweref99tm_e", "sweref99tm_n") if country().sweref else (WGS84, "lon", "lat")
    for rows in batches:
        values = _values(rows, address, system)
        database.executemany(f"insert into {TABLE} ({names}) values ({marks})", values)  # noqa: S608  # names of our own columns only
    bounds = database.execute(
        f"select min({east}), min({north}), max({east}), max({north}) from {TABLE}"  # noqa: S608  # names of our own columns only
    ).fetchone()
    database.execute(
        "insert into gpkg_contents values (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)",
        [TABLE, *said, moment(now()).replace("Z", ".000Z"), *bounds, system],
    )
    database.execute("insert into gpkg_geometry_columns values (?, 'geom', 'POINT', ?, 0, 0)", [TABLE, system])
    database.commit()


def _values(rows: list[ExportRow], address: Address, system: int) -> Iterator[list[object]]:
    for row in rows:
        values = [plain(column.value(row)) for column in COLUMNS]
        yield [_point(row, system), *values, address(row.number)]


def _point(row: ExportRow, system: int) -> bytes | None:
    """GeoPackage's header ("GP", version 0, little endian without envelope, the system's id) and the point as WKB."""
    east, north = (row.easting, row.northing) if system == SWEREF99TM else (row.lon, row.lat)
    if east is None or north is None:
        return None
    return struct.pack("<2sBBiBIdd", b"GP", 0, 1, system, 1, 1, east, north)
