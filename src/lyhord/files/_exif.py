"""When and where a photo was taken, from tags that anybody can have written. Never raises; doubt means None.

Tags as Pillow gives them: numbers, fractions, text, bytes or tuples, in any wrong mixture.
Numbers of tags: Exif 2.32 (CIPA DC-008), §4.6.5 and §4.6.6.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

GPS_IFD, EXIF_IFD = 0x8825, 0x8769
ORIENTATION = 0x0112

_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
_POSITIONING_ERROR = 31
_DATES = ((EXIF_IFD, 0x9003, 0x9011), (EXIF_IFD, 0x9004, 0x9012), (None, 0x0132, 0x9010))  # taken, digitised, changed
_DATE = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")

type Tags = Mapping[int, object]


def position(gps: Tags) -> tuple[float, float] | None:
    """Latitude and longitude in WGS84 degrees.

    None if anything is missing, of the wrong type, not a number or outside the globe, and for exactly (0, 0),
    which is what a telephone writes when it does not know.
    """
    latitude = _angle(gps.get(_LATITUDE), gps.get(_LATITUDE_REF), "NS", 90)
    longitude = _angle(gps.get(_LONGITUDE), gps.get(_LONGITUDE_REF), "EW", 180)
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None
    return latitude, longitude


def accuracy_m(gps: Tags) -> float | None:
    """The radius in metres that the telephone gave for its position, if it did."""
    value = _number(gps.get(_POSITIONING_ERROR))
    return value if value is not None and 0 < value < 100_000 else None


def taken_at(main: Tags, exif: Tags) -> datetime | None:
    """When the photo was taken: aware if the camera wrote its offset from UTC, else in its own local time.

    `main` is the first directory of tags, `exif` the one that EXIF_IFD points to.
    """
    for directory, date, offset in _DATES:
        value = _moment((exif if directory == EXIF_IFD else main).get(date), exif.get(offset))
        if value is not None:
            return value
    return None


def orientation(main: Tags) -> int:
    """1 to 8; 1 (upright) for anything else."""
    value = main.get(ORIENTATION)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _angle(parts: object, reference: object, letters: str, most: int) -> float | None:
    letter = _text(reference).upper()
    if len(letter) != 1 or letter not in letters or not isinstance(parts, tuple | list) or len(parts) != 3:
        return None
    degrees, minutes, seconds = (_number(part) for part in parts)
    if degrees is None or minutes is None or seconds is None:
        return None
    if degrees < 0 or not 0 <= minutes < 60.0001 or not 0 <= seconds < 60.0001:
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if value > most:
        return None
    return -value if letter == letters[1] else value


def _number(value: object) -> float | None:
    """A finite float of a number or fraction; None for text, bytes, tuples, nothing/0 and what is too large."""
    if value is None or isinstance(value, (str, bytes, bool)):
        return None
    try:
        number = float(value)  # type: ignore[arg-type] # whatever it is, it may be a number
    except (TypeError, ValueError, ArithmeticError):
        return None
    return number if math.isfinite(number) else None


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\0 ") if isinstance(value, str) else ""


def _moment(date: object, offset: object) -> datetime | None:
    found = _DATE.fullmatch(_text(date))
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part) for part in found.groups())
        moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # the camera did not say which zone
        return moment.replace(tzinfo=_zone(offset))
    except (ValueError, OverflowError):
        return None


def _zone(offset: object) -> timezone | None:
    text = _text(offset)
    if text == "Z":
        return UTC
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    sign, hours, minutes = found.groups()
    if int(hours) > 14 or int(minutes) > 59:
        return None
    return timezone((1 if sign == "+" else -1) * timedelta(hours=int(hours), minutes=int(minutes)))
