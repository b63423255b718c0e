"""Having one's say about a matter, in a browser without scripts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.engagement import actions
from lyhord.engagement.actions import OpeningValues, Said
from lyhord.engagement.models import Act, Opening, Support
from lyhord.intake.abuse import ACTS, MOST
from lyhord.matters.actions import make_matter, merge
from lyhord.matters.models import Matter
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from lyhord.residents.provider_actions import keep_description, set_provider
from tests.matters.papers import TEST
from tests.www.public.forms import fields
from tests.www.public.test_follow import WALL
from tests.www.public.test_log_in import log_in
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.22", "3.23", "P30")]
ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}
type Open = Callable[..., Opening]


def turn_on(organisation: Organisation, **features: bool) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(features={"engagement": True, **features})
    forget_hosts()


@pytest.fixture
def park(motala: Organisation) -> Matter:
    """A matter made by hand, where nothing else is turned on: no papers, no following, no log-in."""
    turn_on(motala, matters=False, following=False, log_in=False, nearby=False, register=False)
    with organisation_scope(motala.pk):
        return make_matter(title="En ny park", kind="general", by=TEST)


@pytest.fixture
def opened(motala: Organisation, park: Matter) -> Open:
    """Open a mechanism on the park."""

    def make(mechanism: str, **values: Any) -> Opening:
        settings = {"options": "Lekplats\nUtegym"} if mechanism == "poll" else {}
        given = OpeningValues(**{"question": f"Fråga {mechanism}", "settings": settings, **values})
        with organisation_scope(motala.pk):
            made = actions.save_opening(matter_id=park.pk, mechanism=mechanism, values=given, by=TEST)
            return actions.switch_opening(opening_id=made.pk, state="open", by=TEST)

    return make


def url_of(row: Opening) -> str:
    return f"/delta/{row.matter_id}/{row.pk}/"


def acts(motala: Organisation) -> list[tuple[str, str]]:
    with organisation_scope(motala.pk):
        return list(Act.objects.order_by("pk").values_list("choice", "text"))


class TestOneTap:
    """One press, once from each device."""

    def test_a_press_counts_and_a_second_is_refused(self, web: Client, opened: Open, motala: Organisation) -> None:
        row = opened("poll", question="Vad ska parken ha?")
        page = web.get(f"/delta/{row.matter_id}/")
        [form] = soup(page).select("main form")
        assert form["action"] == url_of(row)
        sent = fields(page, "main form")
        assert [button.text for button in form.select("button[name=choice]")] == ["Lekplats", "Utegym"]
        answer = web.post(url_of(row), {**sent, "choice": "2"})
        assert (answer.status_code, answer["Location"]) == (303, f"{url_of(row)}#o{row.pk}")
        cookie = web.cookies["lyhord_device"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert "Du svarade: Utegym" in soup(web.get(url_of(row))).text.replace("\n", "")
        assert not soup(web.get(url_of(row))).select("button[name=choice]")
        for choice in ("1", "2"):
            again = web.post(url_of(row), {"choice": choice})
            assert again.status_code == 409
            assert "Du har redan svarat." in again.text
        assert acts(motala) == [("2", "")]

    def test_a_double_click_is_one(self, web: Client, elsewhere: Client, opened: Open, motala: Organisation) -> None:
        row = opened("reaction")
        sent = {**fields(web.get(url_of(row)), "main form"), "choice": "good"}
        for _ in range(2):  # the second leaves before the first has given its cookie
            web.cookies.clear()
            assert web.post(url_of(row), sent).status_code == 303
        web.cookies.clear()
        assert web.post(url_of(row), {**sent, "choice": "bad"}).status_code == 409
        assert acts(motala) == [("good", "")]

    def test_a_number_that_somebody_made_up_is_none(self, web: Client, opened: Open) -> None:
        row = opened("reaction")
        for made_up in ("a" * 64, "x", "å" * 64):
            web.cookies["lyhord_device"] = made_up
            assert web.post(url_of(row), {"choice": "good", "device": made_up}).status_code == 303
            assert web.cookies["lyhord_device"].value != made_up

    def test_a_page_of_others_cannot_vote(self, web: Client, opened: Open, motala: Organisation) -> None:
        row = opened("reaction")
        answer = web.post(url_of(row), {"choice": "good"}, headers=ELSEWHERE)
        assert "Tryck en gång till" in answer.text
        assert acts(motala) == []

    def test_many_from_one_place_wait(self, web: Client, opened: Open, motala: Organisation) -> None:
        row = opened("reaction")
        for _ in range(MOST[ACTS]):
            web.cookies.clear()
            assert web.post(url_of(row), {"choice": "good"}).status_code == 303
        web.cookies.clear()
        assert web.post(url_of(row), {"choice": "good"}).status_code == 429
        ideas = opened("idea")
        kept = web.post(url_of(ideas), {"text": "En bänk."})
        assert (kept.status_code, fields(kept, "main form")["text"]) == (429, "En bänk.")
        assert len(acts(motala)) == MOST[ACTS]

    def test_nonsense(self, web: Client, opened: Open, motala: Organisation) -> None:
        row = opened("reaction")
        assert web.post(url_of(row), {"choice": "drop table"}).status_code == 422
        assert web.post(url_of(row), {}).status_code == 422
        assert web.get(f"/delta/{row.matter_id + 1}/{row.pk}/").status_code == 404
        assert web.get(f"/delta/{row.matter_id}/999999999/").status_code == 404
        assert web.post(f"{url_of(row)}1/stod/").status_code == 404
        assert acts(motala) == []

    def test_another_organisation_s_is_not_there(self, elsewhere: Client, opened: Open, cast: Any) -> None:
        row = opened("reaction")
        turn_on(cast.mjolby)
        assert elsewhere.get(url_of(row)).status_code == 404
        assert elsewhere.post(url_of(row), {"choice": "good"}).status_code == 404
        assert elsewhere.get(f"/delta/{row.matter_id}/").status_code == 404


class TestEachAlone:
    """Each mechanism by itself, with every other part of Lyhörd turned off."""

    @pytest.mark.parametrize("slug", ["reaction", "poll", "comment", "question", "pin", "idea", "consultation"])
    def test_on_and_off(self, web: Client, opened: Open, motala: Organisation, slug: str) -> None:
        row = opened(slug)
        assert web.get(f"/beslut/{row.matter_id}/").status_code == 404
        assert f"Fråga {slug}" in web.get("/delta/").text
        page = soup(web.get(f"/delta/{row.matter_id}/"))
        assert [heading.text for heading in page.select("article h3")] == [f"Fråga {slug}"]
        form = web.get(url_of(row))
        said = {"text": "Jag tycker så.", "place_text": "Vid ån", "name": "Anna Ek", "address": "anna@exempel.se"}
        choice = {"choice": {"poll": "1", "reaction": "good"}.get(slug, "")}
        answer = web.post(url_of(row), {**fields(form, "main form"), **said, **choice})
        assert answer.status_code == 303
        assert len(acts(motala)) == 1
        with organisation_scope(motala.pk):
            actions.switch_opening(opening_id=row.pk, state="closed", by=TEST)
        assert not soup(web.get(url_of(row))).select("main form")
        assert web.post(url_of(row), {**said, **choice}).status_code == 409

    def test_all_off(self, web: Client, opened: Open, motala: Organisation) -> None:
        row = opened("reaction")
        Organisation.objects.filter(pk=motala.pk).update(features={"matters": True})
        forget_hosts()
        for path in ("/delta/", f"/delta/{row.matter_id}/", url_of(row)):
            assert web.get(path).status_code == 404
        assert "Säg vad du tycker" not in web.get(f"/beslut/{row.matter_id}/").text
        assert "/delta/" not in web.get("/").text

    def test_nothing_to_see_for_drafts(self, web: Client, park: Matter, motala: Organisation) -> None:
        with organisation_scope(motala.pk):
            values = OpeningValues(question="Hemlig än")
            row = actions.save_opening(matter_id=park.pk, mechanism="idea", values=values, by=TEST)
        assert web.get(url_of(row)).status_code == 404
        assert "Hemlig än" not in web.get("/delta/").text + web.get(f"/delta/{park.pk}/").text


def test_an_address_from_before_matters_were_merged(web: Client, opened: Open, motala: Organisation) -> None:
    row = opened("reaction")
    old = url_of(row)
    with organisation_scope(motala.pk):
        into = make_matter(title="Samma park", kind="general", by=TEST)
        merge(matter_id=row.matter_id, into_id=into.pk, by=TEST)
        actions.join(matter_id=row.matter_id, into_id=into.pk, by=TEST)
    assert web.get(f"/delta/{row.matter_id}/").headers["Location"] == f"/delta/{into.pk}/"
    assert web.get(old).status_code == 200
    assert web.post(old, {"choice": "good"})["Location"] == f"/delta/{into.pk}/{row.pk}/#o{row.pk}"
    assert acts(motala) == [("good", "")]


class TestWords:
    """Words are kept when something is wrong, and shown when somebody has read them."""

    def test_an_idea_is_shown_and_supported(self, web: Client, opened: Open, motala: Organisation) -> None:
        row = opened("idea")
        form = fields(web.get(url_of(row)), "main form")
        for _ in range(2):
            thanks = web.post(url_of(row), {**form, "text": "Plantera äppelträd."}, follow=True)
        assert "Tack, det är framme." in thanks.text
        assert "Plantera äppelträd." not in thanks.text
        with organisation_scope(motala.pk):
            [act] = Act.objects.all()
            actions.review(act_id=act.pk, show=True, text="Plantera träd.", answer="Bra idé.", by=TEST)
        page = web.get(url_of(row))
        assert "Plantera träd." in page.text
        assert "Bra idé." in page.text
        to = f"{url_of(row)}{act.pk}/stod/"
        device = fields(page, f"form[action='{to}']")
        assert "Du stöder det här." in web.post(to, device, follow=True).text
        assert web.post(to, device).status_code == 409
        assert not soup(web.get(url_of(row))).select(f"form[action='{to}']")
        with organisation_scope(motala.pk):
            assert Support.objects.count() == 1
        for _ in range(4):
            web.cookies.clear()
            assert "stöder det här</p>" not in web.get(url_of(row)).text
            web.post(to)
        assert "5 stöder det här" in web.get(url_of(row)).text

    def test_what_was_written_stays(self, web: Client, opened: Open, motala: Organisation) -> None:
        row = opened("consultation")
        wrong = web.post(url_of(row), {"text": "Spara ekarna.", "name": "Anna"})
        assert wrong.status_code == 422
        sent = fields(wrong, "main form")
        assert (sent["text"], sent["name"]) == ("Spara ekarna.", ["Anna"])
        assert soup(wrong).select_one("#id_address_error")
        assert acts(motala) == []

    def test_a_place_without_map_and_scripts(self, web: Client, opened: Open, motala: Organisation) -> None:
        row = opened("pin")
        form = fields(web.get(url_of(row)), "main form")
        looked = web.post(url_of(row), {**form, "text": "Mörkt.", "place_text": "Vintergatan", "sok_adress": "1"})
        assert fields(looked, "main form")["text"] == "Mörkt."
        assert acts(motala) == []
        sent = {**form, "text": "Mörkt.", "place_text": "", "lat": "58,54", "lon": "15.04"}
        assert web.post(url_of(row), {**sent, "lat": "norr"}).status_code == 422
        assert web.post(url_of(row), sent).status_code == 303
        with organisation_scope(motala.pk):
            act = Act.objects.get()
        assert (act.lat, act.lon) == (58.54, 15.04)

    def test_a_question_gets_a_receipt_and_an_answer_at_the_desk(
        self, web: Client, opened: Open, motala: Organisation
    ) -> None:
        row = opened("question", unit_code="gata-park")
        form = fields(web.get(url_of(row)), "main form")
        sent = {**form, "text": "När byggs parken?", "address": "anna@exempel.se"}
        receipts = {web.post(url_of(row), sent)["Location"] for _ in range(2)}
        [receipt] = receipts
        assert re.fullmatch(r"/tack/[^/]+/", receipt)
        with organisation_scope(motala.pk):
            case = Case.objects.select_related("unit").get()
        assert case.unit.code == "gata-park"
        assert case.number in web.get(receipt).text

    def test_a_formal_answer_needs_a_log_in(self, web: Client, opened: Open, motala: Organisation) -> None:
        row = opened("consultation", formal=True)
        said = {"text": "Spara ekarna.", "name": "Anna Ek", "address": "anna@exempel.se"}
        assert web.post(url_of(row), said).status_code == 403
        assert not soup(web.get(url_of(row))).select("main form")
        turn_on(motala, log_in=True)
        assert "Logga in" in soup(web.get(url_of(row))).select_one("main").text
        log_in(web, motala)
        form = fields(web.get(url_of(row)), "main form")
        assert web.post(url_of(row), {**form, **said}).status_code == 303
        with organisation_scope(motala.pk):
            act = Act.objects.get()
        assert act.account_id is not None
        assert "Anna Ek" not in web.get(url_of(row)).text
        with organisation_scope(motala.pk):  # now somebody vouches: an address alone is no longer enough
            made = set_provider(
                provider_id=None,
                label="Prov-ID",
                issuer="https://id.exempel.se",
                client_id="lyhord",
                secret="x",
                levels="",
                active=True,
                by=TEST,
            )
            about = dict.fromkeys(("authorization_endpoint", "token_endpoint"), "https://id.exempel.se/")
            keep_description(provider_id=made.pk, about=about, keys=[{"kid": "x"}], by=TEST)
        assert web.post(url_of(row), {**form, **said, "text": "Mer."}).status_code == 403


class TestResults:
    """Figures from five, and what it led to."""

    def test_results_and_the_decision(self, web: Client, opened: Open, motala: Organisation) -> None:
        row = opened("poll")
        with organisation_scope(motala.pk):
            for number in range(10):
                said = Said(key=number.to_bytes(16), choice="1" if number < 6 else "2")
                actions.take_part(opening_id=row.pk, said=said, by=TEST)
        cells = [cell.text.strip() for cell in soup(web.get(url_of(row))).select("tbody td")]
        assert cells == ["6", "färre än fem"]
        assert "Minst 6 svar." in web.get(url_of(row)).text
        with organisation_scope(motala.pk):
            actions.tell_outcome(opening_id=row.pk, text="Det blir en lekplats.", influence="changed", by=TEST)
        page = web.get(url_of(row)).text
        assert "Så här blev det." in page
        assert "Det ändrade förslaget." in page
        assert "Det blir en lekplats." in page
        assert "Det blir en lekplats." in web.get(f"/delta/{row.matter_id}/").text

    def test_few_answers_are_not_told(self, web: Client, opened: Open, motala: Organisation) -> None:
        row = opened("reaction")
        with organisation_scope(motala.pk):
            for number in range(4):
                said = Said(key=number.to_bytes(16), choice="good")
                actions.take_part(opening_id=row.pk, said=said, by=TEST)
        assert not soup(web.get(url_of(row))).select("tbody")
        assert "när det är minst fem" in web.get(url_of(row)).text


class TestOnTheMattersOwnPage:
    """Where matters are shown too."""

    def test_the_page_the_list_and_the_way_back(
        self, web: Client, opened: Open, motala: Organisation, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        row = opened("reaction")
        turn_on(motala, matters=True)
        page = f"/beslut/{row.matter_id}/"
        web.get("/beslut/")
        assert f'href="{url_of(row)}"' in web.get("/beslut/").text
        with django_assert_max_num_queries(WALL + 16):
            shown = web.get(page)
        sent = fields(shown, "#delta form")
        answer = web.post(url_of(row), {**sent, "choice": "unsure"})
        assert answer["Location"] == f"{page}#o{row.pk}"
        assert "Jag är osäker" in soup(web.get(page)).select_one("#delta").text

    def test_queries_do_not_grow(
        self, web: Client, opened: Open, motala: Organisation, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        rows = [opened(slug) for slug in ("idea", "poll", "pin", "idea", "reaction")]
        with organisation_scope(motala.pk):
            for number in range(6):
                said = Said(key=number.to_bytes(16), text="Idé.")
                act = actions.take_part(opening_id=rows[0].pk, said=said, by=TEST)
                actions.review(act_id=act.pk, show=True, text="Idé.", by=TEST)
        web.get("/")
        for path, most in (("/delta/", 3), (f"/delta/{rows[0].matter_id}/", 5), (url_of(rows[0]), 6)):
            with django_assert_max_num_queries(WALL + most):
                assert web.get(path).status_code == 200
