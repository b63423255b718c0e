"""Letters to a source: kept with what became of each, and their papers until the source has read them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.rows import insert
from lyhord.matters.models import MailedLetter, MailedPaper, Source
from lyhord.matters.source import SOURCES, Mailed

KEPT = timedelta(days=90)
MOST_LINKS = 20
MOST_BYTES_AT_ONCE = 40_000_000
_READ = (".pdf", ".html", ".htm", ".txt", ".md")
_LINK = re.compile(r"https?://[^\s<>\"'\])}]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail to a source, read."""

    key: str
    sender: str
    subject: str
    received_at: datetime
    files: Sequence[Mailed] = ()
    text: str = ""
    left_out: tuple[str, ...] = ()
    """What could not be kept of it."""


def brings(files: Sequence[Mailed], text: str) -> bool:
    """Whether there is a paper in it."""
    return any(is_paper(one) for one in files) or bool(links_in(text)[0])


def is_paper(file: Mailed) -> bool:
    """Whether it is of a kind that is read; what mails consist of beside their text is not."""
    return file.data.startswith(b"%PDF-") or file.name.lower().endswith(_READ)


def links_in(text: str) -> tuple[list[str], list[str]]:
    """Links to files, and those that are not fetched: what they lead to is not told by their looks, and to follow one
    may do something."""
    files, others = list[str](), list[str]()
    for link in dict.fromkeys(found.rstrip(".,;:!?") for found in _LINK.findall(text)):
        path = urlsplit(link).path.lower()
        wanted = path.endswith(_READ) or "/download/" in path
        (files if wanted and len(files) < MOST_LINKS and len(link) <= 2000 else others).append(link)
    return files, others


@transaction.atomic
def take_letter(*, source_id: int, letter: Letter, refused: str, by: Actor) -> MailedLetter | None:
    """Keep a letter, and its papers unless it is `refused` (mailbox.REFUSALS); None for one that is here already."""
    source = Source.objects.select_for_update(of=("self",)).get(pk=source_id)
    links, others = links_in(letter.text)
    papers = [] if refused else [one for one in letter.files if is_paper(one)]
    links = [] if refused else links
    left = [one.name for one in letter.files if not is_paper(one)] + [*letter.left_out, *others]
    kept = MailedLetter(
        organisation_id=source.organisation_id,
        source=source,
        key=letter.key,
        sender=letter.sender[:254],
        subject=letter.subject[:200],
        received_at=letter.received_at,
        refused=refused,
        papers=len(papers) + len(links),
        left=[name[:200] for name in left[:50]],
    )
    if not insert(kept, unless_taken=("organisation_id", "source_id", "key")):
        return None
    for one in papers:
        MailedPaper.objects.create(
            letter=kept, source=source, name=one.name[:200], content_type=one.content_type[:100], data=one.data
        )
    for link in links:
        name = urlsplit(link).path.rsplit("/", 1)[-1] or link
        MailedPaper.objects.create(letter=kept, source=source, name=name[:200], url=link)
    Source.objects.filter(pk=source.pk).update(next_at=now())
    verb = "source.letter_refused" if refused else "source.letter_taken"
    data = {"name": source.name, "papers": kept.papers, **({"reason": refused} if refused else {})}
    record(verb=verb, subject_type="source", subject_id=source.pk, by=by, data=data, level=1)
    return kept


def waiting_for(source: Source, *, most: int) -> tuple[Mailed, ...]:
    """What has been mailed to a source and waits, the oldest first: one more than it may read, if there is."""
    plugin = SOURCES.find(source.kind)
    if plugin is None or not plugin.by_mail:
        return ()
    found, size = list[Mailed](), 0
    for row in MailedPaper.objects.filter(source=source).order_by("pk")[: most + 1].iterator(chunk_size=1):
        size += len(row.data)
        if found and size > MOST_BYTES_AT_ONCE:
            break
        found.append(Mailed(id=row.pk, name=row.name, content_type=row.content_type, data=bytes(row.data), url=row.url))
    return tuple(found)


def forget_letters() -> None:
    """Delete what is known of letters that came long ago; their papers are documents since then."""
    MailedLetter.objects.filter(received_at__lt=now() - KEPT, waiting__isnull=True).delete()
