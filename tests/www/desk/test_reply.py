"""Writing: what goes out goes out once, what does not go out never does, and what is not sent is kept."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.models import Case, Draft, Message, Photo, Side
from lyhord.core.tenancy import organisation_scope
from lyhord.files.images import MAX_BYTES
from lyhord.files.models import StoredFile
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.files import make
from tests.www.desk.conftest import browser, fields, send
from tests.www.desk.test_deeds import done, page, said
from tests.www.soup import soup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope(motala: Organisation) -> Iterator[None]:
    with organisation_scope(motala.pk):
        yield


@pytest.fixture
def registered(cast: Cast) -> Any:
    """Elin's lamp and its code; she wants an answer."""
    return factories.make_case(cast.motala, email="elin@example.se")


@pytest.fixture
def case(registered: Any) -> Case:
    found: Case = registered.case
    return found


def picture(name: str = "lampa.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make.photo(), content_type="image/jpeg")


@pytest.mark.requirement("4.25")
def test_an_answer_reaches_the_resident_and_nothing_of_it_the_mail(sara: Client, registered: Any) -> None:
    case = registered.case
    Notice.objects.all().delete()
    response = send(sara, page(case), "/svara/", text="Vi byter lampan på fredag.", after="stay")
    assert done(sara, response) == f"Svaret på {case.number} är skickat."
    assert response.headers["Location"] == page(case)
    [notice] = Notice.objects.all()
    assert "fredag" not in notice.subject + notice.body
    follow = browser().get(f"/f/{registered.code}/")
    assert "Vi byter lampan på fredag." in follow.text


@pytest.mark.requirement("X2")
def test_a_note_stays_inside(sara: Client, registered: Any) -> None:
    case = registered.case
    Notice.objects.all().delete()
    response = send(sara, page(case), "/svara/", text="Hon har ringt sex gånger.", to="internal", photos=[picture()])
    assert done(sara, response).startswith("Anteckningen är sparad.")
    message = Message.objects.get()
    assert message.side == Side.INTERNAL
    [photo] = Photo.objects.select_related("file")
    assert (photo.internal, photo.message) == (True, message)
    assert not Notice.objects.exists()
    follow = browser().get(f"/f/{registered.code}/")
    assert "sex gånger" not in follow.text
    assert str(photo.file.uid) not in follow.text
    assert browser().get(f"/f/{registered.code}/bild/{photo.file.uid}/small.jpg").status_code == 404
    assert browser().get(f"/bild/{photo.file.uid}/small.jpg").status_code == 404
    assert sara.get(f"/bild/{photo.file.uid}/small.jpg").status_code == 200
    assert "sex gånger" in sara.get(page(case)).text


@pytest.mark.parametrize("to", ["", "Internal", "none", "public internal"])
def test_who_reads_it_is_never_guessed(sara: Client, case: Case, to: str) -> None:
    response = send(sara, page(case), "/svara/", text="Hen är svår.", to=to)
    assert response.status_code == 422
    assert said(response, "/svara/") == ["Välj vem som ska läsa: den som hörde av sig, eller bara ni."]
    assert fields(response, "/svara/")["text"] == "Hen är svår."
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Skriv något först. En mening räcker."),
        (" \x00\r\n\t", "Skriv något först. En mening räcker."),
        ("x" * 10_001, "Texten är för lång. Den får vara högst 10 000 tecken. Det du skrev finns kvar."),
    ],
)
def test_what_cannot_be_sent_is_said_at_the_field_and_kept(sara: Client, case: Case, text: str, sentence: str) -> None:
    response = send(sara, page(case), "/svara/", text=text, after="list")
    assert response.status_code == 422
    area = soup(response).select_one("#id_reply")
    assert area is not None
    assert [soup(response).find(id=name) is not None for name in str(area["aria-describedby"]).split()] == [True, True]
    assert said(response, "/svara/") == [sentence]
    assert fields(response, "/svara/")["text"].strip() == text.replace("\x00", "").strip()
    assert fields(response, "/svara/")["after"] == "list"


