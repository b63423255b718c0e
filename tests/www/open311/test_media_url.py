"""Pictures that come as addresses: fetched after the answer, by the guarded way, and cleaned as others."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from lyhord.audit.models import Event
from lyhord.cases.actions import withdraw
from lyhord.cases.history import staff_history
from lyhord.cases.models import Case, Message, Photo, Side
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.models import LinkedPhoto
from lyhord.intake.tasks import fetch_photo
from lyhord.organisations.models import Organisation
from tests import factories
from tests.far_end import FarEnd, Reply, listening, work
from tests.www.open311.conftest import KEY, Post, make_key
from tests.www.open311.reading import data, picture, the_case, url

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "X3")]


def jpeg(colour: str = "red") -> bytes:
    made = BytesIO()
    image = Image.new("RGB", (40, 30), colour)
    exif = image.getexif()
    exif[0x010E] = "secret words"
    image.save(made, "JPEG", exif=exif)
    return made.getvalue()


def shown(colour: str = "red") -> Reply:
    return Reply(body=jpeg(colour), headers={"Content-Type": "image/jpeg"})


@pytest.fixture
def far_end(settings: Any) -> Iterator[FarEnd]:
    with listening(settings) as there:
        there.usual = shown()
        yield there


def in_the_end() -> None:
    """Let every try be made."""
    for day in range(7):
        work(day)


def notes(case: Case) -> list[str]:
    with organisation_scope(case.organisation_id):
        return list(Message.objects.filter(case=case, side=Side.INTERNAL).values_list("text", flat=True))


def history(case: Case) -> list[str]:
    with organisation_scope(case.organisation_id):
        return [line.text for line in staff_history(list(Event.objects.about("case", case.pk)), case.kind)]


def photos(case: Case) -> list[Photo]:
    with organisation_scope(case.organisation_id):
        return list(Photo.objects.filter(case=case).order_by("position").select_related("file"))


def waiting(organisation: Organisation) -> int:
    with organisation_scope(organisation.pk):
        return LinkedPhoto.objects.count()


def test_saved_at_once_and_the_picture_comes_later(post: Post, motala: Organisation, far_end: FarEnd) -> None:
    case = the_case(post(media_url=f"{far_end.url}/a.jpg"))
    assert far_end.heard == []
    assert photos(case) == []
    work()
    (photo,) = photos(case)
    assert (photo.published, photo.file.used, photo.file.width) == (True, True, 40)
    assert waiting(motala) == 0
    assert "Bilden som skickades som en länk har kommit" in history(case)
    assert notes(case) == []


def test_behind_those_that_came_along_and_three_in_all(post: Post, far_end: FarEnd) -> None:
    urls = [f"{far_end.url}/{number}.jpg" for number in range(3)]
    case = the_case(post(media=picture(), media_url=urls))
    work()
    assert [heard.path for heard in far_end.heard] == ["/0.jpg", "/1.jpg"]
    assert len(photos(case)) == 3
    assert notes(case) == [f"Bilder som ligger hos den som skickade:\n{urls[2]}"]


def test_shown_only_with_what_nobody_has_reviewed(post: Post, motala: Organisation, far_end: FarEnd) -> None:
    make_key(motala, "careful")
    case = the_case(post(api_key="careful", media_url=far_end.url))
    other = the_case(post(media_url=far_end.url))
    with organisation_scope(motala.pk):
        withdraw(case_id=other.pk, by=factories.TEST)
    work()
    assert [photo.published for photo in [*photos(case), *photos(other)]] == [False, False]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(404), "Där fanns ingen bild"),
        (Reply(body=b"<html>", headers={"Content-Type": "text/html"}), "Svaret var av fel slag."),
        (Reply(body=b"<script>", headers={"Content-Type": "image/jpeg"}), "Där fanns ingen bild"),
        (Reply(302, headers={"Location": "http://169.254.169.254/latest"}), "port"),
        (Reply(body=b"", headers={"Content-Type": "image/jpeg", "Content-Length": "30000000"}), "för stort"),
    ],
)
def test_what_can_never_come_is_told_at_once(post: Post, far_end: FarEnd, reply: Reply, said: str) -> None:
    far_end.usual = reply
    case = the_case(post(media_url=f"{far_end.url}/x.jpg"))
    work()
    assert len(far_end.heard) == 1
    assert photos(case) == []
    assert notes(case) == [f"Bilden gick inte att hämta. Den ligger hos den som skickade:\n{far_end.url}/x.jpg"]
    assert any(line.startswith("Bilden som skickades som en länk gick inte") and said in line for line in history(case))
    in_the_end()
    assert len(far_end.heard) == 1


def test_what_may_come_is_tried_again(post: Post, far_end: FarEnd) -> None:
    far_end.replies = [Reply(503), Reply(raw=b"")]
    case = the_case(post(media_url=far_end.url))
    in_the_end()
    assert len(far_end.heard) == 3
    assert len(photos(case)) == 1
    assert notes(case) == []


def test_and_given_up_in_the_end(post: Post, motala: Organisation, far_end: FarEnd) -> None:
    far_end.usual = Reply(500)
    case = the_case(post(media_url=far_end.url))
    in_the_end()
    assert len(far_end.heard) == 6
    assert len(notes(case)) == 1
    assert waiting(motala) == 0


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "http://10.0.0.8/x.jpg", "http://[::1]/x.jpg"])
def test_never_from_inside(post: Post, url: str) -> None:
    case = the_case(post(media_url=url))
    work()
    assert any("slutet nät" in line for line in history(case))
    assert notes(case)[0].endswith(url)


def test_what_is_no_address_is_let_go(post: Post, motala: Organisation) -> None:
    case = the_case(post(media_url=["file:///etc/passwd", "javascript:alert(1)", "https://x/" + "a" * 3000]))
    assert waiting(motala) == 0
    assert notes(case) == []


def test_a_job_that_runs_twice_adds_one_picture(post: Post, motala: Organisation, far_end: FarEnd) -> None:
    case = the_case(post(media_url=far_end.url))
    with organisation_scope(motala.pk):
        link = LinkedPhoto.objects.get()
    fetch_photo.func(motala.pk, link.pk)
    fetch_photo.func(motala.pk, link.pk)
    work()
    assert len(photos(case)) == 1


def test_sending_again_fetches_nothing_more(post: Post, motala: Organisation, far_end: FarEnd) -> None:
    def send() -> Any:
        return post(headers={"Idempotency-Key": "abc"}, media_url=far_end.url)

    assert data(send()) == data(send())
    assert waiting(motala) == 1


# With updates


@pytest.fixture
def update(post: Post, web: Client) -> Callable[..., Case]:
    """Send a report, and an update of it; the case."""

    def send(times: int = 1, reporter: str = "", **values: Any) -> Case:
        case = the_case(post(email=reporter))
        given = {
            "api_key": KEY,
            "service_request_id": case.number,
            "update_id": "1",
            "status": "OPEN",
            "description": "Så här ser det ut nu.",
            **values,
        }
        for _n in range(times):
            data(web.post(url("servicerequestupdates.json"), given))
        return case

    return send


def test_an_updates_picture_hangs_on_its_message(update: Callable[..., Case], far_end: FarEnd) -> None:
    case = update(times=3, media_url=far_end.url)
    assert far_end.heard == []
    work()
    (photo,) = photos(case)
    assert len(far_end.heard) == 1
    with organisation_scope(case.organisation_id):
        message = Message.objects.get(case=case, side=Side.RESIDENT)
    assert (photo.message_id, photo.published, photo.internal) == (message.pk, False, False)
    assert notes(case) == []


def test_somebody_elses_picture_is_for_staff_only(update: Callable[..., Case], far_end: FarEnd) -> None:
    case = update(reporter="eva@example.org", email="anna@example.org", media_url=[far_end.url])
    work()
    assert [(photo.internal, photo.published) for photo in photos(case)] == [(True, False)]


def test_three_pictures_of_an_update_and_the_rest_for_staff(update: Callable[..., Case], far_end: FarEnd) -> None:
    urls = [f"{far_end.url}/{number}" for number in range(4)]
    case = update(times=2, photo1=picture(), media_url=urls)
    work()
    assert len(photos(case)) == 3
    assert notes(case) == ["\n".join(["Bilder som ligger hos den som skickade:", *urls[2:]])]


def test_an_updates_picture_that_never_comes_is_told_to_staff(update: Callable[..., Case], far_end: FarEnd) -> None:
    far_end.usual = Reply(404)
    case = update(media_url=f"{far_end.url}/x.jpg")
    work()
    assert notes(case) == [f"Bilden gick inte att hämta. Den ligger hos den som skickade:\n{far_end.url}/x.jpg"]


def test_a_file_that_is_no_picture_is_told_to_staff(update: Callable[..., Case], motala: Organisation) -> None:
    case = update(times=2, file_plan=SimpleUploadedFile("plan.pdf", b"%PDF-1.7", "application/pdf"))
    assert len(notes(case)) == 1
    assert notes(case)[0].startswith("Något som skickades med gick inte att ta emot:")
