"""Out in the field: a list of one's own, a small page a case, and deeds done once however often they are sent."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lyhord.accounts.once import TRACED_FOR, TRACED_FOR_KEY
from lyhord.accounts.tasks import forget_forms
from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Message, Photo, Shortlisted, Side
from lyhord.cases.states import State
from lyhord.core.clock import now, pretend
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation, Unit
from tests import factories
from tests.conftest import Cast
from tests.files import make
from tests.www.desk.conftest import browser, fields
from tests.www.desk.test_list import AROUND
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P3")]
LIST = "/desk/falt/"
SCRIPT = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _scope(motala: Organisation) -> Iterator[None]:
    with organisation_scope(motala.pk):
        yield


@pytest.fixture
def case(cast: Cast) -> Case:
    """Elin's lamp; she wants an answer."""
    found: Case = factories.make_case(cast.motala, email="elin@example.se").case
    return found


def page_of(case: Case) -> str:
    return f"{LIST}{case.pk}/"


def along(cast: Cast, *cases: Case) -> None:
    actions.take_along(case_ids=[case.pk for case in cases], by=cast.sara.actor)


def titles(client: Client, query: str = "") -> list[str]:
    return [link.get_text(strip=True) for link in soup(client.get(LIST + query)).select("[data-cases] h2 a")]


def by_queue(client: Client, case: Case, what: str, key: str, **values: Any) -> Any:
    """As the page's queue sends it: a token fetched just now, and a key of the device's own."""
    said = client.get(f"{LIST}nyckel/", headers=SCRIPT).json()
    sent = {"press": key, "csrfmiddlewaretoken": said["token"], **values}
    return client.post(f"{page_of(case)}{what}/", sent, headers=SCRIPT)


class TestTheList:
    def test_cases_are_taken_along_one_by_one_and_several_and_put_back(self, sara: Client, cast: Cast) -> None:
        one, two, three = (factories.make_case(cast.motala, f"Lampa {n}.").case for n in range(3))
        assert "Listan är tom" in sara.get(LIST).text
        page = fields(sara.get(f"/desk/{one.pk}/"), "/ta-med/")
        assert sara.post(page.pop(""), page).status_code == 302
        box = [row["value"] for row in soup(sara.get("/desk/?vy=alla")).select(".pick [name=id]")]
        sara.post("/desk/flera/", {"action": "ta-med", "id": box})
        assert len(titles(sara)) == 3
        assert Shortlisted.objects.count() == 3
        back = fields(sara.get(LIST), f"/{two.pk}/ta-med/")
        assert sara.post(back.pop(""), back).headers["Location"] == LIST
        assert set(titles(sara)) == {one.title, three.title}
        assert browser(cast.kim).get(LIST).text.count("data-keep") == 0  # each has their own

    def test_all_of_mine_at_once_and_what_is_closed_away(self, sara: Client, cast: Cast) -> None:
        mine, other = (factories.make_case(cast.motala, f"Lampa {n}.").case for n in range(2))
        actions.assign(case_id=mine.pk, officer_id=cast.sara.pk, by=cast.sara.actor)
        sara.post(f"{LIST}fyll/", {"vad": "mina"})
        assert titles(sara) == [mine.title]
        along(cast, other)
        actions.change_state(
            case_id=other.pk, to=State.RESOLVED, message="Klart.", closing={"measure": "Bytt"}, by=cast.sara.actor
        )
        sara.post(f"{LIST}fyll/", {"vad": "avslutade"})
        assert titles(sara) == [mine.title]
        sara.post(f"{LIST}fyll/", {"vad": "alla"})
        assert titles(sara) == []
        assert sara.post(f"{LIST}fyll/", {"vad": "\x00"}).status_code == 302

    def test_by_street_and_number_as_people_count(self, sara: Client, cast: Cast) -> None:
        streets = ("Ågatan 2", "Vintergatan 12", "", "Vintergatan 2")
        cases = [factories.make_case(cast.motala, f"På {street}.", place_text=street).case for street in streets]
        along(cast, *cases)
        assert titles(sara) == [cases[at].title for at in (3, 1, 0, 2)]
        assert titles(sara, "?ordning=alder") == [case.title for case in cases]
        assert titles(sara, "?ordning=%00") == titles(sara)

    def test_one_page_leads_to_the_next_in_the_same_order(self, sara: Client, cast: Cast) -> None:
        cases = [factories.make_case(cast.motala, f"{n}.", place_text=f"Vintergatan {n}").case for n in (3, 1, 2)]
        along(cast, *cases)
        page = soup(sara.get(page_of(cases[2])))
        steps = [page.select_one(f"[data-steps] [rel={rel}]") for rel in ("prev", "next")]
        assert [step["href"] for step in steps if step] == [page_of(cases[1]), page_of(cases[0])]
        first = soup(sara.get(f"{page_of(cases[0])}?ordning=alder"))
        assert first.select_one("[data-steps] [rel=prev]").has_attr("hidden")
        assert first.select_one("[data-steps] [rel=next]")["href"] == f"{page_of(cases[1])}?ordning=alder"

    def test_a_hundred_is_the_most(self, sara: Client, cast: Cast) -> None:
        cases = [factories.make_case(cast.motala, f"{n}.").case for n in range(101)]
        along(cast, *cases[:100])
        page = fields(sara.get(f"/desk/{cases[100].pk}/"), "/ta-med/")
        sara.post(page.pop(""), page)
        assert Shortlisted.objects.count() == 100
        assert "Listan har redan 100 ärenden" in sara.get(LIST).text

    def test_what_one_no_longer_may_see_is_gone(self, sara: Client, cast: Cast, case: Case) -> None:
        along(cast, case)
        Case.objects.filter(pk=case.pk).update(confidential=True, unit_id=Unit.objects.get(code="forskola").pk)
        assert titles(sara) == []
        assert sara.get(page_of(case)).status_code == 404


