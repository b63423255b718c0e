"""WGS84 degrees to SWEREF 99 TM metres and back, the plane that Swedish authorities exchange coordinates in.

Gauss's conformal projection (Gauss-Krüger, transverse Mercator) by the series that Lantmäteriet publishes, on the
ellipsoid GRS80 with 15° E as its central meridian. SWEREF 99 and WGS84 count as the same here, as they differ by less
than a phone can measure (under a metre).

In and around Sweden both directions agree with PROJ to the millimetre.
"""

from math import asin, asinh, atan, atan2, atanh, cos, cosh, degrees, isfinite, radians, sin, sinh, sqrt, tan

_FLATTENING = 1 / 298.257222101
_AXIS_M = 6_378_137.0
_MERIDIAN = radians(15)
_SCALE = 0.9996
_FALSE_EASTING_M = 500_000.0

_N = _FLATTENING / (2 - _FLATTENING)
_RADIUS = _AXIS_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64) * _SCALE
_E = sqrt(_FLATTENING * (2 - _FLATTENING))

# Sphere to plane and plane to sphere, in powers of the third flattening n.
_FORWARD = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440,
    61 * _N**3 / 240 - 103 * _N**4 / 140,
    49561 * _N**4 / 161280,
)
_BACK = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161280,
)

_FARTHEST_EAST = 25.0  # degrees from the central meridian; beyond, the series no longer holds a millimetre


def to_sweref99tm(lat: float, lon: float) -> tuple[float, float]:
    """(northing, easting) in metres.

    ValueError for what is no position, or lies more than 25° from the central meridian (west of 10° W, east of 40° E).
    """
    if not (isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon - 15) <= _FARTHEST_EAST):
        raise ValueError("SWEREF 99 TM needs a position in or around Sweden")
    # The conformal latitude by its closed form; atanh(sin) has no value at the pole, which is not in Sweden.
    phi = radians(max(-89.9999999, min(89.9999999, lat)))
    conformal = atan(sinh(asinh(tan(phi)) - _E * atanh(_E * sin(phi))))
    turn = radians(lon) - _MERIDIAN
    xi = atan2(tan(conformal), cos(turn))
    eta = atanh(cos(conformal) * sin(turn))
    north, east = xi, eta
    for order, factor in enumerate(_FORWARD, start=1):
        north += factor * sin(2 * order * xi) * cosh(2 * order * eta)
        east += factor * cos(2 * order * xi) * sinh(2 * order * eta)
    return _RADIUS * north, _RADIUS * east + _FALSE_EASTING_M


def from_sweref99tm(northing: float, easting: float) -> tuple[float, float]:
    """(latitude, longitude) in degrees; ValueError for numbers that are no place in or around Sweden."""
    if not (isfinite(northing) and isfinite(easting) and abs(northing) <= 10_000_000 and abs(easting) <= 4_000_000):
        raise ValueError("SWEREF 99 TM needs a position in or around Sweden")
    xi, eta = northing / _RADIUS, (easting - _FALSE_EASTING_M) / _RADIUS
    north, east = xi, eta
    for order, factor in enumerate(_BACK, start=1):
        north -= factor * sin(2 * order * xi) * cosh(2 * order * eta)
        east -= factor * cos(2 * order * xi) * sinh(2 * order * eta)
    conformal = asin(sin(north) / cosh(east))
    turn = atan2(sinh(east), cos(north))
    return degrees(_geodetic(conformal)), 15 + degrees(turn)


def _geodetic(conformal: float) -> float:
    """The latitude whose conformal latitude this is; the iteration settles in five rounds."""
    psi = asinh(tan(conformal))
    phi = conformal
    for _ in range(8):
        phi = atan(sinh(psi + _E * atanh(_E * sin(phi))))
    return phi
