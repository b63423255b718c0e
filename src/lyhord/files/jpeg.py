"""Checks that a JPEG is bare: a picture and nothing more. Walks the markers only; decodes nothing.

Markers: ITU-T T.81, table B.1.
"""

_START, _END = b"\xff\xd8", b"\xff\xd9"
_APP0, _SOF0, _SOF2, _SCAN = 0xE0, 0xC0, 0xC2, 0xDA
_ALLOWED = {_APP0, _SOF0, _SOF2, _SCAN, 0xDB, 0xC4, 0xDD}  # and tables: quantisation, Huffman, restart interval


def bare_size(data: bytes) -> tuple[int, int]:
    """Width and height of a JPEG without metadata, comment, profile, thumbnail or tail.

    Raises ValueError if `data` is anything else.
    """
    if not data.startswith(_START):
        raise ValueError("no JPEG")
    size: tuple[int, int] | None = None
    at = len(_START)
    while True:
        marker, body, at = _segment(data, at)
        if marker not in _ALLOWED:
            raise ValueError(f"marker {marker:#x} carries something else than the picture")
        if marker == _APP0 and not (body.startswith(b"JFIF\0") and len(body) == 14):
            raise ValueError("an APP0 that is not a bare JFIF")
        if marker in {_SOF0, _SOF2}:
            if len(body) < 6:
                raise ValueError("a frame header is too short")
            size = int.from_bytes(body[3:5]), int.from_bytes(body[1:3])
        if marker == _SCAN:
            break
    if size is None or 0 in size:
        raise ValueError("no size")
    if data.find(_END, at) != len(data) - len(_END):
        raise ValueError("it does not end where the picture ends")
    return size


def _segment(data: bytes, at: int) -> tuple[int, bytes, int]:
    """The marker at `at`, its body and where the next one begins."""
    if at + 4 > len(data) or data[at] != 0xFF:
        raise ValueError("a marker is missing")
    length = int.from_bytes(data[at + 2 : at + 4])
    end = at + 2 + length
    if length < 2 or end > len(data):
        raise ValueError("a segment is cut")
    return data[at + 1], data[at + 4 : end], end
