"""Somebody rings, comes by or writes a letter: it becomes a case like any other."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lyhord.audit.models import Event
from lyhord.cases.models import Case, Reporter
from lyhord.core.clock import now, pretend
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.channel import CHANNELS
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from lyhord.places.addresses import search_key
from lyhord.places.models import Address
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser, fields
from tests.www.desk.test_list import AROUND
from tests.www.soup import soup

pytestmark = pytest.mark.django_db
URL = "/desk/nytt/"


@pytest.fixture(autouse=True)
def _scope(motala: Organisation) -> Iterator[None]:
    with organisation_scope(motala.pk):
        yield


def enter(client: Client, **values: Any) -> Any:
    """Open the form, fill in, press. The form posts to its own address."""
    form = soup(client.get(URL)).select("main form[method=post]")[0]
    form["action"] = URL
    sent = fields(type("Page", (), {"content": str(form)}), URL)
    return client.post(sent.pop(""), {**sent, **values})


@pytest.mark.requirement("P5", "X3")
@pytest.mark.parametrize("channel", [channel.slug for channel in CHANNELS if channel.by_staff])
def test_what_somebody_says_becomes_a_case_by_that_way(kim: Client, cast: Cast, channel: str) -> None:
    response = enter(
        kim,
        channel=channel,
        text="Lampan vid bron är släckt.",
        name="Elin Ask",
        email="elin@example.se",
        case_type="belysning.lampa",
        place_text="Bron",
    )
    case = Case.objects.get()
    assert response.headers["Location"] == f"/desk/nytt/{case.pk}/"
    assert (case.channel, case.kind, case.unit.code, case.wants_feedback) == (channel, "felanmalan", "gata-park", True)
    assert Reporter.objects.get().email == "elin@example.se"
    [event] = Event.objects.filter(verb="case.registered")
    assert (event.actor_id, event.actor_label) == (cast.kim.pk, "Kim Berg")
    assert Notice.objects.get().address == "elin@example.se"
    aloud = kim.get(response.headers["Location"])
    assert case.number in aloud.text
    assert "Du får ett mejl nu" in aloud.text
    assert "Det finns hos Gata och park." in aloud.text
    assert soup(kim.get(f"/desk/{case.pk}/")).select_one(".msg .muted").text == {
        "phone": "Telefon", "visit": "Besök", "letter": "Brev", "email": "Mejl",
    }[channel]  # fmt: skip


@pytest.mark.requirement("P5", "X12")
def test_anonymous_is_enough_and_the_code_is_read_aloud(kim: Client) -> None:
    response = enter(kim, text="Det är mörkt.")
    case = Case.objects.get()
    assert not Reporter.objects.exists()
    aloud = kim.get(response.headers["Location"])
    code = soup(aloud).select_one(".code")
    assert code is not None
    assert "Ska jag läsa upp den?" in aloud.text
    assert browser().get(f"/f/{code.text.strip()}/").status_code == 200
    assert aloud.headers["Cache-Control"] == "private, no-store"
    assert case.kind == "felanmalan"


def test_a_kind_alone_and_the_words_decide_the_rest(kim: Client) -> None:
    enter(kim, kind="klagomal", text="Bullret är hemskt.", category="trafik")
    enter(kim, text="En gatlykta är släckt, det är mörkt och lyset är borta.")
    complaint, lamp = Case.objects.select_related("category", "case_type").order_by("pk")
    assert complaint.category is not None
    assert (complaint.kind, complaint.category.code) == ("klagomal", "trafik")
    assert lamp.case_type.code == "belysning.lampa"


@pytest.mark.requirement("2.25")
def test_an_address_that_is_known_gives_the_position(kim: Client) -> None:
    key = search_key("Vintergatan 12")
    Address.objects.create(street="Vintergatan", number="12", locality="Motala", lat=58.55, lon=15.03, search_key=key)
    enter(kim, text="Mörkt.", place_text="Vintergatan 12")
    case = Case.objects.get()
    assert (case.lat, case.position_source) == (58.55, "address")


def test_a_double_click_is_one_case(kim: Client) -> None:
    form = soup(kim.get(URL)).select("main form[method=post]")[0]
    form["action"] = URL
    sent = fields(type("Page", (), {"content": str(form)}), URL) | {"text": "Lampan."}
    url = sent.pop("")
    assert len({kim.post(url, sent).headers["Location"] for _ in range(3)}) == 1
    assert Case.objects.count() == 1
    assert kim.post(url, {**sent, "text": "En annan sak."}).status_code == 302
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \x00 "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"place_text": "x" * 201}, "place_text"),
        ({"email": "elin(at)example"}, "email"),
        ({"name": "x" * 121}, "name"),
        ({"phone": "0" * 41}, "phone"),
        ({"channel": ""}, "channel"),
        ({"channel": "web"}, "channel"),
        ({"kind": "finns-inte"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"case_type": "finns.inte"}, "case_type"),
        ({"category": "finns-inte"}, "category"),
        ({"language": "xx"}, "language"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_everything_kept(
    kim: Client, values: dict[str, str], field: str
) -> None:
    given = {"text": "Lampan är släckt.", "name": "Elin", "phone": "070-1", "place_text": "Bron", **values}
    response = enter(kim, **given)
    assert response.status_code == 422
    page = soup(response)
    assert [str(link["href"]) for link in page.select(".errsum a")] in ([f"#id_{field}"], [f"#id_{field}_0"])
    for name in ("name", "phone", "place_text"):
        control = page.select_one(f"[name={name}]")
        assert control is not None
        assert control.get("value", "") == given[name]
    assert page.select_one("textarea").text.strip() == given["text"].replace("\x00", "").strip()
    assert not Case.objects.exists()


@pytest.mark.requirement("X1", "N4")
def test_the_words_to_read_aloud_are_for_the_one_who_entered_it_and_for_a_while(kim: Client, cast: Cast) -> None:
    url = enter(kim, text="Det är mörkt.").headers["Location"]
    assert kim.get(url).status_code == 200
    for user in (cast.sara, cast.maria, cast.admin):
        assert browser(user).get(url).status_code == 404
    assert browser(cast.auditor).get(url).status_code == 403
    with pretend(now() + timedelta(minutes=61)):
        assert kim.get(url).status_code == 404
    told = factories.make_case(cast.motala, "Av invånaren själv").case
    assert kim.get(f"/desk/nytt/{told.pk}/").status_code == 404


@pytest.mark.requirement("X2")
def test_what_lands_where_one_does_not_see_still_has_a_number_to_read_aloud(kim: Client) -> None:
    response = enter(kim, kind="klagomal", text="Om förskolan.", category="barn", protected="on", name="Ulla")
    case = Case.objects.get()
    assert (case.confidential, case.protected) == (True, True)
    aloud = kim.get(response.headers["Location"])
    assert case.number in aloud.text
    assert f"/desk/{case.pk}/" not in aloud.text
    assert kim.get(f"/desk/{case.pk}/").status_code == 404


def test_it_is_for_those_who_may(cast: Cast) -> None:
    assert browser(cast.auditor).get(URL).status_code == 403
    assert browser(cast.auditor).post(URL, {"text": "x"}).status_code == 403
    assert browser().get(URL).status_code == 302
    assert "Lampan är" in browser().post(URL, {"text": "Lampan är"}).text
    assert "/desk/nytt/" not in browser(cast.auditor).get("/desk/").text


def test_the_form_asks_the_database_little(kim: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    kim.get(URL)
    with django_assert_num_queries(AROUND + 3):  # counts, what came in, failed notices
        kim.get(URL)
