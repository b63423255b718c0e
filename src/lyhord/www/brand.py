"""A municipality's one colour: is it legible, and what does the page make of it?

tokens.css derives every brand colour from --tenant in OKLCH with lightness and chroma held within limits. The same
arithmetic stands here so that a colour can be judged before it is saved, and so that tests can try many.

OKLCH: B. Ottosson, "A perceptual color space for image processing" (2020), https://bottosson.github.io/posts/oklab/.
Contrast: WCAG 2.2, definitions of relative luminance and contrast ratio.
"""

import math
import re
from dataclasses import dataclass
from typing import Protocol

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lyhord.core.errors import Invalid

type Rgb = tuple[float, float, float]  # sRGB, each 0–1
type Oklch = tuple[float, float, float]  # lightness 0–1, chroma 0–0.4, hue in radians

TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
WHITE: Rgb = (1.0, 1.0, 1.0)
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


class Branded(Protocol):
    """What the brand needs to know of an organisation."""

    @property
    def colour(self) -> str:
        """#rrggbb."""
        ...


@dataclass(frozen=True)
class Shade:
    """How one token follows from the tenant's colour: lightness within limits after a shift, chroma capped."""

    least: float
    most: float
    chroma: float
    shift: float = 0.0

    @classmethod
    def fixed(cls, lightness: float, chroma: float) -> "Shade":
        """A token whose lightness does not follow the tenant's colour at all."""
        return cls(lightness, lightness, chroma)


# The same figures as in tokens.css; tests/www/test_brand.py reads that file and compares.
LIGHT: dict[str, Shade] = {
    "brand": Shade(0.3, 0.44, 0.15),
    "brand-hover": Shade(0.24, 0.35, 0.12, shift=-0.08),
    "brand-tint": Shade.fixed(0.957, 0.018),
    "brand-line": Shade.fixed(0.85, 0.045),
    "deep": Shade.fixed(0.3, 0.075),
    "on-deep": Shade.fixed(0.97, 0.01),
    "focus": Shade.fixed(0.34, 0.12),
}
DARK: dict[str, Shade] = {
    "bg": Shade.fixed(0.205, 0.012),
    "surface": Shade.fixed(0.245, 0.014),
    "sunken": Shade.fixed(0.285, 0.016),
    "border": Shade.fixed(0.38, 0.02),
    "brand": Shade.fixed(0.81, 0.09),
    "brand-hover": Shade.fixed(0.88, 0.07),
    "brand-contrast": Shade.fixed(0.22, 0.05),
    "brand-tint": Shade.fixed(0.3, 0.04),
    "brand-line": Shade.fixed(0.46, 0.06),
    "deep": Shade.fixed(0.17, 0.025),
    "on-deep": Shade.fixed(0.94, 0.015),
}


def parse_hex(text: str) -> Rgb:
    """A colour written #rgb or #rrggbb (the # may be left out). Raises Invalid for anything else."""
    match = _HEX.fullmatch(text.strip())
    if match is None:
        raise Invalid({"colour": _("Skriv färgen som # och sex tecken, till exempel #14527f.")}, code="colour_format")
    digits = match[1] if len(match[1]) == 6 else "".join(char * 2 for char in match[1])
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def to_hex(colour: Rgb) -> str:
    """#rrggbb, each channel rounded to the nearest of 256 steps."""
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in colour)


def luminance(colour: Rgb) -> float:
    """WCAG relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """WCAG contrast ratio, 1 (the same) to 21 (black on white)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def to_oklch(colour: Rgb) -> Oklch:
    """sRGB to OKLCH."""
    red, green, blue = (_linear(channel) for channel in colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def from_oklch(colour: Oklch) -> Rgb:
    """OKLCH to sRGB; what no screen can show is clipped channel by channel, as browsers do."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def derive(tenant: str, shades: dict[str, Shade]) -> dict[str, Rgb]:
    """The tokens (LIGHT or DARK) that tokens.css makes of the colour `tenant` (#rrggbb)."""
    lightness, chroma, hue = to_oklch(parse_hex(tenant))
    return {
        name: from_oklch((min(max(lightness + shade.shift, shade.least), shade.most), min(chroma, shade.chroma), hue))
        for name, shade in shades.items()
    }


def check_colour(text: str) -> None:
    """Raise Invalid, with a sentence for the administrator, unless text in the colour is legible on white.

    The derived tokens would be legible anyway, but with a light colour they would no longer look like it.
    """
    ratio = contrast(parse_hex(text), WHITE)
    if ratio < TEXT_CONTRAST:
        words = {
            # rounded down: 4,49 must not read "4,5, at least 4,5 is needed"
            "ratio": number_format(math.floor(ratio * 10) / 10, 1),
            "least": number_format(TEXT_CONTRAST, 1),
        }
        raise Invalid(
            {
                "colour": _(
                    "Färgen är för ljus. Text i den går inte att läsa på vitt: kontrasten är %(ratio)s och måste vara "
                    "minst %(least)s. Välj en mörkare färg."
                )
                % words
            },
            code="colour_contrast",
        )


def brand_css(organisation: Branded) -> str:
    """All that a style sheet says of the organisation: one variable. tokens.css does the rest."""
    return f":root{{--tenant:{to_hex(parse_hex(organisation.colour))}}}\n"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(channel: float) -> float:
    channel = min(max(channel, 0.0), 1.0)
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
