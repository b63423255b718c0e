"""What happens to changes on their way to a case system: each step inside the scope, in a transaction that also says
whose turn it is.

Changes that wait one behind the other in a case are begun together, a lot: what they need is read once. They are sent
one by one all the same, and each is written down as sent before the next leaves, by one statement that also looks
whether the next may still leave. So a worker that is killed has at most one change of which nobody knows whether it
arrived.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F

from lyhord.audit.actions import record
from lyhord.core.clock import now
from lyhord.core.prepared import Prepared
from lyhord.core.tenancy import TenantQuerySet, at_once
from lyhord.exchange import lanes, systems
from lyhord.exchange.delivery import SYSTEM
from lyhord.exchange.lanes import BUSY, MAX_ATTEMPTS, Turn, next_turn
from lyhord.exchange.models import ChangeKind, ChangeState, Link, Outgoing, System
from lyhord.exchange.wording import Outward, said_by, what_is_said
from lyhord.jobs.runner import current_job

FRESH = BUSY - timedelta(seconds=10)  # while so much of it is left, it is not said anew
MOST = 20  # changes in a lot
_LANE = [ChangeState.WAITING, ChangeState.FAILED]


@dataclass(frozen=True, slots=True)
class Lot:
    """Changes of one case that have been begun, at least one, in the order in which they leave."""

    changes: tuple[Outward, ...]


def _rows() -> TenantQuerySet[Outgoing]:
    return Outgoing.objects.select_for_update(of=("self", "link")).select_related("link")


def _whole() -> TenantQuerySet[Outgoing]:
    """With all that a change is made of."""
    return _rows().select_related("link__system__organisation", "link__case")


_BEGUN = Prepared(lambda row_id: _rows().filter(pk=row_id, state=ChangeState.WAITING), row_id=int)
_WAITING = Prepared(lambda row_id: _whole().filter(pk=row_id, state=ChangeState.WAITING), row_id=int)
_FIRST = Prepared(lambda link_id: _whole().filter(link_id=link_id, state__in=_LANE).order_by("pk"), link_id=int)
_BEHIND = Prepared(
    lambda link_id, row_id: (
        Outgoing.objects.select_for_update(of=("self",))
        .filter(link_id=link_id, pk__gt=row_id, state__in=_LANE)
        .order_by("pk")
    ),
    link_id=int,
    row_id=int,
)
_ARRIVED = """
update exchange_outgoing set state = 'sent', next_try_at = null, sent_at = %(at)s
where id = %(row)s and state = 'waiting' and exists (
    select from exchange_outgoing follows
    join exchange_link link on link.id = follows.link_id
    join exchange_system there on there.id = link.system_id
    join cases_case about on about.id = link.case_id
    where follows.id = %(follows)s and follows.state = 'waiting' and link.busy_by = %(job)s
    and there.active and there.failures = 0 and not about.confidential and not about.protected
)
"""


def begin(outgoing_id: int) -> Lot | Turn | None:
    """Count a try and make the changes; else whose turn it is instead, or None when there is nothing to do.

    A job that has gone on with later changes of its case, and was killed, goes on from where it was.
    """
    row = _to_do(outgoing_id)
    if row is None or [turn.row_id for turn in next_turn(row.link)] != [row.pk]:
        return None
    link = row.link
    if link.busy_until and link.busy_until > now() and link.busy_by != current_job.get():
        return Turn(row.pk, link.busy_until)
    return _begin(row)


def _begin(first: Outgoing) -> Lot | Turn | None:
    """The first of its lane and those behind it, by whoever stands for that."""
    system, link = first.link.system, first.link
    if not system.active:
        return None
    if rest := lanes.rests(system) or lanes.doubt(link):
        return Turn(first.pk, rest)
    made, silent = _made([first, *_behind(first)])
    if silent:
        Outgoing.objects.filter(pk__in=silent).update(state=ChangeState.CANCELLED, next_try_at=None)
    if not made:
        return _let_go(link)
    Outgoing.objects.filter(pk__in=[one.row_id for one in made]).update(attempts=F("attempts") + 1)
    _hold(link)
    return Lot(tuple(made))


def _made(rows: Sequence[Outgoing]) -> tuple[list[Outward], list[int]]:
    """The changes that these rows are, and the rows that say nothing: nobody there, or a text that is gone."""
    link = rows[0].link
    connection, said = systems.connection_to(link.system), what_is_said(link, rows)
    made, silent = list[Outward](), list[int]()
    for row in rows:
        found = said_by(row, said)
        if found is None:
            silent.append(row.pk)
            continue
        change, files = found
        made.append(Outward(row.pk, link.system, connection, link.remote_id, change, files, again=row.attempts > 0))
        if change.kind is ChangeKind.CREATE:
            break  # what the others are about has no name there yet
    return made, silent


def _behind(first: Outgoing) -> list[Outgoing]:
    """Those that can leave right after it. None where it is not known that they would leave at once."""
    if not lanes.is_proven(first.link.system):
        return []
    found = list[Outgoing]()
    for row in _BEHIND(most=MOST - 1, link_id=first.link_id, row_id=first.pk):
        if not _is_due(row):
            break
        row.link = first.link
        found.append(row)
    return found


def _is_due(row: Outgoing) -> bool:
    return row.state == ChangeState.WAITING and (row.next_try_at is None or row.next_try_at <= now())


def _hold(link: Link) -> None:
    """Say that changes of it are on their way, and whose job brings them."""
    job, at = current_job.get(), now()
    if link.busy_by != job or link.busy_until is None or link.busy_until < at + FRESH:
        Link.objects.filter(pk=link.pk).update(busy_until=at + BUSY, busy_by=job)


def _let_go(link: Link) -> Turn | None:
    """Nothing is on its way any more: whose turn it is."""
    Link.objects.filter(pk=link.pk).update(busy_until=None)
    return next(iter(next_turn(link)), None)


def follows(organisation_id: int, begun: Outward, then: Outward) -> bool:
    """Outside any scope: write down that the other system did it, if the next of the lot may leave now.

    Not if that is no longer ours to bring, has been given up, or is about a case that has become secret; nor if the
    system is off or others have failed there.
    """
    given = {"at": now(), "row": begun.row_id, "follows": then.row_id, "job": current_job.get()}
    return at_once(organisation_id, _ARRIVED, given) == 1


def arrived(
    begun: Outward, remote_id: str, *, quick: bool = False, onward: bool = False, left: Sequence[Outward] = ()
) -> Lot | Turn | None:
    """The other system did it, and `quick`; whose turn it is now, or with `onward` what comes next, begun.

    `left` are those of its lot that were not tried.
    """
    row = _BEGUN.first(row_id=begun.row_id)
    if row is None:
        return None
    at = now()
    Outgoing.objects.filter(pk=row.pk).update(state=ChangeState.SENT, next_try_at=None, sent_at=at)
    if row.kind == ChangeKind.CREATE:
        Link.objects.filter(pk=row.link_id).update(remote_id=remote_id, linked_at=at)
        _log(row, "case.sent_to_system", remote=remote_id)
    _put_back(left)
    _note_success(begun.system, quick=quick)
    if onward and (first := _first_in_lane(row.link_id)):
        then = _begin(first)
        if isinstance(then, Lot):
            return then
    return _let_go(row.link)


def _put_back(left: Sequence[Outward]) -> None:
    """They were not tried after all."""
    if left:
        rows = Outgoing.objects.filter(pk__in=[one.row_id for one in left], state=ChangeState.WAITING, attempts__gt=0)
        rows.update(attempts=F("attempts") - 1)


def _note_success(system: System, *, quick: bool) -> None:
    """As it was when the change began: what has not changed is not written, or all would wait for this one row."""
    known = System.objects.filter(pk=system.pk)
    if system.failures or system.last_error:
        known.update(failures=0, failing_since=None, rest_until=None, last_error="")
    if quick and lanes.proof_is_old(system):
        known.update(proven_at=now())
    if systems.time_is_old(system.sent_at):
        systems.note_time(system.pk, "sent_at")


def did_not_arrive(outgoing_id: int, error: str, *, final: bool = False, left: Sequence[Outward] = ()) -> Turn | None:
    """A try failed: one more later, unless it was the last or `final`."""
    row = _to_do(outgoing_id)
    if row is None:
        return None
    _put_back(left)
    row.error = error[:500]
    if final or row.attempts >= MAX_ATTEMPTS:
        _log(row, "case.system_failed", kind=row.kind)
        row.state, row.next_try_at = ChangeState.FAILED, None
        row.save(update_fields=["state", "next_try_at", "error"])
        return _let_go(row.link)
    row.next_try_at = lanes.next_try(row.attempts)
    row.save(update_fields=["error", "next_try_at"])
    Link.objects.filter(pk=row.link_id).update(busy_until=None)
    lanes.note_failure(row.link.system_id, row.error)
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


def _log(row: Outgoing, verb: str, **data: str) -> None:
    told = {"system": row.link.system.name, **data}
    record(verb=verb, subject_type="case", subject_id=row.link.case_id, by=SYSTEM, data=told, level=1)


def _locked(outgoing_id: int) -> Outgoing | None:
    """The row, if it waits, locked with its link until the transaction ends."""
    return _WAITING.first(row_id=outgoing_id)


def _first_in_lane(link_id: int) -> Outgoing | None:
    """The row whose turn it is, if it waits and need not wait any longer; locked as all are."""
    first = _FIRST.first(link_id=link_id)
    return first if first and _is_due(first) else None


def _to_do(outgoing_id: int) -> Outgoing | None:
    """The row, if it waits, else the one that its job has gone on with: the first in the same lane."""
    if row := _locked(outgoing_id):
        return row
    gone = Outgoing.objects.select_related("link").filter(pk=outgoing_id).first()
    after = next_turn(gone.link) if gone else []
    return _locked(after[0].row_id) if after else None
