"""What goes to a case system: an event becomes rows, in the order of its case. How they leave: departure.py."""

from datetime import date, datetime, timedelta

from lyhord.accounts.models import User
from lyhord.audit.models import Event, EventQuerySet
from lyhord.cases.models import Case, Message, Photo
from lyhord.cases.models.case import Side
from lyhord.core.clock import now
from lyhord.exchange import systems
from lyhord.exchange.adapter import ADAPTERS
from lyhord.exchange.lanes import Turn, next_turn
from lyhord.exchange.models import ChangeKind, ChangeState, Link, Outgoing, System
from lyhord.exchange.payload import secret
from lyhord.exchange.wording import begins

LOOK_BACK = timedelta(hours=1)
VERBS = (
    *("case.registered", "case.replied", "case.noted", "case.resident_wrote"),
    *("case.state_changed", "case.reopened", "case.assigned", "case.photo_fetched"),
)
_SIDES = {Side.OFFICE: ChangeKind.PUBLIC, Side.RESIDENT: ChangeKind.RESIDENT, Side.INTERNAL: ChangeKind.INTERNAL}


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
            for one in events.filter(at__gte=begins(link)):
                _write_event(link, one)
            turns += [] if stood_for else next_turn(link)
    return turns


def catch_up(link: Link) -> None:
    """Write what has happened and whose reaction has not run yet, so that nobody takes the case for unchanged here."""
    for one in _events(link.system, link.case).filter(at__gte=max(now() - LOOK_BACK, begins(link))):
        _write_event(link, one)


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


def moment(link: Link) -> datetime | None:
    """When the state was last changed on our side."""
    ours = Outgoing.objects.filter(link=link, kind=ChangeKind.STATE, state__in=[ChangeState.WAITING, ChangeState.SENT])
    return ours.exclude(event_id=None).order_by("-happened_at").values_list("happened_at", flat=True).first()
