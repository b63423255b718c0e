"""Photos from anybody: what comes out is plain and upright, and what cannot be used is refused with a sentence."""

import hashlib
import io
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pi_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lyhord.files import images, sandbox
from lyhord.files._reencode import reencode
from lyhord.files._wire import Refused, pack, unpack
from lyhord.files.images import CleanImage, RefusedFile, clean_image
from lyhord.files.jpeg import bare_size
from lyhord.files.scanning import EICAR
from tests.files import make

PHOTOS = Path(__file__).parent / "photos"

# name: (kind, width, height, position, taken) or why it is refused
OUTCOMES: dict[str, tuple[str, int, int, tuple[float, float] | None, str | None] | str] = {
    "gps-nikon-arezzo-1.jpg": ("jpeg", 640, 480, (43.467448, 11.885127), "2008-10-22T16:28:39"),
    "gps-odd-ifd.jpg": ("jpeg", 1600, 900, None, "2012-06-23T06:55:49"),
    "iphone4.jpg": ("jpeg", 1296, 968, (41.853, 12.488833), "2011-01-13T14:33:39"),
    "iphone-5195.heic": ("heic", 1239, 1600, (39.051344, -94.288772), "2021-04-11T15:47:53-05:00"),
    "nokia-hdr.heif": ("heic", 1600, 1200, (40.662994, -3.763741), "2022-01-12T07:30:14"),
    "xiaomi.heic": ("heic", 1600, 1200, (47.227288, 39.699992), "2023-04-27T19:44:18"),
    "orient3-portrait.jpg": ("jpeg", 450, 600, None, None),
    "orient6-portrait.jpg": ("jpeg", 450, 600, None, None),
    "orient8-portrait.jpg": ("jpeg", 450, 600, None, None),
    "bad-corrupted.jpg": ("jpeg", 1600, 1200, None, "2015-09-08T11:02:17"),  # only the last rows are missing
    "bad-exif.jpg": ("jpeg", 500, 500, None, None),
    "bad-gps-types.jpg": ("jpeg", 800, 531, None, "2010-08-15T13:58:09"),
    "bad-invalid-exif-1.jpg": ("jpeg", 88, 64, None, None),
    "bad-invalid-exif-2.jpg": ("jpeg", 65, 65, None, None),
    "bad-broken.png": "broken",
    "bad-corrupted.heic": "broken",
    "bad-crash-oss-fuzz.j2k": "not_an_image",
    "bad-decompression-bomb.gif": "not_an_image",
    "bad-truncated.jpg": "broken",
}


def check_plain(clean: CleanImage) -> None:
    """Two JPEGs of the right sizes that carry nothing but their picture."""
    assert bare_size(clean.large) == (clean.width, clean.height)
    assert max(clean.width, clean.height) <= 1600
    assert max(bare_size(clean.small)) <= 400
    for data in (clean.large, clean.small):
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            assert (picture.format, picture.mode) == ("JPEG", "RGB")
            assert not picture.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(picture.info)
        assert b"Exif" not in data


def refusal(source: bytes | Path) -> str:
    with pytest.raises(RefusedFile) as caught:
        clean_image(source)
    assert str(caught.value.message) == str(images.SENTENCES[caught.value.code])
    return caught.value.code


def redrawn(data: bytes) -> Image.Image:
    """The large picture, drawn in this very process: for what is about pixels alone."""
    _facts, large, small = unpack(reencode(data), 3)
    assert max(bare_size(large)) <= 1600
    assert max(bare_size(small)) <= 400
    return opened(large)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def near(pixel: Any, wanted: tuple[int, int, int], by: int = 12) -> bool:
    return all(abs(have - want) <= by for have, want in zip(pixel, wanted, strict=True))


def test_every_photo_has_an_outcome_and_a_credit() -> None:
    names = {path.name for path in PHOTOS.iterdir()} - {"CREDITS.md"}
    assert names == set(OUTCOMES)
    credits_text = (PHOTOS / "CREDITS.md").read_text()
    assert not [name for name in names if name not in credits_text]


@pytest.mark.requirement("0.4", "0.5")
@pytest.mark.parametrize("name", OUTCOMES)
def test_real_photos(name: str) -> None:
    outcome = OUTCOMES[name]
    if isinstance(outcome, str):
        assert refusal(PHOTOS / name) == outcome
        return
    clean = clean_image(PHOTOS / name)
    kind, width, height, position, taken = outcome
    assert (clean.kind, clean.width, clean.height) == (kind, width, height)
    assert clean.position == (pytest.approx(position, abs=1e-6) if position else None)
    assert (clean.taken_at.isoformat() if clean.taken_at else None) == taken
    check_plain(clean)


