"""What RT and Znuny answer otherwise than one would think, said here by the test; the real ones are in tests/peers."""

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from lyhord.exchange import generic_interface
from lyhord.exchange.adapter import ADAPTERS, AdapterError, Connection
from lyhord.exchange.models import ChangeKind
from tests.far_end import FarEnd, Reply

pytestmark = pytest.mark.requirement("0.9", "0.21", "N5", "N9")
RT, ZNUNY = ADAPTERS.get("rt"), ADAPTERS.get("znuny")


@pytest.fixture
def znuny(far_end: FarEnd) -> Iterator[Connection]:
    settings = {"url": f"{far_end.url}/znuny", "user": "lyhord", "customer": "invanare"}
    yield Connection(-1, settings, "hemligt")
    generic_interface._sessions.clear()


@pytest.fixture
def rt(far_end: FarEnd) -> Iterator[Connection]:
    sessions = import_module(type(RT).__module__)._sessions
    yield Connection(-2, {"url": far_end.url, "user": "lyhord"}, "hemligt")
    sessions.clear()


def says(far_end: FarEnd, *answers: object) -> None:
    """What it answers, one question after the other, and yes to whatever comes then."""
    far_end.replies += [Reply(body=json.dumps(one).encode()) for one in answers]


def asked(far_end: FarEnd) -> list[str]:
    return [heard.path.partition("?")[0] for heard in far_end.heard]


class TestZnuny:
    def test_a_filter_that_is_not_heeded_is_seen_when_checking(self, far_end: FarEnd, znuny: Connection) -> None:
        """It has no such field: the filter is left out without a word, and every ticket is found."""
        says(far_end, {"SessionID": "s"}, {"TicketID": ["1"]})
        with pytest.raises(AdapterError, match="field") as refused:
            ZNUNY.check(znuny, ["Gata"])
        assert refused.value.permanent
        assert json.loads(far_end.heard[1].body)["DynamicField_LyhordID"] == {"Equals": "-"}  # in a body, never a query

    def test_who_may_not_log_in_is_told_so_though_it_says_yes(self, far_end: FarEnd, znuny: Connection) -> None:
        wrong = {"Error": {"ErrorCode": "SessionCreate.AuthFail", "ErrorMessage": "Nej"}}
        says(far_end, wrong)
        with pytest.raises(AdapterError, match="login") as refused:
            ZNUNY.start(znuny)
        assert not refused.value.permanent  # it may be put right there

    def test_a_session_that_ends_is_begun_anew_once(self, far_end: FarEnd, znuny: Connection) -> None:
        ended = {"Error": {"ErrorCode": "TicketSearch.AuthFail", "ErrorMessage": "Slut"}}
        says(far_end, {"SessionID": "a"}, {}, ended, {"SessionID": "b"}, {}, ended, {"SessionID": "c"}, ended)
        ZNUNY.start(znuny)
        ZNUNY.start(znuny)
        assert [path.rpartition("/")[2] for path in asked(far_end)].count("Session") == 2  # and not for each question
        with pytest.raises(AdapterError, match="login"):
            ZNUNY.start(znuny)

    def test_only_what_an_agent_shows_the_customer_is_an_answer(self, far_end: FarEnd, znuny: Connection) -> None:
        """A ticket comes whole: our own words, what is internal, what its customer or the system itself wrote."""
        at = "2026-11-29 10:00:0"
        articles = [
            article(1, at, by=7, sender="agent", shown=1),
            article(2, at, by=2, sender="agent", shown=1),
            article(3, at, by=2, sender="agent", shown=0),
            article(4, at, by=2, sender="customer", shown=1),
            article(5, at, by=1, sender="system", shown=1),
        ]
        ticket: dict[str, Any] = {"CreateBy": 7, "Changed": f"{at}9", "State": "open", "Article": articles}
        history = {"TicketHistory": [{"History": {"HistoryType": "NewTicket", "Name": "%%1%%x", "CreateBy": 7}}]}
        says(far_end, {"SessionID": "s"}, {"TicketID": "12"}, {"Ticket": ticket}, history)  # a list of one is the one
        batch = ZNUNY.pull(znuny, "2026-11-29 10:00:00")
        assert [(one.key, one.kind) for one in batch.news] == [
            ("a2", ChangeKind.PUBLIC),
            ("a3", ChangeKind.INTERNAL),
            ("a4", ChangeKind.INTERNAL),
        ]
        assert batch.cursor == f"{at}9"

    def test_nothing_found_is_an_empty_answer(self, far_end: FarEnd, znuny: Connection) -> None:
        says(far_end, {"SessionID": "s"}, {})
        batch = ZNUNY.pull(znuny, "2026-11-29 10:00:00")
        assert (batch.news, batch.cursor) == ((), "2026-11-29 10:00:00")

    def test_it_knocks_behind_the_agents_back(self) -> None:
        """At once it would hold up whoever saves, as long as we do not answer."""
        [(_label, requester)] = ZNUNY.bell({}, "https://motala.example/in/system/7/", "it's")
        assert "Asynchronous: '0'" not in requester
        assert requester.count("Asynchronous: '1'") == len(generic_interface.EVENTS)
        assert "BasicAuthPassword: 'it''s'" in requester