class TestThePage:
    def test_nothing_of_who_reported_is_there(self, sara: Client, cast: Cast) -> None:
        who = NewReporter(name="Elin Grankvist", email="elin@example.se", phone="0701740605")
        case = factories.make_case(cast.motala, reporter=who).case
        text = sara.get(page_of(case)).text
        for word in ("Elin", "Grankvist", "example.se", "0701740605"):
            assert word not in text
        assert case.text in text

    def test_what_is_secret_says_that_it_must_not_be_kept(self, cast: Cast) -> None:
        case = factories.make_case(cast.motala, reporter=NewReporter(name="X", protected=True)).case
        maria, sara = browser(cast.maria), browser(cast.sara)
        for client, knows in ((maria, True), (sara, False)):
            response = client.get(page_of(case))
            assert response.headers["Cache-Control"] == "private, no-store"
            assert ("Vintergatan 12" in response.text) is knows
            assert ("58,53" in response.text or "58.53" in response.text) is knows
        assert Event.objects.filter(verb="case.protected_read").count() == 1
        for person in (cast.maria, cast.sara):
            actions.take_along(case_ids=[case.pk], by=person.actor)
        assert not soup(maria.get(LIST)).select("[data-keep]")
        assert "Vintergatan" not in sara.get(LIST).text
        assert sara.post(f"{page_of(case)}plats/", {"lat": "58.5", "lon": "15"}).status_code == 403

    def test_it_is_no_reading(self, sara: Client, case: Case) -> None:
        """The device fetches it before anybody looks."""
        sara.get(page_of(case))
        assert Case.objects.get().unread

    def test_another_town_and_another_unit(self, cast: Cast, case: Case) -> None:
        theirs = factories.make_case(cast.mjolby).case
        sara = browser(cast.sara)
        for url in (page_of(theirs), page_of(Case(pk=10**17))):
            assert sara.get(url).status_code == 404
            for what in ("skriv", "lage", "plats"):
                assert sara.post(f"{url}{what}/", {}).status_code == 404
        assert sara.post(f"/desk/{theirs.pk}/ta-med/", {}).status_code == 404
        assert browser().get(LIST).status_code == 302
        assert browser().get(f"{LIST}nyckel/").status_code == 302

    def test_what_the_pages_cost(
        self, sara: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        cases = [factories.make_case(cast.motala, f"{n}.").case for n in range(12)]
        along(cast, *cases)
        sara.get(LIST)
        with django_assert_num_queries(AROUND + 3):  # the list, counts, what came in
            sara.get(LIST)
        with django_assert_num_queries(AROUND + 5):  # and the case, and all about it
            sara.get(page_of(cases[0]))


class TestDeedsAsForms:
    """Without scripts."""

    def test_a_note_with_a_picture(self, sara: Client, case: Case) -> None:
        page = fields(sara.get(page_of(case)), "/skriv/")
        photo = SimpleUploadedFile("a.jpg", make.photo(), content_type="image/jpeg")
        response = sara.post(page.pop(""), {**page, "text": "Stolpen lutar.", "photos": [photo]})
        assert response.headers["Location"] == page_of(case)
        assert (Message.objects.get().side, Photo.objects.get().internal) == (Side.INTERNAL, True)
        assert "Anteckningen är sparad." in sara.get(page_of(case)).text

    def test_the_result_reaches_the_resident(self, sara: Client, case: Case) -> None:
        page = fields(sara.get(page_of(case)), "/skriv/")
        sara.post(page.pop(""), {**page, "to": "public", "text": "Nu lyser den."})
        assert (Message.objects.get().side, Message.objects.get().text) == (Side.OFFICE, "Nu lyser den.")

    def test_the_place_is_where_i_stand(self, sara: Client, case: Case) -> None:
        page = fields(sara.get(page_of(case)), "/plats/")
        sent = {**page, "lat": "58,5401", "lon": "15.0402", "accuracy": "8", "source": "gps"}
        assert sara.post(sent.pop(""), sent).status_code == 302
        now_at = Case.objects.get()
        assert (now_at.lat, now_at.lon, now_at.accuracy_m, now_at.position_source) == (58.5401, 15.0402, 8, "gps")
        assert (now_at.place_text, now_at.area and now_at.area.code) == ("Vintergatan 12", "varamon")
        assert Event.objects.get(verb="case.placed").data.keys() == {"metres"}
        assert "Satte platsen" in sara.get(f"/desk/{case.pk}/").text

    @pytest.mark.parametrize(
        "wrong",
        [{}, {"lat": "nan", "lon": "15"}, {"lat": "58"}, {"lat": "91", "lon": "0"}, {"lat": "x" * 50, "lon": "1"}],
    )
    def test_no_place_at_all(self, sara: Client, case: Case, wrong: dict[str, str]) -> None:
        response = sara.post(f"{page_of(case)}plats/", wrong)
        assert response.status_code == 422
        assert soup(response).select(".err:not([hidden])")
        assert Case.objects.get().lat == case.lat

    def test_another_state(self, sara: Client, case: Case) -> None:
        page = fields(sara.get(page_of(case)), "/lage/")
        assert sara.post(page[""], {**page, "to": "planned"}).status_code == 422  # until when?
        assert sara.post(page[""], {**page, "to": ""}).status_code == 422
        assert sara.post(page[""], {**page, "to": "in_progress"}).status_code == 302
        assert Case.objects.get().state == "in_progress"

    def test_nothing_to_say_and_nobody_to_read_it(self, sara: Client, case: Case) -> None:
        assert sara.post(f"{page_of(case)}skriv/", {"to": "internal", "text": " "}).status_code == 422
        assert sara.post(f"{page_of(case)}skriv/", {"to": "alla", "text": "Hej"}).status_code == 422
        assert not Message.objects.exists()

    def test_who_only_reads_changes_nothing(self, cast: Cast, case: Case) -> None:
        reader = factories.make_member(cast.motala, "las@motala.example", "Leo Läsare", "auditor", "gata-park")
        client = browser(reader)
        assert not soup(client.get(page_of(case))).select("[data-deed-form]")
        for what in ("skriv", "lage", "plats"):
            assert client.post(f"{page_of(case)}{what}/", {"to": "internal", "text": "Hej"}).status_code == 403


class TestTheQueue:
    """What waits on the device."""

    def test_the_same_key_again_is_the_same_deed(self, sara: Client, case: Case) -> None:
        """Another token, another page, a day later: the answer was lost, and it had arrived."""
        for what, values in (
            ("skriv", {"to": "internal", "text": "Stolpen lutar."}),
            ("lage", {"to": "in_progress", "seen": "0"}),
            ("plats", {"lat": "58.54", "lon": "15.04", "source": "gps"}),
        ):
            key = str(uuid4())
            first = by_queue(sara, case, what, key, **values)
            assert (first.status_code, first.json()["done"]) == (200, True)
            events = Event.objects.count()
            with pretend(now() + timedelta(hours=3)):
                again = by_queue(sara, case, what, key, **values)
            assert again.json()["done"] is True
            assert first.json()["said"] in again.json()["said"]
            assert Event.objects.count() == events
        assert Message.objects.count() == 1

    def test_keys_are_remembered_longer_than_a_device_keeps_what_waits(
        self, sara: Client, cast: Cast, case: Case
    ) -> None:
        key, values = str(uuid4()), {"to": "internal", "text": "Stolpen lutar."}
        by_queue(sara, case, "skriv", key, **values)
        with pretend(now() + TRACED_FOR + timedelta(days=29)):
            forget_forms.func()
        sara = browser(cast.sara)  # sessions have ended too
        assert by_queue(sara, case, "skriv", key, token=str(uuid4()), **values).json()["done"] is True
        assert Message.objects.count() == 1
        with pretend(now() + TRACED_FOR_KEY + timedelta(days=1)):
            forget_forms.func()
        by_queue(browser(cast.sara), case, "skriv", key, token=str(uuid4()), **values)
        assert Message.objects.count() == 2

    def test_two_deeds_of_mine_do_not_stand_in_each_others_way(self, sara: Client, case: Case) -> None:
        """Both were done on the page as it was: the second is no surprise for who did the first."""
        seen = fields(sara.get(page_of(case)), "/lage/")["seen"]
        assert by_queue(sara, case, "skriv", str(uuid4()), to="public", text="Jag är på plats.").status_code == 200
        assert by_queue(sara, case, "lage", str(uuid4()), to="in_progress", seen=seen).status_code in {200, 422}
        done = {"to": "resolved", "seen": seen, "message": "Klart.", "closing_measure": "Bytt lampan"}
        assert by_queue(sara, case, "lage", str(uuid4()), **done).status_code == 200
        assert Case.objects.get().state == "resolved"

    def test_what_somebody_else_has_turned_is_not_turned_back(self, sara: Client, cast: Cast, case: Case) -> None:
        seen = fields(sara.get(page_of(case)), "/lage/")["seen"]
        actions.change_state(case_id=case.pk, to=State.WAITING, reason="Delar", until=_soon(), by=cast.maria.actor)
        response = by_queue(sara, case, "lage", str(uuid4()), to="in_progress", seen=seen)
        assert response.status_code == 409
        assert "Någon annan har ändrat ärendet" in response.json()["errors"][0]
        assert Case.objects.get().state == "waiting"

    def test_what_is_wrong_is_said_and_can_be_sent_again(self, sara: Client, case: Case) -> None:
        key = str(uuid4())
        response = by_queue(sara, case, "lage", key, to="planned", seen="0")
        assert response.status_code == 422
        assert len(response.json()["errors"]) >= 1
        right = {"to": "planned", "seen": "0", "reason": "Byta lampan", "until": _soon().isoformat()}
        assert by_queue(sara, case, "lage", key, **right).json()["done"] is True

    def test_nobody_logged_in_is_told_so_and_nothing_is_kept(self, sara: Client, case: Case) -> None:
        said = sara.get(f"{LIST}nyckel/").json()
        sara.logout()
        sent = {"press": str(uuid4()), "csrfmiddlewaretoken": said["token"], "to": "internal", "text": "Hej"}
        assert sara.post(f"{page_of(case)}skriv/", sent, headers=SCRIPT).status_code == 401
        assert not Message.objects.exists()

    def test_a_case_that_is_gone(self, sara: Client, cast: Cast) -> None:
        theirs = factories.make_case(cast.mjolby).case
        response = by_queue(sara, theirs, "skriv", str(uuid4()), to="internal", text="Hej")
        assert response.status_code == 404
        assert response.json()["errors"]

    def test_the_key_says_who_is_here(self, sara: Client, cast: Cast) -> None:
        response = sara.get(f"{LIST}nyckel/")
        assert response.json()["user"] == cast.sara.pk
        assert response.headers["Cache-Control"] == "private, no-store"


class TestTheWorker:
    def test_it_reaches_the_field_and_nothing_else_of_the_desk(self, sara: Client) -> None:
        response = sara.get(f"{LIST}sw.js")
        assert response.headers["Content-Type"].startswith("text/javascript")
        assert "Service-Worker-Allowed" not in response.headers
        assert '"home": "/desk/falt/"' in response.text
        assert browser().get(f"{LIST}sw.js").status_code == 302

    def test_pages_say_whose_they_are(self, sara: Client, cast: Cast, case: Case) -> None:
        for url in (LIST, page_of(case)):
            response = sara.get(url)
            assert response.headers["X-Lyhord-For"] == str(cast.sara.pk)
            assert response.headers["Cache-Control"] == "private, no-cache"
            assert abs(int(response.headers["X-Lyhord-At"]) / 1000 - now().timestamp()) < 60

    def test_the_page_without_a_network_says_nothing_of_anybody(self, sara: Client) -> None:
        assert "Inget nät" in sara.get(f"{LIST}utan-nat/").text


def _soon() -> Any:
    return (now() + timedelta(days=9)).date()
