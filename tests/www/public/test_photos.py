"""Pictures on the way in and out."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.models import Case, Photo
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.files.actions import keep_photo
from lyhord.files.images import MAX_BYTES
from lyhord.files.models import StoredFile
from lyhord.intake.tasks import remove_unused_photos
from lyhord.organisations.models import Organisation
from tests import factories
from tests.files import make
from tests.www.public.forms import fields, send
from tests.www.soup import soup as page

pytestmark = pytest.mark.django_db
FAULT, DRAFT = "/beratta/felanmalan/", "/beratta/bild/"
REAL = Path(__file__).parents[2] / "files" / "photos"


def upload(data: bytes | None = None, name: str = "bild.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make.photo() if data is None else data, "image/jpeg")


def draft(web: Client, data: bytes | None = None) -> Any:
    return web.post(DRAFT, {"photo": upload(data)})


def only_case(organisation: Organisation) -> Case:
    with organisation_scope(organisation.pk):
        return Case.objects.get()


@pytest.mark.requirement("0.4", "2.26", "X10")
def test_three_pictures_come_along_in_one_press_without_scripts(web: Client, motala: Organisation) -> None:
    shots = [upload(make.photo(size=(320, 200 + n))) for n in range(3)]
    response = send(web, text="Hål i gatan.", photos=shots)
    assert response.status_code == 303
    receipt = page(web.get(response.headers["Location"]))
    images = [str(image["src"]) for image in receipt.select(".photos img")]
    assert len(images) == 3
    shown = web.get(images[0])
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert b"Exif" not in shown.content
    with organisation_scope(motala.pk):
        assert len(StoredFile.objects.get(pk=Photo.objects.all()[0].file_id).sha256) == 32


@pytest.mark.requirement("2.26")
def test_a_fourth_picture_is_too_many_and_the_three_are_kept(web: Client, motala: Organisation) -> None:
    response = send(web, text="Hål.", photos=[upload(make.photo(size=(320, 200 + n))) for n in range(4)])
    assert response.status_code == 422
    assert "högst 3 bilder" in response.text
    kept = fields(response)
    assert len(kept["draft_photos"]) == 3
    assert web.post(FAULT, kept).status_code == 303
    with organisation_scope(motala.pk):
        assert Photo.objects.count() == 3


@pytest.mark.requirement("2.26", "0.4")
def test_a_bad_picture_gets_a_sentence_and_nothing_else_is_lost(web: Client, motala: Organisation) -> None:
    hostile = upload(b"<svg onload='alert(1)'>", "hål.svg")
    response = send(web, text="Hål i gatan.", place_text="Storgatan", photos=[upload(), hostile])
    assert response.status_code == 422
    assert "Det här är inte en bild som vi kan öppna." in response.text
    kept = fields(response)
    assert (kept["text"], kept["place_text"], len(kept["draft_photos"])) == ("Hål i gatan.", ["Storgatan"], 1)
    thumbnail = page(response).select_one("[data-draft-photo] img")
    assert thumbnail is not None
    assert web.get(str(thumbnail["src"])).status_code == 200
    assert web.post(FAULT, kept).status_code == 303


@pytest.mark.requirement("0.4")
@pytest.mark.parametrize(
    "name",
    [
        "bad-truncated.jpg",
        "bad-broken.png",
        "bad-decompression-bomb.gif",
        "bad-crash-oss-fuzz.j2k",
        "bad-corrupted.heic",
    ],
)
def test_real_bad_files_never_take_the_text_with_them(web: Client, motala: Organisation, name: str) -> None:
    response = send(web, text="Hål i gatan.", photos=[upload((REAL / name).read_bytes(), name)])
    assert response.status_code == 422
    assert fields(response)["text"] == "Hål i gatan."


@pytest.mark.requirement("0.4")
def test_twenty_megabytes_is_too_much_and_the_text_is_kept(web: Client) -> None:
    large = upload(b"\xff\xd8\xff" + b"x" * MAX_BYTES)
    response = send(web, text="Hål i gatan.", photos=[large, upload()])
    assert response.status_code == 422
    assert "Bilden är för stor." in response.text
    kept = fields(response)
    assert (kept["text"], len(kept["draft_photos"])) == ("Hål i gatan.", 1)
    assert draft(web, b"\xff\xd8\xff" + b"x" * MAX_BYTES).status_code == 413


@pytest.mark.requirement("2.26")
def test_a_picture_can_be_taken_away_without_scripts(web: Client, motala: Organisation) -> None:
    shots = [upload(make.photo(size=(320, 200 + n))) for n in range(3)]
    response = send(web, text="x" * 2001, photos=shots)
    kept = fields(response)
    removed = kept["draft_photos"][0]
    again = web.post(FAULT, {**kept, "text": "Hål.", "remove_photo": removed})
    assert again.status_code == 200
    assert removed not in fields(again)["draft_photos"]
    assert web.post(FAULT, fields(again)).status_code == 303
    with organisation_scope(motala.pk):
        assert Photo.objects.count() == 2


@pytest.mark.requirement("0.5", "0.3")
def test_the_position_in_a_photo_is_proposed_and_leaves_the_file(web: Client, motala: Organisation) -> None:
    answer = draft(web, make.photo(make.MOTALA)).json()
    assert answer["position"]["lat"] == pytest.approx(make.MOTALA[0], abs=1e-5)
    send(web, text="Hål.", photos=[upload(make.photo(make.MOTALA, size=(300, 200)))])
    case = only_case(motala)
    assert case.position_source == "exif"
    assert (case.lat, case.lon) == pytest.approx(make.MOTALA, abs=1e-5)
    with organisation_scope(motala.pk):
        used = StoredFile.objects.get(used=True)
    assert (used.lat, used.lon) == (None, None)


@pytest.mark.requirement("0.5")
def test_a_photo_from_far_away_says_nothing_about_the_place(web: Client, motala: Organisation) -> None:
    assert draft(web, make.photo((43.46, 11.88))).json()["position"] is None
    send(web, text="Hål.", photos=[upload(make.photo((43.46, 11.88)))])
    assert only_case(motala).lat is None


def test_what_the_person_says_outweighs_the_photo(web: Client, motala: Organisation) -> None:
    where = {"lat": "58.55", "lon": "15.05", "position_source": "map"}
    send(web, text="Hål.", photos=[upload(make.photo(make.MOTALA))], **where)
    assert only_case(motala).position_source == "map"


@pytest.mark.requirement("2.26")
def test_drafts_travel_by_token_with_their_words_and_go_when_taken_away(web: Client, motala: Organisation) -> None:
    first, second = draft(web).json(), draft(web, make.photo(size=(300, 200))).json()
    assert web.get(first["thumbnail_url"]).status_code == 200
    assert web.post(DRAFT, {"remove": second["token"]}).status_code == 200
    assert web.get(second["thumbnail_url"]).status_code == 404
    tokens = [first["token"], second["token"]]
    send(web, text="Hål.", draft_photos=tokens, **{f"alt_{first['token']}": "Ett hål  i\nasfalten"})
    with organisation_scope(motala.pk):
        assert Photo.objects.get().alt == "Ett hål i asfalten"
    # once sent it is nobody's draft any more, and cannot be taken away
    assert web.get(first["thumbnail_url"]).status_code == 404
    web.post(DRAFT, {"remove": first["token"]})
    with organisation_scope(motala.pk):
        assert Photo.objects.count() == 1


@pytest.mark.requirement("2.26")
def test_pictures_keep_the_order_they_were_chosen_in_whichever_arrives_first(web: Client, motala: Organisation) -> None:
    """The last was on the server when the button was pressed, the others came with the form; one is no picture."""
    there = draft(web).json()["token"]
    shots = [upload(make.photo(size=(320, 200))), upload(make.photo(size=(330, 200)))]
    words: dict[str, Any] = {"photo_alt": ["Först", "Sedan"], f"alt_{there}": "Sist"}
    send(web, text="Hål.", draft_photos=["", "", there], photos=shots, **words)
    with organisation_scope(motala.pk):
        assert list(Photo.objects.order_by("position").values_list("alt", flat=True)) == ["Först", "Sedan", "Sist"]


@pytest.mark.requirement("2.26")
def test_words_stay_with_their_picture_when_another_is_refused(web: Client, motala: Organisation) -> None:
    shots = [upload(b"not a picture"), upload(make.photo(size=(320, 200)))]
    back = send(web, text="Hål.", draft_photos=["", ""], photos=shots, photo_alt=["Fel", "Rätt"])
    assert back.status_code == 422
    kept = fields(back)
    (token,) = kept["draft_photos"]
    assert kept[f"alt_{token}"] == ["Rätt"]


def test_the_same_pictures_sent_twice_are_one_case(web: Client, motala: Organisation) -> None:
    filled = {**fields(web.get(FAULT)), "text": "Hål.", "draft_photos": [draft(web).json()["token"]]}
    first, second = web.post(FAULT, filled), web.post(FAULT, filled)
    assert first.headers["Location"] == second.headers["Location"]
    with organisation_scope(motala.pk):
        assert Photo.objects.count() == 1


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\xff\xd8\xff"])
def test_the_draft_address_answers_with_a_sentence(web: Client, data: bytes) -> None:
    response = draft(web, data)
    assert response.status_code == 422
    assert response.json()["error"]
    assert web.post(DRAFT, {}).status_code == 422
    assert web.get(DRAFT).status_code == 405


def test_the_draft_address_is_for_our_own_form_only(web: Client) -> None:
    response = web.post(DRAFT, {"photo": upload()}, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert response.json()["error"]


@pytest.mark.requirement("X1")
def test_pictures_stay_within_their_organisation(web: Client, elsewhere: Client, publish: Any, cast: Any) -> None:
    answer = draft(web).json()
    assert elsewhere.get(answer["thumbnail_url"]).status_code == 404
    send(elsewhere, text="Stulen bild.", draft_photos=[answer["token"]])
    with organisation_scope(cast.mjolby.pk):
        assert not Photo.objects.exists()


@pytest.fixture
def pictured(motala: Organisation, cast: Any) -> tuple[Case, str, StoredFile]:
    """A case with one picture, its code and the file."""
    with organisation_scope(motala.pk):
        file = keep_photo(organisation_id=motala.pk, data=make.photo(), by=Actor.resident())
        made = factories.make_case(motala, photos=(file,), publish=True)
    return made.case, made.code, file


@pytest.mark.requirement("4.11", "0.4")
def test_a_picture_is_for_its_reporter_and_staff_until_published(
    web: Client, motala: Organisation, cast: Any, pictured: tuple[Case, str, StoredFile]
) -> None:
    case, code, file = pictured
    public, own = f"/bild/{file.uid}/small.jpg", f"/f/{code}/bild/{file.uid}/small.jpg"
    assert web.get(public).status_code == 404
    assert web.get(own).status_code == 200
    for person, status in ((cast.sara, 200), (cast.nils, 404), (cast.outsider, 404)):
        staff = Client(headers={"host": "motala.localhost"})
        staff.force_login(person, "lyhord.accounts.backend.Backend")
        assert staff.get(public).status_code == status
    with organisation_scope(motala.pk):
        photo = Photo.objects.get()
        actions.publish(case_id=case.pk, title="Hål", text="Hål.", photo_ids=[photo.pk], by=cast.sara.actor)
    shown = web.get(public)
    assert shown.status_code == 200
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert "immutable" in shown.headers["Cache-Control"]
    assert "private" in shown.headers["Cache-Control"]
    with organisation_scope(motala.pk):
        actions.withdraw(case_id=case.pk, by=cast.sara.actor)
    assert web.get(public).status_code == 404


@pytest.mark.requirement("X1")
def test_a_code_opens_its_own_pictures_only(
    web: Client, elsewhere: Client, motala: Organisation, pictured: tuple[Case, str, StoredFile]
) -> None:
    _case, code, file = pictured
    other = factories.make_case(motala, "En annan.")
    assert web.get(f"/f/{other.code}/bild/{file.uid}/large.jpg").status_code == 404
    assert elsewhere.get(f"/f/{code}/bild/{file.uid}/large.jpg").status_code == 404
    assert web.get(f"/f/{code}/bild/{file.uid}/huge.jpg").status_code == 404
    with organisation_scope(motala.pk):
        Photo.objects.update(internal=True)
    assert web.get(f"/f/{code}/bild/{file.uid}/large.jpg").status_code == 404


@pytest.mark.requirement("0.4")
def test_what_nobody_sent_is_gone_after_a_day(
    web: Client, motala: Organisation, django_capture_on_commit_callbacks: Any, pictured: tuple[Case, str, StoredFile]
) -> None:
    draft(web)
    with organisation_scope(motala.pk):
        unused = StoredFile.objects.get(used=False)
        StoredFile.objects.update(created_at=now() - timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        remove_unused_photos.func()
    with organisation_scope(motala.pk):
        assert [file.pk for file in StoredFile.objects.all()] == [pictured[2].pk]
    assert not default_storage.exists(f"{unused.key}/large.jpg")
    assert default_storage.exists(f"{pictured[2].key}/large.jpg")


class AwayStorage(InMemoryStorage):
    """A storage on another machine that does not answer."""

    def _save(self, name: str, content: Any) -> str:
        raise ConnectionError("no route to host")


@pytest.mark.requirement("X10")
def test_a_storage_that_is_away_costs_the_picture_and_nothing_else(
    web: Client, motala: Organisation, settings: Any
) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": f"{__name__}.AwayStorage"}}
    assert "Vi kan inte ta emot bilder just nu." in draft(web).json()["error"]
    response = send(web, text="Hål i vägen.", photos=[upload()])
    assert response.status_code == 422
    assert "Vi kan inte ta emot bilder just nu." in response.text
    again = fields(response)
    assert again["text"] == "Hål i vägen."
    assert web.post(FAULT, again).status_code == 303
    assert only_case(motala).text == "Hål i vägen."
