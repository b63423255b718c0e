"""What goes to a case system: an event becomes a row, and each row a change, in the order of a case's events."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from lyhord.accounts.models import User
from lyhord.audit.actions import record
from lyhord.audit.models import Event, EventQuerySet
from lyhord.cases.models import Case, Document, Message, Photo
from lyhord.cases.models.case import Side
from lyhord.cases.reply_address import reply_address, thread_root
from lyhord.cases.states import State
from lyhord.core.clock import now
from lyhord.core.errors import NotFound
from lyhord.exchange import lanes, systems
from lyhord.exchange.adapter import ADAPTERS, AdapterError, Attachment, Change, Connection
from lyhord.exchange.delivery import SYSTEM
from lyhord.exchange.lanes import MAX_ATTEMPTS, Turn, next_turn
from lyhord.exchange.models import ChangeKind, ChangeState, Link, Outgoing, System
from lyhord.exchange.payload import secret
from lyhord.files import storage

BUSY = timedelta(minutes=2)  # longer than any call
LOOK_BACK = timedelta(hours=1)
VERBS = (
    *("case.registered", "case.replied", "case.noted", "case.resident_wrote"),
    *("case.state_changed", "case.reopened", "case.assigned", "case.photo_fetched"),
)
_SIDES = {Side.OFFICE: ChangeKind.PUBLIC, Side.RESIDENT: ChangeKind.RESIDENT, Side.INTERNAL: ChangeKind.INTERNAL}


class Enclosed(NamedTuple):
    """A file that goes along, not read yet."""

    name: str
    content_type: str
    held: storage.Held


@dataclass(frozen=True, slots=True)
class Outward:
    """A change, ready to be sent but for its files."""

    adapter: str
    connection: Connection
    remote_id: str
    change: Change
    files: tuple[Enclosed, ...]
    again: bool

    def whole(self) -> Change:
        """With its files, which may lie with another machine: when no transaction is open. Raises AdapterError."""
        try:
            files = tuple(Attachment(one.name, one.content_type, one.held.read()) for one in self.files)
        except (NotFound, storage.StorageAway) as error:
            raise AdapterError("files", permanent=isinstance(error, NotFound)) from error
        return replace(self.change, files=files)


def write(case: Case, event: Event) -> list[Turn]:
    """Write the rows of this event, and of the case's earlier ones: reactions run in any order."""
    turns = []
    if secret(case):
        return []
    for system in System.objects.filter(active=True, started_at__lte=event.at).order_by("pk"):
        by_itself = bool(systems.queue_for(system, case))
        if not by_itself and not systems.handed_queue(system, case):
            continue
        events = _events(system, case).filter(pk__lte=event.pk, at__gte=event.at - LOOK_BACK)
        link = _link(system, case, registered=by_itself and any(one.verb == "case.registered" for one in events))
        if link is not None:
            stood_for = bool(next_turn(link))  # whoever sends what waits goes on with what comes
            for one in events.filter(at__gte=_begins(link)):
                _write_event(link, one)
            turns += [] if stood_for else next_turn(link)
    return turns


def catch_up(link: Link) -> None:
    """Write what has happened and whose reaction has not run yet, so that nobody takes the case for unchanged here."""
    for one in _events(link.system, link.case).filter(at__gte=max(now() - LOOK_BACK, _begins(link))):
        _write_event(link, one)


def _begins(link: Link) -> datetime:
    """From when they are told: a case that is sent later, as it then is, does not bring what was said before."""
    sent = Outgoing.objects.filter(link=link, kind=ChangeKind.CREATE, event_id=None).first()
    return sent.happened_at if sent else link.system.started_at or link.created_at


def _events(system: System, case: Case) -> EventQuerySet:
    return Event.objects.about("case", case.pk).filter(at__gte=system.started_at, verb__in=VERBS)


def _link(system: System, case: Case, *, registered: bool) -> Link | None:
    if registered:
        Link.objects.get_or_create(
            organisation_id=system.organisation_id, system=system, case=case, defaults={"created_at": now()}
        )
    links = Link.objects.select_for_update(of=("self",)).select_related("system")
    return links.filter(system=system, case=case).first()


def _write_event(link: Link, event: Event) -> None:
    """The changes that an event is; those that came from the other side are there already, as echoes."""
    if Outgoing.objects.filter(link=link, event_id=event.pk).exists():
        return
    adapter = ADAPTERS.find(link.system.adapter)
    takes = adapter.takes if adapter else frozenset()
    for row in _changes(event):
        if row.kind not in takes:
            continue
        if row.kind == ChangeKind.CREATE and Outgoing.objects.filter(link=link, kind=row.kind).exists():
            continue  # sent as one of the cases that were open when the system was switched on
        row.organisation_id, row.link, row.event_id, row.happened_at = link.organisation_id, link, event.pk, event.at
        row.save()


