"""Sources that list files: by selectors, in folders, in diaries. Each against a site that answers as such sites do."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from lyhord.matters.polite import Web
from lyhord.matters.selectors import BadSelector, compiled, parse, select
from lyhord.matters.source import SOURCES, Batch, Errand, SourceFailed
from tests.far_end import FarEnd, Heard, listening
from tests.matters.pdf import pdf

pytestmark = [pytest.mark.requirement("3.7")]
MINUTES = pdf(["SAMMANTRÄDESPROTOKOLL", "§ 36 Dnr KS 2026/412", "Ny belysning", "Beslut", "Förslaget bifalls."])


@pytest.fixture
def there(settings: Any) -> Iterator[FarEnd]:
    with listening(settings) as end:
        yield end


def answers(end: FarEnd, say: Callable[[Heard], bytes | None]) -> None:
    """Let the site say that; None is 404."""

    def prepare(heard: Heard) -> None:
        said = say(heard)
        end.usual.status, end.usual.body = (404, b"") if said is None else (200, said)  # the answer about to be given

    end.on_question = prepare


def ask(kind: str, config: dict[str, str], cursor: Any = None, most: int = 20) -> Batch:
    errand = Errand(organisation="motala", config=config, cursor=cursor or {}, web=Web(pause=0), most=most)
    return SOURCES.get(kind).fetch(errand)


def told(batch: Batch) -> list[tuple[str, str, str, bool]]:
    """Kind, body and day of each paper, and whether its § was read."""
    return [(p.kind, p.body, str(p.held_on), "§ 36" in p.text) for p in batch.papers]


def test_selectors() -> None:
    page = parse(
        "<div id=main><ul class='files new'><li>1 <a href=/a.pdf>A</a><li><b><a href=/b.doc>B</a></b></ul>"
        "<ul><li><a href='/c.pdf?x=1'>C</a></ul></div><p><a href=/d.pdf>D</a>"
    )

    def chosen(selector: str) -> str:
        return "".join(element.text for element in select(page, selector))

    cases = {
        "a": "ABCD",
        "ul.files a": "AB",
        "ul.files.new > li > a": "A",
        "#main a[href$=.pdf]": "A",
        'a[href*="pdf?"], p a': "CD",
        "a[href^=/d]": "D",
        "li b": "B",
        "ul[class~=new] li:nope": None,
        "> a": None,
        "": None,
        "a >": None,
    }
    for selector, said in cases.items():
        if said is None:
            with pytest.raises(BadSelector):
                compiled(selector)
        else:
            assert chosen(selector) == said, selector
    assert len(parse("<div>" * 5000).children) == 1  # deep nesting is no harm


def test_a_list_on_a_page(there: FarEnd) -> None:
    first = """<table><tr><th>Möte</th></tr><tr class=rad><td class=dag>2026-10-06</td><td><a href="ks.pdf">Protokoll
        kommunstyrelsen</a></td></tr></table><a class=next href="/sida2">Nästa</a>"""
    second = '<tr class=rad><td class=dag>2026-09-01</td><td><a href="/ks2.pdf">Kallelse kommunstyrelsen</a></td></tr>'
    pages = {"/lista": first.encode(), "/sida2": f"<table>{second}</table>".encode(), "/ks.pdf": MINUTES}
    answers(there, lambda heard: pages.get(heard.path))
    config = {"url": f"{there.url}/lista", "rows": "tr.rad", "day": "td.dag", "onward": "a.next", "body": "KS"}
    batch = ask("html_list", config)
    assert told(batch) == [("minutes", "KS", "2026-10-06", True), ("agenda", "KS", "2026-09-01", False)]
    assert ask("html_list", config, batch.cursor).papers == ()
    one = ask("html_list", config, most=1)
    assert (len(one.papers), one.more) == (1, True)
    for selector, code in (("tr:hover", "selector"), ("tr.finns-inte", "rows")):
        with pytest.raises(SourceFailed) as failed:
            ask("html_list", {**config, "rows": selector})
        assert failed.value.code == code


def test_folders_in_sitevision(there: FarEnd) -> None:
    page = "/protokoll/kommunstyrelsen"
    top = f'<a href="{page}?folder=19.aa11&amp;sv.url=12.1f">2026</a><a href="/annat?folder=19.cc">Annat</a>'
    time = ["1791000000000"]

    def say(heard: Heard) -> bytes | None:
        if heard.path.startswith("/download/"):
            return MINUTES
        if "folder=19.aa11" in heard.path:
            name = "Protokoll%20KS%202026-10-06.pdf"
            return (
                f'<a href="/download/18.5ba7e1/{time[0]}/{name}">x</a><a href="{page}?folder=19.aa11">upp</a>'.encode()
            )
        return top.encode() if heard.path == page else None

    answers(there, say)
    config = {"url": f"{there.url}{page}", "body": "Kommunstyrelsen"}
    batch = ask("sitevision", config)
    assert told(batch) == [("minutes", "Kommunstyrelsen", "2026-10-06", True)]
    assert batch.papers[0].key == "18.5ba7e1"
    assert ask("sitevision", config, batch.cursor).papers == ()
    time[0] = "1792000000000"  # put up anew: the same paper, another version
    assert [paper.key for paper in ask("sitevision", config, batch.cursor).papers] == ["18.5ba7e1"]


@time_machine.travel("2026-11-20", tick=False)
def test_a_diary_with_json(there: FarEnd) -> None:
    notes = [
        {"id": 1, "board": "Kommunfullmäktige 2026-10-26", "date": "Mon Oct 26 2026 00:00:00 GMT+0100"},
        {"id": 2, "board": "Kommunfullmäktige 2026-02-23 Inställt", "date": "Mon Feb 23 2026"},
        {"id": 3, "board": "Kommunfullmäktige 2026-11-23", "date": "Mon Nov 23 2026"},
    ]
    file = {"id": 2365150, "name": "2365150_11_1.PDF", "size": 9, "comment": "Protokoll  Kommunfullmäktige 2026-10-26"}
    said = {
        "/api/boards/": {"boards": [{"id": 271490, "name": "Kommunfullmäktige"}, {"id": 5, "name": "Andra"}]},
        "/api/notes/?": {"notes": notes, "total": 3},
        "/api/agendas/?": {"agendas": [], "total": 0},
        "/api/notes/1": {"note": {"id": 1, "file": file}},
    }

    def say(heard: Heard) -> bytes | None:
        if heard.path == "/api/notes/2365150/2365150_11_1.PDF":
            return MINUTES
        found = said.get(heard.path.partition("?")[0] + ("?" if "?" in heard.path else ""))
        return None if found is None else json.dumps(found).encode()

    answers(there, say)
    config = {"url": f"{there.url}/", "boards": "kommunfullmäktige"}
    batch = ask("diarium", config)
    assert told(batch) == [("minutes", "Kommunfullmäktige", "2026-10-26", True)]
    assert any("board=271490" in heard.path for heard in there.heard)
    assert not any("board=5" in heard.path or heard.path == "/api/notes/2" for heard in there.heard)
    there.heard.clear()
    assert ask("diarium", config, batch.cursor).papers == ()
    assert not any(heard.path == "/api/notes/1" for heard in there.heard)


@time_machine.travel("2026-11-20", tick=False)
def test_ciceron(there: FarEnd) -> None:
    meetings = [
        {"id": 0, "title": "Kommunfullmäktige 2026-10-26", "object_link": "?t=1&i=Kommunfullmäktige"},
        {"id": 1, "title": "Kommunfullmäktige 2026-06-15"},
    ]
    documents = [
        {"id": 5504, "dok_id": 71, "name": "Protokoll kommunfullmäktige", "filename_b64": "cHJvdC5wdWIucGRm"},
        {"id": 5505, "dok_id": 72, "name": "Protokollsbilagor", "filename_b64": "YmlsLnBkZg=="},
        {"id": 5506, "dok_id": 73, "name": "Kallelse kommunfullmäktige", "filename_b64": "a2FsbC5wZGY="},
    ]

    def say(heard: Heard) -> bytes | None:
        if heard.path.startswith("/download/document?"):
            return MINUTES if "session_id=s1" in heard.path and "id=5504" in heard.path else None
        if heard.path != "/json":
            return None
        question = json.loads(heard.body)
        method, params = question["method"].removeprefix("CiceronsokServer:"), question["params"]
        if method == "Search":
            assert json.loads(params["param"])["board"] == "Kommunfullmäktige"
            result: Any = {"result": '{"hits":2}'}
        elif method == "ReadItems":
            result = {"results": meetings}
        elif method == "ReadObjectDetails":
            papers = documents if params["id"] == 0 else [{**documents[0], "id": 5504, "dok_id": 9}]
            result = {"value": json.dumps({"documents": papers, "items": []})}
        else:
            result = {}
        return json.dumps({"jsonrpc": "2.0", "id": 1, "result": result, "session_id": "s1"}).encode()

    answers(there, say)
    config = {"url": there.url, "board": "Kommunfullmäktige"}
    batch = ask("ciceron", config)
    assert told(batch) == [
        ("minutes", "Kommunfullmäktige", "2026-10-26", True),
        ("agenda", "Kommunfullmäktige", "2026-10-26", False),
        ("minutes", "Kommunfullmäktige", "2026-06-15", True),
    ]
    there.heard.clear()
    assert ask("ciceron", config, batch.cursor).papers == ()
    asked = [json.loads(heard.body)["params"].get("id") for heard in there.heard if heard.path == "/json"]
    assert 0 in asked
    assert 1 not in asked  # nothing more comes of what is settled
