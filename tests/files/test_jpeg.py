"""A bare JPEG is a picture and nothing more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lyhord.files.jpeg import bare_size
from tests.files import make

BARE = make.encoded(make.street(64, 48))


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True}, {"quality": 95, "subsampling": 0}])
def test_a_bare_jpeg_gives_its_size(options: dict[str, Any]) -> None:
    assert bare_size(make.encoded(make.street(64, 48), **options)) == (64, 48)
    assert bare_size(make.encoded(Image.new("L", (3, 7)), **options)) == (3, 7)


@pytest.mark.requirement("0.4")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        BARE[:-1],
        BARE[:-2],
        BARE[:200],
        BARE + b"x",
        BARE + BARE,
        make.photo(),
        make.encoded(make.street(64, 48), comment=b"x"),
        make.encoded(make.street(64, 48), icc_profile=b"x"),
        make.encoded(make.street(64, 48), "PNG"),
        BARE[:4] + b"\x00\x20" + BARE[6:],
    ],
)
def test_anything_more_or_less_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        bare_size(data)


@given(st.binary(max_size=80), st.integers(0, len(BARE)))
def test_nonsense_is_a_value_error(noise: bytes, keep: int) -> None:
    try:
        size = bare_size(BARE[:keep] + noise)
    except ValueError:
        return
    assert size == (64, 48)
