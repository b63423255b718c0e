"""Sources: what they get, how politely, and what happens when they fail or fall silent."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from lyhord.audit.models import Event
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, LyhordError
from lyhord.core.http import Limits
from lyhord.core.tenancy import organisation_scope
from lyhord.matters import tasks
from lyhord.matters.actions import sources
from lyhord.matters.models import Document, Matter, MatterEvent, Source
from lyhord.matters.polite import NotWelcome, Web
from lyhord.matters.source import SOURCES, Errand, SourceFailed
from lyhord.organisations.models import Organisation
from tests import factories
from tests.far_end import FarEnd, Reply, listening
from tests.matters.papers import COUNCIL, EXECUTIVE, TEST
from tests.matters.pdf import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.3")]


@pytest.fixture
def organisation(db: None) -> Organisation:
    """Motala, not in scope: sources are asked outside any."""
    return factories.make_organisation()


@pytest.fixture
def there(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FarEnd]:
    """A web site; nobody waits between questions in tests."""
    monkeypatch.setattr(tasks, "Web", lambda: Web(pause=0))
    with listening(settings) as end:
        end.usual = Reply(status=404, body=b"")
        yield end


def add(organisation: Organisation, kind: str, **config: str) -> Source:
    with organisation_scope(organisation.pk):
        return sources.save_source(kind=kind, name=f"Källa {kind}", config=config, interval_minutes=60, by=TEST)


def visit(organisation: Organisation, source: Source) -> Source:
    tasks.visit.func(organisation_id=organisation.pk, source_id=source.pk)
    with organisation_scope(organisation.pk):
        return Source.objects.get(pk=source.pk)


@pytest.fixture
def folder(organisation: Organisation, settings: Any, tmp_path: Path) -> Path:
    settings.MATTERS_FOLDER = tmp_path
    made = tmp_path / organisation.slug / "protokoll"
    made.mkdir(parents=True)
    return made


@pytest.mark.requirement("3.14")
def test_what_is_put_in_the_folder_becomes_matters(organisation: Organisation, folder: Path) -> None:
    (folder / "Kommunstyrelsen protokoll 2026-10-06.txt").write_text(EXECUTIVE, encoding="utf-8")
    lines = ["Kommunfullmäktige", *[line for line in COUNCIL.splitlines() if line]]
    (folder / "Kommunfullmäktige protokoll 2026-11-16.pdf").write_bytes(pdf(lines))
    (folder / "program.exe").write_bytes(b"MZ")
    source = visit(organisation, add(organisation, "file_drop", folder="protokoll"))
    assert (source.last_error, source.failures) == ("", 0)
    visit(organisation, source)
    with organisation_scope(organisation.pk):
        assert Document.objects.count() == 2
        assert Matter.objects.get().items.count() == 2
        assert MatterEvent.objects.count() == 2
    (folder / "Kommunstyrelsen protokoll 2026-10-06.txt").unlink()
    visit(organisation, source)
    with organisation_scope(organisation.pk):
        assert Document.objects.filter(withdrawn_at__isnull=False).count() == 1


@pytest.mark.parametrize("name", ["../annan", "/etc", "a/b", ""])
def test_no_folder_but_ones_own_is_read(organisation: Organisation, folder: Path, name: str) -> None:
    errand = Errand(organisation=organisation.slug, config={"folder": name}, cursor={}, web=Web())
    with pytest.raises(SourceFailed):
        SOURCES.get("file_drop").fetch(errand)


def test_a_link_out_of_the_folder_is_not_followed(organisation: Organisation, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("§ 1 Dnr KS 2026/1\nHemligt\n", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    errand = Errand(organisation=organisation.slug, config={"folder": "protokoll"}, cursor={}, web=Web())
    assert SOURCES.get("file_drop").fetch(errand).papers == ()


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Protokoll</title>
<item><guid>p36</guid><title>Protokoll Kommunstyrelsen 2026-10-06</title><link>{url}/p36</link></item>
</channel></rss>"""


def feed_at(there: FarEnd, robots: Reply | None = None) -> None:
    """The site: a feed with an ETag, and the minutes that it links to."""

    plain = there.answer

    def reply(handler: Any) -> Reply:
        if handler.path == "/robots.txt":
            return robots or Reply(status=404, body=b"")
        if handler.path == "/feed":
            if handler.headers.get("If-None-Match") == '"one"':
                return Reply(status=304, body=b"")
            return Reply(body=RSS.format(url=there.url).encode(), headers={"ETag": '"one"'})
        return Reply(body=EXECUTIVE.encode(), headers={"Content-Type": "text/plain; charset=utf-8"})

    def by_address(handler: Any) -> None:
        there.replies.insert(0, reply(handler))
        plain(handler)

    there.answer = by_address  # type: ignore[method-assign]  # the far end itself answers in order only