def _changes(event: Event) -> list[Outgoing]:
    data, found = event.data, list[Outgoing]()
    if event.verb == "case.registered":
        found.append(Outgoing(kind=ChangeKind.CREATE))
    if data.get("message"):
        message = Message.objects.filter(pk=data["message"]).first()
        if message is not None:
            found.append(Outgoing(kind=_SIDES[Side(message.side)], message_id=message.pk))
    if event.verb == "case.photo_fetched":
        photo = Photo.objects.select_related("message").filter(pk=data["photo"]).first()
        found += [Outgoing(kind=_kind_of(photo), photo_id=photo.pk)] if photo else []
    if event.verb == "case.assigned" and data.get("officer"):
        officer = User.objects.filter(pk=data["officer"]).first()
        found += [Outgoing(kind=ChangeKind.OWNER, value=officer.email)] if officer else []
    if state := data.get("after") or data.get("new_state"):
        until = date.fromisoformat(data["until"]) if data.get("until") else None
        found.append(Outgoing(kind=ChangeKind.STATE, value=state, until=until))
    return found


def _kind_of(photo: Photo) -> ChangeKind:
    """Whose word a picture is that came after the report, or after the message that it belongs to."""
    if photo.internal:
        return ChangeKind.INTERNAL
    return _SIDES[Side(photo.message.side)] if photo.message else ChangeKind.RESIDENT


def begin(outgoing_id: int) -> Outward | Turn | None:
    """Count a try and make the change; else whose turn it is instead, or None when there is nothing to do."""
    row = _locked(outgoing_id)
    if row is None or not row.link.system.active or [turn.row_id for turn in next_turn(row.link)] != [row.pk]:
        return None
    system, case = row.link.system, row.link.case
    if rest := lanes.rests(system):
        return Turn(row.pk, rest)
    made = None if secret(case) else _change(row)
    if made is None:
        return _done(row, ChangeState.CANCELLED)
    row.attempts += 1
    row.save(update_fields=["attempts"])
    Link.objects.filter(pk=row.link_id).update(busy_until=now() + BUSY)
    change, files = made
    return Outward(
        system.adapter, systems.connection_to(system), row.link.remote_id, change, files, again=row.attempts > 1
    )


def _change(row: Outgoing) -> tuple[Change, tuple[Enclosed, ...]] | None:
    """What the row says; None when there is nothing to say: whoever is unknown there, or a text that is gone."""
    system, case = row.link.system, row.link.case
    key = f"{system.organisation.slug}-{case.number}"
    kind, office = ChangeKind(row.kind), system.organisation
    if kind is ChangeKind.CREATE:
        queue = systems.queue_for(system, case) or systems.handed_queue(system, case)
        change = Change(
            key=key, kind=kind, text=text_of(case), title=title_of(case), queue=queue,
            lat=case.lat, lon=case.lon, value=systems.word_for(system, State.RECEIVED),
            office=office.service_name, reply_to=reply_address(case), thread=thread_root(office, case),
        )  # fmt: skip
        return change, _files(row, None)
    key = f"{key}/{row.pk}"
    if kind is ChangeKind.STATE:
        word = systems.word_for(system, row.value)
        return (Change(key=key, kind=kind, value=word, until=row.until), ()) if word else None
    if kind is ChangeKind.OWNER:
        named = systems.person_of(system, row.value)
        return (Change(key=key, kind=kind, value=named), ()) if named else None
    found = _late_picture(row) if row.photo_id else _message(row)
    if found is None:
        return None
    text, files = found
    change = Change(
        key=key, kind=kind, text=text,
        office=office.service_name, reply_to=reply_address(case), thread=thread_root(office, case),
    )  # fmt: skip
    return change, files


def _message(row: Outgoing) -> tuple[str, tuple[Enclosed, ...]] | None:
    message = Message.objects.filter(pk=row.message_id or 0, case=row.link.case).first()
    return (message.text, _files(row, message)) if message else None


def _late_picture(row: Outgoing) -> tuple[str, tuple[Enclosed, ...]] | None:
    photo = Photo.objects.select_related("file").filter(pk=row.photo_id or 0, case=row.link.case).first()
    if photo is None:
        return None
    return _("En bild som kom in efteråt."), (_picture(photo, f"bild-{photo.position}.jpg"),)


