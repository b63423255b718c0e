"""Reading what is published: filters, pages, and what must never be seen."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.www.open311.conftest import Publish
from tests.www.open311.reading import data, ids, tree, url

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9")]

type Ask = Callable[..., Any]
type Move = Callable[..., None]

# Copies of the newest case and of what is published of it.
_COPIES = """
with copied as (
    insert into cases_case (organisation_id, uid, number, kind, case_type_id, version_id, category_id, title, text,
        answers, language, channel, state, state_reason, responsible, unit_id, route_kind, route_reason, confidential,
        protected, lat, lon, position_source, place_text, cell, registered_at, changed_at, unread, resident_wrote,
        wants_feedback, revision, follow_digest, follow_version, publication_state, followers, has_documents)
    select organisation_id, gen_random_uuid(), '26-' || 1000 + n, kind, case_type_id, version_id, category_id, title,
        text, answers, language, channel, state, state_reason, responsible, unit_id, route_kind, route_reason,
        confidential, protected, lat, lon, position_source, place_text, cell, registered_at, changed_at, unread,
        resident_wrote, wants_feedback, revision, sha256(n::text::bytea), follow_version, publication_state, followers,
        has_documents
    from cases_case, generate_series(1, %s) n where id = %s
    returning id, organisation_id
)
insert into cases_publication (organisation_id, case_id, title, text, answer, published_at)
select c.organisation_id, c.id, p.title, p.text, p.answer, p.published_at
from copied c, cases_publication p where p.case_id = %s
"""


def copies(organisation: Organisation, case: Case, count: int) -> None:
    """Publish the case so many times more."""
    with organisation_scope(organisation.pk), connection.cursor() as cursor:
        cursor.execute(_COPIES, [count, case.pk, case.pk])


@pytest.fixture
def ask(web: Client) -> Ask:
    """GET requests.json with these parameters."""
    return lambda **parameters: web.get(url("requests.json"), parameters)


@pytest.fixture
def move(motala: Organisation) -> Move:
    """Let a case have come in, or been changed, at another time."""

    def at(case: Case, **moments: datetime) -> None:
        with organisation_scope(motala.pk):
            Case.objects.filter(pk=case.pk).update(**moments)

    return at


def test_newest_first_by_an_order_that_never_changes(ask: Ask, publish: Publish, motala: Organisation) -> None:
    made = publish()
    copies(motala, made.case, 20)  # all of the same moment
    found = ids(ask())
    assert len(found) == 21
    paged = [number for page in range(1, 5) for number in ids(ask(page=page, page_size=6))]
    assert paged == found


def test_pages(ask: Ask, publish: Publish, motala: Organisation) -> None:
    copies(motala, publish().case, 4)
    first = ask(page_size=3, status="open")
    assert len(ids(first)) == 3
    assert first["Link"] == (
        '<http://motala.localhost/open311/v2/requests.json?page_size=3&status=open&page=2>; rel="next"'
    )
    last = ask(page_size=3, page=2)
    assert len(ids(last)) == 2
    assert "Link" not in last
    assert ids(ask(page=3, page_size=3)) == []
    assert len(ids(ask(page_size=100_000))) == 5


@pytest.mark.requirement("0.19")
def test_a_thousand_at_a_time_by_few_queries(ask: Ask, publish: Publish, motala: Organisation) -> None:
    made = publish()
    ask(page_size=1)  # what every process asks once
    with CaptureQueriesContext(connection) as one:
        ids(ask())
    copies(motala, made.case, 1200)
    with CaptureQueriesContext(connection) as many:
        answer = ask(extensions="true")
    assert len(ids(answer)) == 1000
    assert "Link" in answer
    assert len(many) == len(one) <= 9


def test_a_long_list_is_packed_for_who_can_unpack_it(web: Client, publish: Publish, motala: Organisation) -> None:
    copies(motala, publish().case, 300)
    plain = web.get(url("requests.xml"))
    packed = web.get(url("requests.xml"), headers={"accept-encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 3
    assert gzip.decompress(packed.content) == plain.content
    assert "Content-Encoding" not in plain


def test_ids_override_all_other_filters(ask: Ask, publish: Publish, move: Move) -> None:
    first, second, third = (publish().case for _n in range(3))
    move(first, registered_at=now() - timedelta(days=400))
    asked = f"{first.number}, {third.number},26-99999,nonsense,"
    assert set(ids(ask(service_request_id=asked, status="closed", start_date="x"))) == {first.number, third.number}
    assert ids(ask(service_request_id="nonsense")) == []
    assert second.number in ids(ask(service_request_id=""))  # empty is absent


def test_by_service(ask: Ask, publish: Publish) -> None:
    lamp, other = publish().case, publish(type="ovrigt").case
    assert ids(ask(service_code="belysning.lampa")) == [lamp.number]
    assert set(ids(ask(service_code="ovrigt, belysning.lampa"))) == {lamp.number, other.number}
    assert ids(ask(service_code="nope")) == []


def test_by_status(ask: Ask, publish: Publish, cast: Cast) -> None:
    open_, closed = publish().case, publish().case
    with organisation_scope(cast.motala.pk):
        actions.change_state(
            case_id=closed.pk,
            to=State.RESOLVED,
            message="Klart.",
            closing={"measure": "Bytt"},
            by=cast.sara.actor,
        )
    assert ids(ask(status="open")) == [open_.number]
    assert ids(ask(status="Closed")) == [closed.number]
    assert len(ids(ask(status="open,closed"))) == 2
    assert data(ask(status="closed"))[0]["status"] == "closed"
    data(ask(status="fixed"), 400)
    assert ids(ask(detailed_status="RESOLVED")) == [closed.number]
    assert set(ids(ask(detailed_status="received, resolved"))) == {open_.number, closed.number}
    assert ids(ask(detailed_status="PLANNED")) == []
    assert "RESOLVED" in data(ask(detailed_status="PROCESSED"), 400)[0]["description"]


def test_the_last_90_days_unless_said_otherwise(ask: Ask, publish: Publish, move: Move) -> None:
    old, new = publish().case, publish().case
    move(old, registered_at=now() - timedelta(days=91))
    assert ids(ask()) == [new.number]
    long_ago = (now() - timedelta(days=100)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ids(ask(end_date=(now() - timedelta(days=90)).strftime("%Y-%m-%dT%H:%M:%SZ"))) == [old.number]
    assert set(ids(ask(start_date=(now() - timedelta(days=91, hours=1)).isoformat()))) == {old.number, new.number} - {
        new.number
    }
    data(ask(start_date=long_ago, end_date=now().isoformat()), 400)


@pytest.mark.parametrize(
    "start",
    [
        "2026-11-01T12:00:00Z",
        "2026-11-01T13:00:00+01:00",
        "2026-11-01 13:00:00+01:00",
        "2026-11-01T13:00:00 01:00",  # a plus sign that nobody coded
        "2026-11-01T12:00:00.000000Z",
        "2026-11-01T13:00:00",  # a Swedish clock
        "2026-11-01",
    ],
)
def test_dates_however_they_are_written(ask: Ask, publish: Publish, move: Move, start: str) -> None:
    inside, before = publish().case, publish().case
    move(inside, registered_at=datetime(2026, 11, 1, 12, 0, 0, 500_000, UTC))
    move(before, registered_at=datetime(2026, 10, 31, 22, 59, tzinfo=UTC))
    assert ids(ask(start_date=start, end_date="2026-11-01T12:00:00Z")) == [inside.number], "both ends are inside"


@pytest.mark.parametrize(
    "parameters",
    [
        {"start_date": "yesterday"},
        {"service_code": ",".join("x" * 1001)},
        {"service_request_id": ",".join(str(n) for n in range(1001))},
        {"start_date": "0001-01-01T00:00:00Z"},
        {"end_date": "9999-12-31T23:59:59Z"},
        {"start_date": "2026-02-30"},
        {"start_date": "2026-11-02", "end_date": "2026-11-01"},
        {"updated_after": "NaN"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "x"},
        {"page": "999999999"},
        {"page_size": "1.5"},
        {"page_size": "9" * 400},
        {"lat": "58", "radius": "10"},
        {"lat": "nan", "long": "15", "radius": "10"},
        {"lat": "58", "long": "15", "radius": "inf"},
        {"lat": "99", "long": "15", "radius": "10"},
        {"lat": "58", "long": "15", "radius": "1000000"},
        {"lat": "59,33", "long": "15", "radius": "10"},
    ],
)
def test_a_filter_that_makes_no_sense_is_400(ask: Ask, web: Client, parameters: dict[str, str]) -> None:
    assert data(ask(**parameters), 400)[0]["code"] == 400
    tree(web.get(url("requests.xml"), parameters), 400)


def test_every_bad_filter_is_told_at_once(ask: Ask) -> None:
    assert len(data(ask(start_date="x", end_date="y", status="z", page="0"), 400)) == 4


def test_what_is_empty_is_absent(ask: Ask, publish: Publish) -> None:
    made = publish()
    empty = ("service_code", "status", "start_date", "end_date", "page", "page_size", "lat", "radius", "updated_after")
    assert ids(ask(**dict.fromkeys(empty, ""))) == [made.case.number]


def test_changes_since_however_old_the_case_is(ask: Ask, publish: Publish, move: Move) -> None:
    old, new = publish().case, publish().case
    moment = datetime(2025, 11, 20, 12, 0, 0, 250_000, UTC)
    move(old, registered_at=now() - timedelta(days=400), changed_at=moment)
    assert ids(ask(updated_after="2025-11-20 12:00:00+00:00", updated_before="2025-11-20T12:00:00Z")) == [old.number]
    assert ids(ask(updated_after="2025-11-20T12:00:01Z")) == [new.number]
    data(ask(updated_after="2025-11-20T12:00:01Z", updated_before="2025-11-20T12:00:00Z"), 400)


def test_changes_come_in_their_order_so_that_who_pages_misses_nothing(ask: Ask, publish: Publish, move: Move) -> None:
    first, second, third = (publish().case for _n in range(3))
    since = now() - timedelta(hours=3)
    for hours, case in ((2, third), (1, first)):
        move(case, changed_at=now() - timedelta(hours=hours))
    asked = {"updated_after": since.isoformat(), "page_size": 1}
    assert ids(ask(**asked)) == [third.number]
    move(third, changed_at=now())  # while somebody pages
    assert ids(ask(**asked)) == [first.number]
    assert [ids(ask(**asked, page=page)) for page in (2, 3)] == [[second.number], [third.number]]


def test_nearby(ask: Ask, publish: Publish) -> None:
    lat, lon = factories.MOTALA
    near, _far, _nowhere = publish(at=(lat, lon)), publish(at=(lat + 0.01, lon)), publish(at=None)
    assert ids(ask(lat=lat, long=lon, radius=500)) == [near.case.number]
    assert len(ids(ask(lat=lat, long=lon, radius=2000))) == 2
    assert len(ids(ask(lat=lat, long=lon))) == 3  # some clients always say where they are


def test_a_case_without_a_place(web: Client, publish: Publish) -> None:
    publish(at=None)
    (found,) = data(web.get(url("requests.json")))
    assert found["lat"] is None
    assert tree(web.get(url("requests.xml"))).findtext("request/lat") == ""


# What must never be seen


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("state", [state for state in Case.Published if state != Case.Published.PUBLISHED])
def test_only_what_is_published_exists(
    ask: Ask, web: Client, publish: Publish, motala: Organisation, state: str
) -> None:
    made = publish()
    with organisation_scope(motala.pk):
        Case.objects.filter(pk=made.case.pk).update(publication_state=state)
    number = made.case.number
    assert ids(ask()) == ids(ask(service_request_id=number)) == ids(ask(updated_after="2020-01-01")) == []
    for suffix in ("json", "xml"):
        assert web.get(url(f"requests/{number}.{suffix}")).status_code == 404


def test_what_was_taken_back_is_gone(web: Client, publish: Publish, cast: Cast) -> None:
    made = publish()
    with organisation_scope(cast.motala.pk):
        actions.withdraw(case_id=made.case.pk, by=cast.sara.actor)
    data(web.get(url(f"requests/{made.case.number}.json")), 404)


def test_what_is_shown_is_what_was_read_through(ask: Ask, publish: Publish, motala: Organisation) -> None:
    made = publish(text="Släckt.")
    with organisation_scope(motala.pk):
        Case.objects.filter(pk=made.case.pk).update(text="Släckt vid Eva Ek.", title="Eva Ek", state_reason="Eva")
    assert "Eva" not in ask(extensions="true").content.decode()


def test_an_organisation_that_publishes_nothing_shows_nothing(ask: Ask, web: Client, publish: Publish) -> None:
    made = publish()
    Organisation.objects.update(publishes=False)
    assert ids(ask()) == []
    data(web.get(url(f"requests/{made.case.number}.json")), 404)


@pytest.mark.requirement("N4", "X1")
def test_another_organisations_ids_do_not_exist(elsewhere: Client, publish: Publish) -> None:
    number = publish().case.number
    data(elsewhere.get(url(f"requests/{number}.json")), 404)
    assert data(elsewhere.get(url("requests.json"), {"service_request_id": number})) == []
    assert data(elsewhere.get(url("requests.json"))) == []


def test_the_same_as_a_case_that_is_not_shown_names_none(
    ask: Ask, publish: Publish, motala: Organisation, cast: Cast
) -> None:
    parent, child = publish().case, publish().case
    with organisation_scope(motala.pk):
        Case.objects.filter(pk=child.pk).update(state=State.DUPLICATE, duplicate_of=parent)

    def extended() -> Any:
        (found,) = data(ask(extensions="true", service_request_id=child.number))
        return found["extended_attributes"] | {"notes": found["status_notes"], "status": found["status"]}

    shown = extended()
    assert (shown["duplicate"], shown["parent_service_request_id"]) == (True, parent.number)
    assert parent.number in shown["notes"]
    assert shown["status"] == "closed"
    with organisation_scope(motala.pk):
        actions.withdraw(case_id=parent.pk, by=cast.sara.actor)
    hidden = extended()
    assert hidden["parent_service_request_id"] is None
    assert parent.number not in hidden["notes"]
