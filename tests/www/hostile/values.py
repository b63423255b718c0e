"""What nobody sends who means well, and what somebody does by accident.

All of it in every field would take an hour. Each run tries a handful everywhere, another one each time (`first_turn`,
from the run's seed, which `-p randomly` prints and takes), so that all is tried in the end.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from tests.www.hostile.sending import Upload, Value
from tests.www.hostile.walking import Control

CONTROL = b"zx\x00\x08\x0b\x1f\x7f\xc2\x85rest"
"""Control characters, which PostgreSQL, XML and pages cannot hold."""
BROKEN = b"zx\xff\xfe\xed\xa0\x80\xc3"
"""What is no UTF-8, a lone surrogate among it."""
TURNING = "zx\u202egnisrever\u2066\u200b\ufeff"
"""Characters that turn the direction of what stands after them, or are not seen."""
SCRIPT = "zx\"'><script>alert(1)</script>"
LONG = "zx" * 60_000
EMOJI = "👩‍👩‍👧" * 5 + "e" + "\u0301" * 500
AWAY = ("//evil.example/", "https://evil.example/", "/\\evil.example")
TEXTS: tuple[Value, ...] = (CONTROL, BROKEN, TURNING, SCRIPT, LONG, EMOJI, "%_\\'\";--", "../../etc/passwd", "=1+1")
NUMBERS: tuple[Value, ...] = (
    *("-1", "0", "9" * 30, "9223372036854775808", "2147483648", "32768", "NaN", "inf", "1e400", "59,33"),
    *("²", "٣", "1_0", "+1", "0x1", " 1 "),
)
DATES: tuple[Value, ...] = ("0001-01-01", "9999-12-31", "2026-02-30", "10000-01-01", "26-13-01")
SHAPES: tuple[Value, ...] = ("[]", "{}", "null", "26-99999999999", "\u2028", *AWAY)
FILES: tuple[Value, ...] = (
    "no file at all",
    Upload(b"", "tom.jpg"),
    Upload(b"\x00" * 2000, "noll.jpg", "image/jpeg"),
    Upload(b"\xff\xd8\xff\xe0" + b"x" * 5000, "halv.jpg", "image/jpeg"),
    Upload(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "bild.svg", "image/svg+xml"),
    Upload(b"\xff\xfea\x00;\x00b\x00", "utf16.csv", "text/csv"),
    Upload(b"gata;nummer\n\x00;\xff\n" * 50, "trasig.csv", "text/csv"),
    Upload(
        b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[['
        b'NaN,1e400],[1,"x"],[null,2],[15,58]]]}}]}',
        "nan.geojson",
    ),
    Upload(b"[" * 100_000, "djup.geojson"),
    Upload(b'{"type":"FeatureCollection","features":' + b"[" * 5000 + b"]" * 5000 + b"}", "djupare.geojson"),
    Upload(b"x", "../../../etc/passwd"),
    Upload(b"x", 'a"b;c=\r\nd.jpg'),
)


def first_turn() -> int:
    """Where this run begins."""
    return random.randrange(10_000)


def hostile(control: Control, turn: int, foreign: dict[str, Any]) -> Iterator[Value]:
    """What is tried in a field: a handful that differs from field to field (`turn`)."""
    if control.kind == "file":
        yield from some(FILES, turn, 3)
        return
    others: tuple[Value, ...] = tuple(str(value) for name, value in foreign.items() if name in _alike(control.name))
    if control.kind == "asked":
        yield from (CONTROL, *some((LONG, "-1", "9" * 30, "NaN"), turn, 1), *some(others, turn, 1))
        return
    yield CONTROL
    yield from some((*TEXTS[1:], *SHAPES), turn, 1)
    yield from some(NUMBERS if not control.written else (*NUMBERS, *DATES), turn, 1)
    yield from some(others, turn, 1)


def some[T](values: Sequence[T], turn: int, count: int) -> Iterator[T]:
    """A few of them, others each turn, all in the end."""
    for number in range(min(count, len(values))):
        yield values[(turn * count + number) % len(values)]


def _alike(name: str) -> set[str]:
    """The ids that a field of this name might take."""
    names = {
        "officer": {"user_id"}, "unit": {"unit_id", "unit_code"}, "parent": {"unit_id"}, "units": {"unit_code"},
        "into": {"number"}, "case_type": {"type_code"}, "category": {"category_code"}, "types": {"type_code"},
        "draft_photos": {"draft_uid", "uid"}, "photo": {"photo_id"}, "next_id": {"case_id"}, "group": {"group_id"},
        "id": {"case_id"}, "kod": {"code"}, "kvar": {"kept_id"}, "vem": {"user_id"}, "fran": {"case_id"},
        "enhet": {"unit_code"}, "typ": {"type_code"}, "kategori": {"category_code"}, "remove": {"draft_uid"},
        "remove_photo": {"draft_uid"}, "sett": {"number"}, "categories": {"category_code"},
    }  # fmt: skip
    return names.get(name, set())


def parameter_values(name: str, turn: int, foreign: dict[str, Any]) -> Iterator[Value]:
    """What is tried in a parameter of an address, short enough to be one: a handful, others each turn.

    The same parameter is asked for at many addresses, and meets other values at each.
    """
    short: tuple[Value, ...] = tuple(value for value in (*TEXTS, *SHAPES) if len(value) < 4000)
    yield CONTROL
    yield from some(short[1:], turn, 1)
    yield from some((*NUMBERS, *DATES), turn, 1)
    yield from some(tuple(str(value) for key, value in foreign.items() if key in _alike(name)), turn, 1)
