"""Quiet hints of how heavy an answer is to read: on asking and while writing, and never in the way."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from lyhord.cases.models import Case, Draft, Message
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.www.desk.hints import hints_for
from tests import factories
from tests.conftest import Cast
from tests.core.test_plain_language import AUTHORITY
from tests.www.desk.conftest import send
from tests.www.desk.test_deeds import page
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("2.18")]
PLAIN = "Hej Elin! Tack för att du hörde av dig. Vi byter lampan på fredag. Hälsningar Sara"


@pytest.fixture(autouse=True)
def _scope(motala: Organisation) -> Iterator[None]:
    with organisation_scope(motala.pk):
        yield


@pytest.fixture
def case(cast: Cast) -> Case:
    found: Case = factories.make_case(cast.motala, email="elin@example.se").case
    return found


def test_what_is_light_gets_no_hint() -> None:
    assert hints_for(PLAIN) == []
    assert hints_for("") == []


def test_what_is_heavy_gets_several() -> None:
    said = " ".join(hints_for(AUTHORITY))
    assert "lix" in said
    assert "Dela den" in said
    assert "”Beträffande” kan vara ”om”" in said
    assert "hälsning" in said


def test_another_language_has_other_words() -> None:
    assert not [hint for hint in hints_for(AUTHORITY, "en") if "kan vara" in hint]


def test_it_is_looked_through_without_a_script_and_nothing_is_sent(sara: Client, case: Case) -> None:
    response: Any = send(sara, page(case), "/svara/", text=AUTHORITY, look="1")
    assert response.status_code == 200
    looked = soup(response).select_one("#genomlast")
    assert looked is not None
    assert "Så läser invånaren det" in looked.text
    assert "i enlighet med" in looked.text
    assert "Dela den" in looked.text
    written = soup(response).select_one("#id_reply")
    assert written is not None
    assert written.text.strip() == AUTHORITY
    assert soup(response).select(".err") == []
    assert not Message.objects.exists()
    assert Draft.objects.get().text == AUTHORITY
    light: Any = send(sara, page(case), "/svara/", text="Hej! Vi byter lampan på fredag.", look="1")
    assert "Texten är lätt att läsa." in light.text


def test_it_stops_nothing(sara: Client, case: Case) -> None:
    send(sara, page(case), "/svara/", text=AUTHORITY, after="stay")
    assert Message.objects.get().text == AUTHORITY


def test_a_note_among_staff_is_nobodys_business(sara: Client, case: Case) -> None:
    url = f"/desk/{case.pk}/utkast/"
    assert sara.post(url, {"text": AUTHORITY, "to": "internal"}).json()["plain"] == []
    assert len(sara.post(url, {"text": AUTHORITY, "to": "public"}).json()["plain"]) >= 3
    assert sara.post(url, {"text": PLAIN, "to": "public"}).json()["plain"] == []
