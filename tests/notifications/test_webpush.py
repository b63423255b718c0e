"""Locking a message for one browser, and saying who sends."""

import contextlib
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from lyhord.notifications import webpush
from tests.notifications.device import Device, point, to_bytes

SALT = "DGv6ra1nlYgDCS1FRnbzlw"
OWN_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
OWN_PUBLIC = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
BROWSER_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
BROWSER_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
BROWSER_SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
LOCKED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(to_bytes(text), "big"), ec.SECP256R1())


def test_the_example_of_the_standard() -> None:
    """RFC 8291, appendix A: byte by byte."""
    own = private(OWN_PRIVATE)
    assert point(own.public_key()) == to_bytes(OWN_PUBLIC)
    locked = webpush.lock(
        b"When I grow up, I want to be a watermelon",
        browser_key=to_bytes(BROWSER_PUBLIC),
        browser_secret=to_bytes(BROWSER_SECRET),
        own=own,
        salt=to_bytes(SALT),
    )
    assert locked == to_bytes(LOCKED)
    device = Device("https://push.example/", private(BROWSER_PRIVATE), to_bytes(BROWSER_SECRET))
    assert device.read(locked) == b"When I grow up, I want to be a watermelon"


@given(st.binary(max_size=webpush.LONGEST_PAYLOAD))
def test_only_that_browser_reads_it(message: bytes) -> None:
    device = Device("https://push.example/")
    locked = webpush.lock(message, browser_key=to_bytes(device.p256dh), browser_secret=device.secret)
    assert device.read(locked) == message
    assert len(locked) <= 4096
    assert len(message) < 8 or message not in locked


def test_the_same_words_never_look_the_same_twice() -> None:
    device = Device("https://push.example/")
    key = to_bytes(device.p256dh)
    assert webpush.lock(b"x", browser_key=key, browser_secret=device.secret) != webpush.lock(
        b"x", browser_key=key, browser_secret=device.secret
    )


@pytest.mark.parametrize("key", [b"", b"\x04" + bytes(64), b"\x02" + bytes(32), bytes(65), b"\x04" + b"\xff" * 64])
def test_a_key_that_is_none_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        webpush.lock(b"x", browser_key=key, browser_secret=bytes(16))


def test_too_long_is_refused() -> None:
    device = Device("https://push.example/")
    with pytest.raises(ValueError, match="long"):
        webpush.lock(bytes(3001), browser_key=to_bytes(device.p256dh), browser_secret=device.secret)


@given(st.text(max_size=200))
def test_whatever_stands_there_is_base64_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(webpush.from_unpadded(text), bytes)


def test_who_sends_is_said_to_that_service_for_half_a_day(settings: Settings) -> None:
    header = webpush.authorization("https://push.example:8443/send/abc?x=1", "mailto:kontakt@motala.example")
    scheme, _, rest = header.partition(" ")
    assert scheme == "vapid"
    said = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert said["k"] == webpush.application_server_key()
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to_bytes(said["k"]))
    claims = jwt.decode(said["t"], key, algorithms=["ES256"], audience="https://push.example:8443")
    assert claims["sub"] == "mailto:kontakt@motala.example"
    assert 0 < claims["exp"] - time.time() <= 24 * 3600


def test_the_sender_is_the_same_as_long_as_the_secret_is(settings: Settings) -> None:
    """Or every browser would stop listening: all processes and all restarts have one key."""
    settings.SECRET_KEY = "one"
    first = webpush.application_server_key()
    webpush._sender_key.cache_clear()
    assert webpush.application_server_key() == first
    settings.SECRET_KEY = "another"
    assert webpush.application_server_key() != first
    assert len(to_bytes(first)) == 65
