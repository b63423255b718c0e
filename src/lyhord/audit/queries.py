"""Reading the log as a whole: newest first, page by page."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from lyhord.audit.models import Event
from lyhord.core.clock import zone

PAGE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """What to show; everything that is None or "" lets all through. Days are Swedish ones, both included."""

    subject_type: str = ""
    verb: str = ""
    person_id: int | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class LogPage:
    """Events, newest first, and what leads to the next page ("" on the last one)."""

    events: list[Event]
    next: str


def log_page(wanted: LogFilter, after: str = "", most: int | None = None) -> LogPage:
    """One page of the log. `after` is what `next` of the page before says; nonsense is the first page."""
    most = most or PAGE
    events = Event.objects.all()
    if wanted.subject_type:
        events = events.filter(subject_type=wanted.subject_type)
    if wanted.verb:
        events = events.filter(verb=wanted.verb)
    if wanted.person_id is not None:
        events = events.filter(actor_kind="person", actor_id=wanted.person_id)
    if wanted.first_day:
        events = events.filter(at__gte=datetime.combine(wanted.first_day, time(), zone()))
    if wanted.last_day:
        events = events.filter(at__lt=datetime.combine(wanted.last_day + timedelta(days=1), time(), zone()))
    if place := _read(after):
        moment, last_id = place
        events = events.filter(Q(at__lt=moment) | Q(at=moment, pk__lt=last_id), at__lte=moment)
    rows = list(events.order_by("-at", "-pk")[: most + 1])
    shown = rows[:most]
    return LogPage(shown, _write(shown[-1]) if len(rows) > most else "")


def _write(event: Event) -> str:
    return f"{(event.at - _EPOCH) // timedelta(microseconds=1)}_{event.pk}"


def _read(after: str) -> tuple[datetime, int] | None:
    since, _sep, pk = after.partition("_")
    if not (since.isascii() and since.isdecimal() and pk.isascii() and pk.isdecimal()) or len(after) > 40:
        return None
    try:
        moment = _EPOCH + timedelta(microseconds=int(since))
    except OverflowError:
        return None
    return (moment, int(pk)) if int(pk) < 2**63 else None
