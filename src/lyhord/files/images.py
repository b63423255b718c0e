"""A photo from anybody becomes two plain JPEGs and a few facts. The original is never kept and never served."""

import hashlib
import json
import logging
import math
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, cast

from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import LyhordError
from lyhord.files import sandbox, scanning
from lyhord.files._wire import unpack
from lyhord.files.jpeg import bare_size

log = logging.getLogger(__name__)

MAX_BYTES = 20_000_000
LARGE_SIDE, SMALL_SIDE = 1600, 400
"""The longest side, in pixels, of the two sizes."""

type Kind = Literal["jpeg", "png", "webp", "heic"]

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
_LIMITS = sandbox.Limits(input_bytes=MAX_BYTES)
_HEIC_LIMITS = sandbox.Limits(input_bytes=MAX_BYTES, threads=True)  # libde265 always starts one

SENTENCES = {
    "too_big": _("Bilden är för stor. Den får vara högst 20 MB. Din text finns kvar."),
    "not_an_image": _(
        "Det här är inte en bild som vi kan öppna. Välj en bild i formatet JPEG, PNG, WebP eller HEIC. "
        "Din text finns kvar."
    ),
    "broken": _("Bilden går inte att öppna. Den verkar vara skadad. Välj en annan bild. Din text finns kvar."),
    "bomb": _("Bilden har för många pixlar. Den får ha högst 50 miljoner. Välj en mindre bild. Din text finns kvar."),
    "too_slow": _("Det tog för lång tid att läsa bilden. Välj en mindre bild. Din text finns kvar."),
    "infected": _(
        "Vi kan inte ta emot filen. Viruskontrollen varnade för den. Välj en annan bild. Din text finns kvar."
    ),
    "unavailable": _("Vi kan inte ta emot bilder just nu. Försök igen om en stund. Din text finns kvar."),
}

_FAILURES = {"too_slow": "too_slow", "memory": "bomb", "crashed": "broken", "unavailable": "unavailable"}


class RefusedFile(LyhordError):
    """The file cannot be used. `code` is a key of SENTENCES; all but "unavailable" are about the file itself."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code], code)


@dataclass(frozen=True, kw_only=True)
class CleanImage:
    """What is kept of a photo. Upright, sRGB, on white, without a trace of metadata."""

    large: bytes = field(repr=False)
    """JPEG, longest side at most LARGE_SIDE."""
    small: bytes = field(repr=False)
    """JPEG, longest side at most SMALL_SIDE."""
    width: int
    height: int
    """Of `large`, in pixels."""
    sha256: str
    """Of the original's bytes, in hexadecimal."""
    kind: Kind
    """What the original was, whatever its name said."""
    position: tuple[float, float] | None
    """Where the camera was, as it wrote itself: latitude and longitude in WGS84. To propose, never to publish."""
    accuracy_m: float | None
    """The radius that the camera gave for `position`."""
    taken_at: datetime | None
    """Aware if the camera wrote its offset from UTC; otherwise naive, in the camera's own time."""


def clean_image(source: bytes | os.PathLike[str]) -> CleanImage:
    """Checks, reads and draws again a photo given as bytes or as the path of a file.

    About 0.25 s of CPU for 12 megapixels (HEIC: 1 to 3 s), in a process of its own. Raises RefusedFile.
    """
    try:
        data = _read(source)
        _scan(data)
        kind = detect(data)
        if kind is None:
            raise RefusedFile("not_an_image")
        return understand(_redraw(data, kind), data, kind)
    except RefusedFile as refused:
        log.info("a picture was refused: %s", refused.code)
        raise


def detect(data: bytes) -> Kind | None:
    """The kind of picture that the first bytes promise, or None if we do not take it."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "heic"
    return None


def _read(source: bytes | os.PathLike[str]) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        with Path(source).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise RefusedFile("too_big")
    return data


def _scan(data: bytes) -> None:
    try:
        found = scanning.infection(data)
    except scanning.ScannerFailed as error:
        raise RefusedFile("unavailable") from error
    if found:
        log.warning("an uploaded file was infected: %s", found)
        raise RefusedFile("infected")


def _redraw(data: bytes, kind: Kind) -> bytes:
    try:
        return sandbox.run("lyhord.files._reencode:reencode", data, _HEIC_LIMITS if kind == "heic" else _LIMITS)
    except sandbox.SandboxFailure as failure:
        raise refusal_for(failure) from failure


def refusal_for(failure: sandbox.SandboxFailure) -> RefusedFile:
    """What the end of the process that read the picture means to the person."""
    code = failure.reason if failure.code == "refused" else _FAILURES[failure.code]
    return RefusedFile(code if code in SENTENCES else "broken")


def understand(answer: bytes, data: bytes, kind: Kind) -> CleanImage:
    """Believes nothing of what the process says before it has been checked: the picture may have taken it over."""
    try:
        raw, large, small = unpack(answer, 3)
        facts = json.loads(raw)
        if not isinstance(facts, dict) or facts.get("kind") != kind:
            raise ValueError("not the facts of this picture")
        width, height = bare_size(large)
        if max(width, height) > LARGE_SIDE or max(bare_size(small)) > SMALL_SIDE:
            raise ValueError("larger than asked for")
        return CleanImage(
            large=large,
            small=small,
            width=width,
            height=height,
            sha256=hashlib.sha256(data).hexdigest(),
            kind=kind,
            position=_position(facts.get("position")),
            accuracy_m=_positive(facts.get("accuracy_m")),
            taken_at=_moment(facts.get("taken_at")),
        )
    except (ValueError, RecursionError) as error:
        log.warning("the answer about a picture made no sense: %s", error)
        raise RefusedFile("broken") from error


def _position(value: object) -> tuple[float, float] | None:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(part, float | int) for part in value):
        return None
    latitude, longitude = cast("list[float]", value)
    if abs(latitude) <= 90 and abs(longitude) <= 180:  # NaN is in no range
        return float(latitude), float(longitude)
    return None


def _positive(value: object) -> float | None:
    return float(value) if isinstance(value, float | int) and math.isfinite(value) and value > 0 else None


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None
