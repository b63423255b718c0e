"""Several cases at once: each by its own action, and what became of each is told."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.cases.several import MOST
from lyhord.core.clock import today
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation, Unit
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser, fields
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P19", "2.5")]
LIST = "/desk/?vy=alla"
URL = "/desk/flera/?vy=alla"
SOON = (today() + timedelta(days=14)).isoformat()


@pytest.fixture(autouse=True)
def _scope(motala: Organisation) -> Iterator[None]:
    with organisation_scope(motala.pk):
        yield


def some(cast: Cast, count: int = 3, **values: Any) -> list[Case]:
    return [factories.make_case(cast.motala, f"Lampa {number}.", **values).case for number in range(count)]


def marks(client: Client) -> dict[str, str]:
    """What the boxes of the list send, by the number beside them."""
    return {
        row.select(".num")[0].text: str(row.select("[name=id]")[0]["value"])
        for row in soup(client.get(LIST)).select(".pick")
    }


def told(client: Client, response: Any) -> list[str]:
    """The sentences on the list that one is led back to."""
    assert (response.status_code, response.headers["Location"]) == (302, LIST)
    return [note.get_text(strip=True) for note in soup(client.get(LIST)).select(".list2 .messages .note")]


def again(*cases: Case) -> list[Case]:
    found = {case.pk: case for case in Case.objects.select_related("unit", "officer")}
    return [found[case.pk] for case in cases]


def test_take_several_by_the_page_alone(sara: Client, cast: Cast) -> None:
    """The form as it stands on the page, without scripts; what was not marked is left alone."""
    first, second, third = some(cast)
    box, page = marks(sara), fields(sara.get(LIST), "/desk/flera/")
    assert page[""] == URL
    response = sara.post(URL, {"action": page["action"], "id": [box[first.number], box[second.number]]})
    assert told(sara, response) == ["2 ärenden är dina nu."]
    assert [case.officer for case in again(first, second, third)] == [cast.sara, cast.sara, None]
    assert [case.state for case in again(first, second, third)] == ["assigned", "assigned", "received"]
    events = Event.objects.filter(verb="case.assigned")
    assert sorted(event.subject_id for event in events) == [first.pk, second.pk]  # each has its own row in the log
    assert {event.actor_id for event in events} == {cast.sara.pk}


def test_one_that_somebody_changed_meanwhile_is_told_and_left(sara: Client, cast: Cast) -> None:
    first, second, third = some(cast)
    ids = list(marks(sara).values())
    actions.assign(case_id=second.pk, officer_id=cast.amir.pk, by=cast.amir.actor)
    actions.resident_writes(case_id=third.pk, text="Nu igen.", by=factories.TEST, channel="web")
    sentences = told(sara, sara.post(URL, {"action": "ta", "id": ids}))
    assert sentences[0] == "1 ärende är ditt nu."
    assert set(sentences[1:]) == {
        f"{second.number} hade ändrats av Amir Holm. Läs och försök igen.",
        f"{third.number} hade ändrats av någon annan. Läs och försök igen.",
    }
    assert [case.officer for case in again(first, second, third)] == [cast.sara, cast.amir, None]


def test_a_double_click_is_done_once_and_told_as_that(sara: Client, cast: Cast) -> None:
    some(cast)
    sent = {**fields(sara.get(LIST), "/desk/flera/"), "action": "ta", "id": list(marks(sara).values())}
    url = sent.pop("")
    sara.post(url, sent)
    sara.get(LIST)
    assert told(sara, sara.post(url, sent)) == ["3 ärenden är dina nu."]
    assert Event.objects.filter(verb="case.assigned").count() == 3


def test_move_asks_where_and_why_first(sara: Client, cast: Cast) -> None:
    first, second, third = some(cast)
    box = marks(sara)
    asked = sara.post(URL, {"action": "lamna-over", "id": [box[first.number], box[third.number]]})
    assert asked.status_code == 200
    page = soup(asked)
    assert [one["value"] for one in page.select("[name=id][checked]")] == [box[first.number], box[third.number]]
    assert [case.unit.code for case in again(first, third)] == ["gata-park"] * 2
    form = {"action": "lamna-over", "sure": "1", "id": [box[first.number], box[third.number]]}
    empty = sara.post(URL, {**form, "reason": "Gäller avgiften."})
    assert empty.status_code == 422
    assert "Välj vart ärendena ska." in empty.text
    assert "Gäller avgiften." in empty.text
    unit = Unit.objects.get(code="kundcenter")
    response = sara.post(URL, {**form, "unit": unit.pk, "reason": "Gäller avgiften."})
    assert told(sara, response) == ["2 ärenden är överlämnade."]
    assert [case.unit.code for case in again(first, second, third)] == ["kundcenter", "gata-park", "kundcenter"]


def test_plan_several_and_those_that_cannot_be_say_why(kim: Client, cast: Cast) -> None:
    lamp, question = some(cast, 1)[0], factories.make_case(cast.motala, "När?", type="fraga").case
    box = marks(kim)
    form = {"action": "planera", "sure": "1", "id": [box[lamp.number], box[question.number]]}
    assert "Skriv vad som ska göras." in kim.post(URL, {**form, "until": SOON}).text
    assert "Skriv till vilket datum." in kim.post(URL, {**form, "reason": "Byter lampor"}).text
    assert "Skriv datumet så här" in kim.post(URL, {**form, "reason": "Byter", "until": "snart"}).text
    response = kim.post(URL, {**form, "reason": "Byter lampor", "until": SOON})
    assert told(kim, response) == [
        "1 ärende är planerat.",
        f"{question.number}: Det läget används inte för den här sorten.",
    ]
    assert [(case.state, case.state_reason) for case in again(lamp, question)] == [
        ("planned", "Byter lampor"),
        ("received", ""),
    ]


@pytest.mark.requirement("X1", "X2")
def test_nobody_does_more_than_they_may(sara: Client, cast: Cast) -> None:
    [lamp] = some(cast, 1)
    secret = factories.make_case(cast.motala, type="klagomal", category="barn").case
    with organisation_scope(cast.mjolby.pk):
        theirs = factories.make_case(cast.mjolby).case
    ids = [f"{case.pk}.{case.revision}" for case in (lamp, secret, theirs)]
    sentences = told(sara, sara.post(URL, {"action": "ta", "id": ids}))
    assert sentences == ["1 ärende är ditt nu.", "2 ärenden syns inte för dig längre."]
    assert Case.objects.get(pk=secret.pk).officer is None
    assert browser(cast.auditor).post(URL, {"action": "ta", "id": ids}).status_code == 403
    assert secret.number not in sara.post(URL, {"action": "planera", "id": ids}).text


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"action": "ta"}, "Markera minst ett ärende först."),
        ({"action": "ta", "id": ["x", "1", "²", "9" * 30 + ".1", "", "1.-1"]}, "Markera minst ett ärende först."),
        ({"action": "radera", "id": "1.1"}, "Välj vad du vill göra."),
        ({"id": "1.1"}, "Välj vad du vill göra."),
        (
            {"action": "ta", "id": [f"{n}.1" for n in range(MOST + 1)]},
            f"Det blev för många. Markera högst {MOST} på en gång.",
        ),
    ],
)
def test_nonsense_gets_a_sentence(sara: Client, sent: dict[str, Any], sentence: str) -> None:
    assert told(sara, sara.post(URL, sent)) == [sentence]
    assert sara.get(URL).headers["Location"] == LIST  # somebody who had to log in on the way


def test_what_was_written_is_given_back_to_somebody_logged_out(cast: Cast) -> None:
    response = browser().post(URL, {"action": "lamna-over", "sure": "1", "id": "1.1", "reason": "Gäller avgiften."})
    assert response.status_code == 403
    assert "Gäller avgiften." in response.text


@pytest.mark.requirement("N4")
@pytest.mark.parametrize(
    ("values", "each"),
    [
        ({"action": "ta"}, 10),
        ({"action": "lamna-over", "sure": "1", "reason": "Avgift."}, 10),
        ({"action": "planera", "sure": "1", "reason": "Byter.", "until": SOON}, 12),
    ],
)
def test_questions_to_the_database_grow_by_a_few_a_case(
    sara: Client, cast: Cast, values: dict[str, str], each: int
) -> None:
    values["unit"] = str(Unit.objects.get(code="kundcenter").pk)

    def asked(count: int) -> int:
        cases = some(cast, count)
        sent = {**values, "id": [f"{case.pk}.{case.revision}" for case in cases]}
        with CaptureQueriesContext(connection) as queries:
            assert sara.post(URL, sent).status_code == 302
        return len(queries)

    asked(1)
    few, many = asked(2), asked(8)
    assert many - few <= 6 * each, (few, many)
    # changed meanwhile, they cost one question together
    cases = some(cast, 8)
    with CaptureQueriesContext(connection) as queries:
        sara.post(URL, {**values, "id": [f"{case.pk}.0" for case in cases]})
    assert len(queries) < many
