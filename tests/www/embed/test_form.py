"""The form in a frame: on the organisation's own sites, without cookies or scripts, and never out of it by mistake."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests.www.embed.test_embed import ancestors
from tests.www.public.forms import send
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("2.22")]
FORM = "/inbaddat/beratta/felanmalan/"
SITE = "https://www.motala.se"
INSIDE = {"host": "motala.localhost", "sec-fetch-site": "same-origin", "sec-fetch-dest": "iframe"}


@pytest.fixture
def frame(motala_alone: Organisation) -> Client:
    """A browser that shows the form on a site which the organisation has named."""
    motala_alone.settings["embed_sites"] = [SITE]
    motala_alone.save()
    forget_hosts()
    return Client(headers=INSIDE)


def strays(response: Any) -> list[str]:
    """Links and forms that would put a page in the frame which may not be there."""
    found = page(response)
    links = [link for link in found.select("a[href]") if not link.get("target")]
    forms = [form for form in found.select("form[action]") if not form.get("target")]
    addresses = [str(link["href"]) for link in links] + [str(form["action"]) for form in forms]
    return [one for one in addresses if urlsplit(one).path and not one.startswith(("/inbaddat/", "tel:", "mailto:"))]


def test_a_report_from_beginning_to_receipt(frame: Client, motala_alone: Organisation) -> None:
    """Every page may stand in the frame of the named site and no other, sets no cookie and leads nowhere else in it."""
    chosen = frame.get("/inbaddat/beratta/")
    assert FORM in {str(link["href"]) for link in page(chosen).select(".kinds a")}
    shown = frame.get(FORM)
    wrong = send(frame, FORM, text="")
    assert wrong.status_code == 422
    done = send(frame, FORM, text="Lampan är släckt.", contact="code")
    assert done.status_code == 303
    receipt = frame.get(done.headers["Location"])
    assert done.headers["Location"].startswith("/inbaddat/tack/")
    assert receipt.headers["Cache-Control"] == "private, no-store"
    for response in (chosen, shown, wrong, receipt):
        assert ancestors(response) == f"frame-ancestors {SITE}"
        assert "X-Frame-Options" not in response.headers
        assert strays(response) == []
        assert not page(response).select("header.top, footer")
    assert not frame.cookies
    with organisation_scope(motala_alone.pk):
        assert Case.objects.get().channel == "widget"
    outside = frame.get("/beratta/felanmalan/")
    assert ancestors(outside) == "frame-ancestors 'none'"
    assert page(outside).select("header.top")


def test_a_page_that_stops_goes_back_to_the_frame(frame: Client) -> None:
    """Ring instead: nothing is sent, and the way back is the framed form with all that was written."""
    chosen = {"case_type": "belysning.lampa", "asked": "belysning.lampa", "text": "En stolpe lutar."}
    stopped = send(frame, FORM, **chosen, q_danger="yes")
    assert "Ring i stället." in stopped.text
    assert ancestors(stopped) == f"frame-ancestors {SITE}"
    form = page(stopped).select_one("form[enctype]")
    assert form is not None
    assert form["action"] == FORM
    assert strays(stopped) == []


def test_the_language_asked_for_goes_on_to_the_receipt(frame: Client) -> None:
    shown = frame.get(f"{FORM}?sprak=en")
    assert page(shown).select_one("html")["lang"] == "en"
    action = str(page(shown).select_one("form[data-report]")["action"])
    assert action == f"{FORM}?sprak=en&skicka=1"
    done = send(frame, f"{FORM}?sprak=en", text="The light is out.", contact="code")
    assert done.headers["Location"].endswith("?sprak=en")
    assert page(frame.get(done.headers["Location"])).select_one("html")["lang"] == "en"


def test_what_another_site_sends_is_not_taken_as_the_frames_own(frame: Client) -> None:
    """There is no cookie to check; the browser says that the form was sent from a page of somebody else's."""
    elsewhere = {"sec-fetch-site": "cross-site", "origin": "https://ond.example"}
    sent = frame.post(FORM, {"text": "Lampan är släckt.", "contact": "code"}, headers=elsewhere)
    assert sent.status_code == 200
    assert "Tryck en gång till." in sent.text


def test_to_the_forms_own_script_the_receipt_is_the_framed_one(frame: Client) -> None:
    data = {"text": "Lampan är släckt.", "contact": "code", "kanal": "widget"}
    sent = frame.post("/beratta/felanmalan/", data, headers={**INSIDE, "accept": "application/json"})
    assert sent.status_code == 201
    assert sent.json()["url"].startswith("/inbaddat/tack/")
    assert sent.json()["follow"].startswith("/f/")


def test_without_a_named_site_nobody_frames_it(motala_alone: Organisation) -> None:
    response = Client(headers=INSIDE).get(FORM)
    assert ancestors(response) == "frame-ancestors 'none'"
    assert response.headers["X-Frame-Options"] == "DENY"


def test_the_script_is_the_same_for_all_and_asked_for_cheaply(
    frame: Client, django_assert_max_num_queries: Any
) -> None:
    first = frame.get("/embed.js")
    assert first.headers["Content-Type"].startswith("text/javascript")
    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in first.headers
    with django_assert_max_num_queries(4):
        again = frame.get("/embed.js", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
