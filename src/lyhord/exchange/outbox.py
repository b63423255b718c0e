"""What goes to a case system: an event becomes a row, and each row a change, in the order of a case's events."""

from datetime import date, datetime, timedelta

from lyhord.accounts.models import User
from lyhord.audit.actions import record
from lyhord.audit.models import Event, EventQuerySet
from lyhord.cases.models import Case, Message, Photo
from lyhord.cases.models.case import Side
from lyhord.core.clock import now
from lyhord.core.prepared import Prepared
from lyhord.core.tenancy import TenantQuerySet
from lyhord.exchange import lanes, systems
from lyhord.exchange.adapter import ADAPTERS
from lyhord.exchange.delivery import SYSTEM
from lyhord.exchange.lanes import MAX_ATTEMPTS, Turn, next_turn
from lyhord.exchange.models import ChangeKind, ChangeState, Link, Outgoing, System
from lyhord.exchange.payload import secret
from lyhord.exchange.wording import Outward, begins, change_of
from lyhord.jobs.runner import current_job

BUSY = timedelta(minutes=2)  # longer than any call
LOOK_BACK = timedelta(hours=1)
VERBS = (
    *("case.registered", "case.replied", "case.noted", "case.resident_wrote"),
    *("case.state_changed", "case.reopened", "case.assigned", "case.photo_fetched"),
)
_SIDES = {Side.OFFICE: ChangeKind.PUBLIC, Side.RESIDENT: ChangeKind.RESIDENT, Side.INTERNAL: ChangeKind.INTERNAL}


def _rows() -> TenantQuerySet[Outgoing]:
    return Outgoing.objects.select_for_update(of=("self", "link")).select_related("link")


def _whole() -> TenantQuerySet[Outgoing]:
    """With all that a change is made of."""
    return _rows().select_related("link__system__organisation", "link__case")


_BEGUN = Prepared(lambda row_id: _rows().filter(pk=row_id, state=ChangeState.WAITING), row_id=int)
_WAITING = Prepared(lambda row_id: _whole().filter(pk=row_id, state=ChangeState.WAITING), row_id=int)
_FIRST = Prepared(
    lambda link_id: (
        _whole().filter(link_id=link_id, state__in=[ChangeState.WAITING, ChangeState.FAILED]).order_by("pk")
    ),
    link_id=int,
)


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


def begin(outgoing_id: int) -> Outward | Turn | None:
    """Count a try and make the change; else whose turn it is instead, or None when there is nothing to do.

    A job that has gone on with later changes of its case, and was killed, goes on from where it was.
    """
    row = _to_do(outgoing_id)
    if row is None or [turn.row_id for turn in next_turn(row.link)] != [row.pk]:
        return None
    link = row.link
    if link.busy_until and link.busy_until > now() and link.busy_by != current_job.get():
        return Turn(row.pk, link.busy_until)
    return _begin(row)


def _begin(row: Outgoing) -> Outward | Turn | None:
    """The first of its lane, by whoever stands for that."""
    system, link = row.link.system, row.link
    if not system.active:
        return None
    if rest := lanes.rests(system) or lanes.doubt(link):
        return Turn(row.pk, rest)
    made = None if secret(link.case) else change_of(row)
    if made is None:
        return _done(row, ChangeState.CANCELLED)
    row.attempts += 1
    Outgoing.objects.filter(pk=row.pk).update(attempts=row.attempts)
    Link.objects.filter(pk=link.pk).update(busy_until=now() + BUSY, busy_by=current_job.get())
    change, files = made
    return Outward(row.pk, system, systems.connection_to(system), link.remote_id, change, files, again=row.attempts > 1)


def arrived(begun: Outward, remote_id: str, *, quick: bool = False, onward: bool = False) -> Outward | Turn | None:
    """The other system did it, and `quick`; whose turn it is now, or with `onward` the next one, begun."""
    row = _BEGUN.first(row_id=begun.row_id)
    if row is None:
        return None
    at = now()
    Outgoing.objects.filter(pk=row.pk).update(state=ChangeState.SENT, next_try_at=None, sent_at=at)
    if row.kind == ChangeKind.CREATE:
        Link.objects.filter(pk=row.link_id).update(remote_id=remote_id, linked_at=at)
        _log(row, "case.sent_to_system", remote=remote_id)
    _note_success(begun.system, quick=quick)
    if onward and (first := _first_in_lane(row.link_id)):
        then = _begin(first)
        if isinstance(then, Outward):
            return then
    Link.objects.filter(pk=row.link_id).update(busy_until=None)
    return next(iter(next_turn(row.link)), None)


def _note_success(system: System, *, quick: bool) -> None:
    """As it was when the change began: what has not changed is not written, or all would wait for this one row."""
    known = System.objects.filter(pk=system.pk)
    if system.failures or system.last_error:
        known.update(failures=0, failing_since=None, rest_until=None, last_error="")
    if quick and lanes.proof_is_old(system):
        known.update(proven_at=now())
    if systems.time_is_old(system.sent_at):
        systems.note_time(system.pk, "sent_at")


def did_not_arrive(outgoing_id: int, error: str, *, final: bool = False) -> Turn | None:
    """A try failed: one more later, unless it was the last or `final`."""
    row = _to_do(outgoing_id)
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


def give_up(outgoing_id: int, error: str) -> Turn | None:
    """Every run of a job was begun and none ended: its change has failed, unless it had gone on with others."""
    if _locked(outgoing_id) is not None:
        return did_not_arrive(outgoing_id, error, final=True)
    row = _to_do(outgoing_id)
    if row is None:
        return None
    Link.objects.filter(pk=row.link_id, busy_by=current_job.get()).update(busy_until=None)
    return Turn(row.pk)  # a job of its own, with tries of its own


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
    return _WAITING.first(row_id=outgoing_id)


def _first_in_lane(link_id: int) -> Outgoing | None:
    """The row whose turn it is, if it waits and need not wait any longer; locked as all are."""
    first = _FIRST.first(link_id=link_id)
    due = first and first.state == ChangeState.WAITING and (first.next_try_at is None or first.next_try_at <= now())
    return first if due else None


def _to_do(outgoing_id: int) -> Outgoing | None:
    """The row, if it waits, else the one that its job has gone on with: the first in the same lane."""
    if row := _locked(outgoing_id):
        return row
    gone = Outgoing.objects.select_related("link").filter(pk=outgoing_id).first()
    after = next_turn(gone.link) if gone else []
    return _locked(after[0].row_id) if after else None


def moment(link: Link) -> datetime | None:
    """When the state was last changed on our side."""
    ours = Outgoing.objects.filter(link=link, kind=ChangeKind.STATE, state__in=[ChangeState.WAITING, ChangeState.SENT])
    return ours.exclude(event_id=None).order_by("-happened_at").values_list("happened_at", flat=True).first()
