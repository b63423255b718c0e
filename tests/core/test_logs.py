"""Keys to cases stay out of the log."""

import logging

import pytest

from lyhord.core.logs import WithoutKeys, without_keys


@pytest.mark.requirement("X12")
@pytest.mark.parametrize(
    "key", ["/f/K7PM4XTD/", "/tack/K7PM4XTD/", "/folj/0b5c/sluta/", "/kontakt/0b5c/", "/f/K7PM4XTD/bild/1/s.jpg"]
)
def test_a_key_in_an_address_is_blotted_out(key: str) -> None:
    record = logging.LogRecord("django.request", 30, "", 1, "%s: %s (%s)", ("Not Found", key, 404), None)
    assert WithoutKeys().filter(record)
    assert "K7PM" not in record.getMessage()
    assert "0b5c" not in record.getMessage()
    assert record.getMessage().endswith("(404)")


def test_other_addresses_are_left_alone() -> None:
    assert without_keys("/arenden/26-1/ /karta/1/2/3.json /beratta/fraga/") == (
        "/arenden/26-1/ /karta/1/2/3.json /beratta/fraga/"
    )