def test_a_double_click_is_one_answer(sara: Client, case: Case) -> None:
    form = fields(sara.get(page(case)), "/svara/")
    url = form.pop("")
    for _press in range(3):
        assert sara.post(url, {**form, "text": "Vi kommer."}).status_code == 302
    assert Message.objects.count() == 1
    assert Notice.objects.filter(kind="case_answered").count() == 1


@pytest.mark.parametrize(
    ("after", "where"),
    [("stay", "own"), ("list", "/desk/?vy=alla"), ("next", "next"), ("//evil.example", "/desk/?vy=alla")],
)
def test_where_one_goes_then(sara: Client, cast: Cast, case: Case, after: str, where: str) -> None:
    following = factories.make_case(cast.motala, "Nästa").case
    expected = {"own": page(case), "next": page(following)}.get(where, where)
    response = send(sara, page(case), "/svara/", text="Hej", after=after)
    assert response.headers["Location"] == expected


@pytest.mark.parametrize("next_id", ["", "x", "²", "9" * 30, "-1", "0"])
def test_a_next_case_that_is_none_leads_to_the_list(sara: Client, case: Case, next_id: str) -> None:
    response = send(sara, page(case), "/svara/", text="Hej", after="next", next_id=next_id)
    assert response.headers["Location"] == "/desk/?vy=alla"


# ── drafts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_there_on_the_next_device_and_gone_once_sent(sara: Client, cast: Cast, case: Case) -> None:
    form = soup(sara.get(page(case))).select_one("form[data-draft-url]")
    assert form is not None
    answer = sara.post(str(form["data-draft-url"]), {"text": "Hej Elin, vi", "to": "public"})
    assert answer.json()["status"].startswith("Utkast sparat i dag ")
    elsewhere = browser(cast.sara)
    shown = elsewhere.get(page(case))
    assert fields(shown, "/svara/")["text"] == "Hej Elin, vi"
    assert "Utkast sparat i dag" in shown.text
    assert fields(browser(cast.amir).get(page(case)), "/svara/")["text"] == ""
    sara.post(str(form["data-draft-url"]), {"text": "Ring VA?", "to": "internal"})
    kept = fields(elsewhere.get(page(case)), "/svara/")
    assert (kept["text"], kept["to"]) == ("Ring VA?", "internal")
    send(elsewhere, page(case), "/svara/", text="Ring VA.")
    assert not Draft.objects.exists()
    assert fields(sara.get(page(case)), "/svara/")["text"] == ""


def test_a_draft_outlives_the_session(sara: Client, cast: Cast, case: Case) -> None:
    sara.post(f"/desk/{case.pk}/utkast/", {"text": "Ett långt svar", "to": "public"})
    sara.logout()
    assert sara.post(f"/desk/{case.pk}/utkast/", {"text": "Ett långt svar till"}).status_code == 302
    assert fields(browser(cast.sara).get(page(case)), "/svara/")["text"] == "Ett långt svar"


def test_what_was_refused_is_a_draft_too(sara: Client, cast: Cast, case: Case) -> None:
    form = fields(sara.get(page(case)), "/svara/")
    actions.note(case_id=case.pk, text="Ny rad", by=cast.amir.actor)
    url = form.pop("")
    assert sara.post(url, {**form, "text": "Mitt svar"}).status_code == 409
    assert fields(browser(cast.sara).get(page(case)), "/svara/")["text"] == "Mitt svar"


@pytest.mark.requirement("2.10", "4.11")
def test_what_looks_personal_is_pointed_out_while_one_writes(sara: Client, case: Case) -> None:
    url = f"/desk/{case.pk}/utkast/"
    hints = sara.post(url, {"text": "Ring 070-123 45 67, 850709-9805.", "to": "public"}).json()["hints"]
    assert "070-123 45 67 ser ut som telefonnummer" in hints
    assert "850709-9805 ser ut som personnummer" in hints
    assert sara.post(url, {"text": "Ring 070-123 45 67.", "to": "internal"}).json()["hints"] == ""
    assert sara.post(url, {"text": "Vi kommer på fredag.", "to": "public"}).json()["hints"] == ""


