"""A municipality's colour: refused when it is too light, and legible wherever tokens.css puts it when it is not."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lyhord
from lyhord.core.errors import Invalid
from lyhord.www import brand
from lyhord.www.style import sheet_of, sheet_version

TOKENS = (Path(lyhord.__file__).parent / "static/lyhord/tokens.css").read_text()
_FROM_TENANT = re.compile(r"--([\w-]+): oklch\(from var\(--tenant\) (.+?) min\(c, ([\d.]+)\) h\)")
_CLAMP = re.compile(r"clamp\(([\d.]+), l(?: - ([\d.]+))?, ([\d.]+)\)")

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
accepted = colours.filter(lambda colour: brand.contrast(brand.parse_hex(colour), brand.WHITE) >= brand.TEXT_CONTRAST)


@dataclass(frozen=True)
class Organisation:
    colour: str


def _static(block: str) -> dict[str, brand.Rgb]:
    return {
        name: brand.parse_hex(value)
        for name, value in re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3}(?:[0-9a-f]{3})?);", block)
    }


def _derived(block: str) -> dict[str, brand.Shade]:
    shades = {}
    for name, lightness, chroma in _FROM_TENANT.findall(block):
        if match := _CLAMP.fullmatch(lightness):
            shades[name] = brand.Shade(
                float(match[1]), float(match[3]), float(chroma), shift=-float(match[2]) if match[2] else 0.0
            )
        else:
            shades[name] = brand.Shade.fixed(float(lightness), float(chroma))
    return shades


LIGHT_CSS, DARK_CSS = TOKENS.split("@media screen and (prefers-color-scheme: dark)")
LIGHT_STATIC = _static(LIGHT_CSS)
DARK_STATIC = LIGHT_STATIC | _static(DARK_CSS)


def test_the_style_sheet_has_the_same_figures() -> None:
    assert _derived(LIGHT_CSS) == brand.LIGHT
    assert _derived(DARK_CSS) == brand.DARK


@pytest.mark.requirement("4.1")
@given(colours)
def test_what_is_too_light_is_refused_with_a_sentence(colour: str) -> None:
    legible = brand.contrast(brand.parse_hex(colour), brand.WHITE) >= brand.TEXT_CONTRAST
    if legible:
        brand.check_colour(colour)
    else:
        with pytest.raises(Invalid) as refused:
            brand.check_colour(colour)
        assert refused.value.code == "colour_contrast"
        assert "Välj en mörkare färg" in str(refused.value.errors["colour"])


@pytest.mark.requirement("4.1")
@pytest.mark.parametrize(
    ("colour", "good"),
    [
        ("#14527f", True),  # Motala
        ("#2b7444", True),  # Mjölby
        ("#767676", True),  # the lightest grey that WCAG lets through
        ("#777777", False),
        ("#ffe600", False),
        ("#fff", False),
        ("#000", True),
        ("C8102E", True),
    ],
)
def test_known_colours(colour: str, good: bool) -> None:
    if good:
        brand.check_colour(colour)
    else:
        with pytest.raises(Invalid):
            brand.check_colour(colour)


def test_the_refusal_says_how_far_off_it_is() -> None:
    with pytest.raises(Invalid) as refused:
        brand.check_colour("#777777")
    assert "4,4" in str(refused.value.errors["colour"])
    assert "4,5" in str(refused.value.errors["colour"])


@given(st.text(max_size=12).filter(lambda text: re.fullmatch(r"\s*#?([0-9a-fA-F]{3}){1,2}\s*", text) is None))
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        brand.check_colour(text)
    assert refused.value.code == "colour_format"


@given(colours)
def test_there_and_back(colour: str) -> None:
    rgb = brand.parse_hex(colour)
    assert brand.to_hex(rgb) == colour
    assert brand.to_hex(brand.from_oklch(brand.to_oklch(rgb))) == colour


def test_contrast_as_wcag_counts_it() -> None:
    black = brand.parse_hex("#000")
    assert brand.contrast(black, brand.WHITE) == pytest.approx(21)
    assert brand.contrast(brand.WHITE, black) == pytest.approx(21)
    assert brand.contrast(brand.parse_hex("#777"), brand.WHITE) == pytest.approx(4.48, abs=0.005)


@given(accepted)
def test_every_accepted_colour_is_legible_by_day(colour: str) -> None:
    tokens = LIGHT_STATIC | brand.derive(colour, brand.LIGHT)
    for ground in ("bg", "surface", "sunken", "brand-tint"):
        for ink in ("brand", "brand-hover", "text", "muted"):
            assert brand.contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)
        for mark in ("focus", "edge", "voice"):
            assert brand.contrast(tokens[mark], tokens[ground]) >= 3, (mark, ground)
    for ground in ("brand", "brand-hover"):
        assert brand.contrast(tokens["brand-contrast"], tokens[ground]) >= 4.5
    assert brand.contrast(tokens["on-deep"], tokens["deep"]) >= 4.5


@given(accepted)
def test_every_accepted_colour_is_legible_by_night(colour: str) -> None:
    tokens = DARK_STATIC | brand.derive(colour, brand.DARK)
    for ground in ("bg", "surface", "sunken", "brand-tint"):
        for ink in ("brand", "brand-hover", "text", "muted"):
            assert brand.contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)
        for mark in ("focus", "edge", "voice"):
            assert brand.contrast(tokens[mark], tokens[ground]) >= 3, (mark, ground)
    for ground in ("brand", "brand-hover"):
        assert brand.contrast(tokens["brand-contrast"], tokens[ground]) >= 4.5
    assert brand.contrast(tokens["on-deep"], tokens["deep"]) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT_STATIC, DARK_STATIC], ids=["day", "night"])
@pytest.mark.parametrize("meaning", ["ok", "warn", "bad", "info", "calm", "plan", "intern"])
def test_every_meaning_is_legible_on_its_own_ground(tokens: dict[str, brand.Rgb], meaning: str) -> None:
    assert brand.contrast(tokens[f"{meaning}-t"], tokens[f"{meaning}-b"]) >= 4.5
    assert brand.contrast(tokens["text"], tokens[f"{meaning}-b"]) >= 4.5


@pytest.mark.requirement("4.1")
def test_the_style_sheet_is_one_variable() -> None:
    assert brand.brand_css(Organisation("#2B7444")) == ":root{--tenant:#2b7444}\n"
    assert brand.brand_css(Organisation("#abc")) == ":root{--tenant:#aabbcc}\n"


def test_no_colour_can_carry_more_than_a_colour() -> None:
    with pytest.raises(Invalid):
        brand.brand_css(Organisation("#fff}body{display:none"))


@given(colours, colours)
def test_the_version_changes_with_the_colour(one: str, other: str) -> None:
    versions = {sheet_version(Organisation(colour)) for colour in (one, other)}
    assert len(versions) == len({one, other})


def test_one_sheet_holds_all_three_and_is_packed_once() -> None:
    sheet = sheet_of(Organisation("#2b7444"))
    assert sheet is sheet_of(Organisation("#2b7444"))
    text = sheet.plain.decode()
    assert text.index("--tenant: #14527f") < text.index(".btn") < text.index("--tenant:#2b7444")
    assert gzip.decompress(sheet.packed) == sheet.plain
