"""Name, colour, logo, contact and switches."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from lyhord.audit.models import Event
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests.conftest import Cast
from tests.files.make import encoded, street
from tests.www.manage.conftest import CHOOSE, filled_in, text_of
from tests.www.soup import soup

pytestmark = pytest.mark.django_db
WHERE = "/installningar/utseende/"


def fresh(cast: Cast) -> Organisation:
    return Organisation.objects.get(pk=cast.motala.pk)


@pytest.mark.requirement("4.1")
def test_the_name_stands_everywhere_at_once(cast: Cast, admin: Client) -> None:
    form = filled_in(admin.get(WHERE), service_name="Säg det Motala", colour="#7A1F3D", phone="0141-22 50 00")
    response = admin.post(WHERE, form, follow=True)
    assert "Sparat" in text_of(response)
    start = admin.get("/")
    assert "Säg det Motala" in text_of(start)
    assert "0141-22 50 00" in text_of(start)
    assert fresh(cast).colour == "#7a1f3d"
    with organisation_scope(cast.motala.pk):
        event = Event.objects.get(verb="organisation.changed")
    assert event.actor_id == cast.admin.pk
    assert event.data["before"]["service_name"] == "Dialog Motala"
    assert event.data["after"]["service_name"] == "Säg det Motala"
    assert "phone_hours" not in event.data["after"]


@pytest.mark.requirement("4.1")
@pytest.mark.parametrize(
    ("colour", "sentence"),
    [
        ("#ffcc00", "Färgen är för ljus"),
        ("#ffffff", "Välj en mörkare färg"),
        ("blå", "Skriv färgen som # och sex tecken"),
        ("", "Skriv färgen som # och sex tecken"),
        ("#12345", "Skriv färgen som # och sex tecken"),
        ("red;}*{display:none", "Skriv färgen som # och sex tecken"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused(cast: Cast, admin: Client, colour: str, sentence: str) -> None:
    response = admin.post(WHERE, filled_in(admin.get(WHERE), colour=colour, service_name="Nytt namn"))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert soup(response).select_one("#id_service_name")["value"] == "Nytt namn"
    assert soup(response).select_one("#id_colour").get("value", "") == colour
    assert fresh(cast).service_name == "Dialog Motala"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("phone", "ring oss", "Skriv numret med siffror"),
        ("emergency_phone", "javascript:alert(1)", "Skriv numret med siffror"),
        ("email", "inte en adress", "Skriv en mejladress"),
        ("service_name", "\x01 \x02", "Skriv vad tjänsten heter."),
        ("service_name", "x" * 61, "60"),
        ("languages", ["xx"], CHOOSE),
        ("languages", None, "Välj minst ett språk"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(
    cast: Cast, admin: Client, field: str, value: object, sentence: str
) -> None:
    response = admin.post(WHERE, filled_in(admin.get(WHERE), **{field: value}))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert fresh(cast).service_name == "Dialog Motala"


def test_switches_keep_what_stands_otherwise(cast: Cast, admin: Client) -> None:
    assert fresh(cast).has("nearby")
    admin.post(WHERE, filled_in(admin.get(WHERE), feature_nearby=None))
    assert fresh(cast).features == {"nearby": False}
    assert not fresh(cast).has("nearby")
    admin.post(WHERE, filled_in(admin.get(WHERE), feature_nearby="on"))
    assert fresh(cast).features == {}


@pytest.mark.requirement("4.1")
def test_the_logo_is_drawn_again_and_shown(cast: Cast, admin: Client, tmp_path: Path) -> None:
    picture = encoded(street(600, 200), "PNG")
    response = admin.post(
        WHERE, {**filled_in(admin.get(WHERE)), "logo": SimpleUploadedFile("logo.png", picture)}, follow=True
    )
    [image] = soup(response).select("header .brand img")
    shown = Client(headers={"host": "motala.localhost"}).get(str(image["src"]))
    content = b"".join(shown.streaming_content)  # type: ignore[attr-defined]  # a file
    assert shown["Content-Type"] == "image/jpeg"
    assert "immutable" in shown["Cache-Control"]
    assert Image.open(BytesIO(content)).format == "JPEG"
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in kept} == {"large.jpg", "small.jpg"}
    assert soup(admin.get("/")).select("header .brand img")
    old = str(image["src"])
    admin.post(WHERE, filled_in(admin.get(WHERE), remove_logo="on"))
    assert not soup(admin.get("/")).select("header .brand img")
    assert Client(headers={"host": "motala.localhost"}).get(old).status_code == 404


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"", encoded(street(40, 40))[:200], b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_refused(cast: Cast, admin: Client, data: bytes, tmp_path: Path) -> None:
    form = filled_in(admin.get(WHERE), service_name="Nytt namn")
    response = admin.post(WHERE, {**form, "logo": SimpleUploadedFile("logo.png", data)})
    assert response.status_code == 422
    assert soup(response).select_one("#id_service_name")["value"] == "Nytt namn"
    assert fresh(cast).logo == ""
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_another_organisation_keeps_its_own(cast: Cast, admin: Client) -> None:
    admin.post(WHERE, filled_in(admin.get(WHERE), service_name="Säg det Motala"))
    theirs = Client(headers={"host": "mjolby.localhost"}).get("/")
    assert "Säg det Motala" not in text_of(theirs)


@pytest.mark.requirement("2.3")
def test_when_the_telephone_is_answered_is_said_in_each_language(cast: Cast, admin: Client) -> None:
    english = Client(headers={"host": "motala.localhost"})
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def hours(client: Client) -> tuple[str, str]:
        said = soup(client.get("/")).select_one("footer a[href^='tel:'] ~ span")
        assert said is not None
        return said.text, str(said.get("lang", ""))

    admin.post(WHERE, filled_in(admin.get(WHERE), phone_hours="Vardagar 8–17"))
    assert hours(english) == ("Vardagar 8–17", "sv")  # said in Swedish until somebody says it in English
    admin.post(WHERE, filled_in(admin.get(WHERE), phone_hours_en=" Weekdays 8–17 "))
    assert hours(english) == ("Weekdays 8–17", "")
    assert hours(Client(headers={"host": "motala.localhost"})) == ("Vardagar 8–17", "")
    assert fresh(cast).settings == {"phone_hours": {"en": "Weekdays 8–17"}}
    admin.post(WHERE, filled_in(admin.get(WHERE), phone_hours_en=""))
    assert fresh(cast).settings == {}


def test_with_one_language_there_is_one_field_and_the_others_words_are_kept(cast: Cast, admin: Client) -> None:
    admin.post(WHERE, filled_in(admin.get(WHERE), phone_hours="Vardagar", phone_hours_en="Weekdays"))
    admin.post(WHERE, filled_in(admin.get(WHERE), languages=["sv"]))
    assert not soup(admin.get(WHERE)).select("[name=phone_hours_en]")
    admin.post(WHERE, filled_in(admin.get(WHERE), phone_hours="Vardagar 8–17"))
    assert fresh(cast).settings == {"phone_hours": {"en": "Weekdays"}}
