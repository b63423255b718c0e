"""Whole addresses, for messages outward."""

import pytest
from pytest_django import Settings

from lyhord.organisations.models import Hostname, Organisation
from lyhord.organisations.queries import forget_hosts, public_url

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("scheme", "port", "expected"),
    [
        ("https", "", "https://dialog.motala.example/f/K7/"),
        ("https", "443", "https://dialog.motala.example/f/K7/"),
        ("http", "80", "http://dialog.motala.example/f/K7/"),
        ("http", "8000", "http://dialog.motala.example:8000/f/K7/"),
        ("https", "80", "https://dialog.motala.example:80/f/K7/"),
    ],
)
def test_scheme_and_port_are_the_settings_and_the_host_is_the_primary_one(
    settings: Settings, scheme: str, port: str, expected: str
) -> None:
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = scheme, port
    organisation = Organisation.objects.create(slug="motala", name="Motala kommun", service_name="Dialog")
    Hostname.objects.create(organisation=organisation, host="gammal.motala.example")
    Hostname.objects.create(organisation=organisation, host="dialog.motala.example", primary=True)
    assert public_url(organisation, "/f/K7/") == expected


def test_without_a_primary_host_the_oldest_serves(settings: Settings) -> None:
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", ""
    organisation = Organisation.objects.create(slug="motala", name="Motala kommun", service_name="Dialog")
    assert public_url(organisation, "/") == "https://localhost/"
    Hostname.objects.create(organisation=organisation, host="a.example")
    Hostname.objects.create(organisation=organisation, host="b.example")
    assert public_url(organisation, "/") == "https://localhost/", "kept for some seconds"
    forget_hosts()
    assert public_url(organisation, "/") == "https://a.example/"
