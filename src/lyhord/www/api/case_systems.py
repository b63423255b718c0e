"""A case in other case systems: what has gone to and fro, what did not arrive, and handing it over."""

from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from ninja import Path, Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.accounts.permissions import Permission
from lyhord.cases.actions.messages import LONGEST
from lyhord.cases.models import Case
from lyhord.core.errors import NotFound
from lyhord.exchange import handover, system_actions
from lyhord.exchange.case_queries import Linked, Passed, dead, linked, one_change
from lyhord.exchange.faults import fault_of
from lyhord.exchange.models import ChangeKind, ChangeState, Incoming, Outgoing, System
from lyhord.www.api.answers import IF_MATCH, SECRET, After, answer, nothing, number_from, revision_of, to_cursor
from lyhord.www.api.callers import STAFF, ApiRequest, seen_case, staff_may

router = Router(tags=["case systems"], auth=STAFF)

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class SystemChange(BaseModel):
    """One thing that went there, or came from there."""

    at: datetime
    out: bool
    kind: ChangeKind
    value: str = Field(description="The state, or who has it there.")
    sent: ChangeState | None = Field(description="How far it has come, of what goes there.")
    outcome: Incoming.Outcome | None = Field(description="What it did here, of what came.")
    reason: str


class FailedChange(BaseModel):
    """What did not arrive, and why. It can be sent again, or given up."""

    id: int
    number: str = Field(description="The case.")
    system: str
    kind: ChangeKind
    at: datetime
    attempts: int
    error: str
    detail: str


class CaseInSystem(BaseModel):
    """A case in one system, newest change first."""

    system: str
    remote: str = Field(description="Its number there; empty until it has one.")
    page: str = Field(description="Where it is read there; may be empty.")
    linked_at: datetime | None
    active: bool
    waiting: int
    failed: FailedChange | None
    changes: list[SystemChange]
    more: bool = Field(description="Whether there is more than is shown.")


class CaseSystems(BaseModel):
    """The systems that have the case or are to get it."""

    items: list[CaseInSystem]


class FailedChanges(BaseModel):
    """Newest first."""

    items: list[FailedChange]
    next: str = Field(description="For `after`; empty on the last page.")


class Taker(BaseModel):
    """Whom the case can be handed over to, and what they would read."""

    id: int
    name: str
    queue: str
    title: str
    text: str
    placed: bool = Field(description="Whether they get the place.")
    photos: int
    documents: int
    stays: list[str] = Field(description="Sentences about what they will not see.")


class HandOvers(BaseModel):
    """Who can be given the case; `problem` says why nobody can."""

    problem: str
    items: list[Taker]


class HandOver(BaseModel):
    """To whom, and what the resident is told."""

    model_config = ConfigDict(extra="forbid")

    to: Annotated[int, Field(ge=1, le=2**63 - 1)]
    message: Annotated[str, Field(min_length=1, max_length=LONGEST)]


class HandedOver(BaseModel):
    """It is on its way."""

    number: str
    to: str
    revision: int


@router.get("/cases/{number}/systems", response=CaseSystems, summary="A case in other systems")
def systems(request: ApiRequest, number: str) -> HttpResponse:
    """Which case systems have it, and what has gone to and fro."""
    _staff, case = seen_case(request, number)
    return answer(request, CaseSystems(items=[_shown(case, one) for one in linked(case)]), cache=SECRET)


@router.get("/cases/{number}/handover", response=HandOvers, summary="Who can be given a case")
def takers(request: ApiRequest, number: str) -> HttpResponse:
    """Those who are responsible for something here, with what each would read. Nothing is sent by that."""
    _staff, case = seen_case(request, number, Permission.ASSIGN_CASES)
    problem = handover.hindrance(case)
    items = [] if problem else [_taker(case, one) for one in handover.takers(case)]
    return answer(request, HandOvers(problem=str(problem or ""), items=items), cache=SECRET)


