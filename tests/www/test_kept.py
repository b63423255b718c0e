"""Who writes for long and is logged out meanwhile finds it again and sends it, once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lyhord.accounts.form_actions import KEPT_FOR, LONGEST, MOST_KEPT
from lyhord.accounts.middleware import WRITER
from lyhord.accounts.models import KeptForm, User
from lyhord.accounts.tasks import forget_forms
from lyhord.cases.models import Case, Message, Photo
from lyhord.core.clock import now, pretend
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Unit
from tests import factories
from tests.conftest import Cast
from tests.files import make
from tests.www.desk.conftest import BACKEND, HOST, browser, fields
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("N9")]
LONG = "Vi har varit på plats och sett att tre lampor är trasiga. " * 20


@pytest.fixture(autouse=True)
def _scope(cast: Cast, settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    with organisation_scope(cast.motala.pk):
        yield


@pytest.fixture
def case(cast: Cast) -> Case:
    found: Case = factories.make_case(cast.motala, email="elin@example.se").case
    return found


def careful(user: User) -> Client:
    """A browser whose forms are checked as they are outside tests."""
    client = Client(enforce_csrf_checks=True, headers={"host": HOST})
    client.force_login(user, backend=BACKEND)
    return client


def written(client: Client, page: str, action: str, **values: Any) -> tuple[str, dict[str, Any]]:
    form = fields(client.get(page), action)
    return form.pop(""), {**form, **values}


def log_in(client: Client, response: Any, user: User) -> Any:
    """By the link on the page that says one is logged out; what one is led to."""
    link = soup(response).select_one("main a.btn.pri")
    assert link is not None
    login = client.get(str(link["href"]))
    form = next(one for one in soup(login).select("form[method=post]") if one.select("[name=password]"))
    sent = {str(one["name"]): one.get("value", "") for one in form.select("input[type=hidden]")}
    answer = client.post(
        str(form.get("action") or link["href"]), {**sent, "login": user.email, "password": factories.PASSWORD}
    )
    assert answer.status_code == 302
    return client.get(answer.headers["Location"])


def kept_form(page: Any) -> tuple[str, dict[str, Any]]:
    """The form that sends what was kept."""
    assert soup(page).select_one("h1").text == "Det du skrev finns kvar"
    form = soup(page).select("main form[method=post]")[0]
    sent: dict[str, Any] = {}
    for control in form.select("input, textarea"):
        value = control.text.removeprefix("\n") if control.name == "textarea" else str(control.get("value", ""))
        sent.setdefault(str(control["name"]), []).append(value)
    return str(form["action"]), sent


def test_a_long_answer_is_sent_after_logging_in_again(cast: Cast, case: Case) -> None:
    client = careful(cast.sara)
    url, sent = written(client, f"/desk/{case.pk}/?vy=alla", "/svara/", text=LONG, after="list")
    picture = SimpleUploadedFile("lampa.jpg", make.photo(), content_type="image/jpeg")
    Session.objects.all().delete()
    response = client.post(url, {**sent, "photos": [picture]})
    assert response.status_code == 403
    assert "Det finns kvar. Logga in, så kan du skicka det." in response.text
    assert not Message.objects.exists()
    page = log_in(client, response, cast.sara)
    assert page.status_code == 200
    assert LONG.strip() in [area.text.strip() for area in soup(page).select("textarea[readonly]")]
    assert "En bild följer med." in page.text
    assert "Det går till den som hörde av sig." in page.text
    assert soup(page).select(f"main a[href='/desk/{case.pk}/']")
    action, again = kept_form(page)
    assert action == url
    for _press in range(2):
        assert client.post(action, again).headers["Location"] == "/desk/?vy=alla"
    [message] = Message.objects.all()
    assert (message.text, message.author) == (LONG.strip(), cast.sara)
    assert Photo.objects.filter(message=message).count() == 1
    assert not KeptForm.objects.exists()


FORMS: list[tuple[str, str, str, dict[str, str]]] = [
    ("sara", "/desk/{case}/", "/lage/", {"to": "planned", "reason": "Vi gräver i maj.", "until": "2099-05-01"}),
    ("sara", "/desk/{case}/", "/flytta/", {"unit": "{unit}", "reason": "Hör dit."}),
    ("kim", "/desk/nytt/", "", {"text": "Det ringde om en lampa."}),
    ("kim", "/desk/granska/{review}/", "/granska/", {"title": "Lampan", "text": "Så här.", "publish": "1"}),
    ("admin", "/installningar/enheter/ny/", "", {"name": "Badhuset i Varamon"}),
    ("admin", "/installningar/utseende/", "", {"service_name": "Dialog Motala stad"}),
]


@pytest.mark.parametrize("form", FORMS, ids=[one[1] + one[2] for one in FORMS])
def test_and_so_is_every_other_form(cast: Cast, case: Case, form: tuple[str, str, str, dict[str, str]]) -> None:
    who, page, action, values = form
    review = factories.make_case(cast.motala, "Bänken har vält.", publish=True).case
    user, unit = getattr(cast, who), Unit.objects.get(code="kundcenter")
    ids = {"case": case.pk, "review": review.pk, "unit": unit.pk}
    client, address = careful(user), page.format(**ids)
    url, sent = written(client, address, action, **{name: value.format(**ids) for name, value in values.items()})
    url = url or address
    Session.objects.all().delete()
    response = client.post(url, sent)
    assert response.status_code == 403
    action, again = kept_form(log_in(client, response, user))
    assert action == url
    assert client.post(action, again).status_code == 302
    assert not KeptForm.objects.exists()


def test_nobody_else_finds_it(cast: Cast, case: Case) -> None:
    """The same browser, another person: on a desk that several share."""
    client = careful(cast.sara)
    url, sent = written(client, f"/desk/{case.pk}/", "/svara/", text=LONG)
    Session.objects.all().delete()
    response = client.post(url, sent)
    assert log_in(client, response, cast.amir).status_code == 404
    kept = KeptForm.objects.get()
    assert kept.user == cast.sara
    for other in (browser(cast.amir), browser(cast.outsider, "mjolby.localhost")):
        page = other.get(f"/desk/kvar/{kept.pk}/")
        assert page.status_code == 404
        assert "lampor" not in page.text
        assert other.post(f"/desk/kvar/{kept.pk}/").status_code == 404
    assert KeptForm.objects.exists()


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": f"http://{HOST}"}])
def test_a_page_of_the_session_before_is_sent_on(cast: Cast, case: Case, headers: dict[str, str]) -> None:
    """Logged in again in another tab: the token of the first tab is of no use, but what was written is."""
    client = careful(cast.sara)
    url, sent = written(client, f"/desk/{case.pk}/", "/svara/", text=LONG)
    Session.objects.all().delete()
    log_in(client, browser().post(url, sent), cast.sara)
    response = client.post(url, sent, headers=headers)
    assert response.status_code == 403
    action, again = kept_form(response)
    assert client.post(action, again).status_code == 302
    assert Message.objects.get().text == LONG.strip()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site", "Origin": f"http://{HOST}"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ],
)
def test_what_another_site_has_written_is_never_sent_on(cast: Cast, case: Case, headers: dict[str, str]) -> None:
    client = careful(cast.sara)
    client.get("/desk/")
    response = client.post(
        f"/desk/{case.pk}/svara/", {"text": "Betala hit i stället.", "to": "public"}, headers=headers
    )
    assert response.status_code == 403
    assert [area.text for area in soup(response).select("textarea")] == ["Betala hit i stället."]
    assert not soup(response).select("main form[method=post]")
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("cookie", [None, "1", "1:x:y", "\x00"])
def test_without_knowing_who_wrote_it_is_given_back_to_copy(case: Case, cookie: str | None) -> None:
    client = browser()
    if cookie is not None:
        client.cookies[WRITER] = cookie
    response = client.post(f"/desk/{case.pk}/svara/", {"text": "Kort.", "to": "public", "x": "Ett längre ord"})
    assert response.status_code == 403
    assert [area.text for area in soup(response).select("textarea")] == ["Kort.", "Ett längre ord"]
    assert not KeptForm.objects.exists()


def test_the_cookie_lets_nobody_in(cast: Cast) -> None:
    client = careful(cast.sara)
    client.get("/desk/")
    assert client.cookies[WRITER]["httponly"]
    del client.cookies["lyhord"]
    assert client.get("/desk/").status_code == 302


def test_what_is_kept_is_little_and_goes(cast: Cast, case: Case) -> None:
    client = browser(cast.sara)
    client.get("/desk/")
    Session.objects.all().delete()
    url = f"/desk/{case.pk}/svara/"
    assert "Kopiera det" in client.post(url, {"text": "x " * (LONGEST // 2)}).text
    assert not KeptForm.objects.exists()
    for number in range(MOST_KEPT + 2):
        client.post(url, {"text": f"Svar {number}", "password": "hemligt", "a\x00b": "\x00\ud800"[:1]})
    assert KeptForm.objects.count() == MOST_KEPT
    assert "hemligt" not in str(list(KeptForm.objects.values_list("fields", flat=True)))
    client.force_login(cast.sara, backend=BACKEND)
    kept = KeptForm.objects.order_by("-pk")[0]
    assert client.post(f"/desk/kvar/{kept.pk}/").status_code == 302
    assert KeptForm.objects.count() == MOST_KEPT - 1
    with pretend(now() + KEPT_FOR + timedelta(seconds=1)):
        forget_forms.func()
    assert not KeptForm.objects.exists()


def test_what_scripts_send_is_not_kept(cast: Cast, case: Case) -> None:
    client = browser(cast.sara)
    client.get("/desk/")
    Session.objects.all().delete()
    assert client.post(f"/desk/{case.pk}/utkast/", {"text": "Halvt"}).status_code == 302
    assert not KeptForm.objects.exists()


def test_sessions_that_have_ended_go(cast: Cast) -> None:
    client = browser(cast.sara)
    client.get("/desk/")
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    assert browser(cast.amir).get("/desk/").status_code == 200
    forget_forms.func()
    assert Session.objects.count() == 1
