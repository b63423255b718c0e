"""With S3 no request waits for it: the storage is away all the time here, and everything that people do works."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lyhord.cases.models import Case, Document, Photo
from lyhord.collaboration import actions as collaboration
from lyhord.collaboration.models import Group, PoolEntry
from lyhord.core.tenancy import organisation_scope
from lyhord.files import storage
from lyhord.files.actions import keep_document
from lyhord.files.models import StagedObject
from lyhord.jobs.inline import run_waiting
from lyhord.organisations.models import Unit
from tests import factories
from tests.conftest import Cast
from tests.files import far
from tests.files.make import photo
from tests.www.api.conftest import BASE, Program
from tests.www.desk.conftest import browser
from tests.www.public.forms import send
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.4", "X8")]


@pytest.fixture(autouse=True)
def _away(settings: Any) -> Iterator[None]:
    settings.S3, settings.STORAGES = far.BUCKET, settings.STORAGES | far.ABOUT
    far.Far.away, far.Far.damages, far.Far.asked = True, False, 0
    yield
    assert far.Far.away or far.Far.asked  # the test has let it come back, or nobody has asked it
    if far.Far.away:
        assert far.Far.asked == 0
    far.Far.away = False


def comes_back() -> None:
    far.Far.away = False
    run_waiting()
    far.Far.away, far.Far.asked = True, 0


@pytest.fixture
def web(cast: Cast) -> Client:
    return Client(headers={"host": "motala.localhost"})


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("bild.jpg", photo(), "image/jpeg")


def only_case(cast: Cast) -> Case:
    with organisation_scope(cast.motala.pk):
        return Case.objects.get()


def test_a_report_with_a_picture(web: Client, cast: Cast) -> None:
    response = send(web, text="Hål i gatan.", photos=[upload()])
    assert response.status_code == 303
    receipt = page(web.get(response.headers["Location"]))
    (address,) = [str(image["src"]) for image in receipt.select(".photos img")]
    waiting: Any = web.get(address)
    assert waiting["Content-Type"] == "image/jpeg"
    comes_back()
    moved: Any = web.get(address)
    assert moved.status_code == 302
    assert moved["Location"].startswith("https://s3.example/photos/photos/")
    assert moved["Cache-Control"] == "private, max-age=240"
    assert moved["Referrer-Policy"] == "no-referrer"


def test_only_those_who_may_see_it_are_sent_there(web: Client, cast: Cast) -> None:
    send(web, text="Hål i gatan.", photos=[upload()])
    comes_back()
    case = only_case(cast)
    with organisation_scope(cast.motala.pk):
        uid = Photo.objects.select_related("file").get(case=case).file.uid
        Case.objects.filter(pk=case.pk).update(unit=Unit.objects.get(code="forskola"), confidential=True)
    for client in (web, browser(cast.sara), browser(cast.kim), browser(cast.outsider, "mjolby.localhost")):
        answer: Any = client.get(f"/bild/{uid}/large.jpg")
        assert answer.status_code == 404
        assert "Location" not in answer


def test_pictures_by_the_api(cast: Cast) -> None:
    program = Program()
    sent: Any = program.client.post(f"{BASE}/photos", {"photo": upload()})
    token = json.loads(sent.content)["token"]
    assert program.client.get(f"{BASE}/photos/{token}").status_code == 200
    report = program.post("reports", {"text": "Hål.", "photos": [{"token": token}]})
    other: Any = program.client.post(f"{BASE}/photos", {"photo": upload()})
    program.send("delete", f"photos/{json.loads(other.content)['token']}", status=204)
    own = Program(x_follow_code=report["code"])
    (shown,) = own.get("own-case")["messages"][0]["photos"]
    assert own.client.get(shown["large"]).status_code == 200
    comes_back()
    moved: Any = own.client.get(shown["large"])
    assert (moved.status_code, moved["Location"].split("?")[0].split("/")[2]) == (302, "s3.example")


def test_a_case_that_is_taken_over_with_its_pictures(web: Client, cast: Cast) -> None:
    collaboration.gather(name="Östra", members=[cast.motala, cast.mjolby], by=factories.TEST)
    send(web, text="Hål i gatan.", photos=[upload()])
    case = only_case(cast)
    with organisation_scope(cast.motala.pk):
        Photo.objects.filter(case=case).update(published=True)
        group = Group.objects.get().pk
        collaboration.offer(
            case_id=case.pk, group_id=group, reason="Er väg.", title="Hål", text="Hål i gatan.", by=factories.TEST
        )
    with organisation_scope(cast.mjolby.pk):
        collaboration.take(entry_id=PoolEntry.objects.get().pk, by=cast.outsider.actor)
        file = Photo.objects.select_related("file").get().file
    boss = factories.make_member(cast.mjolby, "boss@mjolby.example", "Bo Boss", "administrator")
    olle = browser(boss, "mjolby.localhost")
    assert olle.get(f"/bild/{file.uid}/large.jpg").status_code == 200
    comes_back()
    assert olle.get(f"/bild/{file.uid}/large.jpg").status_code == 302
    with organisation_scope(cast.mjolby.pk):
        assert not StagedObject.objects.exists()


def test_files_that_are_no_pictures_are_saved_and_never_shown(cast: Cast) -> None:
    case = factories.make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        file = keep_document(
            organisation_id=cast.motala.pk, data=b"%PDF-1.4\n%%EOF\n", name="Karta åäö.pdf", by=factories.TEST
        )
        Document.objects.create(case=case, file=file)
    comes_back()
    moved: Any = browser(cast.sara).get(reverse("desk:document", args=[file.uid]))
    assert moved.status_code == 302
    assert "response-content-disposition=attachment" in moved["Location"]
    assert "response-content-type=application%2Foctet-stream" in moved["Location"]


def test_the_logo(web: Client, cast: Cast) -> None:
    admin = browser(cast.admin)
    answer: Any = admin.post("/installningar/utseende/", {**_look(admin), "logo": upload()}, follow=True)
    assert "Sparat" in answer.content.decode()
    address = str(page(web.get("/")).select_one("header img")["src"])
    assert web.get(address).status_code == 200
    comes_back()
    moved: Any = web.get(address)
    assert (moved.status_code, moved["Cache-Control"]) == (302, "public, max-age=240")
    form = _look(admin) | {"remove_logo": "on"}
    assert "Sparat" in admin.post("/installningar/utseende/", form, follow=True).content.decode()
    far.Far.away = False
    run_waiting()
    assert storage.stored_keys(cast.motala.pk) == set()


def _look(admin: Client) -> dict[str, Any]:
    from tests.www.manage.conftest import filled_in

    return dict(filled_in(admin.get("/installningar/utseende/")))


def test_an_import_with_its_preview(cast: Cast) -> None:
    admin = browser(cast.admin)
    rows = BytesIO(b"epost;namn;roll;enheter\nvera@motala.example;Vera Dahl;case_officer;gata-park\n")
    rows.name = "personal.csv"
    shown: Any = admin.post("/installningar/personer/fran-fil/", {"file": rows})
    assert "Vera Dahl" in shown.content.decode()


def set_up(**variables: str) -> Any:
    """The settings as a process with these variables reads them: where pictures may come from, what checks say."""
    script = (
        "import django, json; django.setup(); from django.conf import settings; from lyhord.core.checks import"
        " storage_keys; print(json.dumps([[str(one) for one in settings.SECURE_CSP['img-src']],"
        " [found.id for found in storage_keys()]]))"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LYHORD_S3")}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment | variables, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


@pytest.mark.all
def test_the_policy_lets_browsers_fetch_pictures_there() -> None:
    keys = {"LYHORD_S3_ACCESS_KEY": "x", "LYHORD_S3_SECRET_KEY": "y"}
    near = {"LYHORD_S3_BUCKET": "photos", "LYHORD_S3_ENDPOINT": "http://10.0.0.7:8333", **keys}
    assert set_up() == [["'self'", "data:", "blob:"], []]
    assert set_up(**near)[0][-1] == "http://10.0.0.7:8333"
    outside = set_up(**near, LYHORD_S3_PUBLIC_ENDPOINT="https://bilder.motala.se")
    assert outside[0][3:] == ["https://bilder.motala.se"]
    assert set_up(LYHORD_S3_BUCKET="photos", LYHORD_S3_REGION="eu-north-1")[0][-1].endswith("eu-north-1.amazonaws.com")
    assert set_up(LYHORD_S3_BUCKET="photos")[1] == ["lyhord.E002"]