def title_of(case: Case) -> str:
    """What a case is called there."""
    return f"{case.number} {case.title}"


def text_of(case: Case) -> str:
    """What it says there: the resident's words, and the place in words."""
    return "\n\n".join(part for part in (case.text, case.place_text) if part)


def _files(row: Outgoing, message: Message | None) -> tuple[Enclosed, ...]:
    """Pictures as we keep them, and other files byte for byte. Pictures that came later have rows of their own."""
    case = row.link.case
    photos = list(Photo.objects.select_related("file").filter(case=case, message=message).order_by("position", "pk"))
    if photos:
        later = Event.objects.about("case", case.pk).filter(verb="case.photo_fetched", at__gte=_begins(row.link))
        own_rows = {event.data["photo"] for event in later}
        photos = [photo for photo in photos if photo.pk not in own_rows]
    found = [_picture(photo, f"bild-{number}.jpg") for number, photo in enumerate(photos, start=1)]
    documents = Document.objects.select_related("file").filter(case=case, message=message).order_by("pk")
    for one in documents:
        found.append(Enclosed(one.file.name, "application/octet-stream", storage.held_document(one.file.key)))
    return tuple(found)


def _picture(photo: Photo, name: str) -> Enclosed:
    return Enclosed(name, "image/jpeg", storage.held_image(photo.file.key, "large"))


def arrived(outgoing_id: int, remote_id: str) -> Turn | None:
    """The other system did it."""
    row = _locked(outgoing_id)
    if row is None:
        return None
    if row.kind == ChangeKind.CREATE:
        Link.objects.filter(pk=row.link_id).update(remote_id=remote_id, linked_at=now())
        _log(row, "case.sent_to_system", remote=remote_id)
    row.sent_at = now()
    System.objects.filter(pk=row.link.system_id).exclude(failures=0, last_error="").update(
        failures=0, failing_since=None, rest_until=None, last_error=""
    )
    systems.note_time(row.link.system_id, "sent_at")
    return _done(row, ChangeState.SENT)


def did_not_arrive(outgoing_id: int, error: str, *, final: bool = False) -> Turn | None:
    """A try failed: one more later, unless it was the last or `final`."""
    row = _locked(outgoing_id)
    if row is None:
        return None
    row.error = error[:500]
    if final or row.attempts >= MAX_ATTEMPTS:
        _log(row, "case.system_failed", kind=row.kind)
        return _done(row, ChangeState.FAILED)
    row.next_try_at = lanes.next_try(row.attempts)
    row.save(update_fields=["error", "next_try_at"])
    Link.objects.filter(pk=row.link_id).update(busy_until=None)
    note_failure(row.link.system_id, row.error)
    return Turn(row.pk, row.next_try_at)


def note_failure(system_id: int, error: str) -> None:
    """A system that fails again and again is left alone for a while, so that its time-outs do not hold up others."""
    system = System.objects.select_for_update(of=("self",)).get(pk=system_id)
    lanes.count_failure(system)
    system.last_error = error[:500]
    system.save(update_fields=["failures", "failing_since", "rest_until", "last_error"])


def _done(row: Outgoing, state: ChangeState) -> Turn | None:
    row.state, row.next_try_at = state, None
    row.save(update_fields=["state", "next_try_at", "sent_at", "error"])
    Link.objects.filter(pk=row.link_id).update(busy_until=None)
    return next((turn for turn in next_turn(row.link)), None)


def _log(row: Outgoing, verb: str, **data: str) -> None:
    told = {"system": row.link.system.name, **data}
    record(verb=verb, subject_type="case", subject_id=row.link.case_id, by=SYSTEM, data=told, level=1)


def _locked(outgoing_id: int) -> Outgoing | None:
    """The row, if it waits, locked with its link until the transaction ends."""
    rows = Outgoing.objects.select_for_update(of=("self", "link"))
    rows = rows.select_related("link__system__organisation", "link__case__case_type", "link__case__version")
    return rows.filter(pk=outgoing_id, state=ChangeState.WAITING).first()


def moment(link: Link) -> datetime | None:
    """When the state was last changed on our side."""
    ours = Outgoing.objects.filter(link=link, kind=ChangeKind.STATE, state__in=[ChangeState.WAITING, ChangeState.SENT])
    return ours.exclude(event_id=None).order_by("-happened_at").values_list("happened_at", flat=True).first()
