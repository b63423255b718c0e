"""RSS or Atom: each entry that is new or changed, and the paper that it links to."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET  # what could have entities is refused below

from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import LyhordError
from lyhord.core.http import Limits
from lyhord.matters.incoming import as_taken
from lyhord.matters.reading import MOST_BYTES
from lyhord.matters.source import Batch, Errand, MatterSource, Setting, SourceFailed

_FEED = Limits(most_bytes=10_000_000, seconds=60, redirects=3)
_PAPER = Limits(most_bytes=MOST_BYTES, seconds=120, redirects=3)
_REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the feed tells it."""

    key: str
    title: str
    link: str
    text: str

    @property
    def mark(self) -> str:
        """What tells whether it has changed."""
        return hashlib.sha256(f"{self.title}\0{self.link}\0{self.text}".encode()).hexdigest()[:16]


class Feed(MatterSource):
    """A feed of agendas, minutes or notices."""

    slug = "feed"
    order = 20
    label = _("RSS eller Atom")
    help = _("Ett flöde med nya kallelser, protokoll eller anslag. Handlingarna som det länkar till hämtas och läses.")
    settings = (Setting("url", _("Flödets adress"), _("Börjar med https://.")),)

    def fetch(self, errand: Errand) -> Batch:
        url = errand.config.get("url", "")
        held: dict[str, Any] = dict(errand.cursor)
        answer = errand.web.get(
            url, limits=_FEED, etag=str(held.get("etag", "")), modified=str(held.get("modified", ""))
        )
        if answer.status == 304:
            return Batch(cursor=held)
        if not answer.fine:
            raise SourceFailed(_("Flödet svarade inte som det ska (%(status)s).") % {"status": answer.status}, "status")
        seen = dict(held.get("seen", {}))
        papers = []
        fresh = [entry for entry in entries(answer.body, url) if seen.get(entry.key) != entry.mark]
        for entry in fresh[: errand.most]:
            papers.append(self._paper(errand, entry))
            seen[entry.key] = entry.mark
        more = len(fresh) > errand.most
        marks = {} if more else {"etag": answer.etag, "modified": answer.modified}  # else the rest is never asked for
        kept = dict(list(seen.items())[-_REMEMBERED:])
        return Batch(papers=tuple(papers), cursor={**marks, "seen": kept}, more=more)

    def _paper(self, errand: Errand, entry: Entry) -> Any:
        if not entry.link:
            return as_taken(key=entry.key, name=entry.title, data=entry.text.encode(), url="")
        try:
            answer = errand.web.get(entry.link, limits=_PAPER)
        except LyhordError:
            return as_taken(key=entry.key, name=entry.title, data=b"", url=entry.link)
        data = answer.body if answer.fine else b""
        return as_taken(key=entry.key, name=entry.title, data=data, url=entry.link, content_type=answer.content_type)


def entries(body: bytes, base: str) -> Iterator[Entry]:
    """The entries of RSS 2.0, RSS 1.0 or Atom, oldest first. Raises SourceFailed for what is neither."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise SourceFailed(_("Flödet har en dokumenttyp. Sådana läser vi inte."), "xml")
    try:
        root = ET.fromstring(body)  # noqa: S314  # see above
    except ET.ParseError as error:
        raise SourceFailed(_("Adressen leder inte till ett flöde (RSS eller Atom)."), "xml") from error
    found = [each for each in root.iter() if _name(each) in {"item", "entry"}]
    if not found and _name(root) not in {"rss", "feed", "RDF"}:
        raise SourceFailed(_("Adressen leder inte till ett flöde (RSS eller Atom)."), "xml")
    for each in reversed(found):
        entry = _entry(each, base)
        if entry.key:
            yield entry


def _entry(element: ET.Element, base: str) -> Entry:
    said = {_name(child): (child.text or "").strip() for child in reversed(element)}
    link = said.get("link", "")
    for child in element:
        if _name(child) == "link" and child.get("href") and child.get("rel", "alternate") in {"alternate", "enclosure"}:
            link = child.get("href", "")
        if _name(child) == "enclosure" and child.get("url"):
            link = child.get("url", "")
    text = said.get("encoded") or said.get("content") or said.get("description") or said.get("summary") or ""
    key = said.get("guid") or said.get("id") or link
    link = urljoin(base, link) if link else ""
    return Entry(key[:300], said.get("title", "")[:300], link if link.startswith(("http:", "https:")) else "", text)


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
