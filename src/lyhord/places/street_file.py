"""A street list as a municipality's map department saves it: one address a row, with its position."""

from django.utils.translation import gettext as _

from lyhord.core.country import country
from lyhord.core.errors import Invalid
from lyhord.core.tables import Line, read_table
from lyhord.places.actions import Street
from lyhord.places.sweref import from_sweref99tm

COLUMNS = {
    "gata": ("gatunamn", "adressområde", "street", "gatuadress"),
    "nummer": ("gatunummer", "adressplats", "husnummer", "number"),
    "postnummer": ("postnr", "postcode"),
    "ort": ("postort", "kommundel", "locality"),
    "lat": ("latitud", "latitude", "n", "nord", "northing", "y"),
    "lon": ("longitud", "longitude", "long", "e", "ost", "öst", "easting", "x"),
}
OPTIONAL = frozenset({"nummer", "postnummer", "ort"})
MOST = 300_000
_SHOWN = 20


def read_streets(data: bytes) -> list[Street]:
    """The addresses of a file. Positions are WGS84 degrees or SWEREF 99 TM metres, with decimal comma or point.

    Raises Invalid: one sentence for the file, or one for each wrong row, keyed by its line number (the first twenty).
    """
    streets: list[Street] = []
    errors: dict[str, str] = {}
    for line in read_table(data, COLUMNS, optional=OPTIONAL, most_rows=MOST, most_bytes=40_000_000):
        try:
            streets.append(_street(line))
        except ValueError as error:
            errors[str(line.number)] = str(error)
            if len(errors) >= _SHOWN:
                break
    if errors:
        raise Invalid(errors)
    return streets


def _street(line: Line) -> Street:
    given = line.values
    if not given["gata"]:
        raise ValueError(_("Gatans namn saknas."))
    for column, most in (("gata", 120), ("nummer", 12), ("postnummer", 10), ("ort", 80)):
        if len(given[column]) > most:
            raise ValueError(_("%(column)s är längre än %(most)s tecken.") % {"column": column, "most": most})
    lat, lon = read_position(given["lat"], given["lon"])
    return Street(given["gata"], given["nummer"], given["ort"], lat, lon, given["postnummer"])


def read_position(north: str, east: str) -> tuple[float, float]:
    """(latitude, longitude) of a row, in the country. Raises ValueError with a sentence for people."""
    try:
        first, second = (float(text.replace(",", ".").replace(" ", "").replace("−", "-")) for text in (north, east))
        lat, lon = (first, second) if abs(first) <= 90 else from_sweref99tm(first, second)
    except ValueError:
        raise ValueError(_("Läget går inte att läsa. Skriv grader (58,5371 och 15,0365) eller SWEREF 99 TM.")) from None
    if not country().holds(lat, lon):
        raise ValueError(
            _("Läget ligger inte i %(country)s. Har kolumnerna bytt plats?") % {"country": country().label}
        )
    return lat, lon
