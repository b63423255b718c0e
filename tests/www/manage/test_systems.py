"""Case systems in the settings: set up, tried, switched on and off, open cases sent; the secret is never shown."""

import re
from typing import Any

import pytest
from django.test import Client

from lyhord.core.sealed import unseal
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange.adapter import ADAPTERS
from lyhord.exchange.knocks import secret_of
from lyhord.exchange.models import Outgoing, System
from lyhord.exchange.systems import purpose
from lyhord.jobs.models import Job
from tests import factories
from tests.conftest import Cast
from tests.dropping import dropped
from tests.www.manage.conftest import Browse, text_of
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "0.10", "N9")]
WHERE = "/installningar/verksamhetssystem/"
GIVEN = {
    "name": "RT",
    "url": "https://rt.example",
    "user": "lyhord",
    "secret": "zxhemligt",
    "types": "* = Gata och park\nbelysning.lampa = Belysning",
    "people": "anna = anna@motala.se",
    "states_out": "planned = stalled",
    "states_in": "stalled =",
}


def the_system(cast: Cast) -> System:
    with organisation_scope(cast.motala.pk):
        return System.objects.get()


def make(admin: Client, **more: str) -> Any:
    return admin.post(f"{WHERE}nytt/?sort=rt", {**GIVEN, **more}, follow=True)


def test_set_up_and_changed_and_the_secret_never_shown(cast: Cast, admin: Client) -> None:
    assert "RT 5" in text_of(admin.get(f"{WHERE}nytt/"))
    answer = make(admin)
    assert "men är av" in text_of(answer)
    row = the_system(cast)
    assert not row.active
    assert row.mapping == {
        "types": {"*": "Gata och park", "belysning.lampa": "Belysning"},
        "people": {"anna": "anna@motala.se"},
        "states_out": {"planned": "stalled"},
        "states_in": {"stalled": ""},
    }
    assert "zxhemligt" not in row.secret + answer.content.decode()
    one = f"{WHERE}{row.pk}/"
    admin.post(one, {**GIVEN, "name": "Vårt RT", "secret": ""})
    row = the_system(cast)
    assert row.name == "Vårt RT"
    assert unseal(row.secret, purpose=purpose(row)) == "zxhemligt"
    assert "Vårt RT" in text_of(admin.get(WHERE))
    shown = soup(admin.get(one))
    assert shown.select_one("[name=types]").text.split("\n")[-1] == "belysning.lampa = Belysning"
    assert not shown.select_one("[name=secret]").get("value")


def test_another_machine_is_not_given_the_secret(cast: Cast, admin: Client) -> None:
    make(admin)
    row = the_system(cast)
    answer = admin.post(f"{WHERE}{row.pk}/", {**GIVEN, "url": "https://tjuv.example", "secret": ""})
    assert answer.status_code == 422
    assert "Skriv hemligheten igen" in text_of(answer)
    assert the_system(cast).settings["url"] == "https://rt.example"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"url": "http://rt.example"}, "börja med https://"),
        ({"url": "https://10.0.0.1"}, "slutet nät"),
        ({"user": ""}, "Fyll i"),
        ({"name": ""}, "Skriv vad det andra systemet heter"),
        ({"types": "finnsinte = Kö"}, "ingen ärendetyp med koden finnsinte"),
        ({"types": "utan tecken"}, "likhetstecken"),
        ({"states_out": "klart = resolved"}, "inget läge som heter klart"),
        ({"states_in": "resolved = klart"}, "inget läge som heter klart"),
        ({"people": "anna = anna"}, "ingen mejladress"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cast: Cast, admin: Client, wrong: dict[str, str], sentence: str) -> None:
    answer = make(admin, **wrong)
    assert answer.status_code == 422
    (said,) = soup(answer).select(".bad .err")
    assert sentence in said.get_text()
    assert "zxhemligt" not in answer.content.decode()


def test_tried_and_switched_on_and_open_cases_sent(cast: Cast, admin: Client) -> None:
    make(admin)
    row = the_system(cast)
    one = f"{WHERE}{row.pk}/"
    assert "Vi provar" in text_of(admin.post(f"{one}prova/", follow=True))
    assert Job.objects.filter(task__endswith="check_system").exists()
    with organisation_scope(cast.motala.pk):
        System.objects.update(checked_at=row.created_at, check_error="queue: Gata och park")
    assert "Kön finns inte där" in text_of(admin.get(one))
    made = factories.make_case(cast.motala, "Lampan").case
    plan = admin.post(f"{one}skicka/", {"since": "2020-01-01"})
    assert made.number in text_of(plan)
    assert "Slå på systemet först" in text_of(plan)
    assert "Slå på systemet först" in text_of(
        admin.post(f"{one}skicka/", {"since": "2020-01-01", "send": "1"}, follow=True)
    )
    assert "Systemet är på" in text_of(admin.post(f"{one}lage/", {"on": "1"}, follow=True))
    assert "1 ärende skickas" in text_of(admin.post(f"{one}skicka/", {"since": "2020-01-01", "send": "1"}, follow=True))
    with organisation_scope(cast.motala.pk):
        assert Outgoing.objects.count() == 1
    assert re.search(r"Väntar\s*1", text_of(admin.get(one)))
    assert "Välj en dag" in text_of(admin.post(f"{one}skicka/", {"since": "x"}))
    assert "Systemet är av" in text_of(admin.post(f"{one}lage/", {"on": "0"}, follow=True))
    assert not the_system(cast).active


def test_one_new_file_is_found_and_set_up(cast: Cast, admin: Client) -> None:
    """A file dropped into exchange/adapters is offered, has its form, and can be kept; nothing else is edited."""
    with dropped("adapters"):
        assert "Släppt" in text_of(admin.get(f"{WHERE}nytt/"))
        form = {"name": "Släppt", "url": "https://x.example", "types": "* = x"}
        answer = admin.post(f"{WHERE}nytt/?sort=dropped", form, follow=True)
        assert "men är av" in text_of(answer)
    assert ADAPTERS.find("dropped") is None
    assert the_system(cast).adapter == "dropped"
    assert admin.get(f"{WHERE}{the_system(cast).pk}/").status_code == 200  # its file is gone: said, not broken


@pytest.mark.requirement("0.21")
def test_how_it_says_that_there_is_news(cast: Cast, admin: Client) -> None:
    make(admin)
    one = f"{WHERE}{the_system(cast).pk}/"
    first = secret_of(the_system(cast))
    shown = text_of(admin.get(one))
    assert f"/in/system/{the_system(cast).pk}/" in shown
    assert f"'{first}'" in shown  # in the scrip
    assert "$self->TransactionObj" in shown
    assert "Hemligheten är ny" in text_of(admin.post(f"{one}knackning/", {"theirs": ""}, follow=True))
    second = secret_of(the_system(cast))
    assert second != first
    assert second in text_of(admin.get(one))
    admin.post(f"{one}knackning/", {"theirs": "zxderas"})
    assert "zxderas" not in text_of(admin.get(one))
    assert "Deras egen hemlighet gäller" in text_of(admin.get(one))


def test_only_for_those_who_may(cast: Cast, browse: Browse) -> None:
    assert browse(cast.sara).get(WHERE).status_code == 403
    assert browse(None).get(WHERE).status_code == 302
