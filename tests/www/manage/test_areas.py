"""Boundary, districts and street list, shown before they count."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lyhord.core.tenancy import organisation_scope
from lyhord.places.models import Address, Area
from lyhord.places.queries import search_addresses
from tests import factories
from tests.conftest import Cast
from tests.www.manage.conftest import Answer, Browse, filled_in, text_of

pytestmark = pytest.mark.django_db
WHERE = "/installningar/omraden/"


def geojson(*names: str, lon: float = 15.0) -> bytes:
    def feature(index: int, name: str) -> dict[str, Any]:
        west = lon + index
        ring = [[west, 58.5], [west + 0.5, 58.5], [west + 0.5, 58.6], [west, 58.6], [west, 58.5]]
        return {
            "type": "Feature",
            "properties": {"namn": name},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }

    features = [feature(index, name) for index, name in enumerate(names)]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def upload(admin: Client, data: bytes, kind: str = "district") -> Answer:
    return admin.post(WHERE, {"kind": kind, "file": SimpleUploadedFile("x.geojson", data)})


def names(cast: Cast, kind: str = "district") -> set[str]:
    with organisation_scope(cast.motala.pk):
        return set(Area.objects.filter(kind=kind).values_list("name", flat=True))


def test_a_file_is_shown_before_it_counts(cast: Cast, admin: Client) -> None:
    shown = upload(admin, geojson("Varamon", "Borensberg"))
    assert names(cast) == {"Varamon"}
    text = text_of(shown)
    assert "Varamon Får ny gräns" in text
    assert "Borensberg Nytt" in text
    done = admin.post(f"{WHERE}las-in/", filled_in(shown), follow=True)
    assert "1 nya, 1 ändrade, 0 borttagna" in text_of(done)
    assert names(cast) == {"Varamon", "Borensberg"}


def test_what_is_not_in_the_file_goes_unless_cases_lie_there(cast: Cast, admin: Client) -> None:
    factories.make_case(cast.motala)  # in Varamon
    with organisation_scope(cast.motala.pk):
        factories.make_area("district", "norrsten", "Norrsten", [[16, 58], [16.1, 58], [16, 58.1]])
    shown = upload(admin, geojson("Borensberg"))
    assert "Norrsten" in text_of(shown)
    done = text_of(admin.post(f"{WHERE}las-in/", filled_in(shown), follow=True))
    assert "Kvar, eftersom ärenden ligger där: Varamon" in done
    assert names(cast) == {"Varamon", "Borensberg"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Filen är tom"),
        (b"namn;x;y", "GeoJSON"),
        (b"\xff\xfe\x00", "GeoJSON"),
        (b'{"type": "FeatureCollection", "features": []}', "Filen har inga områden"),
        (geojson("A", "a"), "Två områden i filen heter"),
        (geojson("A").replace(b"15.0", b"650000").replace(b"58.5", b"6500000"), "talen är inte grader"),
        (b"[" * 100_000, "GeoJSON"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(cast: Cast, admin: Client, data: bytes, sentence: str) -> None:
    response = upload(admin, data, "boundary")
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert 'value="boundary" ' in response.content.decode()
    assert names(cast) == {"Varamon"}


def test_a_preview_is_one_person_s_own(cast: Cast, admin: Client, browse: Browse) -> None:
    sent = filled_in(upload(admin, geojson("Borensberg")))
    other = factories.make_member(cast.motala, "admin2@motala.example", "Två Min", "administrator")
    for client, form in (
        (browse(other), sent),
        (admin, {**sent, "token": "nonsense"}),
        (admin, {**sent, "kind": "boundary"}),
        (admin, {}),
    ):
        response = client.post(f"{WHERE}las-in/", form, follow=True)
        assert "Förhandsvisningen är för gammal" in text_of(response)
    assert names(cast) == {"Varamon"}
    admin.post(f"{WHERE}las-in/", sent)
    again = admin.post(f"{WHERE}las-in/", sent, follow=True)
    assert "Förhandsvisningen är för gammal" in text_of(again)


def test_a_street_list_in_degrees_or_metres(cast: Cast, admin: Client) -> None:
    data = (
        "Gatunamn;Gatunummer;Postnr;Postort;N;E\r\n"
        "Ågatan;1 A;591 30;Motala;58,5371;15,0365\r\n"
        ";;;;;\r\n"
        "Vättervägen;2;591 31;Motala;6488672;502124\r\n"
    ).encode("cp1252")
    shown = admin.post(f"{WHERE}gator/", {"g-file": SimpleUploadedFile("gator.csv", data)})
    assert "Filen har 2 adresser" in text_of(shown)
    done = admin.post(f"{WHERE}gator/las-in/", filled_in(shown), follow=True)
    assert "Gatulistan har 2 adresser." in text_of(done)
    with organisation_scope(cast.motala.pk):
        assert Address.objects.count() == 2
        [found] = search_addresses("ågatan 1a")
        assert (round(found.lat, 3), round(found.lon, 3)) == (58.537, 15.037)
        metres = Address.objects.get(street="Vättervägen")
        assert 58.5 < metres.lat < 58.6
        assert 15.0 < metres.lon < 15.1


def test_wrong_rows_are_named_and_nothing_changes(cast: Cast, admin: Client) -> None:
    data = b"gata;lat;lon\n;58;15\nStorgatan;15;58\nStorgatan;x;y\n"
    response = admin.post(f"{WHERE}gator/", {"g-file": SimpleUploadedFile("gator.csv", data)})
    assert response.status_code == 422
    text = text_of(response)
    assert "Rad 2: Gatans namn saknas." in text
    assert "Rad 3: Läget ligger inte i Sverige" in text
    assert "Rad 4: Läget går inte att läsa" in text
    with organisation_scope(cast.motala.pk):
        assert not Address.objects.exists()
