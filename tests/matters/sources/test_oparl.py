"""OParl, spoken by a far end as Karlsruhe speaks it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lyhord.core.tenancy import organisation_scope
from lyhord.matters import tasks
from lyhord.matters.actions import sources
from lyhord.matters.models import Body, Document, Matter, MatterEvent, Source
from lyhord.matters.polite import Web
from lyhord.organisations.models import Organisation
from tests import factories
from tests.far_end import FarEnd, Reply, listening
from tests.matters.papers import TEST

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.3")]

type Things = dict[str, Any]


def meeting(url: str, number: int, body: str, day: str, modified: str, **item: str) -> Things:
    return {
        "id": f"{url}/meetings/{number}",
        "organization": [f"{url}/organizations/{body}"],
        "start": f"{day}T17:00:00+02:00",
        "modified": modified,
        "agendaItem": [
            {"id": f"{url}/items/{number}", "name": "Sanierung der Wettersteinstraße", "public": True, **item},
            {"id": f"{url}/items/x{number}", "name": "Geheim", "public": False},
        ],
    }


@pytest.fixture
def organisation(db: None) -> Organisation:
    """Motala, not in scope."""
    return factories.make_organisation()


@pytest.fixture
def site(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[FarEnd, Things]]:
    """A far end and the lists that it shows by address."""
    monkeypatch.setattr(tasks, "Web", lambda: Web(pause=0))
    with listening(settings) as end:
        shown: Things = {"paper": [], "meeting": []}
        plain = end.answer

        def by_address(handler: Any) -> None:
            end.replies.insert(0, reply(end.url, handler.path, shown))
            plain(handler)

        end.answer = by_address  # type: ignore[method-assign]  # the far end itself answers in order only
        yield end, shown


def reply(url: str, path: str, shown: Things) -> Reply:
    address, _sep, query = path.partition("?")
    if address == "/body":
        said: Things = {"paper": f"{url}/paper", "meeting": f"{url}/meeting"}
    elif address.startswith("/organizations/"):
        said = {"name": address.rpartition("/")[2].title()}
    elif address[1:] in shown:
        since = query.partition("modified_since=")[2].replace("%3A", ":").replace("%2B", "+")
        said = {"data": [each for each in shown[address[1:]] if each["modified"] >= since], "links": {}}
    else:
        return Reply(status=404, body=b"")
    return Reply(body=json.dumps(said).encode(), headers={"Content-Type": "application/json"})


def visit(organisation: Organisation, source: Source) -> Source:
    tasks.visit.func(organisation_id=organisation.pk, source_id=source.pk)
    with organisation_scope(organisation.pk):
        return Source.objects.get(pk=source.pk)


def test_a_paper_on_its_way_through_two_bodies_is_one_matter(
    organisation: Organisation, site: tuple[FarEnd, Things]
) -> None:
    end, shown = site
    shown["paper"] = [
        {
            "reference": "2016/0134",
            "modified": "2026-10-01",
            "consultation": [{"agendaItem": f"{end.url}/items/1"}, {"agendaItem": f"{end.url}/items/2"}],
        }
    ]
    shown["meeting"] = [
        meeting(end.url, 1, "bauausschuss", "2026-10-06", "2026-10-02T10:00:00+02:00"),
        meeting(end.url, 2, "gemeinderat", "2026-11-16", "2026-11-17T10:00:00+02:00", result="Einstimmig beschlossen"),
    ]
    with organisation_scope(organisation.pk):
        config = {"url": f"{end.url}/body", "language": "de"}
        source = sources.save_source(kind="oparl", name="Rat", config=config, interval_minutes=60, by=TEST)
    source = visit(organisation, source)
    assert source.last_error == ""
    with organisation_scope(organisation.pk):
        matter = Matter.objects.get()
        assert [str(number) for number in matter.numbers.all()] == ["OP 2016-134"]
        assert list(Body.objects.values_list("name", flat=True)) == ["Bauausschuss", "Gemeinderat"]
        assert list(MatterEvent.objects.order_by("pk").values_list("type", flat=True)) == ["agenda", "decided"]
    asked = len(end.heard)
    visit(organisation, source)
    assert any("modified_since=2026-11-17" in heard.path for heard in end.heard[asked:])
    shown["meeting"][0] |= {"modified": "2026-11-20T10:00:00+02:00", "deleted": True}
    visit(organisation, source)
    with organisation_scope(organisation.pk):
        assert MatterEvent.objects.count() == 2
        assert Document.objects.filter(withdrawn_at__isnull=False).count() == 1


def test_many_meetings_are_taken_in_turns(organisation: Organisation, site: tuple[FarEnd, Things]) -> None:
    end, shown = site
    shown["meeting"] = [
        meeting(end.url, number, "rat", f"2026-01-{number:02}", "2026-02-01T10:00:00+01:00") for number in range(1, 26)
    ]
    with organisation_scope(organisation.pk):
        config = {"url": f"{end.url}/body"}
        source = sources.save_source(kind="oparl", name="Rat", config=config, interval_minutes=60, by=TEST)
    counts = []
    for _turn in range(3):
        source = visit(organisation, source)
        with organisation_scope(organisation.pk):
            counts.append(Document.objects.count())
    assert counts == [20, 25, 25]


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}"])
@pytest.mark.requirement("3.7")
def test_what_is_no_oparl_says_so(organisation: Organisation, settings: Any, monkeypatch: Any, body: bytes) -> None:
    monkeypatch.setattr(tasks, "Web", lambda: Web(pause=0))
    with listening(settings) as end:
        end.replies = [Reply(status=404, body=b""), Reply(body=body)]
        with organisation_scope(organisation.pk):
            config = {"url": f"{end.url}/body"}
            source = sources.save_source(kind="oparl", name="Rat", config=config, interval_minutes=60, by=TEST)
        assert visit(organisation, source).last_error