@pytest.mark.requirement("0.4", "0.5")
def test_a_telephones_photo() -> None:
    data = make.photo_12mp()
    clean = clean_image(data)
    check_plain(clean)
    assert clean.kind == "jpeg"
    assert (clean.width, clean.height) == (1200, 1600)  # orientation 6: it was held upright
    assert clean.sha256 == hashlib.sha256(data).hexdigest()
    assert clean.position == pytest.approx(make.MOTALA, abs=1e-7)
    assert clean.accuracy_m == 4.5
    assert clean.taken_at == datetime(2026, 11, 24, 14, 5, 9, tzinfo=timezone(timedelta(hours=1)))
    assert opened(data).getexif().get_ifd(0x8825)  # what is gone in the answer was there
    assert len(clean.large) < 1_000_000
    assert len(clean.small) < 100_000


@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_orientations_come_out_upright(orientation: int) -> None:
    """The red corner is top right in the data; where it belongs follows from the orientation (Exif 2.32, §4.6.4 A)."""
    corners = {1: "tr", 2: "tl", 3: "bl", 4: "br", 5: "bl", 6: "br", 7: "tr", 8: "tl"}
    picture = redrawn(make.photo(orientation=orientation))
    width, height = picture.size
    assert (width, height) == ((640, 480) if orientation < 5 else (480, 640))
    red = {
        name: near(picture.getpixel((x, y)), (220, 20, 20), 30)
        for name, x, y in (
            ("tl", 20, 20),
            ("tr", width - 20, 20),
            ("bl", 20, height - 20),
            ("br", width - 20, height - 20),
        )
    }
    assert [name for name, is_red in red.items() if is_red] == [corners[orientation]]


@pytest.mark.requirement("0.4")
@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        ("JPEG", {"comment": b"hemlig kommentar"}, "jpeg"),
        ("PNG", {}, "png"),
        ("WEBP", {"xmp": b"<x:xmpmeta>hemlig</x:xmpmeta>"}, "webp"),
    ],
)
def test_metadata_is_read_and_then_gone(kind: str, options: dict[str, Any], expected: str) -> None:
    data = make.encoded(make.street(), kind, exif=make.exif(make.MOTALA), **options)
    clean = clean_image(data)
    assert clean.kind == expected
    assert clean.position == pytest.approx(make.MOTALA, abs=1e-7)
    check_plain(clean)
    assert b"hemlig" not in clean.large + clean.small


def test_text_chunks_of_png_are_gone() -> None:
    notes = PngInfo()
    notes.add_text("Author", "hemlig")
    notes.add_itxt("Comment", "hemlig", zip=True)
    clean = clean_image(make.encoded(make.street(), "PNG", pnginfo=notes))
    check_plain(clean)
    assert b"hemlig" not in clean.large + clean.small


def test_photo_without_tags() -> None:
    clean = clean_image(make.encoded(make.street()))
    assert (clean.position, clean.accuracy_m, clean.taken_at) == (None, None, None)


def test_camera_that_does_not_say_its_zone_gives_naive_time() -> None:
    clean = clean_image(make.encoded(make.street(), exif=make.exif(offset=None)))
    assert clean.taken_at == datetime(2026, 11, 24, 14, 5, 9)


@pytest.mark.requirement("0.5")
@pytest.mark.parametrize("gps", [{1: "Q"}, {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)}, {2: (95.0, 0.0, 0.0)}])
def test_a_position_in_doubt_is_none_and_the_photo_is_taken(gps: dict[int, Any]) -> None:
    clean = clean_image(make.encoded(make.street(), exif=make.exif(make.MOTALA, gps=gps)))
    assert clean.position is None
    assert clean.taken_at is not None


@pytest.mark.parametrize(
    ("picture", "wanted"),
    [
        (Image.new("RGBA", (50, 50), (255, 0, 0, 0)), (255, 255, 255)),
        (Image.new("RGBA", (50, 50), (255, 0, 0, 128)), (255, 127, 127)),
        (Image.new("LA", (50, 50), (0, 0)), (255, 255, 255)),
        (Image.new("L", (50, 50), 77), (77, 77, 77)),
        (Image.new("1", (50, 50), 1), (255, 255, 255)),
        (Image.new("I;16", (50, 50), 0x8000), (128, 128, 128)),
        (Image.new("RGB", (50, 50), (10, 200, 30)).quantize(4), (10, 200, 30)),
    ],
    ids=lambda value: value.mode if isinstance(value, Image.Image) else "",
)
def test_modes_of_png_on_white(picture: Image.Image, wanted: tuple[int, int, int]) -> None:
    assert near(redrawn(make.encoded(picture, "PNG")).getpixel((25, 25)), wanted)


