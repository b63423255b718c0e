"""A file as it came, made into a paper: read, and told what it is."""

import hashlib
from dataclasses import replace
from datetime import date

from lyhord.matters.facts import facts_of
from lyhord.matters.papers import GOOD, Page, Taken
from lyhord.matters.reading import read_pages


def as_taken(*, key: str, name: str, data: bytes, url: str = "", content_type: str = "") -> Taken:
    """The paper. One that cannot be read has a page that says so. Raises reading.Unreadable where the fault is ours."""
    pages = read_pages(data, name, content_type)
    facts = facts_of(name, "\f".join(page.text for page in pages))
    if facts.text and pages[0].quality == GOOD and len(pages[0].text) != len(facts.text):
        pages = _without_facts(pages, facts.text)
    return Taken(
        key=key[:300],
        kind=facts.kind,
        title=name.rsplit(".", 1)[0] if "." in name[-6:] else name,
        body=facts.body,
        held_on=facts.held_on,
        url=url,
        sha256=hashlib.sha256(data).hexdigest(),
        pages=pages,
    )


def with_facts(*, name: str, data: bytes, kind: str = "", body: str = "", held_on: date | None = None) -> Taken:
    """A paper handed in by a person: what they say of it goes before what it says itself."""
    taken = as_taken(key=hashlib.sha256(data).hexdigest(), name=name, data=data)
    return replace(taken, kind=kind or taken.kind, body=body or taken.body, held_on=held_on or taken.held_on)


def _without_facts(pages: tuple[Page, ...], text: str) -> tuple[Page, ...]:
    """The same pages, the first without the lines of facts."""
    first = text.split("\f", 1)[0]
    rest = pages[1:]
    return (replace(pages[0], text=first), *rest) if first.strip() or not rest else rest