def test_a_feed_is_asked_for_what_has_changed_only(organisation: Organisation, there: FarEnd) -> None:
    feed_at(there)
    source = visit(organisation, add(organisation, "feed", url=f"{there.url}/feed"))
    assert (source.last_error, source.cursor["etag"]) == ("", '"one"')
    with organisation_scope(organisation.pk):
        document = Document.objects.get()
        assert (document.kind, document.url) == ("minutes", f"{there.url}/p36")
        assert Matter.objects.get().stage == "executive"
    visit(organisation, source)
    paths = [heard.path for heard in there.heard]
    assert paths.count("/feed") == 2
    assert paths.count("/p36") == 1
    assert all(heard.headers["user-agent"].startswith("Lyhord-matters/") for heard in there.heard)


@pytest.mark.parametrize(
    "robots", [Reply(body=b"User-agent: *\nDisallow: /\n"), Reply(status=500, body=b""), Reply(status=403, body=b"")]
)
def test_a_site_that_does_not_want_us_is_left_alone(organisation: Organisation, there: FarEnd, robots: Reply) -> None:
    feed_at(there, robots)
    source = visit(organisation, add(organisation, "feed", url=f"{there.url}/feed"))
    assert "robots.txt" in source.last_error
    assert [heard.path for heard in there.heard] == ["/robots.txt"]
    with pytest.raises(NotWelcome):
        Web(pause=0).get(f"{there.url}/feed", limits=Limits(most_bytes=1000))


@pytest.mark.parametrize("body", [b"<html>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><rss>&a;</rss>", b"<list/>"])
@pytest.mark.requirement("3.7")
def test_what_is_no_feed_says_so_and_imports_nothing(organisation: Organisation, there: FarEnd, body: bytes) -> None:
    there.replies = [Reply(status=404, body=b""), Reply(body=body)]
    source = visit(organisation, add(organisation, "feed", url=f"{there.url}/feed"))
    assert source.last_error
    with organisation_scope(organisation.pk):
        assert not Document.objects.exists()


def test_failures_make_the_wait_longer_and_are_told_once(organisation: Organisation, folder: Path) -> None:
    source = add(organisation, "file_drop", folder="saknas")
    waits = []
    for _time in range(4):
        source = visit(organisation, source)
        waits.append(source.next_at - now())
    assert source.failures == 4
    assert all(later > earlier * 1.5 for earlier, later in pairwise(waits))
    with organisation_scope(organisation.pk):
        assert Event.objects.filter(verb="source.failing").count() == 1


def test_a_silent_source_is_told_of_once(organisation: Organisation, folder: Path) -> None:
    source = add(organisation, "file_drop", folder="protokoll")
    with organisation_scope(organisation.pk):
        assert sources.tell_of_silence(by=TEST) == 0
        Source.objects.update(news_at=now() - timedelta(days=22))
        assert sources.tell_of_silence(by=TEST) == 1
        assert sources.tell_of_silence(by=TEST) == 0
    (folder / "Kommunstyrelsen protokoll 2026-10-06.txt").write_text(EXECUTIVE, encoding="utf-8")
    assert visit(organisation, source).silence_told_at is None


def test_each_turn_is_claimed_once(organisation: Organisation, folder: Path) -> None:
    source = add(organisation, "file_drop", folder="protokoll")
    with organisation_scope(organisation.pk):
        assert sources.claim_due() == [source.pk]
        assert sources.claim_due() == []
        sources.switch_source(source_id=source.pk, active=False, by=TEST)
        Source.objects.update(next_at=now() - timedelta(minutes=1))
        assert sources.claim_due() == []


def test_a_source_needs_a_name_and_what_its_kind_asks_for(organisation: Organisation) -> None:
    with organisation_scope(organisation.pk):
        for kind, name, config in (("feed", "X", {}), ("feed", "", {"url": "https://x"}), ("nothing", "X", {})):
            with pytest.raises(Invalid):
                sources.save_source(kind=kind, name=name, config=config, interval_minutes=60, by=TEST)
        with pytest.raises(LyhordError):
            sources.save_source(kind="feed", name="X", config={"url": "https://x"}, interval_minutes=1, by=TEST)