def test_transparent_colour_of_a_palette_is_white() -> None:
    picture = Image.new("P", (50, 50), 3)
    picture.putpalette([0, 0, 0] * 3 + [255, 0, 0])
    assert near(redrawn(make.encoded(picture, "PNG", transparency=3)).getpixel((25, 25)), (255, 255, 255))


def test_print_colours_become_screen_colours() -> None:
    picture = redrawn(make.encoded(Image.new("CMYK", (50, 50), (0, 255, 255, 0))))
    assert near(picture.getpixel((25, 25)), (255, 0, 0), 25)


def test_wide_colours_become_srgb() -> None:
    """The iPhone's profile is wider than sRGB: the same numbers mean a stronger colour."""
    profile = pi_heif.open_heif(PHOTOS / "iphone-5195.heic").info["icc_profile"]
    clean = clean_image(make.encoded(Image.new("RGB", (50, 50), (200, 100, 50)), "PNG", icc_profile=profile))
    red, green, blue = opened(clean.large).getpixel((25, 25))  # type: ignore[misc] # RGB
    assert red > 207
    assert green < 100
    assert blue < 45
    check_plain(clean)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_profile_that_makes_no_sense_is_ignored(mode: str) -> None:
    data = make.encoded(Image.new(mode, (50, 50)), icc_profile=b"no profile at all" * 20)
    assert redrawn(data).size == (50, 50)


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_only_the_first_frame_of_an_animation(kind: str) -> None:
    assert near(redrawn(make.animation(kind)).getpixel((30, 20)), (200, 30, 30))


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        ((1, 1), (1, 1)),
        ((1, 5000), (1, 1600)),
        ((9000, 2), (1600, 1)),
        ((1600, 1600), (1600, 1600)),
        ((1601, 3), (1600, 3)),
        ((3200, 2400), (1600, 1200)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_odd_sizes(size: tuple[int, int], wanted: tuple[int, int], kind: str) -> None:
    assert redrawn(make.encoded(Image.new("RGB", size, (9, 99, 199)), kind)).size == wanted


@pytest.mark.requirement("0.4")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "not_an_image", id="empty"),
        pytest.param(b"\xff\xd8", "not_an_image", id="short"),
        pytest.param(make.SVG, "not_an_image", id="svg"),
        pytest.param(make.HTML, "not_an_image", id="html"),
        pytest.param(make.PDF, "not_an_image", id="pdf"),
        pytest.param(b"PK\x03\x04" + bytes(400), "not_an_image", id="zip"),
        pytest.param(make.animation("GIF"), "not_an_image", id="gif"),
        pytest.param(make.encoded(make.street(), "BMP"), "not_an_image", id="bmp"),
        pytest.param(make.encoded(make.street(), "TIFF"), "not_an_image", id="tiff"),
        pytest.param(EICAR, "infected", id="eicar"),
        pytest.param(make.photo() + EICAR, "infected", id="eicar-tail"),
        pytest.param(b"\xff\xd8\xff\xe0" + make.HTML, "broken", id="jpeg-head"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + make.SVG, "broken", id="png-head"),
        pytest.param(b"RIFF\x20\0\0\0WEBPVP8 " + bytes(30), "broken", id="webp-head"),
        pytest.param(b"\0\0\0\x20ftypheic" + bytes(300), "broken", id="heic-head"),
    ],
)
def test_what_is_no_photo_is_refused(data: bytes, code: str) -> None:
    assert refusal(data) == code


@pytest.mark.requirement("0.4")
def test_twenty_megabytes_is_the_limit(tmp_path: Path) -> None:
    photo = make.photo()
    exact = photo + bytes(images.MAX_BYTES - len(photo))
    check_plain(clean_image(exact))
    assert refusal(exact + b"\0") == "too_big"
    path = tmp_path / "large.jpg"
    path.write_bytes(exact + bytes(1_000_000))
    assert refusal(path) == "too_big"
    assert str(images.SENTENCES["too_big"]) == "Bilden är för stor. Den får vara högst 20 MB. Din text finns kvar."


@pytest.mark.requirement("0.4")
def test_bombs_are_refused() -> None:
    bomb = make.png_bomb()
    assert len(bomb) < 200_000
    assert refusal(bomb) == "bomb"


def test_fifty_megapixels_fit() -> None:
    clean = clean_image(make.encoded(Image.new("RGBA", (8000, 6200), (0, 90, 0, 255)), "PNG", compress_level=1))
    assert near(opened(clean.large).getpixel((800, 600)), (0, 90, 0))
    assert refusal(make.png_bomb(7100)) == "bomb"


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_cut_file_is_refused_rather_than_shown_in_grey(kind: str, part: float) -> None:
    data = make.encoded(make.street(), kind)
    with pytest.raises(Refused, match="broken"):
        reencode(data[: int(len(data) * part)])


