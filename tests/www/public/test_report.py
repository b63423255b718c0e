"""Telling: one page, one press, nothing lost."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, Reporter
from lyhord.core.clock import now, pretend
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.abuse import MOST, REPORTS
from lyhord.intake.models import Diversion, RecentUse
from lyhord.organisations.models import Organisation
from lyhord.places.addresses import search_key
from lyhord.places.models import Address
from tests import factories
from tests.files import make
from tests.www.public.forms import fields, send
from tests.www.public.test_photos import upload
from tests.www.soup import soup as page

pytestmark = pytest.mark.django_db
FAULT = "/beratta/felanmalan/"


def cases(organisation: Organisation) -> list[Case]:
    with organisation_scope(organisation.pk):
        return list(Case.objects.select_related("case_type", "unit", "category").order_by("id"))


@pytest.mark.requirement("2.21", "4.13", "X10")
@pytest.mark.parametrize("slug", KINDS.slugs())
def test_each_kind_has_a_form_where_the_text_alone_is_enough(web: Client, motala: Organisation, slug: str) -> None:
    response = send(web, f"/beratta/{slug}/", text="En mening räcker.")
    assert response.status_code == 303
    [case] = cases(motala)
    assert (case.kind, case.text, case.channel) == (slug, "En mening räcker.", "web")
    receipt = web.get(response.headers["Location"])
    assert receipt.status_code == 200
    assert case.number in receipt.text


@pytest.mark.requirement("X12")
def test_nothing_about_the_person_stays(web: Client, motala: Organisation) -> None:
    response = send(web, text="Det är mörkt här.")
    web.get(response.headers["Location"])
    assert not web.cookies
    with organisation_scope(motala.pk):
        assert not Reporter.objects.exists()
        [recent] = RecentUse.objects.all()
    assert b"127.0.0.1" not in bytes(recent.digest)
    assert "127.0.0.1" not in str(vars(cases(motala)[0]))


@pytest.mark.requirement("2.21")
@pytest.mark.parametrize("slug", ["felanmalan", "fraga"])
def test_the_form_costs_few_queries(web: Client, django_assert_num_queries: Any, slug: str) -> None:
    web.get(f"/beratta/{slug}/")
    # savepoint, scope, the types (and for feedback: the areas), savepoint released
    with django_assert_num_queries(4):  # into the organisation and out again
        assert web.get(f"/beratta/{slug}/").status_code == 200


def test_an_empty_text_gives_the_page_back_with_the_kinds_sentence(web: Client, motala: Organisation) -> None:
    response = send(web, text="  ", place_text="bakom Folkets park", email="asta@example.se", contact="email")
    assert response.status_code == 422
    assert "Skriv vad som är fel, eller ta en bild." in response.text
    kept = fields(response)
    assert kept["place_text"] == ["bakom Folkets park"]
    assert kept["email"] == ["asta@example.se"]
    assert not cases(motala)


@pytest.mark.requirement("0.6")
def test_everything_wrong_is_said_at_once_and_what_was_written_is_kept(web: Client, motala: Organisation) -> None:
    response = send(web, text="x" * 2001, contact="email", email="asta(at)example", name="y" * 121)
    assert response.status_code == 422
    summary = page(response).select_one(".errsum")
    assert summary is not None
    assert "Tre" in summary.text or "3 saker" in summary.text
    assert fields(response)["text"] == "x" * 2001
    assert fields(response)["email"] == ["asta(at)example"]


@pytest.mark.requirement("0.6")
def test_script_is_shown_as_written(web: Client) -> None:
    hostile = "<script>alert(1)</script>"
    response = send(web, text=hostile)
    receipt = web.get(response.headers["Location"])
    assert hostile not in receipt.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in receipt.text


@pytest.mark.requirement("0.3")
def test_a_double_click_and_the_back_button_are_the_same_case(web: Client, motala: Organisation) -> None:
    filled = {**fields(web.get(FAULT)), "text": "Lampan är släckt."}
    first, second = web.post(FAULT, filled), web.post(FAULT, filled)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(cases(motala)) == 1
    # going back and writing about something else is something else
    third = web.post(FAULT, {**filled, "text": "Det är ett hål i gatan."})
    assert third.headers["Location"] != first.headers["Location"]
    assert [case.text for case in cases(motala)] == ["Lampan är släckt.", "Det är ett hål i gatan."]


@pytest.mark.requirement("0.5", "2.25")
def test_a_position_is_stored_with_its_source(web: Client, motala: Organisation) -> None:
    send(web, text="Här.", lat="58.537123", lon="15.036456", accuracy="12", position_source="gps")
    [case] = cases(motala)
    assert (case.lat, case.lon, case.accuracy_m, case.position_source) == (58.537123, 15.036456, 12, "gps")


@pytest.mark.requirement("0.5", "2.25")
@pytest.mark.parametrize(("lat", "lon"), [("nan", "15"), ("58,5", "inf"), ("91", "15"), ("58.5", ""), ("1e1", "2")])
def test_what_is_no_position_gets_a_sentence_and_is_let_go(
    web: Client, motala: Organisation, lat: str, lon: str
) -> None:
    response = send(web, text="Här.", lat=lat, lon=lon)
    assert response.status_code == 422
    assert "Vi kunde inte läsa platsen" in response.text
    again = fields(response)
    assert again["text"] == "Här."
    assert web.post(FAULT, again).status_code == 303
    assert cases(motala)[0].lat is None


@pytest.mark.requirement("2.25", "X10")
def test_an_address_can_be_looked_up_without_scripts(web: Client, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        for number, lat in (("4", 58.54), ("12", 58.55)):
            Address.objects.create(
                street="Vintergatan",
                number=number,
                locality="Motala",
                lat=lat,
                lon=15.03,
                search_key=search_key(f"Vintergatan {number}"),
            )
    asked = send(web, text="Mörkt.", place_text="Vintergatan 12", sok_adress="1")
    assert asked.status_code == 200
    choice = page(asked).select_one("input[name=address_choice]")
    assert choice is not None
    assert not cases(motala)
    done = web.post(FAULT, {**fields(asked), "address_choice": choice["value"]})
    assert done.status_code == 303
    [case] = cases(motala)
    assert (case.position_source, case.lat, case.place_text) == ("address", 58.55, "Vintergatan 12")


def test_an_address_choice_that_is_none_is_refused_kindly(web: Client) -> None:
    response = send(web, text="Mörkt.", address_choice="58.5; drop table")
    assert response.status_code == 422
    assert "Välj en adress i listan" in response.text


@pytest.mark.requirement("P2")
def test_an_acute_answer_stops_the_form_is_counted_and_loses_nothing(web: Client, motala: Organisation) -> None:
    chosen = {"case_type": "belysning.lampa", "asked": "belysning.lampa", "text": "En stolpe lutar."}
    response = send(web, **chosen, q_danger="yes", place_text="Storgatan")
    assert response.status_code == 200
    soup = page(response)
    assert "Ring i stället." in response.text
    assert soup.select_one('a[href="tel:+46141000001"]')
    assert "En stolpe lutar." in response.text
    assert not cases(motala)
    with organisation_scope(motala.pk):
        diversion = Diversion.objects.get()
        assert (diversion.case_type_code, diversion.question, diversion.count) == ("belysning.lampa", "danger", 1)
    # it was a mistake: back to the form with everything in it
    back = {i["name"]: i["value"] for i in soup.select("main form input[type=hidden]")} | {"tillbaka": "1"}
    form = web.post(FAULT, back)
    kept = fields(form)
    assert (kept["text"], kept["place_text"]) == ("En stolpe lutar.", ["Storgatan"])
    assert web.post(FAULT, {**kept, "q_danger": "no"}).status_code == 303


@pytest.mark.requirement("P2")
def test_a_merely_guessed_type_stops_once_and_lets_go(web: Client, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        factories.make_type(
            "va.lacka",
            "felanmalan",
            "Vattenläcka",
            words=["vattenläcka", "vatten sprutar"],
            acute=[{"message": {"sv": "Ring jouren."}, "phone": "emergency"}],
        )
    response = send(web, text="En vattenläcka i gatan.")
    assert "Ring jouren." in response.text
    assert not cases(motala)
    back = {i["name"]: i["value"] for i in page(response).select("main form input[type=hidden]")}
    form = web.post(FAULT, {**back, "tillbaka": "1"})
    assert web.post(FAULT, fields(form)).status_code == 303
    assert cases(motala)[0].case_type.code == "ovrigt"


def test_a_chosen_type_shows_its_questions_first_where_there_are_no_scripts(web: Client, motala: Organisation) -> None:
    response = send(web, text="Lampan.", case_type="belysning.lampa")
    assert response.status_code == 200
    assert "Hur många lampor?" in response.text
    assert not cases(motala)
    assert web.post(FAULT, {**fields(response), "q_lamps": "3", "q_danger": "no"}).status_code == 303
    assert cases(motala)[0].answers == {"lamps": 3, "danger": False}


@pytest.mark.requirement("P1", "2.15")
def test_the_same_thing_nearby_is_offered_before_sending(web: Client, motala: Organisation, publish: Any) -> None:
    known = publish("Släckt lampa vid bron", at=(58.5371, 15.0365))
    filled = {"text": "Lampan är släckt och det är mörkt.", "lat": "58.53715", "lon": "15.03655"}
    response = send(web, **filled)
    assert response.status_code == 200
    link = page(response).select_one("[data-nearby] a")
    assert link is not None
    assert link["href"] == f"/arenden/{known.case.number}/"
    assert len(cases(motala)) == 1
    # it is not the same: a second press, and it is sent
    assert web.post(FAULT, fields(response)).status_code == 303
    assert len(cases(motala)) == 2
    # outside the type's radius nothing is asked
    assert send(web, **{**filled, "lat": "58.5385"}).status_code == 303


@pytest.mark.requirement("P1")
def test_what_waits_for_review_is_not_offered_to_others(web: Client, motala: Organisation) -> None:
    factories.make_case(motala, "Min grannes lampa.", publish=True)
    assert send(web, text="Lampan är släckt.", lat="58.5371", lon="15.0365").status_code == 303


def test_a_filled_trap_marks_the_case_and_nothing_else(web: Client, motala: Organisation) -> None:
    assert send(web, text="Lampan.", website="http://spam.example").status_code == 303
    assert len(cases(motala)) == 1


def test_a_form_from_another_site_is_asked_for_one_more_press(web: Client, motala: Organisation) -> None:
    filled = {**fields(web.get(FAULT)), "text": "Lampan är släckt."}
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        response = web.post(FAULT, {**filled, "confirmed": "1"}, headers=headers)
        assert response.status_code == 200
        assert "Skicka ändå" in response.text
        assert fields(response)["text"] == "Lampan är släckt."
        assert not cases(motala)
    own = {"sec-fetch-site": "same-origin", "origin": "http://motala.localhost"}
    assert web.post(FAULT, fields(response), headers=own).status_code == 303


def test_who_sends_very_much_is_asked_once_more_and_never_refused(web: Client, motala: Organisation) -> None:
    for number in range(MOST[REPORTS]):
        assert send(web, text=f"Nummer {number}").status_code == 303
    response = send(web, text="En till.")
    assert response.status_code == 200
    assert "Skicka ändå" in response.text
    assert web.post(FAULT, fields(response)).status_code == 303
    assert len(cases(motala)) == MOST[REPORTS] + 1
    # another sender is not asked, and an hour later nobody is
    assert web.post(FAULT, {"text": "Hej."}, REMOTE_ADDR="192.0.2.7").status_code == 303


@pytest.mark.requirement("X12")
def test_senders_are_forgotten_within_the_hour(web: Client, motala: Organisation) -> None:
    from lyhord.intake.tasks import forget_senders

    with pretend(now() - timedelta(minutes=61)):
        send(web, text="Lampan.")
    forget_senders.func()
    with organisation_scope(motala.pk):
        assert not RecentUse.objects.exists()


@pytest.mark.requirement("0.7", "4.28")
def test_strange_values_never_lose_the_text(web: Client, motala: Organisation) -> None:
    strange = {
        "submission_id": "'; drop table",
        "position_source": "moon",
        "sender_kind": "alien",
        "contact": "pigeon",
        "draft_photos": [str(uuid4()), "x", ""],
        "sett": ["1", "2"],
        "language": "xx",
        "q_unknown": "1",
    }
    assert web.post(FAULT, {"text": "Lampan\x00 är \u202esläckt.", **strange}).status_code == 303
    [case] = cases(motala)
    assert case.text == "Lampan är släckt."
    assert case.position_source == ""


def test_foreign_and_unknown_codes_are_no_choices(web: Client, elsewhere: Client, cast: Any) -> None:
    with organisation_scope(cast.mjolby.pk):
        factories.make_type("bara.mjolby", "felanmalan", "Bara i Mjölby")
    response = send(web, text="Lampan.", case_type="bara.mjolby")
    assert response.status_code == 422
    assert "Välj något i listan." in response.text
    assert web.get("/beratta/finns-inte/").status_code == 404
    assert web.get("/beratta/felanmalan/?typ=bara.mjolby").status_code == 200


def test_a_body_that_is_far_too_large_is_refused_in_plain_words(web: Client, motala: Organisation) -> None:
    by_length = web.post(FAULT, {"text": "x"}, CONTENT_LENGTH="200000000")
    by_fields = web.post(FAULT, data="text=" + "x" * 3_000_000, content_type="application/x-www-form-urlencoded")
    for response in (by_length, by_fields):
        assert response.status_code == 413
        assert "för stort" in response.text
    assert not cases(motala)


def test_too_many_fields_are_refused_in_plain_words(web: Client) -> None:
    response = web.post(FAULT, {f"f{number}": "x" for number in range(400)})
    assert response.status_code == 400
    assert "Det där gick inte" in response.text


@pytest.mark.requirement("0.3", "0.5")
def test_after_photo_place_and_suggestion_the_form_is_ready_to_send(web: Client, motala: Organisation) -> None:
    """What a browser sends when the button is the only thing touched after photo, words and what they suggest."""
    photo = web.post("/beratta/bild/", {"photo": upload(make.photo(make.MOTALA))}).json()
    position = {name: photo["position"][name] for name in ("lat", "lon")}
    proposed = page(web.post("/typ/", {"slag": "felanmalan", "text": "Lampan är släckt.", "typ": ""}))
    suggested = {str(field["name"]): field["value"] for field in proposed.select("[checked], [name=asked]")}
    assert suggested == {"case_type": "belysning.lampa", "asked": "belysning.lampa"}
    untouched = fields(web.get(FAULT))
    assert untouched["contact"] == "code"
    by_script = {"draft_photos": photo["token"], "position_source": "exif", **suggested, **position}
    response = web.post(FAULT, {**untouched, "text": "Lampan är släckt.", **by_script})
    assert response.status_code == 303
    [case] = cases(motala)
    assert case.number in web.get(response.headers["Location"]).text
    assert (case.case_type.code, case.position_source) == ("belysning.lampa", "exif")
    with organisation_scope(motala.pk):
        assert not Reporter.objects.exists()
        assert case.photos.count() == 1


def test_an_address_that_came_without_a_choice_is_still_chosen_on_the_page_that_comes_back(web: Client) -> None:
    response = web.post(FAULT, {"text": " ", "email": "asta@example.se"})
    assert response.status_code == 422
    assert (fields(response)["contact"], fields(response)["email"]) == ("email", ["asta@example.se"])


@pytest.mark.requirement("2.21")
def test_with_a_code_no_address_is_kept_even_if_one_was_typed(web: Client, motala: Organisation) -> None:
    send(web, text="Lampan.", contact="code", email="asta@example.se", name="Asta")
    with organisation_scope(motala.pk):
        assert not Reporter.objects.exists()


@pytest.mark.requirement("4.13")
def test_feedback_is_about_an_area(web: Client, motala: Organisation) -> None:
    form = web.get("/beratta/klagomal/")
    assert "Barn och utbildning" in form.text
    send(web, "/beratta/klagomal/", text="Maten är kall.", category="barn")
    [case] = cases(motala)
    assert case.category is not None
    assert (case.category.code, case.unit.code, case.confidential) == ("barn", "forskola", True)


def test_english_is_complete_enough_to_file(web: Client, motala: Organisation) -> None:
    web.get("/sprak/?sprak=en&till=/beratta/felanmalan/")
    response = send(web, text="The lamp is out.")
    assert response.status_code == 303
    assert cases(motala)[0].language == "en"
    assert re.search(r'<html lang="en"', web.get(FAULT).text)


def test_other_methods_are_not_allowed(web: Client) -> None:
    answer: HttpResponse = web.put(FAULT)  # type: ignore[assignment]  # the test client makes any sort of answer
    assert answer.status_code == 405
