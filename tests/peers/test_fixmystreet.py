"""FixMyStreet as a client of Lyhörd as it runs: categories, reports, and updates both ways, with what goes wrong."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from PIL import Image

from tests.browser.house import SmallHouse, eventually
from tests.far_end import FarEnd, Reply
from tests.peers.conftest import SHARED_HOST
from tests.peers.fixmystreet import Comment, FixMyStreet, Report, SendFailed
from tests.peers.test_api_schemathesis import email_of, key_of

pytestmark = pytest.mark.requirement("N9", "0.9")

ASKING, BATCH = "park.trad", "park.invasiv"
_ids = count(8_105_704)
type Do = Callable[..., Any]


@pytest.fixture(scope="module")
def fixmystreet_key(served: SmallHouse) -> str:
    """Of one that it knows for FixMyStreet, in Mjölby."""
    return key_of(served, "--fixmystreet", organisation="mjolby", client="FixaMinGata")


@pytest.fixture(params=["its own host", "the host of several"])
def fms(served: SmallHouse, fixmystreet_key: str, request: pytest.FixtureRequest) -> Iterator[FixMyStreet]:
    """A body of FixMyStreet's that is configured for Mjölby, and has read its services."""
    shared = request.param == "the host of several"
    peer = FixMyStreet(
        f"http://127.0.0.1:{served.port}/open311/v2/",
        host=f"{SHARED_HOST if shared else 'mjolby.localhost'}:{served.port}",
        jurisdiction="mjolby" if shared else "",
        api_key=fixmystreet_key,
    )
    peer.populate()
    yield peer
    peer.close()


