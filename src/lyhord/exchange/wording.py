"""What a row of the outbox says, as the adapters take it: made within a transaction, its files read outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from lyhord.audit.models import Event
from lyhord.cases.models import Case, Document, Message, Photo
from lyhord.cases.reply_address import reply_address, thread_root
from lyhord.cases.states import State
from lyhord.core.errors import NotFound
from lyhord.core.prepared import Prepared
from lyhord.exchange import systems
from lyhord.exchange.adapter import AdapterError, Attachment, Change, Connection
from lyhord.exchange.models import ChangeKind, Link, Outgoing, System
from lyhord.exchange.payload import secret
from lyhord.files import storage

_SAID = Prepared(
    lambda message_ids, case_id: Message.objects.annotate(
        pictured=Exists(Photo.objects.filter(message=OuterRef("pk")))
    ).filter(pk__any=message_ids, case_id=case_id),
    message_ids=list,
    case_id=int,
)


class Enclosed(NamedTuple):
    """A file that goes along, not read yet."""

    name: str
    content_type: str
    held: storage.Held


@dataclass(frozen=True, slots=True)
class Outward:
    """A change, ready to be sent but for its files."""

    row_id: int
    system: System
    """As it was then."""
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


def begins(link: Link) -> datetime:
    """From when they are told: a case that is sent later, as it then is, does not bring what was said before."""
    sent = Outgoing.objects.filter(link=link, kind=ChangeKind.CREATE, event_id=None).first()
    return sent.happened_at if sent else link.system.started_at or link.created_at


@dataclass(frozen=True, slots=True)
class Said:
    """What all that is sent about a case has in common, and the messages among it."""

    key: str
    office: str
    reply_to: str
    thread: str
    messages: Mapping[int, Message]


def what_is_said(link: Link, rows: Sequence[Outgoing]) -> Said | None:
    """What these rows of a case are made of; None when nobody outside may hear of it."""
    case, office = link.case, link.system.organisation
    if secret(case):
        return None
    ids = [row.message_id for row in rows if row.message_id]
    found = _SAID(message_ids=ids, case_id=case.pk) if ids else []
    return Said(
        key=f"{office.slug}-{case.number}",
        office=office.service_name,
        reply_to=reply_address(case),
        thread=thread_root(office, case),
        messages={message.pk: message for message in found},
    )


def said_by(row: Outgoing, said: Said | None) -> tuple[Change, tuple[Enclosed, ...]] | None:
    """What the row says; None when there is nothing to say: whoever is unknown there, or a text that is gone."""
    if said is None:
        return None
    system, case, kind = row.link.system, row.link.case, ChangeKind(row.kind)
    if kind is ChangeKind.CREATE:
        queue = systems.queue_for(system, case) or systems.handed_queue(system, case)
        change = Change(
            key=said.key, kind=kind, text=text_of(case), title=title_of(case), queue=queue,
            lat=case.lat, lon=case.lon, value=systems.word_for(system, State.RECEIVED),
            office=said.office, reply_to=said.reply_to, thread=said.thread,
        )  # fmt: skip
        return change, _files(row, None)
    key = f"{said.key}/{row.pk}"
    if kind is ChangeKind.STATE:
        word = systems.word_for(system, row.value)
        return (Change(key=key, kind=kind, value=word, until=row.until), ()) if word else None
    if kind is ChangeKind.OWNER:
        named = systems.person_of(system, row.value)
        return (Change(key=key, kind=kind, value=named), ()) if named else None
    found = _late_picture(row) if row.photo_id else _message(row, said)
    if found is None:
        return None
    text, files = found
    change = Change(
        key=key, kind=kind, text=text, office=said.office, reply_to=said.reply_to, thread=said.thread,
    )  # fmt: skip
    return change, files


def _message(row: Outgoing, said: Said) -> tuple[str, tuple[Enclosed, ...]] | None:
    message = said.messages.get(row.message_id or 0)
    pictured = getattr(message, "pictured", False)
    return (message.text, _files(row, message, pictured=pictured)) if message else None


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


def _files(row: Outgoing, message: Message | None, *, pictured: bool = True) -> tuple[Enclosed, ...]:
    """Pictures as we keep them, and other files byte for byte. Pictures that came later have rows of their own."""
    case = row.link.case
    photos = list[Photo]()
    if pictured:
        held = Photo.objects.select_related("file").filter(case=case, message=message)
        photos = list(held.order_by("position", "pk"))
    if photos:
        later = Event.objects.about("case", case.pk).filter(verb="case.photo_fetched", at__gte=begins(row.link))
        own_rows = {event.data["photo"] for event in later}
        photos = [photo for photo in photos if photo.pk not in own_rows]
    found = [_picture(photo, f"bild-{number}.jpg") for number, photo in enumerate(photos, start=1)]
    if not case.has_documents:
        return tuple(found)
    for one in Document.objects.select_related("file").filter(case=case, message=message).order_by("pk"):
        found.append(Enclosed(one.file.name, "application/octet-stream", storage.held_document(one.file.key)))
    return tuple(found)


def _picture(photo: Photo, name: str) -> Enclosed:
    return Enclosed(name, "image/jpeg", storage.held_image(photo.file.key, "large"))
