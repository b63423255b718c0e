"""What sources that list files on a web site share: which of them are new, and the papers behind their addresses."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from lyhord.core.errors import LyhordError
from lyhord.core.http import Limits
from lyhord.matters.incoming import as_taken
from lyhord.matters.papers import Taken
from lyhord.matters.reading import MOST_BYTES
from lyhord.matters.source import Batch, Errand

PAPER = Limits(most_bytes=MOST_BYTES, seconds=120, redirects=3)
_REMEMBERED = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A file in somebody's list: its lasting name there, what tells whether it has changed, and what the list says."""

    key: str
    mark: str
    url: str
    name: str
    kind: str = ""
    body: str = ""
    held_on: date | None = None
    language: str = ""


def fresh_papers(errand: Errand, listed: Iterable[Listed]) -> Batch:
    """The papers that are new or changed since the last turn, so many as the errand asks for.

    `listed` is read no further than that: to list may take a question for each meeting.
    """
    seen = dict(errand.cursor.get("seen", {}))
    papers: list[Taken] = []
    more = False
    for one in listed:
        if seen.get(one.key) == one.mark:
            continue
        if len(papers) >= errand.most:
            more = True
            break
        papers.append(taken(errand, one))
        seen[one.key] = one.mark
    kept = dict(list(seen.items())[-_REMEMBERED:])
    return Batch(papers=tuple(papers), cursor={"seen": kept}, more=more)


def taken(errand: Errand, one: Listed) -> Taken:
    """The paper behind an address; one that could not be fetched is kept as unreadable, and shown as such."""
    try:
        answer = errand.web.get(one.url, limits=PAPER)
        data, content_type = (answer.body if answer.fine else b""), answer.content_type
    except LyhordError:
        data, content_type = b"", ""
    paper = as_taken(key=one.key, name=one.name, data=data, url=one.url, content_type=content_type)
    return replace(
        paper,
        kind=one.kind or paper.kind,
        body=one.body or paper.body,
        held_on=one.held_on or paper.held_on,
        language=one.language or paper.language,
    )
