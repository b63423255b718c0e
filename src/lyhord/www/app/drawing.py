"""The mark as a picture: what static/lyhord/mark.svg draws, in the organisation's colour and at any size."""

import math
import re
from collections.abc import Iterator

from PIL import Image, ImageDraw

type Xy = tuple[float, float]
type Colour = tuple[int, int, int, int]

EAR = (
    "M14.2 16.5a8 8 0 1 1 14.3 5c-2.1 2.7-3.6 3.3-4.2 6.3a4.6 4.6 0 0 1-7.2 2.7",
    "M18.4 17a3.9 3.9 0 1 1 6 3.3c-1.6 1.1-2.3 2-2.4 3.6",
)
"""The two strokes, as in mark.svg; a test compares."""
STROKE, RING = 2.6, 1.6
DOT, DOT_RADIUS = (11.5, 24.5), 3.4
VIEW = 40.0
WHITE: Colour = (255, 255, 255, 255)
ROWAN: Colour = (0xC8, 0x50, 0x2A, 255)
_FINE = 4  # drawn so many times larger, and made smaller: Pillow's lines have no soft edges
_PART = re.compile(r"([Mac])([^Mac]*)")
_NUMBER = re.compile(r"-?\d*\.?\d+")


def points(path: str) -> list[Xy]:
    """An SVG path of M, a and c as a line of points, close enough for any icon."""
    found: list[Xy] = []
    for command, rest in _PART.findall(path):
        given = [float(number) for number in _NUMBER.findall(rest)]
        if command == "M":
            found.append((given[0], given[1]))
        elif command == "a":
            found += _arc(found[-1], given[0], large=bool(given[3]), sweep=bool(given[4]), by=(given[5], given[6]))
        else:
            found += _curve(found[-1], given)
    return found


def _curve(start: Xy, given: list[float]) -> Iterator[Xy]:
    (x, y), (x1, y1, x2, y2, x3, y3) = start, given
    for step in range(1, 25):
        t, u = step / 24, 1 - step / 24
        yield (
            x + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t**3 * x3,
            y + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t**3 * y3,
        )


def _arc(start: Xy, radius: float, *, large: bool, sweep: bool, by: Xy) -> Iterator[Xy]:
    """A part of a circle (SVG 2, appendix B.2.4, with equal radii and no rotation)."""
    (x, y), (dx, dy) = start, by
    half = math.hypot(dx, dy) / 2
    radius = max(radius, half)
    away = math.sqrt(radius**2 - half**2) * (1 if large != sweep else -1)
    centre = (x + dx / 2 - away * dy / (2 * half), y + dy / 2 + away * dx / (2 * half))
    first = math.atan2(y - centre[1], x - centre[0])
    turn = math.atan2(y + dy - centre[1], x + dx - centre[0]) - first
    if sweep and turn < 0:
        turn += 2 * math.pi
    elif not sweep and turn > 0:
        turn -= 2 * math.pi
    for step in range(1, 49):
        angle = first + turn * step / 48
        yield centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def draw_mark(size: int, *, ground: Colour, bubble: bool, scale: float = 1.0) -> Image.Image:
    """The mark on a square of `size`: in its own bubble on nothing, or without it on a ground that fills the square.

    `scale` is how much of the square the mark's own square takes.
    """
    large = size * _FINE
    image = Image.new("RGBA", (large, large), (0, 0, 0, 0) if bubble else ground)
    pen = _Pen(image, scale)
    if bubble:
        pen.bubble(ground)
    pen.ear(WHITE)
    pen.dot(ROWAN, WHITE)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def draw_shape(size: int) -> Image.Image:
    """The ear alone, white on nothing: where a phone shows one colour only."""
    image = Image.new("RGBA", (size * _FINE, size * _FINE), (0, 0, 0, 0))
    pen = _Pen(image, 1.25)
    pen.ear(WHITE)
    pen.dot(WHITE, WHITE)
    return image.resize((size, size), Image.Resampling.LANCZOS)


class _Pen:
    """Draws in the mark's own units."""

    def __init__(self, image: Image.Image, scale: float) -> None:
        self._draw = ImageDraw.Draw(image)
        self._unit = image.width * scale / VIEW
        self._margin = image.width * (1 - scale) / 2

    def _at(self, x: float, y: float) -> Xy:
        return self._margin + x * self._unit, self._margin + y * self._unit

    def _circle(self, centre: Xy, radius: float, colour: Colour) -> None:
        (x, y), r = self._at(*centre), radius * self._unit
        self._draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def bubble(self, colour: Colour) -> None:
        """A square with round corners, of which the lower left is tight: the resident speaks."""
        box = (*self._at(1.5, 1.5), *self._at(38.5, 38.5))
        self._draw.rounded_rectangle(box, 11.5 * self._unit, fill=colour)
        corner = (*self._at(1.5, 20), *self._at(20, 38.5))
        self._draw.rounded_rectangle(corner, 3 * self._unit, fill=colour, corners=(False, False, False, True))

    def ear(self, colour: Colour) -> None:
        """Both strokes, with round ends and joints."""
        for path in EAR:
            line = points(path)
            self._draw.line([self._at(*point) for point in line], fill=colour, width=round(STROKE * self._unit))
            for point in line:
                self._circle(point, STROKE / 2, colour)

    def dot(self, colour: Colour, ring: Colour) -> None:
        """The voice."""
        self._circle(DOT, DOT_RADIUS + RING / 2, ring)
        self._circle(DOT, DOT_RADIUS - RING / 2, colour)
