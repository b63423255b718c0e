"""Makes two plain JPEGs of a photo from anybody. Runs only inside `sandbox`: the parsers here meet hostile bytes.

Everything is drawn again: no metadata, no profile, no comment, no second frame and nothing that followed the picture
comes along. The whole picture must decode; a part of it with grey in place of the rest is no answer.
"""

import io
import json
import warnings
from datetime import datetime

import pi_heif
from PIL import Image, ImageCms, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from lyhord.files import _exif
from lyhord.files._wire import Refused, pack

LARGE_SIDE, SMALL_SIDE = 1600, 400
MAX_PIXELS = 50_000_000
QUALITY = 82

KINDS = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "WEBP": "webp", "HEIF": "heic"}

# Named so that they are loaded now: no file can be opened once the data is here.
_PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
Image.preinit()
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
pi_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
_SRGB = ImageCms.createProfile("sRGB")

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def reencode(data: bytes) -> bytes:
    """Three packed parts: facts as JSON, the large JPEG, the small JPEG.

    Facts: `kind`, `width` and `height` of the large one, `position` and `accuracy_m` and `taken_at` (ISO 8601) or null.
    Raises Refused with "bomb" (more than MAX_PIXELS) or "broken"; MemoryError passes.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _reencode(data)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise Refused("bomb") from error
        except (Refused, MemoryError):
            raise
        except Exception as error:  # what Pillow and its parsers raise for bad data is not written down anywhere
            raise Refused("broken") from error


def _reencode(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "HEIF"]) as source:
        facts, orientation = _read_tags(source)
        facts["kind"] = KINDS[source.format or ""]
        profile = source.info.get("icc_profile")
        picture = _decode(source, data)
    picture.thumbnail((LARGE_SIDE, LARGE_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if orientation in _UPRIGHT:
        picture = picture.transpose(_UPRIGHT[orientation])
    large = _to_srgb(_on_white(picture), profile)
    small = large.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    facts["width"], facts["height"] = large.size
    return pack(json.dumps(facts).encode("ascii"), _jpeg(large), _jpeg(small))


def _read_tags(source: Image.Image) -> tuple[dict[str, object], int]:
    """Facts for the answer, and the orientation. Tags that cannot be read are no reason to refuse the photo."""
    facts: dict[str, object] = {"position": None, "accuracy_m": None, "taken_at": None}
    orientation = 1
    try:
        tags = source.getexif()
        orientation = _exif.orientation(tags)
        moment: datetime | None = _exif.taken_at(tags, tags.get_ifd(_exif.EXIF_IFD))
        facts["taken_at"] = moment.isoformat() if moment else None
        gps = tags.get_ifd(_exif.GPS_IFD)
        facts["position"] = _exif.position(gps)
        facts["accuracy_m"] = _exif.accuracy_m(gps)
    except MemoryError:
        raise
    except Exception:  # noqa: S110  # see above; Pillow raises anything for bad tags
        pass
    return facts, orientation


def _decode(source: Image.Image, data: bytes) -> Image.Image:
    """The first frame, decoded to its end, in a mode that can be scaled: L, RGB, CMYK or RGBA."""
    if source.format == "HEIF":
        _refuse_missing_end(data)
    if source.format in {"JPEG", "MPO"}:
        scale = LARGE_SIDE / max(source.size)
        if scale < 1:  # JPEG can be decoded at 1/2, 1/4 or 1/8 for much less
            source.draft(None, (max(1, int(source.width * scale)), max(1, int(source.height * scale))))
    source.load()
    if source.format in {"JPEG", "MPO"}:
        _refuse_grey_end(source)
    if source.mode in {"L", "RGB", "RGBA", "CMYK"}:
        return source
    if source.mode in {"LA", "PA"} or "transparency" in source.info:
        return source.convert("RGBA")
    if source.mode.startswith("I"):  # 16 bits a pixel: the upper eight are what can be seen
        source = source.point(lambda value: value / 256)
    return source.convert("L" if source.mode.startswith(("I", "1", "F")) else "RGB")


def _refuse_missing_end(data: bytes) -> None:
    """libheif draws what there is of a cut file: refuse one whose tags or data are said to go on after the file.

    Telephones put all sorts of things last, so what is no box is let be. Boxes: ISO/IEC 14496-12, §4.2.
    """
    at = 0
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16])
        if length < 8:  # 0 is a box to the end of the file, the others are no boxes
            return
        at += length
        if at > len(data) and name in {b"meta", b"mdat"}:
            raise Refused("broken")


def _refuse_grey_end(picture: Image.Image) -> None:
    """A JPEG whose data ends too early decodes without complaint, with the middle grey in place of the rest.

    A few rows may be missing (some cameras do that); a tenth may not.
    """
    end = picture.crop((0, picture.height - max(1, picture.height // 10), *picture.size))
    if picture.height >= 20 and all(channel == (128, 128) for channel in _extremes(end)):
        raise Refused("broken")


def _extremes(picture: Image.Image) -> tuple[object, ...]:
    extremes = picture.getextrema()
    return extremes if isinstance(extremes[0], tuple) else (extremes,)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _to_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """RGB in sRGB. A profile that does not fit its picture is ignored, as browsers do."""
    if isinstance(profile, bytes) and profile:
        try:
            ours = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, ours, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    picture.info.clear()  # else Pillow may write what it read: profile, comment, resolution
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=QUALITY, optimize=True)
    return target.getvalue()
