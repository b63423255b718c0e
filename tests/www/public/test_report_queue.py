"""A report that the page's own script sends, and sends again until it has a number."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.models import Case, Photo
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.files.models import StoredFile
from lyhord.intake.models import Diversion, Reception
from lyhord.organisations.models import Organisation
from tests import factories
from tests.files import make
from tests.www.public.conftest import Publish
from tests.www.public.test_photos import draft

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.1")]
FAULT = "/beratta/felanmalan/"
LAMP = {"case_type": "belysning.lampa", "asked": "belysning.lampa"}


def put(web: Client, url: str = FAULT, **fields: Any) -> Any:
    """As the script does it."""
    given = {"submission_id": str(uuid4()), "wants_feedback": "on", "contact": "code", **fields}
    return web.post(url, given, headers={"accept": "application/json", "sec-fetch-site": "same-origin"})


def cases(organisation: Organisation) -> list[Case]:
    with organisation_scope(organisation.pk):
        return list(Case.objects.select_related("case_type").order_by("pk"))


def receptions(organisation: Organisation) -> list[Reception]:
    with organisation_scope(organisation.pk):
        return list(Reception.objects.order_by("pk"))


def test_a_receipt_and_the_same_again(web: Client, motala: Organisation) -> None:
    form = {"submission_id": str(uuid4()), "text": "Lampan är släckt."}
    first, second = put(web, **form), put(web, **form)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() | {"say": ""} == second.json()
    [case] = cases(motala)
    assert first.json()["number"] == case.number
    assert case.number in web.get(first.json()["url"]).text
    assert case.number in web.get(first.json()["follow"]).text
    [reception] = receptions(motala)
    assert reception.external_id.startswith(form["submission_id"])
    assert first.headers["Cache-Control"] == "private, no-store"


def test_the_same_however_long_after_and_with_the_picture_sent_anew(web: Client, motala: Organisation) -> None:
    """The answer was lost; the token of the picture has been forgotten meanwhile, so it is sent once more."""
    form = {"submission_id": str(uuid4()), "text": "Lampan är släckt."}
    data = make.photo()
    first = put(web, **form, draft_photos=draft(web, data).json()["token"])
    with organisation_scope(motala.pk):
        StoredFile.objects.update(created_at=now() - timedelta(days=3))
        [old] = StoredFile.objects.values_list("uid", flat=True)
    asked = put(web, **form, draft_photos=str(old), later="1")
    assert (asked.status_code, asked.json()) == (409, {"ask": "photos"})
    again = put(web, **form, draft_photos=draft(web, data).json()["token"], later="1")
    assert again.status_code == 200
    assert again.json()["number"] == first.json()["number"]
    assert len(cases(motala)) == 1


def test_by_the_app_with_when_and_how_long(web: Client, motala: Organisation) -> None:
    pressed = now() - timedelta(hours=7)
    put(web, text="Lampan är släckt.", kanal="app", pressed_at=pressed.isoformat(), seconds="23", later="1")
    put(web, text="En till.", kanal="web", pressed_at=now().isoformat(), seconds="61")
    assert [case.channel for case in cases(motala)] == ["app", "web"]
    app, web_ = receptions(motala)
    assert (app.submitted_at, app.seconds) == (pressed, 23)
    assert (web_.submitted_at, web_.seconds) == (None, 61)


@pytest.mark.parametrize("seconds", ["", "-1", "1e3", "99999", "٣", "12.5"])
@pytest.mark.parametrize("pressed", ["", "nonsense", "2026-01-01", "2999-01-01T00:00:00+00:00", "2001-01-01T00:00:00Z"])
def test_figures_that_are_none_are_passed_over(web: Client, motala: Organisation, seconds: str, pressed: str) -> None:
    assert put(web, text="Hej.", seconds=seconds, pressed_at=pressed, kanal="nonsense").status_code == 201
    [reception] = receptions(motala)
    assert (reception.seconds, reception.submitted_at) == (None, None)
    assert cases(motala)[0].channel == "web"


@pytest.mark.requirement("0.3")
def test_a_picture_of_what_is_broken_is_enough(web: Client, motala: Organisation) -> None:
    token = draft(web).json()["token"]
    assert put(web, text="", draft_photos=token, **LAMP).status_code == 201
    [case] = cases(motala)
    assert (case.text, case.case_type.code) == ("Se bilden.", "belysning.lampa")
    with organisation_scope(motala.pk):
        assert Photo.objects.count() == 1
    refused = put(web, "/beratta/klagomal/", text="", draft_photos=draft(web).json()["token"])
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["text"])


def test_what_is_wrong_is_said_by_field_and_nothing_is_kept(web: Client, motala: Organisation) -> None:
    refused = put(web, text="", contact="email", email="asta(at)example", later="1")
    assert refused.status_code == 422
    assert set(refused.json()["errors"]) == {"text", "email"}
    assert not cases(motala)


class TestAskingFirst:
    """What the page must say first, it says; what waited for the network is taken in all the same."""

    def test_somebody_who_should_ring(self, web: Client, motala: Organisation) -> None:
        form = {"text": "Lampan hänger.", "q_danger": "yes", **LAMP}
        asked = put(web, **form)
        assert (asked.status_code, asked.json()) == (409, {"ask": "page"})
        assert not cases(motala)
        with organisation_scope(motala.pk):
            assert not Diversion.objects.exists()  # the page counts it, when it is shown
        later = put(web, **form, later="1")
        assert later.status_code == 201
        assert "Ring i stället." in later.json()["say"]
        assert "0141-00 00 01" in later.json()["say"]
        assert len(cases(motala)) == 1

    def test_somebody_was_first(self, web: Client, motala: Organisation, publish: Publish) -> None:
        publish()
        form = {"text": "Släckt lampa.", **LAMP}
        form |= {"lat": str(factories.MOTALA[0]), "lon": str(factories.MOTALA[1]), "position_source": "gps"}
        assert put(web, **form).json() == {"ask": "page"}
        assert put(web, **form, later="1").status_code == 201
        assert len(cases(motala)) == 2

    def test_a_question_more(self, web: Client, motala: Organisation) -> None:
        form = {"text": "Släckt lampa.", "case_type": "belysning.lampa"}
        assert put(web, **form).json() == {"ask": "page"}
        assert put(web, **form, later="1").status_code == 201

    def test_very_many_from_one_sender(self, web: Client, motala: Organisation) -> None:
        for number in range(15):
            assert put(web, text=f"Nummer {number}.").status_code == 201
        assert put(web, text="En till.").json() == {"ask": "page"}
        assert put(web, text="En till.", confirmed="1").status_code == 201
        assert put(web, text="Från en tunnel.", later="1").status_code == 201

    def test_another_sites_script(self, web: Client, motala: Organisation) -> None:
        headers = {"accept": "application/json", "sec-fetch-site": "cross-site"}
        answer = web.post(FAULT, {"text": "Hej."}, headers=headers)
        assert (answer.status_code, answer.json()) == (409, {"ask": "page"})
        assert not cases(motala)


def test_what_is_known_already_is_asked_about_no_more(web: Client, motala: Organisation) -> None:
    """It was taken in, the answer was lost, and by now its place has an open case: its own."""
    form = {"submission_id": str(uuid4()), "text": "Släckt lampa.", "publish": "on", "lat": "58.5371", "lon": "15.0365"}
    form |= LAMP
    first = put(web, **form)
    assert first.status_code == 201
    [case] = cases(motala)
    with organisation_scope(motala.pk):
        actions.publish(case_id=case.pk, title="Lampa", text="Släckt.", warned=True, by=factories.TEST)
    assert put(web, **form).json()["number"] == first.json()["number"]
    assert len(cases(motala)) == 1


def test_the_receipt_costs_few_queries(web: Client, motala: Organisation, django_assert_num_queries: Any) -> None:
    form = {"submission_id": str(uuid4()), "text": "Lampan är släckt."}
    put(web, **form)
    with django_assert_num_queries(6):  # the wall, what is known, its case
        put(web, **form)


def test_a_browser_gets_pages_as_before(web: Client, motala: Organisation) -> None:
    answer = web.post(FAULT, {"text": "Hej."}, headers={"accept": "text/html,application/json;q=0.9"})
    assert answer.status_code == 303
