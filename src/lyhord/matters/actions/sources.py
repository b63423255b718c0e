"""Sources: added and changed by people, visited by a job, and how each visit went."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.text import clean_text
from lyhord.matters.actions.read import read_document, withdraw_document
from lyhord.matters.models import Document, MailedPaper, Source
from lyhord.matters.papers import Taken
from lyhord.matters.source import SOURCES, Batch

LONGEST_WAIT = timedelta(days=1)
SHOWN = 10
"""So many items of a paper are shown when a source is tried out."""
FAILING = 3
"""So many failures in a row are told in the log."""


@transaction.atomic
def save_source(
    *, kind: str, name: str, config: Mapping[str, str], interval_minutes: int, by: Actor, source_id: int | None = None
) -> Source:
    """A new source, or another way of an old one; a changed address is read from its beginning. Raises Invalid."""
    given, name = _checked(kind, name, config, interval_minutes, source_id)
    if source_id is None:
        source = Source.objects.create(
            kind=kind, name=name, config=given, interval_minutes=interval_minutes, next_at=now(), news_at=now()
        )
        _log("added", source, by, kind=kind, config=given)
        return source
    source = _locked(source_id)
    if source.config != given:
        source.cursor = {}
    source.name, source.config, source.interval_minutes = name, given, interval_minutes
    source.next_at, source.failures = now(), 0
    source.save(update_fields=["name", "config", "cursor", "interval_minutes", "next_at", "failures"])
    _log("changed", source, by, config=given)
    return source


def _checked(
    kind: str, name: str, config: Mapping[str, str], interval_minutes: int, source_id: int | None
) -> tuple[dict[str, str], str]:
    plugin = SOURCES.find(kind)
    if plugin is None:
        raise Invalid({"kind": _("Välj en sort.")})
    name = clean_text(name, one_line=True)[:120]
    given = {each.name: clean_text(config.get(each.name, ""), one_line=True)[:2000] for each in plugin.settings}
    missing = [each.name for each in plugin.settings if each.required and not given[each.name]]
    errors = {field: _("Det här måste fyllas i.") for field in missing}
    if not name:
        errors["name"] = _("Skriv ett namn.")
    elif Source.objects.filter(name=name).exclude(pk=source_id or 0).exists():
        errors["name"] = _("Det finns redan en källa med det namnet.")
    if not 15 <= interval_minutes <= 10_080:
        errors["interval_minutes"] = _("Skriv ett antal minuter från 15 till 10 080.")
    if errors:
        raise Invalid(errors)
    return given, name


@transaction.atomic
def switch_source(*, source_id: int, active: bool, by: Actor) -> Source:
    """Let a source rest, or go on."""
    source = _locked(source_id)
    if source.active != active:
        source.active, source.next_at = active, now()
        source.save(update_fields=["active", "next_at"])
        _log("resumed" if active else "paused", source, by)
    return source


def claim_due(*, most: int = 20) -> list[int]:
    """The sources whose turn it is, each claimed by moving its next turn on; in the scope's own transaction."""
    due = Source.objects.select_for_update(skip_locked=True).filter(active=True, next_at__lte=now())
    claimed = []
    for source in due.order_by("next_at")[:most]:
        source.next_at = now() + timedelta(minutes=source.interval_minutes)
        source.tried_at = now()
        source.save(update_fields=["next_at", "tried_at"])
        claimed.append(source.pk)
    return claimed


def take_in(*, source_id: int, paper: Taken, by: Actor) -> bool:
    """Read a paper of a source in; whether it was new or changed."""
    return read_document(taken=paper, by=by, source_id=source_id).changed


@transaction.atomic
def went_well(*, source_id: int, batch: Batch, changed: int, by: Actor) -> None:
    """Remember how far it came. What is gone there is gone here."""
    source = _locked(source_id)
    source.cursor = dict(batch.cursor)
    source.worked_at, source.failures, source.last_error = now(), 0, ""
    waits = MailedPaper.objects.filter(source=source)
    if batch.read:
        waits.filter(pk__in=batch.read).delete()
    if batch.more or (batch.read and waits.exists()):
        source.next_at = now()
    if changed:
        source.news_at, source.silence_told_at = now(), None
    source.save()
    for key in batch.gone:
        document = Document.objects.filter(key=f"{source.pk}:{key}"[:340], withdrawn_at__isnull=True).first()
        if document is not None:
            withdraw_document(document_id=document.pk, by=by, reason=_("finns inte längre hos källan"))


@transaction.atomic
def went_wrong(*, source_id: int, error: str, by: Actor) -> None:
    """Remember why, and wait twice as long as the last time, a day at most."""
    source = _locked(source_id)
    source.failures = min(source.failures + 1, 1000)
    source.last_error = error[:300]
    wait = timedelta(minutes=source.interval_minutes) * 2 ** min(source.failures, 10)
    source.next_at = now() + min(wait, LONGEST_WAIT)
    source.save(update_fields=["failures", "last_error", "next_at"])
    if source.failures == FAILING:
        _log("failing", source, by, level=3, reason=source.last_error)


def begin_trial(*, source_id: int) -> None:
    """Say that it is being tried out; what came of it is there until the next time."""
    Source.objects.filter(pk=source_id).update(trial={"waiting": True})


def end_trial(*, source_id: int, papers: tuple[Taken, ...] = (), error: str = "") -> None:
    """What trying it out gave: each paper as it would be read. Nothing of it is kept otherwise."""
    shown = [
        {
            "title": taken.title[:200],
            "kind": str(Document.Kind(taken.kind).label),
            "body": taken.body[:120],
            "day": taken.held_on.isoformat() if taken.held_on else "",
            "quality": str(taken.quality.label),
            "items": [f"§ {item.number} {item.heading}"[:200] for item in taken.paper.items[:SHOWN]],
        }
        for taken in papers
    ]
    Source.objects.filter(pk=source_id).update(trial={"error": error[:300]} if error else {"papers": shown})


@transaction.atomic
def tell_of_silence(*, by: Actor) -> int:
    """Say once of each source that has had nothing new for its time; returns of how many."""
    told = 0
    for source in Source.objects.select_for_update().filter(active=True, silence_told_at__isnull=True):
        if is_silent(source):
            source.silence_told_at = now()
            source.save(update_fields=["silence_told_at"])
            _log("silent", source, by, level=3, days=source.silent_days)
            told += 1
    return told


def is_silent(source: Source) -> bool:
    """Whether nothing new has come for longer than the source may be silent."""
    return source.news_at is not None and source.news_at < now() - timedelta(days=source.silent_days)


def _locked(source_id: int | None) -> Source:
    source = Source.objects.select_for_update(of=("self",)).filter(pk=source_id or 0).first()
    if source is None:
        raise NotFound
    return source


def _log(verb: str, source: Source, by: Actor, level: int = 1, **data: Any) -> None:
    data = {"name": source.name, **data}
    record(verb=f"source.{verb}", subject_type="source", subject_id=source.pk, by=by, data=data, level=level)
