"""Pictures made for tests: real enough for the code, and nobody's. Each is made once a process."""

import functools
import io
import struct
import zlib
from fractions import Fraction
from typing import Any

from PIL import Image, TiffImagePlugin

MOTALA = (58.5371, 15.0365)
TAKEN = "2026:11:24 14:05:09"

_GPS, _EXIF = 0x8825, 0x8769


def exif(
    position: tuple[float, float] | None = None,
    *,
    orientation: int = 1,
    taken: str | None = TAKEN,
    offset: str | None = "+01:00",
    gps: dict[int, Any] | None = None,
) -> bytes:
    """A block of EXIF as a telephone writes it. `gps` replaces or adds tags of the GPS directory."""
    tags = Image.Exif()
    tags[0x010F], tags[0x0110] = "Lyhord", "Test camera"
    tags[0x0112] = orientation
    if taken:
        tags.get_ifd(_EXIF)[0x9003] = taken
        if offset:
            tags.get_ifd(_EXIF)[0x9011] = offset
    directory = tags.get_ifd(_GPS)
    if position is not None:
        latitude, longitude = position
        directory[1], directory[2] = "N" if latitude >= 0 else "S", _sexagesimal(latitude)
        directory[3], directory[4] = "E" if longitude >= 0 else "W", _sexagesimal(longitude)
        directory[31] = TiffImagePlugin.IFDRational(9, 2)
    directory.update(gps or {})
    return tags.tobytes()


def _sexagesimal(degrees: float) -> tuple[TiffImagePlugin.IFDRational, ...]:
    """Degrees, minutes and seconds, the seconds to a ten-thousandth (3 mm)."""
    seconds = Fraction(round(abs(degrees) * 36_000_000), 10_000)
    minutes, rest = divmod(seconds, 60)
    whole, minutes = divmod(minutes, 60)
    return (
        TiffImagePlugin.IFDRational(whole, 1),
        TiffImagePlugin.IFDRational(minutes, 1),
        TiffImagePlugin.IFDRational(int(rest * 10_000), 10_000),
    )


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture's bytes in the format that Pillow calls `kind`."""
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


@functools.cache
def street(width: int = 640, height: int = 480) -> Image.Image:
    """A picture with a dark top left, light bottom right, a red top right corner and some noise."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    noise = Image.effect_noise((width, height), 40)
    picture = Image.merge("RGB", (across, down, noise))
    picture.paste((220, 20, 20), (width - width // 4, 0, width, height // 4))
    return picture


@functools.cache
def photo(
    position: tuple[float, float] | None = None, orientation: int = 1, size: tuple[int, int] = (640, 480)
) -> bytes:
    """A small JPEG with EXIF: quick to send, and has what a telephone's photo has."""
    return encoded(street(*size), quality=85, exif=exif(position, orientation=orientation))


def photo_12mp(lat: float = MOTALA[0], lon: float = MOTALA[1], orientation: int = 6) -> bytes:
    """A JPEG of 4000 by 3000 pixels, about 2 MB, with position, time and orientation in its EXIF."""
    return photo((lat, lon), orientation, (4000, 3000))


@functools.cache
def png_bomb(side: int = 30_000) -> bytes:
    """A PNG of a hundred kilobytes that decodes to `side` by `side` pixels."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    data = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", data), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def animation(kind: str) -> bytes:
    """Two frames, red then blue, as "WEBP", "PNG" or "GIF"."""
    red, blue = Image.new("RGB", (60, 40), (200, 30, 30)), Image.new("RGB", (60, 40), (30, 30, 200))
    options: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {}
    return encoded(red, kind, save_all=True, append_images=[blue], duration=200, **options)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF"
