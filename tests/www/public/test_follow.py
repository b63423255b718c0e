"""One's own case by its code: receipt, page, saying more."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.follow_code import pretty
from lyhord.cases.models import Case, Message, Photo, Reporter
from lyhord.cases.states import State
from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import Follow
from lyhord.intake.abuse import CODES, MOST
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from tests import factories
from tests.files import make
from tests.www.public.forms import fields
from tests.www.public.test_photos import upload
from tests.www.soup import soup as page

pytestmark = pytest.mark.django_db
FORM = "form#skriv"
WALL = 4  # into the organisation and out again


def say(web: Client, code: str, **values: Any) -> Any:
    url = f"/f/{code}/"
    return web.post(url, {**fields(web.get(url), FORM), **values})


@pytest.mark.requirement("0.22", "2.21")
def test_the_receipt_has_number_code_and_what_happens_next(web: Client, motala: Organisation) -> None:
    made = factories.make_case(motala, "Lampan.", email="asta@example.se")
    response = web.get(f"/tack/{made.code}/")
    assert response.status_code == 200
    for text in (made.case.number, pretty(made.code), "Gata och park läser", "Lampan.", "Vintergatan 12"):
        assert text in response.text
    # whoever holds the code must not learn the whole address
    assert "a…@example.se" in response.text
    assert "asta@" not in response.text


@pytest.mark.requirement("X12")
@pytest.mark.parametrize("page_name", ["tack", "f"])
def test_pages_behind_a_code_are_kept_by_nobody(web: Client, motala: Organisation, page_name: str) -> None:
    response = web.get(f"/{page_name}/{factories.make_case(motala).code}/")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert not web.cookies


@pytest.mark.requirement("X1")
def test_a_wrong_code_and_another_organisations_code_look_the_same(
    web: Client, elsewhere: Client, motala: Organisation
) -> None:
    made = factories.make_case(motala)
    bodies = set()
    for code in (made.code, "0" * 26, pretty("Z" * 26)):
        for address in ("/tack/{}/", "/f/{}/"):
            response = elsewhere.get(address.format(code))
            assert response.status_code == 404
            own = address.format(code)
            bodies.add(response.text.replace(own, "").replace(own.replace("/", "%2F"), ""))
    assert len(bodies) == 1
    for nonsense in (made.code[:-1], "x", "åäö", "%00", "../desk"):
        assert web.get(f"/f/{nonsense}/").status_code == 404
    assert web.get(f"/f/{made.code}/").status_code == 200


def test_reading_costs_few_queries(web: Client, motala: Organisation, django_assert_max_num_queries: Any) -> None:
    made = factories.make_case(motala, email="asta@example.se")
    with organisation_scope(motala.pk):
        for number in range(5):
            actions.reply(case_id=made.case.pk, text=f"Svar {number}", by=factories.TEST)
    web.get(f"/f/{made.code}/")
    with django_assert_max_num_queries(WALL + 5):
        assert web.get(f"/f/{made.code}/").text.count("Svar ") == 5
    with django_assert_max_num_queries(WALL + 4):
        web.get(f"/tack/{made.code}/")


@pytest.mark.requirement("0.17", "4.25")
def test_the_page_tells_what_has_happened_in_residents_words(web: Client, motala: Organisation, cast: Any) -> None:
    made = factories.make_case(motala)
    with organisation_scope(motala.pk):
        case_id, by = made.case.pk, cast.sara.actor
        actions.assign(case_id=case_id, officer_id=cast.sara.pk, by=by)
        actions.note(case_id=case_id, text="Hemlig anteckning.", by=by)
        actions.reply(case_id=case_id, text="Hej! Vi har varit där.", by=by)
        until = date(2027, 3, 5)
        actions.change_state(case_id=case_id, to=State.WAITING, reason="Reservdel.", until=until, by=by)
    text = page(web.get(f"/f/{made.code}/")).get_text(" ", strip=True)
    for part in (
        "Sara Ek har tagit hand om det",
        "Vi svarade",
        "Väntar på reservdel till 5 mars 2027",
        "Hej! Vi har varit där.",
        "Skriv till Sara Ek",
    ):
        assert part in text
    assert "Hemlig" not in text
    assert "anteckning" not in text


@pytest.mark.requirement("0.17", "4.25", "X10")
def test_more_can_be_said_with_a_picture_and_once(web: Client, motala: Organisation) -> None:
    made = factories.make_case(motala)
    filled = {**fields(web.get(f"/f/{made.code}/"), FORM), "text": "Nu är den tänd igen."}
    for _click in range(2):
        response = web.post(f"/f/{made.code}/", {**filled, "photos": upload()})
        assert response.status_code == 303
        assert response.headers["Location"].startswith(f"/f/{pretty(made.code)}/")
    with organisation_scope(motala.pk):
        message = Message.objects.get()
        assert (message.text, message.side, message.channel) == ("Nu är den tänd igen.", "resident", "web")
        assert Photo.objects.get().message_id == message.pk
        assert Case.objects.get().unread
    shown = page(web.get(f"/f/{made.code}/"))
    assert len(shown.select(".thread .photos img")) == 1


def test_a_picture_may_speak_for_itself_and_a_bad_one_keeps_the_words(web: Client, motala: Organisation) -> None:
    made = factories.make_case(motala)
    assert say(web, made.code, photos=upload(make.photo(size=(300, 200)))).status_code == 303
    bad = say(web, made.code, text="Så här ser det ut.", photos=upload(b"<html>", "a.jpg"))
    assert bad.status_code == 422
    assert fields(bad, FORM)["text"] == "Så här ser det ut."
    with organisation_scope(motala.pk):
        assert [message.text for message in Message.objects.all()] == ["Se bilden."]


def test_saying_nothing_or_far_too_much_gets_a_sentence(web: Client, motala: Organisation) -> None:
    made = factories.make_case(motala)
    assert "Skriv något först" in say(web, made.code, text=" ").text
    long = say(web, made.code, text="x" * 10_001)
    assert long.status_code == 422
    assert len(fields(long, FORM)["text"]) == 10_001
    assert web.post(f"/f/{made.code}/", {"text": "x"}, CONTENT_LENGTH="300000000").status_code == 413


@pytest.mark.requirement("4.25")
def test_writing_opens_a_closed_case_again(web: Client, motala: Organisation, cast: Any) -> None:
    made = factories.make_case(motala)
    with organisation_scope(motala.pk):
        actions.change_state(case_id=made.case.pk, to=State.RESOLVED, message="Lagat.", by=cast.sara.actor)
    assert "Skriver du något tar vi upp det igen." in web.get(f"/f/{made.code}/").text
    say(web, made.code, text="Den är släckt igen.")
    with organisation_scope(motala.pk):
        assert Case.objects.get().open


def test_mail_can_be_asked_for_and_stopped(web: Client, motala: Organisation) -> None:
    made = factories.make_case(motala)
    url = f"/f/{made.code}/"
    wrong = web.post(url, {"way": "email", "address": "asta"})
    assert wrong.status_code == 422
    assert "Skriv din mejladress" in wrong.text
    assert 'value="asta"' in wrong.text
    assert web.post(url, {"way": "email", "address": "Asta@example.se"}).status_code == 303
    assert "Vi har skickat en fråga dit." in web.get(url).text
    with organisation_scope(motala.pk):
        [way], [asked] = Follow.objects.all(), Notice.objects.all()
        assert not Reporter.objects.exists()
    assert "Är det här din adress?" in web.get(f"/folj/{way.token}/").text
    assert "adressen stämmer" in web.post(f"/folj/{way.token}/").text
    with organisation_scope(motala.pk):
        assert Reporter.objects.get().email == "asta@example.se"
        assert asked.address == "asta@example.se"
    assert "a…@example.se" in web.get(url).text
    assert web.post(url, {"stop": str(way.pk)}).status_code == 303
    page = web.get(url).text
    assert "a…@example.se" not in page
    assert "Vi skickar inga meddelanden om det här ärendet." in page


def test_a_protected_reporters_address_is_shown_to_nobody(web: Client, motala: Organisation) -> None:
    from lyhord.cases.facts import NewReporter

    hidden = NewReporter(email="asta@example.se", protected=True)
    made = factories.make_case(motala, reporter=hidden, wants_feedback=True)
    for address in (f"/tack/{made.code}/", f"/f/{made.code}/"):
        assert "example.se" not in web.get(address).text


@pytest.mark.requirement("0.17")
def test_a_code_is_found_however_it_is_written(web: Client, motala: Organisation) -> None:
    made = factories.make_case(motala)
    for written in (made.code, pretty(made.code).lower(), f" {made.code} ", f"http://motala.localhost/f/{made.code}/"):
        response = web.get("/f/", {"kod": written})
        assert response.status_code == 302
        assert response.headers["Location"] == f"/f/{pretty(made.code)}/"
    assert web.get("/f/").status_code == 200


def test_guessing_codes_gets_slow_but_the_right_one_always_opens(web: Client, motala: Organisation) -> None:
    made = factories.make_case(motala)
    for number in range(MOST[CODES]):
        response = web.get("/f/", {"kod": f"{number:026}"})
        assert response.status_code == 422
        assert "Vi hittar inget ärende med den koden." in response.text
    assert web.get("/f/", {"kod": "K" * 26}).status_code == 429
    assert web.get("/f/", {"kod": made.code}).status_code == 302


@pytest.mark.requirement("2.15")
def test_a_case_that_is_the_same_as_another_says_so(web: Client, motala: Organisation, cast: Any) -> None:
    first, second = factories.make_case(motala, "Först."), factories.make_case(motala, "Hemligt i den andra.")
    with organisation_scope(motala.pk):
        actions.merge(case_id=first.case.pk, into_number=second.case.number, by=cast.sara.actor)
    text = web.get(f"/f/{first.code}/").text
    assert "Någon har redan berättat om samma sak." in text
    assert "Hemligt" not in text


@pytest.mark.requirement("P9", "X10")
def test_blev_det_bra_is_asked_once_it_is_mended(web: Client, motala: Organisation, cast: Any) -> None:
    made = factories.make_case(motala)
    url = f"/f/{made.code}/"
    assert page(web.get(url)).select_one("#blev") is None
    mend(motala, made.case.pk, cast)
    yes = page(web.get(url)).select_one("#blev button[name=solved]")
    assert yes is not None
    for _click in range(2):
        response = web.post(url, {"solved": yes["value"]})
        assert (response.status_code, response.headers["Location"][-5:]) == (303, "#blev")
    shown = page(web.get(url))
    assert "Tack. Du har sagt att det blev bra." in shown.text
    assert shown.select_one(".line .now").text.count("Du har sagt att det blev bra.") == 1
    assert shown.select_one("#blev button[name=solved]") is None
    with organisation_scope(motala.pk):
        assert Case.objects.get().became_good
    desk = Client(headers={"host": "motala.localhost"})
    desk.force_login(cast.sara, backend="lyhord.accounts.backend.Backend")
    seen = page(desk.get(f"/desk/{made.case.pk}/")).text
    assert "Det blev bra, säger invånaren" in seen
    assert "Sa att det blev bra" in seen


@pytest.mark.requirement("P9", "X10")
def test_no_opens_the_case_again_by_the_same_page_without_scripts(
    web: Client, motala: Organisation, cast: Any, django_assert_max_num_queries: Any
) -> None:
    made = factories.make_case(motala)
    mend(motala, made.case.pk, cast)
    url = f"/f/{made.code}/"
    filled = {**fields(web.get(url), "#blev details form"), "text": "Den är släckt igen."}
    assert filled["solved"] == ["no"]
    with django_assert_max_num_queries(WALL + 13):
        assert web.post(url, filled).status_code == 303
    assert web.post(url, filled).status_code == 303  # a double click
    shown = page(web.get(url))
    assert shown.select_one("#blev") is None
    assert shown.select_one(".thread").text.count("Den är släckt igen.") == 1
    desk = Client(headers={"host": "motala.localhost"})
    desk.force_login(cast.sara, backend="lyhord.accounts.backend.Backend")
    row = page(desk.get("/desk/?vy=alla")).select_one(".pick.unread")
    assert row is not None
    assert made.case.number in row.text
    seen = page(desk.get(f"/desk/{made.case.pk}/")).text
    assert "Sa att det inte blev bra" in seen
    assert "Den är släckt igen." in seen


def test_too_long_a_no_keeps_every_word(web: Client, motala: Organisation, cast: Any) -> None:
    made = factories.make_case(motala)
    mend(motala, made.case.pk, cast)
    response = web.post(f"/f/{made.code}/", {"solved": "no", "text": "x" * 10_001})
    assert response.status_code == 422
    assert len(fields(response, FORM)["text"]) == 10_001


def mend(organisation: Organisation, case_id: int, cast: Any) -> None:
    """Close the case as mended."""
    with organisation_scope(organisation.pk):
        actions.change_state(case_id=case_id, to=State.RESOLVED, message="Lagat.", by=cast.sara.actor)