@router.post(
    "/cases/{number}/handover",
    response=HandedOver,
    summary="Hand a case over to others",
    openapi_extra=IF_MATCH,
)
def hand_over(request: ApiRequest, number: str, given: HandOver) -> HttpResponse:
    """Send the case there from now on, and tell the resident who has it. 409 when they have it already."""
    staff, case = seen_case(request, number, Permission.ASSIGN_CASES)
    link = handover.hand_over(
        case_id=case.pk,
        system_id=given.to,
        message=given.message,
        by=staff.actor,
        revision=revision_of(request),
    )
    revision = Case.objects.values_list("revision", flat=True).get(pk=case.pk)
    return answer(request, HandedOver(number=case.number, to=link.system.name, revision=revision), cache=SECRET)


@router.get("/failed-changes", response=FailedChanges, summary="What did not come to a case system")
def failed_changes(request: ApiRequest, after: After = "") -> HttpResponse:
    """For good: sent again, or given up, by somebody."""
    staff = staff_may(request, Permission.SEE_OUTBOX)
    found = dead(staff, before=number_from(after))
    following = to_cursor(str(found.next_before)) if found.next_before else ""
    body = FailedChanges(items=[_failed(row.link.case, row) for row in found.rows], next=following)
    return answer(request, body, following=following, cache=SECRET)


@router.post("/failed-changes/{outgoing_id}/resend", response={204: None}, summary="Send a change again")
def resend_change(request: ApiRequest, outgoing_id: RowId) -> HttpResponse:
    """Try again, from the beginning; 409 when it has arrived or is on its way."""
    staff = staff_may(request, Permission.RESEND)
    system_actions.resend_change(outgoing_id=_known(request, outgoing_id), by=staff.actor)
    return nothing()


@router.post("/failed-changes/{outgoing_id}/give-up", response={204: None}, summary="Give a change up")
def give_up_change(request: ApiRequest, outgoing_id: RowId) -> HttpResponse:
    """Let it be; what waits behind it goes on."""
    staff = staff_may(request, Permission.RESEND)
    system_actions.give_up_change(outgoing_id=_known(request, outgoing_id), by=staff.actor)
    return nothing()


def _known(request: ApiRequest, outgoing_id: int) -> int:
    """A change of a case that the person sees; NotFound otherwise."""
    found = one_change(staff_may(request, Permission.RESEND), outgoing_id)
    if found is None:
        raise NotFound
    return found.pk


def _shown(case: Case, one: Linked) -> CaseInSystem:
    return CaseInSystem(
        system=one.link.system.name,
        remote=one.link.remote_id,
        page=one.page,
        linked_at=one.link.linked_at,
        active=one.link.system.active,
        waiting=one.waiting,
        failed=_failed(case, one.failed) if one.failed else None,
        changes=[_change(passed) for passed in one.passed],
        more=one.cut,
    )


def _change(passed: Passed) -> SystemChange:
    out, came = passed.out, passed.came
    reason = came.reason if came else ""
    if out and out.error and out.state != ChangeState.SENT:
        reason = str(fault_of(out.error).sentence)
    return SystemChange(
        at=passed.at,
        out=out is not None,
        kind=passed.kind,
        value=passed.value,
        sent=ChangeState(out.state) if out else None,
        outcome=Incoming.Outcome(came.outcome) if came else None,
        reason=reason,
    )


def _failed(case: Case, row: Outgoing) -> FailedChange:
    fault = fault_of(row.error)
    return FailedChange(
        id=row.pk,
        number=case.number,
        system=row.link.system.name,
        kind=ChangeKind(row.kind),
        at=row.happened_at,
        attempts=row.attempts,
        error=str(fault.sentence),
        detail="" if case.protected else fault.detail,
    )


def _taker(case: Case, system: System) -> Taker:
    shown = handover.preview(case, system)
    return Taker(
        id=system.pk,
        name=system.name,
        queue=shown.queue,
        title=shown.title,
        text=shown.text,
        placed=shown.placed,
        photos=shown.photos,
        documents=shown.others,
        stays=[str(sentence) for sentence in shown.stays],
    )
