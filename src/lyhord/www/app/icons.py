"""The app's icons: the organisation's logo on white, or the mark in its colour. Made when asked for, and kept."""

import hashlib
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

from PIL import Image

from lyhord.organisations.models import LogoPicture, Organisation
from lyhord.www.app.drawing import Colour, draw_mark, draw_shape
from lyhord.www.brand import LIGHT, derive, to_hex

DRAWN = "1"
"""Counted up when the drawing changes, so that nobody keeps the old icons."""


class Icon(NamedTuple):
    """One of the icons: its side in pixels and what it is for, in the words of the manifest."""

    size: int
    purpose: str = ""


ICONS: dict[str, Icon] = {
    "192": Icon(192, "any"),
    "512": Icon(512, "any"),
    "maskable-192": Icon(192, "maskable"),
    "maskable-512": Icon(512, "maskable"),
    "apple-180": Icon(180),
    "store-512": Icon(512),
    "store-1024": Icon(1024),
    "monochrome-432": Icon(432, "monochrome"),
    "badge-96": Icon(96, "monochrome"),
}
LISTED = ("192", "512", "maskable-192", "maskable-512", "badge-96")
"""Those that the manifest names; the others are for Apple's home screen and the stores."""
WHITE: Colour = (255, 255, 255, 255)
SAFE = 0.56
"""Of a maskable icon's side: what fits into the circle that is never cut off (W3C manifest: a radius of 40 %)."""
_LOGO_TAKES, _MARK_TAKES = 0.78, 0.86


def brand_colour(organisation: Organisation) -> str:
    """The organisation's colour as it stands behind white."""
    return to_hex(derive(organisation.colour, LIGHT)["brand"])


def icon_version(organisation: Organisation) -> str:
    """Stands in the icons' addresses."""
    said = f"{DRAWN} {organisation.logo} {brand_colour(organisation)}"
    return hashlib.sha256(said.encode()).hexdigest()[:10]


def icon_of(organisation: Organisation, name: str) -> bytes:
    """An icon as PNG. KeyError for a name that is not in ICONS."""
    return _made(ICONS[name], organisation.logo, brand_colour(organisation))


@lru_cache(maxsize=128)
def _made(icon: Icon, logo: str, colour: str) -> bytes:
    made = BytesIO()
    _drawn(icon, logo, colour).save(made, "PNG", optimize=True)
    return made.getvalue()


def _drawn(icon: Icon, logo: str, colour: str) -> Image.Image:
    if icon.purpose == "monochrome":
        return draw_shape(icon.size)
    if logo and (picture := LogoPicture.objects.filter(key=logo).first()):
        return _with_logo(icon, bytes(picture.picture))
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    whole = icon.purpose != "any"  # cut by the phone into its own shape
    scale = SAFE / 0.7 if icon.purpose == "maskable" else _MARK_TAKES if whole else 1.0
    drawn = draw_mark(icon.size, ground=(red, green, blue, 255), bubble=not whole, scale=scale)
    return drawn if icon.purpose == "any" else drawn.convert("RGB")


def _with_logo(icon: Icon, logo: bytes) -> Image.Image:
    with Image.open(BytesIO(logo)) as opened:  # our own copy, drawn again when it came
        picture = opened.convert("RGB")
    side = round(icon.size * (SAFE if icon.purpose == "maskable" else _LOGO_TAKES))
    factor = side / max(picture.size)
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    ground = Image.new("RGB", (icon.size, icon.size), WHITE[:3])
    at = ((icon.size - size[0]) // 2, (icon.size - size[1]) // 2)
    ground.paste(picture.resize(size, Image.Resampling.LANCZOS), at)
    return ground
