"""A list of what has a sign with a code, as a municipality's own register saves it: one thing a row."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lyhord.core.errors import Invalid
from lyhord.core.tables import Line, read_table
from lyhord.places.street_file import read_position

COLUMNS = {
    "kod": ("id", "code", "littera", "nummer"),
    "namn": ("name", "benämning", "plats"),
    "typ": ("ärendetyp", "sort", "type"),
    "lat": ("latitud", "latitude", "n", "nord", "northing", "y"),
    "lon": ("longitud", "longitude", "long", "e", "ost", "öst", "easting", "x"),
}
OPTIONAL = frozenset({"typ"})
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
"""What stands in an address without being rewritten, so that the sign's picture stays small."""
MOST = 50_000
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One thing of a list; `type_code` is "" when no case type is meant more than others. WGS84 degrees."""

    code: str
    name: str
    type_code: str
    lat: float
    lon: float


def read_assets(data: bytes, type_codes: frozenset[str]) -> list[AssetRow]:
    """The things of a file, whose types are among `type_codes`. Positions as in a street list.

    Raises Invalid: one sentence for the file, or one for each wrong row, keyed by its line number (the first twenty).
    """
    rows: dict[str, AssetRow] = {}
    errors: dict[str, str] = {}
    for line in read_table(data, COLUMNS, optional=OPTIONAL, most_rows=MOST, most_bytes=10_000_000):
        try:
            row = _row(line, type_codes)
            if row.code in rows:
                raise ValueError(_("Koden %(code)s finns redan högre upp i filen.") % {"code": row.code})
        except ValueError as error:
            errors[str(line.number)] = str(error)
            if len(errors) >= _SHOWN:
                break
        else:
            rows[row.code] = row
    if errors:
        raise Invalid(errors)
    return list(rows.values())


def _row(line: Line, type_codes: frozenset[str]) -> AssetRow:
    given = line.values
    if not CODE.fullmatch(given["kod"]):
        raise ValueError(_("Koden ska vara högst 40 tecken: A till Z, siffror, punkt, streck och understreck."))
    if not given["namn"]:
        raise ValueError(_("Namnet saknas."))
    if len(given["namn"]) > 120:
        raise ValueError(_("%(column)s är längre än %(most)s tecken.") % {"column": "namn", "most": 120})
    if given["typ"] and given["typ"] not in type_codes:
        raise ValueError(_("Det finns ingen ärendetyp med koden %(code)s.") % {"code": given["typ"]})
    lat, lon = read_position(given["lat"], given["lon"])
    return AssetRow(given["kod"], given["namn"], given["typ"], lat, lon)
