"""A form of staff that is sent twice is done once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from lyhord.accounts.models import SentForm
from lyhord.accounts.once import AT_ONCE, TRACED_FOR
from lyhord.accounts.tasks import forget_forms
from lyhord.audit.models import Event
from lyhord.cases.models import Case, Message
from lyhord.core.clock import now, pretend
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Unit
from tests import factories
from tests.conftest import Cast
from tests.files import make
from tests.www.desk.conftest import browser, fields
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("N9")]
NEW_UNIT = "/installningar/enheter/ny/"


@pytest.fixture(autouse=True)
def _scope(request: pytest.FixtureRequest) -> Iterator[None]:
    if "cast" not in request.fixturenames:
        yield
        return
    with organisation_scope(request.getfixturevalue("cast").motala.pk):
        yield


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case(cast: Cast) -> Case:
    found: Case = factories.make_case(cast.motala, email="elin@example.se").case
    return found


@pytest.fixture
def sara(cast: Cast) -> Client:
    return browser(cast.sara)


@pytest.fixture
def admin(cast: Cast) -> Client:
    return browser(cast.admin)


def filled(client: Client, page: str, action: str, **values: Any) -> tuple[str, dict[str, Any]]:
    """A form as it would be sent, and where to."""
    form = fields(client.get(page), action)
    return form.pop(""), {**form, **values}


def told(client: Client, url: str) -> list[str]:
    """What the page tells about what was just done."""
    return [note.get_text(strip=True) for note in soup(client.get(url)).select(".messages .note")]


def moves() -> int:
    return Event.objects.filter(verb="case.moved").count()


def test_the_same_form_again_leads_to_the_same_place_and_does_nothing(sara: Client, case: Case) -> None:
    centre = Unit.objects.get(code="kundcenter")
    url, sent = filled(sara, f"/desk/{case.pk}/", "/flytta/", unit=centre.pk, reason="Hör dit.")
    first, second = sara.post(url, sent), sara.post(url, sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert told(sara, second.headers["Location"])[0] == f"Ärendet {case.number} finns nu hos Kundcenter."
    assert moves() == 1


def test_other_words_on_the_same_page_are_another_press(admin: Client) -> None:
    """Back, something else written, sent: that is no repetition and must not vanish."""
    _url, sent = filled(admin, NEW_UNIT, "", name="Första")
    assert admin.post(NEW_UNIT, sent).status_code == 302
    assert admin.post(NEW_UNIT, {**sent, "name": "Andra"}).status_code == 302
    assert {"Första", "Andra"} <= set(Unit.objects.values_list("name", flat=True))


def test_what_was_refused_is_no_deed_and_can_be_sent_again(sara: Client, case: Case) -> None:
    url, sent = filled(sara, f"/desk/{case.pk}/", "/sla-ihop/", into="26-99")
    assert [sara.post(url, sent).status_code for _press in range(2)] == [422, 422]
    assert not SentForm.objects.exists()
    other = factories.make_case(case.organisation)
    Case.objects.filter(pk=other.case.pk).update(number="26-99")
    assert sara.post(url, sent).status_code == 302


def test_an_error_takes_all_back_with_the_claim(sara: Client, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_values: Any) -> None:
        Case.objects.filter(pk=case.pk).update(title="Halvgjort")
        raise RuntimeError

    url, sent = filled(sara, f"/desk/{case.pk}/", "/handlaggare/")
    sara.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr("lyhord.cases.actions.assign", broken)
        assert sara.post(url, sent).status_code == 500
    assert not SentForm.objects.exists()
    assert sara.post(url, sent).status_code == 302


def test_two_people_are_two_and_so_are_two_tabs(cast: Cast, sara: Client) -> None:
    case = factories.make_case(cast.motala).case
    notes = []
    for client in (sara, sara, browser(cast.amir)):
        url, sent = filled(client, f"/desk/{case.pk}/", "/svara/", text="Ring först.", to="internal")
        notes.append(client.post(url, sent).status_code)
    assert notes == [302, 302, 302]
    assert Message.objects.count() == 3


def test_pictures_count(sara: Client, case: Case) -> None:
    url, sent = filled(sara, f"/desk/{case.pk}/", "/svara/", text="Så här.", to="internal")
    for size in ((40, 30), (40, 30), (50, 30)):
        file = SimpleUploadedFile("bild.jpg", make.photo(size=size), content_type="image/jpeg")
        assert sara.post(url, {**sent, "photos": [file]}).status_code == 302
    assert Message.objects.count() == 2


def test_later_it_is_told_that_it_was_done_then(admin: Client) -> None:
    _url, sent = filled(admin, NEW_UNIT, "", name="Badhusen")
    assert admin.post(NEW_UNIT, sent).status_code == 302
    told(admin, "/installningar/enheter/")
    with pretend(now() + AT_ONCE + timedelta(seconds=1)):
        assert admin.post(NEW_UNIT, sent).status_code == 302
    sentences = told(admin, "/installningar/enheter/")
    assert sentences == [
        "Badhusen är tillagd.",
        "Det här hade du redan skickat, och det gjordes då. Ladda om sidan om du vill göra det igen.",
    ]
    assert Unit.objects.filter(name="Badhusen").count() == 1


def test_the_traces_are_kept_for_a_day(admin: Client, cast: Cast) -> None:
    _url, sent = filled(admin, NEW_UNIT, "", name="Badhusen")
    admin.post(NEW_UNIT, sent)
    [trace] = SentForm.objects.all()
    assert b"Badhusen" not in bytes(trace.digest)
    forget_forms.func()
    assert SentForm.objects.exists()
    with pretend(now() + TRACED_FOR + timedelta(seconds=1)):
        forget_forms.func()
    assert not SentForm.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("action", "values", "verb"),
    [
        ("/lage/", {"to": "resolved", "message": "Lampan är bytt."}, "case.state_changed"),
        ("/svara/", {"text": "Vi kommer.", "to": "public"}, "case.replied"),
        ("/svara/", {"text": "Ring först.", "to": "internal"}, "case.noted"),
        ("/handlaggare/", {}, "case.assigned"),
    ],
)
def test_five_at_once_are_one(action: str, values: dict[str, str], verb: str) -> None:
    motala = factories.make_organisation()
    user = factories.make_member(motala, "sara@motala.example", "Sara Ek", "case_officer", "gata-park")
    case = factories.make_case(motala, email="elin@example.se").case
    client = browser(user)
    url, sent = filled(client, f"/desk/{case.pk}/", action, **values)

    def press(_n: int) -> tuple[int, str]:
        again = browser()
        again.cookies.update(client.cookies)
        try:
            response = again.post(url, sent)
            return response.status_code, response.headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        answers = set(pool.map(press, range(5)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 302
    with organisation_scope(motala.pk):
        assert Event.objects.filter(verb=verb).count() == 1
        assert SentForm.objects.count() == 1
