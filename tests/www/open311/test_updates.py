"""FixMyStreet's `servicerequestupdates`: what happened, read on and sent in."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lyhord.cases import actions
from lyhord.cases.models import Case, Message, Side
from lyhord.cases.states import State
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.clients import REQUESTS
from lyhord.intake.models import ApiKey
from lyhord.organisations.models import Organisation
from tests import factories
from tests.www.open311.conftest import KEY, Post, Publish, make_key
from tests.www.open311.reading import data, tree, url, values

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9")]

type Read = Callable[..., list[dict[str, Any]]]
type Send = Callable[..., Any]
PATH = "servicerequestupdates"


@pytest.fixture
def read(web: Client) -> Read:
    """The updates in JSON."""
    return lambda **parameters: data(web.get(url(f"{PATH}.json"), parameters))


@pytest.fixture
def own(post: Post, key: ApiKey, motala: Organisation) -> Case:
    """A case that the client sent, and that is not shown to others."""
    number = data(post())[0]["service_request_id"]
    with organisation_scope(motala.pk):
        case = Case.objects.get(number=number)
        actions.withdraw(case_id=case.pk, by=factories.TEST)
        case.refresh_from_db()
    return case


@pytest.fixture
def send(web: Client, own: Case) -> Send:
    """Send an update as FixMyStreet does, right but for what the test says; None leaves a parameter out."""

    def post(suffix: str = "json", **changed: Any) -> Any:
        given = {
            "api_key": KEY,
            "service_request_id": own.number,
            "update_id": "4711",
            "updated_datetime": now().isoformat(),
            "status": "OPEN",
            "description": "Den är släckt än.",
            "first_name": "Anna",
            "last_name": "-",
            **changed,
        }
        return web.post(url(f"{PATH}.{suffix}"), {name: value for name, value in given.items() if value is not None})

    return post


def act(motala: Organisation, case: Case, to: State, **more: Any) -> None:
    """Change the state as somebody at the desk does."""
    with organisation_scope(motala.pk):
        actions.change_state(case_id=case.pk, to=to, by=factories.TEST, **more)


def resolve(motala: Organisation, case: Case) -> None:
    """Close it as mended."""
    act(motala, case, State.RESOLVED, message="Nu lyser den.", closing={"done": "Lampan är bytt."})


# Read


def test_where_a_case_went_in_words_of_fixmystreet(read: Read, publish: Publish, motala: Organisation) -> None:
    case = publish().case
    assert read() == []  # that it came in and was shown is no news
    act(motala, case, State.PLANNED, reason="Ny lampa.", until=date(2099, 12, 1))
    resolve(motala, case)
    act(motala, case, State.IN_PROGRESS)
    found = read()
    assert [row["status"] for row in found] == ["action_scheduled", "fixed", "in_progress"]
    assert {row["service_request_id"] for row in found} == {case.number}
    assert len({row["update_id"] for row in found}) == len(found)
    assert found[0]["description"] == "Planerad till 1 december 2099"
    assert "Ny lampa" not in str(found)  # reasons are for the reporter
    assert "Nu lyser" not in str(found)  # and so is what was said, until somebody has read it through
    assert found == read()


def test_xml_is_plain(web: Client, publish: Publish, motala: Organisation) -> None:
    case = publish().case
    resolve(motala, case)
    root = tree(web.get(url(f"{PATH}.xml"), {"api_key": "", "start_date": "", "end_date": ""}))
    assert root.tag == "service_request_updates"
    row = values(root[-1])
    assert root[-1].tag == "request_update"
    assert (row["status"], row["service_request_id"], row["media_url"]) == ("fixed", case.number, "")
    assert row["updated_datetime"].endswith("Z")


def test_only_a_fault_is_fixed(read: Read, publish: Publish, motala: Organisation) -> None:
    case = publish(type="fraga").case
    with organisation_scope(motala.pk):
        actions.reply(case_id=case.pk, text="Klockan åtta.", by=factories.TEST)
    act(motala, case, State.RESOLVED)
    assert [row["status"] for row in read()] == ["in_progress", "closed"]


def test_an_answer_is_news_once_it_has_been_read_through(read: Read, publish: Publish, motala: Organisation) -> None:
    made = publish(answer="Vi byter den på tisdag.")
    (first,) = read()
    assert first["description"] == "Vi byter den på tisdag."
    with organisation_scope(motala.pk):
        actions.publish(
            case_id=made.case.pk, title="Lampa", text="Släckt.", answer="På onsdag.", by=factories.TEST, warned=True
        )
    (second,) = read()
    assert second["description"] == "På onsdag."
    assert second["update_id"] != first["update_id"]  # so that who had the first gets the second


def test_windows_hold_both_their_ends_and_can_be_read_again(read: Read, publish: Publish, motala: Organisation) -> None:
    case = publish().case
    resolve(motala, case)
    at = read()[-1]["updated_datetime"]
    assert read(start_date=at, end_date=at)[-1]["status"] == "fixed"
    assert read(start_date=at, end_date=at) == read(start_date=at, end_date=at)
    long_ago = (now() - timedelta(days=50)).isoformat()
    assert read(start_date=long_ago, end_date=(now() - timedelta(days=1)).isoformat()) == []
    assert len(read(start_date=long_ago, end_date=now().isoformat())) == len(read())
    assert read(start_date=long_ago) == read()


@pytest.mark.parametrize(
    "parameters",
    [
        {"start_date": "NaN"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2025-01-01T00:00:00Z"},
        {"start_date": "2025-01-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"page": "0"},
        {"page": "999999999"},
    ],
)
def test_a_window_that_makes_no_sense_is_400(web: Client, motala: Organisation, parameters: dict[str, str]) -> None:
    data(web.get(url(f"{PATH}.json"), parameters), 400)
    tree(web.get(url(f"{PATH}.xml"), parameters), 400)


def test_what_a_case_is_taken_for_is_news_when_it_changes(
    read: Read, web: Client, publish: Publish, motala: Organisation
) -> None:
    case = publish().case
    with organisation_scope(motala.pk):
        actions.convert(case_id=case.pk, type_code="ovrigt", by=factories.TEST)
    (row,) = read()
    assert (row["status"], row["extras"]) == ("unchanged", {"category": "Något annat"})
    assert row["description"] == "Ärendet gäller nu: Något annat"
    root = tree(web.get(url(f"{PATH}.xml")))
    assert root.findtext("request_update/extras/category") == "Något annat"
    act(motala, case, State.PLANNED, reason="Ny lampa.", until=date(2099, 12, 1))
    with organisation_scope(motala.pk):
        actions.convert(case_id=case.pk, type_code="berom", by=factories.TEST)  # praise is never planned
    assert [row["status"] for row in read()] == ["unchanged", "action_scheduled", "in_progress"]
    assert read()[1]["extras"] == {"expected_datetime": "2099-12-01T22:59:59Z"}


def test_pages(web: Client, read: Read, publish: Publish, motala: Organisation) -> None:
    case = publish().case
    resolve(motala, case)
    act(motala, case, State.IN_PROGRESS)
    every = read()
    assert [read(page=page, page_size=1) for page in range(1, len(every) + 1)] == [[row] for row in every]
    assert 'rel="next"' in web.get(url(f"{PATH}.json"), {"page_size": 1})["Link"]


def test_what_a_client_sent_itself_it_reads_on_about(read: Read, own: Case, motala: Organisation) -> None:
    resolve(motala, own)
    assert read() == []
    assert read(api_key=KEY)[-1]["status"] == "fixed"
    make_key(motala, "another")
    assert read(api_key="another") == []
    with organisation_scope(motala.pk):
        Case.objects.filter(pk=own.pk).update(confidential=True)
    assert read(api_key=KEY) == []


def test_a_wrong_key_is_403(web: Client, motala: Organisation, key: ApiKey) -> None:
    make_key(motala, "only sends", scopes=[REQUESTS])
    for wrong in ("wrong", "only sends"):
        data(web.get(url(f"{PATH}.json"), {"api_key": wrong}), 403)


@pytest.mark.requirement("N4", "X1")
def test_another_organisations_cases_are_not_there(
    elsewhere: Client, publish: Publish, own: Case, motala: Organisation
) -> None:
    resolve(motala, publish().case)
    resolve(motala, own)
    assert data(elsewhere.get(url(f"{PATH}.json"))) == []
    data(elsewhere.get(url(f"{PATH}.json"), {"api_key": KEY}), 403)


@pytest.mark.requirement("0.19")
def test_the_questions_are_as_many_however_many_updates(
    web: Client, publish: Publish, motala: Organisation, key: ApiKey
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            data(web.get(url(f"{PATH}.json"), {"api_key": KEY}))
        return len(queries)

    asked()
    publish(answer="Ja.")
    few = asked()
    for _n in range(5):
        resolve(motala, publish(answer="Ja.").case)
    assert asked() == few <= 9


# Sent in


def test_what_the_reporter_says_reaches_the_desk(send: Send, own: Case, motala: Organisation) -> None:
    answer = send()
    (row,) = data(answer)
    with organisation_scope(motala.pk):
        message = Message.objects.get(case=own, side=Side.RESIDENT)
        own.refresh_from_db()
    assert row == {"update_id": f"m{message.pk}"}
    assert message.text == "Den är släckt än."
    assert own.unread
    assert own.resident_wrote


def test_the_answer_in_xml_is_as_fixmystreet_reads_it(send: Send) -> None:
    root = tree(send("xml"))
    assert root.tag == "service_request_updates"
    assert root.findtext("request_update/update_id")


def test_the_same_update_again_is_the_same(send: Send, own: Case, motala: Organisation) -> None:
    first, again = data(send()), data(send(description="Något annat", media_url="https://example.org/a.jpg"))
    assert first == again
    other = data(send(update_id="4712"))
    assert other != first
    older = data(send(update_id=None, service_request_id=None, update_id_ext="4711", service_request_id_ext=own.number))
    assert older == first
    with organisation_scope(motala.pk):
        assert Message.objects.filter(case=own, side=Side.RESIDENT).count() == 2


@pytest.mark.parametrize(
    ("status", "opens"),
    [("OPEN", True), ("REOPEN", True), ("Investigating", True), ("FIXED", False), ("NO_FURTHER_ACTION", False)],
)
def test_a_closed_case_opens_by_a_word_that_says_it_is_open(
    send: Send, own: Case, motala: Organisation, status: str, opens: bool
) -> None:
    resolve(motala, own)
    data(send(status=status))
    with organisation_scope(motala.pk):
        own.refresh_from_db()
    assert own.open is opens
    assert own.unread


def test_a_word_from_before_the_closing_opens_nothing(send: Send, own: Case, motala: Organisation) -> None:
    resolve(motala, own)
    data(send(updated_datetime=(now() - timedelta(hours=1)).isoformat()))
    with organisation_scope(motala.pk):
        own.refresh_from_db()
    assert not own.open


@pytest.mark.parametrize(("said", "opens"), [("2025-10-26T02:30:00+02:00", False), ("2025-10-26T02:30:00+01:00", True)])
def test_the_hour_that_comes_twice_is_told_apart(
    send: Send, own: Case, motala: Organisation, said: str, opens: bool
) -> None:
    """It was closed at 01:00 UTC, between the two half past two of that night."""
    resolve(motala, own)
    with organisation_scope(motala.pk):
        Case.objects.filter(pk=own.pk).update(closed_at="2025-10-26T01:00:00Z")
    data(send(updated_datetime=said))
    with organisation_scope(motala.pk):
        own.refresh_from_db()
    assert own.open is opens


def test_marked_as_fixed_over_there_it_stays_open_here_and_is_told(send: Send, own: Case, motala: Organisation) -> None:
    data(send(status="FIXED", description=""))
    with organisation_scope(motala.pk):
        own.refresh_from_db()
        text = Message.objects.get(case=own, side=Side.RESIDENT).text
    assert own.open
    assert text == "Hos Testklienten är ärendet markerat som klart."


def test_what_others_say_over_there_is_for_staff_only(send: Send, publish: Publish, motala: Organisation) -> None:
    made = publish()
    data(send(service_request_id=made.case.number, email="anna@example.org"))
    with organisation_scope(motala.pk):
        message = Message.objects.get(case=made.case)
        made.case.refresh_from_db()
    assert message.side == Side.INTERNAL
    assert message.text == "Skrivet hos Testklienten av Anna, anna@example.org:\nDen är släckt än."
    assert made.case.unread


@pytest.mark.parametrize(
    "missing",
    [
        {"update_id": None},
        {"update_id": "x" * 500},
        {"service_request_id": ""},
        {"status": "SOLVED"},
        {"status": None, "description": None},
        {"updated_datetime": "59,33"},
        {"description": "x" * 20_000},
    ],
)
def test_what_is_wrong_is_400_in_both_formats(send: Send, own: Case, motala: Organisation, missing: Any) -> None:
    data(send(**missing), 400)
    tree(send("xml", **missing), 400)
    with organisation_scope(motala.pk):
        assert not Message.objects.filter(case=own).exists()


def test_a_report_that_the_client_cannot_know_of_is_404(send: Send, motala: Organisation) -> None:
    hidden = factories.make_case(motala).case
    for number in (hidden.number, "26-99999", "nonsense"):
        data(send(service_request_id=number), 404)


def test_a_key_must_let_it(send: Send, motala: Organisation, web: Client) -> None:
    make_key(motala, "only sends", scopes=[REQUESTS])
    for wrong in ("wrong", None, "only sends"):
        data(send(api_key=wrong), 403)
    assert send(api_key=None).status_code == 403


def test_too_much_is_429(send: Send, motala: Organisation) -> None:
    make_key(motala, "slow", hourly=1)
    send(api_key="slow")
    assert send(api_key="slow").status_code == 429


def test_only_get_and_post(web: Client, motala: Organisation) -> None:
    refused = web.put(url(f"{PATH}.json"))
    data(refused, 405)
    assert refused["Allow"] == "GET, HEAD, POST"
