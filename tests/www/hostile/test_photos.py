"""Every real picture that is hard to open, by every door that takes pictures: told in words, and the rest is kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lyhord.cases.models import Case, Photo
from lyhord.core.tenancy import organisation_scope
from lyhord.files.images import SENTENCES
from lyhord.intake.clients import create_key
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.files.test_images import OUTCOMES, PHOTOS
from tests.www.desk.conftest import browser, fields

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.4", "0.5", "N9")]
SAID = "Hål i gatan vid bron."
REFUSED = {name: outcome for name, outcome in OUTCOMES.items() if isinstance(outcome, str)}
ODD = [name for name in OUTCOMES if name.startswith("bad-") and name not in REFUSED]
MOST = 3


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def real(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (PHOTOS / name).read_bytes(), "image/jpeg")


def report(cast: Cast, file: Any) -> Any:
    web = browser()
    sent = fields_of(web.get("/beratta/felanmalan/"))
    return web.post("/beratta/felanmalan/", {**sent, "text": SAID, "photos": file})


def fields_of(response: Any) -> dict[str, Any]:
    return {name: value for name, value in fields(response, "/beratta/").items() if name not in {"", "sok_adress"}}


def follow(cast: Cast, file: Any) -> Any:
    code = factories.make_case(cast.motala).code
    return browser().post(f"/f/{code}/", {"text": SAID, "photos": file})


def answer(cast: Cast, file: Any) -> Any:
    case, sara = factories.make_case(cast.motala).case, browser(cast.sara)
    sent = fields(sara.get(f"/desk/{case.pk}/"), "/svara/")
    return sara.post(sent.pop(""), {**sent, "text": SAID, "photos": file})


def draft(cast: Cast, file: Any) -> Any:
    return browser().post("/beratta/bild/", {"photo": file})


def api(cast: Cast, file: Any) -> Any:
    return browser().post("/api/v1/photos", {"photo": file})


def logo(cast: Cast, file: Any) -> Any:
    admin = browser(cast.admin)
    sent = fields(admin.get("/installningar/utseende/"), "")
    return admin.post("/installningar/utseende/", {**sent, "service_name": SAID, "logo": file})


def open311(cast: Cast, file: Any) -> Any:
    with organisation_scope(cast.motala.pk):
        key = create_key(client="Appen", by=factories.TEST)[1]
    sent = {"api_key": key, "service_code": "ovrigt", "lat": "58.53", "long": "15.03", "description": SAID}
    return browser().post("/open311/v2/requests.json", {**sent, "media": file})


DOORS: dict[str, Callable[[Cast, Any], Any]] = {
    door.__name__: door for door in (report, follow, answer, draft, api, logo)
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_opened_is_refused_in_words_and_what_was_written_is_kept(
    cast: Cast, door: str, name: str
) -> None:
    response = DOORS[door](cast, real(name))
    assert response.status_code in {422, 413}
    said = response.json() if "json" in response["Content-Type"] else response.text
    assert str(SENTENCES[REFUSED[name]]) in str(said)
    if door not in {"draft", "api"}:
        assert SAID in response.text
    with organisation_scope(cast.motala.pk):
        assert not Photo.objects.exists()


@pytest.mark.parametrize("name", REFUSED)
def test_it_stops_no_report_of_another_system(cast: Cast, name: str) -> None:
    assert open311(cast, real(name)).status_code == 200
    with organisation_scope(cast.motala.pk):
        assert Case.objects.get().text == SAID
        assert not Photo.objects.exists()


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_but_a_picture_comes_through_plain(cast: Cast, name: str) -> None:
    response = report(cast, real(name))
    assert response.status_code == 303
    web = browser()
    receipt = web.get(response["Location"])
    with organisation_scope(cast.motala.pk):
        uid = Photo.objects.select_related("file").get().file.uid
    code = response["Location"].split("/")[2]
    assert str(uid) in receipt.text
    shown = web.get(f"/f/{code}/bild/{uid}/large.jpg")
    assert shown.content.startswith(b"\xff\xd8\xff")
    assert b"Exif" not in shown.content


def test_who_picks_far_too_many_keeps_the_first_and_the_words(cast: Cast, motala: Organisation) -> None:
    """The gallery of a telephone lets one mark everything; without scripts it all comes at once."""
    files = [real("bad-invalid-exif-1.jpg") for _n in range(25)]
    response = report(cast, files)
    assert response.status_code == 422
    assert SAID in response.text
    assert f"Du kan skicka högst {MOST} bilder. Vi behöll de första." in response.text
    kept = fields_of(response)
    sent = Client(headers={"host": "motala.localhost"}).post("/beratta/felanmalan/", kept)
    assert sent.status_code in {200, 303}