def article(number: int, at: str, *, by: int, sender: str, shown: int) -> dict[str, Any]:
    return {
        "ArticleID": number,
        "CreateBy": by,
        "CreateTime": f"{at}{number}",
        "SenderType": sender,
        "IsVisibleForCustomer": shown,
        "Body": f"Ord {number}",
    }


class TestRt:
    def test_one_logs_in_once_for_many_questions(self, far_end: FarEnd, rt: Connection) -> None:
        """To know who asks costs RT a quarter of a second."""
        far_end.replies.append(Reply(headers={"Set-Cookie": "RT_SID=abc; path=/"}))
        says(far_end, {"items": [{"id": "9"}]}, {"items": [{"id": "9"}]})
        assert (RT.start(rt), RT.start(rt)) == ("9", "9")
        assert asked(far_end) == ["/NoAuth/Login.html", *["/REST/2.0/transactions"] * 2]
        assert [heard.headers.get("cookie") for heard in far_end.heard] == [None, "RT_SID=abc", "RT_SID=abc"]

    def test_what_rt_does_by_itself_is_no_news(self, far_end: FarEnd, rt: Connection) -> None:
        """It opens a ticket that somebody answers in, counts mails that leave, and tells us of what we did."""
        rows = [
            row(11, "Correspond", "anna"),
            row(12, "Status", "RT_System", new="open"),
            row(13, "EmailRecord", "RT_System"),
            row(14, "Comment", "lyhord"),
            row(15, "Status", "lyhord", new="resolved"),
            row(16, "Comment", "anna"),
            row(17, "Status", "anna", new="stalled"),
        ]
        says(far_end, {}, {"items": rows, "total": None})
        batch = RT.pull(rt, "10")
        assert [(one.key, one.kind, one.value) for one in batch.news] == [
            ("11", ChangeKind.PUBLIC, ""),
            ("16", ChangeKind.INTERNAL, ""),
            ("17", ChangeKind.STATE, "stalled"),
        ]
        assert (batch.cursor, batch.more) == ("17", False)

    def test_pages_are_counted_by_their_rows(self, far_end: FarEnd, rt: Connection) -> None:
        """RT does not say how many there are in all, and gives twenty where it is not told how many we want."""
        says(far_end, {}, {"items": [row(number, "EmailRecord", "anna") for number in range(1, 101)], "total": None})
        batch = RT.pull(rt, "0")
        assert (batch.cursor, batch.more) == ("100", True)
        assert "per_page=100" in far_end.heard[-1].path
        assert "LastUpdated" not in far_end.heard[-1].path  # it reads dates in the user's own time zone


def row(number: int, sort: str, who: str, *, new: str = "") -> dict[str, Any]:
    return {
        "id": str(number),
        "Type": sort,
        "Field": "Status" if sort == "Status" else None,
        "NewValue": new,
        "ObjectId": {"type": "ticket", "id": "3"},
        "Created": "2026-11-29T10:00:00Z",
        "Creator": {"id": who},
    }
