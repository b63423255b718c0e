"""A paper as a source or a person hands it over: its facts, and its text page by page."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from lyhord.matters.items import Paper, cut
from lyhord.matters.models import Document

STEP = 1
"""Raise it when papers are read or cut otherwise than before: each is then cut anew, and no old news told again."""

GOOD, THIN, UNREAD = "good", "thin", "unread"
"""How well a page could be read: it has text; it has next to none, so it may be a picture; it could not be opened."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page's text and how well it could be read."""

    text: str
    quality: str = GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A paper that was fetched or handed in. `key` is the source's own lasting name for it."""

    key: str
    kind: str
    """A value of Document.Kind."""
    title: str
    body: str = ""
    held_on: date | None = None
    url: str = ""
    language: str = "sv"
    sha256: str = ""
    """Of the file as it came; that of the text where there was no file."""
    pages: tuple[Page, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """All pages, with a form feed between."""
        return "\f".join(page.text for page in self.pages)

    @property
    def fingerprint(self) -> str:
        """What tells two versions apart."""
        return self.sha256 or hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def quality(self) -> Document.Quality:
        """How well the whole could be read."""
        good = sum(page.quality == GOOD for page in self.pages)
        if not good:
            return Document.Quality.UNREADABLE
        return Document.Quality.GOOD if good == len(self.pages) else Document.Quality.PARTLY

    @property
    def paper(self) -> Paper:
        """The paper cut into its items; only agendas and minutes have any."""
        minutes = self.kind == Document.Kind.MINUTES
        items = cut(self.text) if minutes or self.kind == Document.Kind.AGENDA else []
        return Paper(self.key, minutes, self.body, self.held_on, items)
