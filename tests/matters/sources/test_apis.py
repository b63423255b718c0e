"""Sources that answer with JSON of their own make: Ahjo and EvoInternet. The answers are made up."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from lyhord.matters.source import SourceFailed
from tests.far_end import FarEnd, Heard, listening
from tests.matters.pdf import pdf
from tests.matters.sources.test_listed import MINUTES, answers, ask, told

pytestmark = [pytest.mark.requirement("3.3", "3.7")]
AGENDA = pdf(["Kaupunginhallitus esityslista", "§ 1 HEL 2026-001216", "Tonttikadun valaistus", "Esitys"])

type Rows = list[dict[str, Any]]


@pytest.fixture
def there(settings: Any) -> Iterator[FarEnd]:
    with listening(settings) as end:
        yield end


def paper(url: str, number: int, sort: str, **changed: Any) -> dict[str, Any]:
    """A document of a meeting as Ahjo tells of it."""
    return {
        "Type": sort,
        "Title": f"Kaupunginhallitus {sort} 12.10.2026",
        "Issued": "2026-10-08T02:00:00.000",
        "FileURI": f"{url}/files/{number}.pdf",
        "Language": "fi",
        "NativeId": f"{{N{number}}}",
        "VersionSeriesId": f"{{V{number}}}",
        "PublicityClass": "Julkinen",
        "PersonalData": "Ei sisällä henkilötietoja",
        **changed,
    }


def meeting(number: str, day: str, body: str = "00400") -> dict[str, Any]:
    return {"MeetingID": number, "DateMeeting": f"{day}T16:00:00.000", "DecisionMakerId": body, "Name": "Kokous"}


@time_machine.travel("2026-11-20", tick=False)
def test_ahjo(there: FarEnd) -> None:
    papers: Rows = [
        paper(there.url, 1, "esityslista"),
        paper(there.url, 2, "pöytäkirja"),
        paper(there.url, 3, "pöytäkirja", PublicityClass="Salassa pidettävä"),
        paper(there.url, 4, "protokoll", Language="sv"),
        paper(there.url, 5, "päätöstiedote"),
        paper(there.url, 6, "pöytäkirja", FileURI=None),
    ]
    old = [paper(there.url, 7, "pöytäkirja")]
    meetings = [
        meeting("00400202633", "2026-10-12"),
        meeting("00400202601", "2026-01-12"),
        meeting("X", "2026-10-12", "1"),
    ]

    def say(heard: Heard) -> bytes | None:
        path = heard.path.partition("?")[0]
        if path.startswith("/files/"):
            return {"/files/1.pdf": AGENDA, "/files/2.pdf": MINUTES, "/files/7.pdf": MINUTES}[path]
        if path == "/v1/meetings/":
            assert "start=2025-" in heard.path
            assert "apireqlang=fi" in heard.path
            return json.dumps({"meetings": meetings}).encode()
        number = path.removeprefix("/v1/meetings/")
        inner = {"DecisionMaker": "Kaupunginhallitus", "MeetingDocuments": papers if number.endswith("33") else old}
        # one answers with the meeting itself, another with a list of one
        return json.dumps({"meetings": [inner]} if number.endswith("33") else inner).encode()

    answers(there, say)
    config = {"url": f"{there.url}/v1/", "bodies": "00400, 02900"}
    batch = ask("ahjo", config)
    assert told(batch) == [
        ("agenda", "Kaupunginhallitus", "2026-10-12", False),
        ("minutes", "Kaupunginhallitus", "2026-10-12", True),
        ("minutes", "Kaupunginhallitus", "2026-01-12", True),
    ]
    assert {taken.language for taken in batch.papers} == {"fi"}
    there.heard.clear()
    assert ask("ahjo", config, batch.cursor).papers == ()
    paths = [heard.path for heard in there.heard]
    assert not any("00400202601" in path or "/X" in path or "/files/" in path for path in paths)  # settled, not wanted
    papers[1]["NativeId"] = "{N20}"  # another version of the same paper
    assert [taken.key for taken in ask("ahjo", config, batch.cursor).papers] == ["00400202633 minutes {V2}"]


def rows(count: int) -> Rows:
    """A long list, with an agenda and minutes in it."""
    made: Rows = [{"nr": number, "namn": f"Inkommen skrivelse {number}"} for number in range(count)]
    made[3] |= {"namn": "Protokoll 2026-10-06", "organ": "Kommunstyrelsen", "uppdaterad": "a"}
    made[-1] |= {"namn": "Kallelse", "datum": "2026-12-01T00:00:00", "organ": "Kommunfullmäktige", "uppdaterad": "a"}
    return made


def test_evointernet(there: FarEnd) -> None:
    listed = rows(130)

    def say(heard: Heard) -> bytes | None:
        if heard.path.startswith("/diarium/api/documents/"):
            return MINUTES if heard.path.endswith("/3/file") else AGENDA
        if heard.path == "/robots.txt":
            return None
        page = int(heard.path.partition("?page=")[2].partition("&")[0])
        assert heard.path.endswith("&pageSize=100&filter=typ+eq+3")
        return json.dumps({"total": 130, "documents": listed[100 * (page - 1) : 100 * page]}).encode()

    answers(there, say)
    fields = {"id": "nr", "title": "namn", "day": "datum", "body": "organ", "changed": "uppdaterad"}
    config = {"url": f"{there.url}/diarium", "file": "/api/documents/{nr}/file", "filter": "typ eq 3", **fields}
    batch = ask("evointernet", config)
    assert told(batch) == [
        ("minutes", "Kommunstyrelsen", "2026-10-06", True),
        ("agenda", "Kommunfullmäktige", "2026-12-01", False),
    ]
    assert ask("evointernet", config, batch.cursor).papers == ()
    listed[3]["uppdaterad"] = "b"
    assert [taken.key for taken in ask("evointernet", config, batch.cursor).papers] == ["3"]
    one = ask("evointernet", config, most=1)
    assert (len(one.papers), one.more) == (1, True)


def test_a_list_that_says_the_same_on_every_page_ends(there: FarEnd) -> None:
    answers(there, lambda heard: json.dumps([{"id": n, "title": "Skrivelse"} for n in range(100)]).encode())
    assert ask("evointernet", {"url": there.url, "file": "/{id}", "first": "0"}).papers == ()
    asked = [heard.path for heard in there.heard if heard.path != "/robots.txt"]
    assert [path.partition("&")[0] for path in asked] == ["/api/documents?page=0", "/api/documents?page=1"]


@pytest.mark.parametrize("kind", ["ahjo", "evointernet"])
@pytest.mark.parametrize("body", [b"<html>", b"3", b"{}", b'{"a": [], "b": []}', None])
def test_what_is_something_else_says_so(there: FarEnd, kind: str, body: bytes | None) -> None:
    answers(there, lambda heard: None if heard.path == "/robots.txt" else body)
    with pytest.raises(SourceFailed):
        ask(kind, {"url": there.url, "file": "/{id}"})