# ── pictures ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_picture_goes_with_the_answer(sara: Client, registered: Any) -> None:
    case = registered.case
    assert send(sara, page(case), "/svara/", text="Så här blev det.", photos=[picture()]).status_code == 302
    [photo] = Photo.objects.select_related("file", "message")
    assert (photo.internal, photo.published, photo.file.used) == (False, False, True)
    assert photo.message is not None
    assert photo.message.text == "Så här blev det."
    follow = browser().get(f"/f/{registered.code}/")
    assert str(photo.file.uid) in follow.text
    assert browser().get(f"/f/{registered.code}/bild/{photo.file.uid}/small.jpg").status_code == 200


def test_a_picture_alone_is_an_answer(sara: Client, case: Case) -> None:
    assert send(sara, page(case), "/svara/", text="", photos=[picture()]).status_code == 302
    assert Message.objects.get().text == "Se bilden."


@pytest.mark.parametrize("data", [b"%PDF-1.4 no picture", b"<svg onload=alert(1)>", b""])
def test_a_refused_picture_keeps_the_text_and_the_good_pictures(sara: Client, case: Case, data: bytes) -> None:
    bad = SimpleUploadedFile("x.jpg", data, content_type="image/jpeg")
    response = send(sara, page(case), "/svara/", text="Se bilderna.", photos=[picture(), bad])
    assert response.status_code == 422
    assert len(said(response, "/svara/")) == 1
    form = fields(response, "/svara/")
    assert form["text"] == "Se bilderna."
    [kept] = StoredFile.objects.all()
    assert form["draft_photos"] == str(kept.uid)
    [shown] = soup(response).select(f'img[src="/beratta/bild/{kept.uid}.jpg"]')
    assert shown is not None
    url = form.pop("")
    assert sara.post(url, form).status_code == 302
    assert Photo.objects.get().file == kept


def test_a_far_too_large_picture_is_let_go_and_the_text_kept(sara: Client, case: Case) -> None:
    large = SimpleUploadedFile("x.jpg", b"\xff\xd8\xff" + bytes(MAX_BYTES + 1), content_type="image/jpeg")
    response = send(sara, page(case), "/svara/", text="Se bilden.", photos=[large])
    assert response.status_code == 422
    assert "20 MB" in said(response, "/svara/")[0]
    assert fields(response, "/svara/")["text"] == "Se bilden."


def test_more_pictures_than_there_is_room_for_are_said_so(sara: Client, case: Case) -> None:
    response = send(sara, page(case), "/svara/", text="Fyra.", photos=[picture(f"{n}.jpg") for n in range(4)])
    assert response.status_code == 422
    assert "högst 3 bilder" in said(response, "/svara/")[0]


@pytest.mark.requirement("X1", "N4")
def test_a_picture_of_nobodys_is_no_picture(sara: Client, cast: Cast, case: Case) -> None:
    with organisation_scope(cast.mjolby.pk):
        from lyhord.files.actions import keep_photo

        foreign = keep_photo(organisation_id=cast.mjolby.pk, data=make.photo(), by=factories.TEST)
    for token in (str(foreign.uid), str(uuid4()), "x", "", "\x00"):
        assert send(sara, page(case), "/svara/", text=f"Hej {token!r}", draft_photos=token).status_code == 302
    assert not Photo.objects.exists()


def test_far_too_much_at_once_is_refused_in_plain_words(sara: Client, case: Case) -> None:
    response = sara.post(f"/desk/{case.pk}/svara/", {"text": "x"}, CONTENT_LENGTH="200000000")
    assert response.status_code == 413
    assert "för stort" in response.text
