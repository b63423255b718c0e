"""Before others may read it, somebody does."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Photo, Publication
from lyhord.core.tenancy import organisation_scope
from lyhord.files.actions import keep_photo
from lyhord.organisations.models import Organisation, Unit
from tests import factories
from tests.conftest import Cast
from tests.files import make
from tests.www.desk.conftest import browser, fields, send
from tests.www.desk.test_deeds import again, done
from tests.www.desk.test_list import AROUND
from tests.www.soup import soup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope(motala: Organisation) -> Iterator[None]:
    with organisation_scope(motala.pk):
        yield


@pytest.fixture
def case(cast: Cast) -> Case:
    """Wants to be shown to others, and says too much."""
    text = "Lampan är släckt. Ring mig på 070-123 45 67."
    return factories.make_case(cast.motala, text, publish=True).case


def review(client: Client, case: Case, **values: Any) -> Any:
    """Open, change, press."""
    return send(client, f"/desk/granska/{case.pk}/", "/granska/", **values)


def test_the_oldest_comes_first_and_then_the_next(kim: Client, cast: Cast, case: Case) -> None:
    later = factories.make_case(cast.motala, "En bänk har vält.", publish=True).case
    page = soup(kim.get("/desk/granska/"))
    assert page.select_one(".msg.res").text.strip().startswith("Lampan är släckt.")
    assert [a.select_one(".num").text for a in page.select("a.chip")] == [case.number, later.number]
    assert done(kim, review(kim, case, decline="1", reason="Rör en enskild.")) == "Ärendet visas inte för andra."
    assert "En bänk har vält." in kim.get("/desk/granska/").text
    review(kim, later, decline="1")
    assert "Inget att granska" in kim.get("/desk/granska/").text


@pytest.mark.requirement("4.11", "2.10")
@pytest.mark.parametrize("button", ["publish", "decline"])
def test_what_is_decided_is_about_the_case_that_was_shown(kim: Client, cast: Cast, case: Case, button: str) -> None:
    """The page of the oldest, pressed twice, is not about the next one the second time."""
    later = factories.make_case(cast.motala, "En bänk har vält.", publish=True).case
    form = fields(kim.get("/desk/granska/"), "/granska/")
    url = form.pop("")
    assert url == f"/desk/granska/{case.pk}/"
    sent = {**form, button: "1", "title": "Släckt lampa", "text": "Lampan är släckt."}
    assert kim.post(url, sent).status_code == 302
    del sent["csrfmiddlewaretoken"]  # not the same page pressed twice, but one that has lain open
    second = kim.post(url, sent)
    assert second.status_code == 409
    assert "Någon annan hann ändra ärendet före dig." in second.text
    assert again(later).publication_state == "review"
    assert Publication.objects.filter(case=later).count() == 0
    assert kim.post("/desk/granska/", sent).status_code == 405
    assert again(later).publication_state == "review"


@pytest.mark.requirement("4.11", "2.10")
@pytest.mark.parametrize("revision", ["", "0", "x", None])
def test_nothing_is_published_that_its_reviewer_has_not_seen(kim: Client, case: Case, revision: str | None) -> None:
    """A page that has lain open while the resident said more, or one that does not say what it showed."""
    form = fields(kim.get(f"/desk/granska/{case.pk}/"), "/granska/")
    url = form.pop("")
    if revision is None:
        actions.resident_writes(case_id=case.pk, text="Jag heter Ulla.", by=factories.TEST, channel="web")
    else:
        form["revision"] = revision
    response = kim.post(url, {**form, "publish": "1", "warned": "1", "title": "Min rubrik", "text": "Min text."})
    assert response.status_code == 409
    assert not Publication.objects.exists()
    page = fields(response, "/granska/")
    assert (page["title"], page["text"]) == ("Min rubrik", "Min text.")
    assert kim.post(url, {**page, "publish": "1", "warned": "1"}).status_code == 302  # now it has been seen


@pytest.mark.requirement("4.11", "2.10")
def test_a_phone_number_stops_it_until_it_is_gone_or_meant(kim: Client, case: Case) -> None:
    page = kim.get(f"/desk/granska/{case.pk}/")
    assert [mark.text for mark in soup(page).select(".msg mark")] == ["070-123 45 67"]
    assert "Telefonnummer" in page.text
    response = review(kim, case, publish="1", title="Släckt lampa", answer="Vi lagar.")
    assert response.status_code == 422
    assert "Här står något som kan peka ut en person: telefonnummer." in response.text
    assert soup(response).select_one("#id_publish_title")["value"] == "Släckt lampa"
    assert soup(response).select_one("#id_publish_answer").text.strip() == "Vi lagar."
    assert soup(response).select("input[name=warned]")
    assert not Publication.objects.exists()
    assert done(kim, review(kim, case, publish="1", text="Lampan är släckt.")) == "Ärendet visas nu för andra."
    shown = browser().get(f"/arenden/{case.number}/")
    assert "Lampan är släckt." in shown.text
    assert "070" not in shown.text


@pytest.mark.requirement("4.11")
def test_what_is_meant_may_be_shown_but_never_a_personal_number(kim: Client, case: Case) -> None:
    assert review(kim, case, publish="1", warned="1").status_code == 302
    response = review(kim, case, publish="1", warned="1", text="Fråga 850709-9805.")
    assert response.status_code == 422
    assert "Här står ett personnummer." in response.text
    assert "070-123" in browser().get(f"/arenden/{case.number}/").text


@pytest.mark.requirement("4.11")
def test_what_was_shown_can_be_taken_back(kim: Client, case: Case) -> None:
    review(kim, case, publish="1", warned="1")
    assert browser().get(f"/arenden/{case.number}/").status_code == 200
    assert done(kim, review(kim, case, decline="1", reason="Invånaren ångrar sig.")) == "Ärendet visas inte för andra."
    assert browser().get(f"/arenden/{case.number}/").status_code == 410
    assert again(case).publication_state == "withdrawn"
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"title": ""}, ""), ({"text": " "}, ""), ({"title": "x" * 201}, "högst"), ({"text": "x" * 10_001}, "högst")],
)
def test_what_cannot_be_shown_is_said_at_its_field(
    kim: Client, case: Case, values: dict[str, str], sentence: str
) -> None:
    response = review(kim, case, publish="1", warned="1", **values)
    assert response.status_code == 422
    [error] = soup(response).select("main .field .err")
    assert sentence in error.text
    assert not Publication.objects.exists()


def test_pictures_are_shown_when_ticked_and_stay_ticked_when_something_is_wrong(kim: Client, cast: Cast) -> None:
    files = tuple(keep_photo(organisation_id=cast.motala.pk, data=make.photo(), by=factories.TEST) for _ in range(2))
    case = factories.make_case(cast.motala, "Lampan är släckt.", publish=True, photos=files).case
    actions.note(case_id=case.pk, text="Inne i huset", photos=(files[1],), by=cast.kim.actor)
    shown, hidden, internal = Photo.objects.order_by("pk")
    page = soup(kim.get(f"/desk/granska/{case.pk}/"))
    assert [box["value"] for box in page.select("input[name=photo]")] == [str(shown.pk), str(hidden.pk)]
    alt = {f"alt_{shown.pk}": "En stolpe", "photo": str(shown.pk)}
    response = review(kim, case, publish="1", title="", **alt)
    assert response.status_code == 422
    assert [box["value"] for box in soup(response).select("input[name=photo][checked]")] == [str(shown.pk)]
    assert soup(response).select_one(f"#alt_{shown.pk}")["value"] == "En stolpe"
    review(
        kim, case, publish="1", photo=[shown.pk, internal.pk, "x", "²", "9" * 30], **{f"alt_{shown.pk}": "En stolpe"}
    )
    assert list(Photo.objects.filter(published=True)) == [shown]
    page = soup(browser().get(f"/arenden/{case.number}/"))
    assert [image["alt"] for image in page.select(".photos img")] == ["En stolpe"]


@pytest.mark.requirement("X1", "X2", "N4")
def test_what_is_not_for_others_is_not_there_to_review(kim: Client, cast: Cast, case: Case) -> None:
    protected = NewReporter(name="Ulla", protected=True)
    closed = factories.make_case(cast.motala, "Nej tack").case
    hidden = factories.make_case(cast.motala, "Skyddad", reporter=protected, publish=True).case
    secret = factories.make_case(cast.motala, "Förskolan", publish=True).case
    Case.objects.filter(pk=secret.pk).update(confidential=True, unit=Unit.objects.get(code="forskola"))
    for other in (closed, hidden, secret):
        assert kim.get(f"/desk/granska/{other.pk}/").status_code == 404
        assert kim.post(f"/desk/granska/{other.pk}/", {"publish": "1"}).status_code == 404
    foreign = factories.make_case(cast.mjolby, "Annan", publish=True).case
    assert kim.get(f"/desk/granska/{foreign.pk}/").status_code == 404
    for user in (cast.sara, cast.auditor, cast.nils):
        assert browser(user).get(f"/desk/granska/{case.pk}/").status_code == 403
        assert browser(user).post(f"/desk/granska/{case.pk}/", {"publish": "1"}).status_code == 403


def test_many_that_wait_are_not_hidden_in_silence(kim: Client, cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("lyhord.www.desk.review.MOST_WAITING", 3)
    for number in range(5):
        factories.make_case(cast.motala, f"Nummer {number}", publish=True)
    page = kim.get("/desk/granska/")
    assert len(soup(page).select("a.chip")) == 3
    assert "Här är de som har väntat längst." in page.text


def test_review_asks_the_database_little(
    kim: Client, cast: Cast, case: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(4):
        factories.make_case(cast.motala, f"Nummer {number}", publish=True)
    kim.get("/desk/granska/")
    # who waits, the case, what is shown, our answer, pictures; counts, what came in, failed notices
    with django_assert_num_queries(AROUND + 8):
        kim.get("/desk/granska/")


def test_a_review_is_not_lost_with_the_session(case: Case) -> None:
    response = send_without_session(case)
    assert response.status_code == 403
    assert "En text som jag har rättat" in response.text


def send_without_session(case: Case) -> Any:
    return browser().post(f"/desk/granska/{case.pk}/", {"publish": "1", "text": "En text som jag har rättat"})