def test_a_cut_jpeg_with_a_false_end_is_refused() -> None:
    data = make.encoded(make.street())
    with pytest.raises(Refused, match="broken"):
        reencode(data[: len(data) // 2] + b"\xff\xd9")


def test_a_cut_heic_is_refused() -> None:
    data = (PHOTOS / "xiaomi.heic").read_bytes()
    assert refusal(data[: len(data) // 2]) == "broken"


@pytest.mark.requirement("0.4")
@pytest.mark.parametrize("tail", [make.HTML, b"<?php system($_GET['x']); ?>", b"PK\x03\x04" + bytes(100)])
def test_a_file_that_is_two_things_leaves_only_the_picture(tail: bytes) -> None:
    clean = clean_image(make.encoded(make.street(), comment=tail) + tail)
    check_plain(clean)
    assert tail[:12] not in clean.large + clean.small


def test_names_lie() -> None:
    """The kind comes from the bytes: a PNG sent as photo.jpg is a PNG."""
    assert clean_image(make.encoded(make.street(64, 48), "PNG")).kind == "png"


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (("too_slow", "cpu"), "too_slow"),
        (("too_slow", "wall"), "too_slow"),
        (("memory", ""), "bomb"),
        (("crashed", "-11"), "broken"),
        (("unavailable", ""), "unavailable"),
        (("refused", "bomb"), "bomb"),
        (("refused", "a code from nowhere"), "broken"),
    ],
)
def test_each_end_of_the_process_has_its_sentence(failure: tuple[str, str], code: str) -> None:
    assert images.refusal_for(sandbox.SandboxFailure(*failure)).code == code


def test_real_limits_become_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same runner with less to use: a photo that needs more is refused with the right words."""
    data = make.photo_12mp()
    monkeypatch.setattr(images, "_LIMITS", sandbox.Limits(memory_bytes=90 << 20))
    assert refusal(make.encoded(Image.new("RGB", (6000, 6000)), "PNG")) in {"bomb", "unavailable"}
    monkeypatch.setattr(images, "_LIMITS", sandbox.Limits(wall_seconds=0))
    assert refusal(data) == "too_slow"


PLAIN = b'{"kind":"jpeg"}'


@pytest.mark.parametrize(
    "facts",
    [b"", b"null", b"[]", b"{}", b'{"kind":"png"}', b"\xff", b"[" * 100_000, b'{"kind":"jpeg","taken_at":"igar"}'],
)
def test_a_lying_process_is_not_believed(facts: bytes) -> None:
    picture = clean_image(make.photo())
    with pytest.raises(RefusedFile):
        images.understand(pack(facts, picture.large, picture.small), b"data", "jpeg")
    for large, small in (
        (make.photo(), picture.small),
        (picture.large, picture.large),
        (picture.large + make.HTML, picture.small),
        (make.HTML, picture.small),
        (make.encoded(Image.new("RGB", (1601, 10))), picture.small),
    ):
        with pytest.raises(RefusedFile):
            images.understand(pack(PLAIN, large, small), b"data", "jpeg")


@pytest.mark.parametrize("position", ["[91, 0]", "[0, 181]", "[NaN, 1]", "[1]", '["1", "2"]', '"x"', "[1e999, 1]"])
def test_a_lying_process_cannot_leave_the_globe(position: str) -> None:
    picture = clean_image(make.photo())
    facts = f'{{"kind":"jpeg","position":{position},"accuracy_m":-1}}'.encode()
    clean = images.understand(pack(facts, picture.large, picture.small), b"data", "jpeg")
    assert (clean.position, clean.accuracy_m) == (None, None)


SMALL = [
    make.encoded(make.street(48, 36), "JPEG", exif=make.exif(make.MOTALA)),
    make.encoded(make.street(48, 36), "JPEG", progressive=True),
    make.encoded(make.street(48, 36), "PNG", exif=make.exif(make.MOTALA)),
    make.encoded(make.street(48, 36).quantize(16), "PNG"),
    make.encoded(make.street(48, 36), "WEBP", exif=make.exif(make.MOTALA)),
]


@settings(deadline=None)
@given(st.data())
def test_damaged_photos_are_plain_or_refused(data: st.DataObject) -> None:
    """In this very process, so that an error with no name is seen."""
    photo = bytearray(data.draw(st.sampled_from(SMALL)))
    for _ in range(data.draw(st.integers(1, 6))):
        photo[data.draw(st.integers(0, len(photo) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, 40))
    try:
        answer = reencode(bytes(photo[: len(photo) - cut]))
    except Refused:
        return
    _facts, large, small = unpack(answer, 3)
    assert max(bare_size(large)) <= 1600
    assert max(bare_size(small)) <= 400