@pytest.fixture
def desk(served: SmallHouse) -> Do:
    """Do something to a case, as somebody in Mjölby does by the REST API."""
    key = key_of(served, "--person", email_of(served, "administrator", "mjolby"), organisation="mjolby")

    def do(number: str, deed: str, method: str = "POST", **what: Any) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        headers = {"Host": f"mjolby.localhost:{served.port}", "X-API-Key": key, "Content-Type": "application/json"}
        connection.request(method, f"/api/v1/cases/{number}{deed}", json.dumps(what) if what else None, headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert answer.status < 300, (answer.status, body)
        return json.loads(body) if body else None

    return do


@pytest.fixture
def far_end() -> Iterator[FarEnd]:
    """Where FixMyStreet keeps its pictures."""
    there = FarEnd()
    yield there
    there.close()


def cases(served: SmallHouse, number: str) -> dict[str, Any]:
    """What the database says of a case in Mjölby."""
    names = ("id", "text", "state", "unread", "channel", "publication_state")
    row = served.row(
        f"select {', '.join(f'c.{name}' for name in names)} from cases_case c join organisations_organisation o "
        "on o.id = c.organisation_id where o.slug = 'mjolby' and c.number = %s",
        number,
    )
    return dict(zip(names, row, strict=True))


def jpeg(colour: str = "green") -> bytes:
    made = BytesIO()
    Image.new("RGB", (80, 60), colour).save(made, "JPEG")
    return made.getvalue()


def next_second() -> None:
    """We tell whole seconds: what happened in the same one as a word of its own users is older to it."""
    begun = int(time.time())
    while int(time.time()) == begun:
        time.sleep(0.05)


def a_category(fms: FixMyStreet, code: str) -> str:
    """What FixMyStreet calls a service."""
    (found,) = [name for name, contact in fms.contacts.items() if contact.code == code]
    return found


def reported(fms: FixMyStreet, code: str = "park.mobel", **values: Any) -> Report:
    """A report that has been sent."""
    report = Report(next(_ids), a_category(fms, code), **values)
    fms.send(report)
    report.sent_at = datetime.now(UTC) - timedelta(minutes=1)  # it takes what is older than that for younger
    return report


def test_it_reads_the_categories(fms: FixMyStreet) -> None:
    codes = {contact.code for contact in fms.contacts.values()}
    assert {"park.mobel", ASKING, BATCH} <= codes
    assert all(code.isascii() for code in codes)
    assert all(contact.groups and contact.groups[0] for contact in fms.contacts.values())
    for contact in fms.contacts.values():
        assert contact.questions["fixmystreet_id"]["automated"] == "server_set"
        assert sorted(int(asked["order"]) for asked in contact.questions.values()) == list(
            range(1, len(contact.questions) + 1)
        )


def test_a_report_whose_answer_gets_lost_is_one_case(fms: FixMyStreet, served: SmallHouse) -> None:
    report = Report(next(_ids), a_category(fms, "park.mobel"))
    assert fms.send(report, lose=3) == 4
    case = cases(served, report.external_id)
    assert case["text"] == "Trasig bänk\n\nRyggstödet är av."
    assert case["channel"] == "open311"
    (received,) = served.row("select count(*) from intake_reception where external_id = %s", f"fixmystreet:{report.id}")
    assert received == 1


def test_what_is_wrong_is_said_to_its_staff(fms: FixMyStreet) -> None:
    with pytest.raises(SendFailed, match=r"400: .* required"):
        fms.send(Report(next(_ids), a_category(fms, ASKING)))
    fms.api_key = "wrong"
    with pytest.raises(SendFailed, match=r"^403: "):
        fms.send(Report(next(_ids), a_category(fms, "park.mobel")))


def test_a_report_without_a_point_and_one_with_a_token(fms: FixMyStreet, served: SmallHouse) -> None:
    vague = reported(fms, pinpointed=False)
    assert cases(served, vague.external_id)
    batch = reported(fms, BATCH)
    assert cases(served, batch.external_id)


def test_pictures_of_a_private_report_come_as_files(fms: FixMyStreet, served: SmallHouse) -> None:
    report = reported(fms, photos=[jpeg("red"), jpeg("blue")])
    case = cases(served, report.external_id)
    assert served.row("select count(*) from cases_photo where case_id = %s", case["id"]) == (2,)


def test_pictures_of_others_are_fetched(fms: FixMyStreet, served: SmallHouse, far_end: FarEnd) -> None:
    """The guard lets nobody fetch from our own machine, so they stay with whoever has them, and staff are told."""
    far_end.usual = Reply(body=jpeg(), headers={"Content-Type": "image/jpeg"})
    report = reported(fms, media=[f"{far_end.url}/1.jpeg"])
    case = cases(served, report.external_id)
    said = "select text from cases_message where case_id = %s and text like '%%1.jpeg'"
    eventually(lambda: served.rows(said, case["id"]), "the worker's word")
    assert far_end.heard == []


def test_what_becomes_of_it_is_read_on_once(fms: FixMyStreet, desk: Do) -> None:
    report = reported(fms)
    fms.fetch()
    assert report.comments == []
    desk(report.external_id, "/state", "PUT", state="planned", reason="Vi väntar på virke.", until="2099-05-01")
    desk(report.external_id, "/state", "PUT", state="resolved", message="Klart.", closing={"done": "Nytt ryggstöd."})
    for _n in range(3):
        fms.fetch()
    assert [comment.state for comment in report.comments] == ["action scheduled", "fixed - council"]
    assert report.state == "fixed - council"
    assert report.comments[0].text == "Planerad till 1 maj 2099"
    assert not any("virke" in comment.text or "Klart." in comment.text for comment in report.comments)
    later = datetime.now(UTC) + timedelta(hours=3)
    assert fms.fetch(start=later - timedelta(hours=2), end=later) == 0
    assert fms.fetch(start=later - timedelta(hours=24), end=later) == 0


def test_a_report_that_turns_out_to_be_something_else_gets_its_category(fms: FixMyStreet, desk: Do) -> None:
    report = reported(fms)
    desk(report.external_id, "/type", "PUT", case_type=BATCH)
    fms.fetch()
    assert report.category == a_category(fms, BATCH)
    assert report.state == "confirmed"


def test_what_its_user_says_reaches_the_desk_once(fms: FixMyStreet, served: SmallHouse, desk: Do) -> None:
    report = reported(fms)
    desk(report.external_id, "/read")
    comment = Comment("Nu är sitsen av också.", "confirmed", datetime.now(UTC), id=next(_ids), photos=[jpeg()])
    assert fms.push(report, comment, lose=2) == 3
    case = cases(served, report.external_id)
    assert case["unread"]
    said = "select text, id from cases_message where case_id = %s and side = 'resident'"
    ((text, message_id),) = served.rows(said, case["id"])
    assert text == "Nu är sitsen av också."
    assert served.row("select count(*) from cases_photo where message_id = %s", message_id) == (1,)


def test_both_ways_and_nothing_echoes(fms: FixMyStreet, served: SmallHouse, desk: Do) -> None:
    report = reported(fms)
    desk(report.external_id, "/state", "PUT", state="resolved", message="Klart.", closing={"done": "Lagad."})
    fms.fetch()
    assert report.state == "fixed - council"
    again = Comment("Den är av igen.", "confirmed", datetime.now(UTC), id=next(_ids))
    fms.push(report, again)
    assert cases(served, report.external_id)["state"] == "received"
    for _n in range(3):
        fms.fetch()
    assert [comment.state for comment in report.comments] == ["fixed - council", "confirmed", "confirmed"]
    texts = [comment.text for comment in report.comments]
    assert texts.count("Den är av igen.") == 1, "what it said itself does not come back"
    fixed = Comment("Jag lagade den själv.", "fixed - user", datetime.now(UTC), id=next(_ids))
    fms.push(report, fixed)
    assert cases(served, report.external_id)["state"] == "received", "a person at the desk looks first"
    next_second()
    desk(report.external_id, "/state", "PUT", state="resolved", message="Tack!", closing={"done": "Av en invånare."})
    fms.fetch()
    assert report.state == "fixed - council"


def test_another_client_reads_nothing_of_what_is_not_shown(fms: FixMyStreet, served: SmallHouse, desk: Do) -> None:
    report = reported(fms)
    assert cases(served, report.external_id)["publication_state"] == "review"
    desk(report.external_id, "/state", "PUT", state="in_progress")
    fms.api_key, had = "", fms.api_key
    assert fms.fetch() == 0
    fms.api_key = had
    assert fms.fetch() == 1
