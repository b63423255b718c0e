"""What officers do with a case. With If-Match nothing is done to a case that somebody else has changed since (412)."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.accounts.permissions import Permission
from lyhord.cases import actions
from lyhord.cases.actions.messages import LONGEST
from lyhord.cases.actions.question import LONGEST as LONGEST_WAIT
from lyhord.cases.actions.question import SHORTEST as SHORTEST_WAIT
from lyhord.cases.models import Case, Message, Side
from lyhord.cases.states import State
from lyhord.core.errors import Invalid
from lyhord.organisations.models import Unit
from lyhord.www.api.answers import IF_MATCH, SECRET, answer, message_id, nothing, revision_of
from lyhord.www.api.callers import STAFF, ApiRequest, seen_case
from lyhord.www.api.own_case import OnceOnly, Words
from lyhord.www.api.photos import drafts

router = Router(tags=["deeds"], auth=STAFF)


class Deed(BaseModel):
    """What is sent with a change."""

    model_config = ConfigDict(extra="forbid")


class Wrote(BaseModel):
    """A message that has been written."""

    id: int
    side: Side
    at: datetime
    revision: int


class Changed(BaseModel):
    """The case after the change; `revision` is for the next If-Match."""

    number: str
    state: State
    unit: str
    officer: int | None
    case_type: str
    revision: int


class Assign(Deed):
    """Who has the case; null gives it back to its unit."""

    officer: Annotated[int, Field(ge=1, le=2**63 - 1)] | None


class Move(Deed):
    """Another unit, and why; it is read first there."""

    unit: Annotated[str, Field(max_length=60)]
    reason: Annotated[str, Field(max_length=1000)]


class Change(Deed):
    """Another state, with what it needs: reason and date to plan or wait, whom to turn to instead to refuse …"""

    state: State
    reason: Annotated[str, Field(max_length=1000)] = ""
    until: date | None = None
    responsible: Annotated[str, Field(max_length=200)] = ""
    message: Annotated[str, Field(max_length=LONGEST, description="To the resident, in the same step.")] = ""
    closing: Annotated[
        dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=2000)]],
        Field(max_length=20, description="What the kind asks for when it is closed, by name."),
    ] = {}


class AskReporter(Deed):
    """A question to whoever reported, how many days we wait, and whether silence closes the case."""

    text: Annotated[str, Field(max_length=LONGEST)]
    days: Annotated[int, Field(ge=SHORTEST_WAIT, le=LONGEST_WAIT)] = 14
    closes: bool = False


class Merge(Deed):
    """The number of the case that it is the same as."""

    into: Annotated[str, Field(max_length=20)]


class Convert(Deed):
    """The code of what the case is really about."""

    case_type: Annotated[str, Field(max_length=80)]


class Lift(Deed):
    """Why no protection is needed."""

    reason: Annotated[str, Field(max_length=1000)]


def changed(request: ApiRequest, case: Case) -> HttpResponse:
    """The case as it is now."""
    body = Changed(
        number=case.number,
        state=State(case.state),
        unit=case.unit.code,
        officer=case.officer_id,
        case_type=case.case_type.code,
        revision=case.revision,
    )
    return answer(request, body, cache=SECRET)


def _wrote(request: ApiRequest, message: Message) -> HttpResponse:
    revision = Case.objects.values_list("revision", flat=True).get(pk=message.case_id)
    body = Wrote(id=message.pk, side=Side(message.side), at=message.at, revision=revision)
    return answer(request, body, status=201, cache=SECRET)


@router.post("/cases/{number}/replies", response={201: Wrote}, summary="Answer the resident", openapi_extra=IF_MATCH)
def reply(request: ApiRequest, number: str, words: Words, idempotency_key: OnceOnly = "") -> HttpResponse:
    """Answer; whoever reported it, followers and those whose cases were merged into it are told."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    message = actions.reply(
        case_id=case.pk,
        text=words.text,
        by=staff.actor,
        photos=tuple(drafts(words.photos)),
        external_id=message_id(request),
        revision=revision_of(request),
    )
    return _wrote(request, message)


@router.post("/cases/{number}/notes", response={201: Wrote}, summary="Write among staff", openapi_extra=IF_MATCH)
def note(request: ApiRequest, number: str, words: Words, idempotency_key: OnceOnly = "") -> HttpResponse:
    """Write a note; it never reaches residents, nor do its pictures."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    message = actions.note(
        case_id=case.pk,
        text=words.text,
        by=staff.actor,
        photos=tuple(drafts(words.photos)),
        external_id=message_id(request),
        revision=revision_of(request),
    )
    return _wrote(request, message)


@router.post("/cases/{number}/read", response={204: None}, summary="Take away the mark of something new")
def read(request: ApiRequest, number: str) -> HttpResponse:
    """Say that what is new has been read; reading by this API alone does not."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    actions.mark_read(case_id=case.pk, by=staff.actor)
    return nothing()


@router.put("/cases/{number}/officer", response=Changed, summary="Give a case to somebody", openapi_extra=IF_MATCH)
def assign(request: ApiRequest, number: str, given: Assign) -> HttpResponse:
    """Take the case, give it to somebody else (with the right to), or back to its unit."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    if given.officer != staff.user.pk:
        staff.demand(Permission.ASSIGN_CASES)
    after = actions.assign(case_id=case.pk, officer_id=given.officer, by=staff.actor, revision=revision_of(request))
    return changed(request, after)


@router.put("/cases/{number}/unit", response=Changed, summary="Hand a case over", openapi_extra=IF_MATCH)
def move(request: ApiRequest, number: str, given: Move) -> HttpResponse:
    """Send the case to another unit. It keeps number and history."""
    staff, case = seen_case(request, number, Permission.ASSIGN_CASES)
    unit = Unit.objects.filter(code=given.unit.replace("\x00", "")).first()
    if unit is None:
        raise Invalid({"unit": _("Välj något i listan.")})
    after = actions.move(
        case_id=case.pk, unit_id=unit.pk, reason=given.reason, by=staff.actor, revision=revision_of(request)
    )
    return changed(request, after)


@router.put("/cases/{number}/state", response=Changed, summary="Change a case's state", openapi_extra=IF_MATCH)
def change_state(request: ApiRequest, number: str, given: Change) -> HttpResponse:
    """Plan, wait, resolve, refuse, reopen; 409 for a change that is never made from where the case is."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    after = actions.change_state(
        case_id=case.pk,
        to=given.state,
        by=staff.actor,
        reason=given.reason,
        until=given.until,
        responsible=given.responsible,
        message=given.message,
        closing=given.closing,
        revision=revision_of(request),
    )
    return changed(request, after)


@router.post("/cases/{number}/question", response=Changed, summary="Ask whoever reported", openapi_extra=IF_MATCH)
def ask(request: ApiRequest, number: str, given: AskReporter) -> HttpResponse:
    """Ask something and wait for the answer: they are reminded once, and silence may close the case."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    asked = actions.ask_reporter(
        case_id=case.pk,
        text=given.text,
        days=given.days,
        closes=given.closes,
        by=staff.actor,
        revision=revision_of(request),
    )
    return changed(request, Case.objects.select_related("unit", "case_type").get(pk=asked.case_id))


@router.post("/cases/{number}/merge", response=Changed, summary="Merge a case into another", openapi_extra=IF_MATCH)
def merge(request: ApiRequest, number: str, given: Merge) -> HttpResponse:
    """Close the case as the same as another that the person sees."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    into = seen_case(request, given.into, Permission.HANDLE_CASES)[1]
    after = actions.merge(case_id=case.pk, into_number=into.number, by=staff.actor, revision=revision_of(request))
    return changed(request, after)


@router.post(
    "/cases/{number}/unmerge", response=Changed, summary="Take a merged case apart again", openapi_extra=IF_MATCH
)
def unmerge(request: ApiRequest, number: str) -> HttpResponse:
    """Undo a merge: the case opens again."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    return changed(request, actions.unmerge(case_id=case.pk, by=staff.actor, revision=revision_of(request)))


@router.put("/cases/{number}/type", response=Changed, summary="Change what a case is about", openapi_extra=IF_MATCH)
def convert(request: ApiRequest, number: str, given: Convert) -> HttpResponse:
    """Give the case another type, and its kind with it."""
    staff, case = seen_case(request, number, Permission.CONVERT_CASES)
    after = actions.convert(
        case_id=case.pk,
        type_code=given.case_type.replace("\x00", ""),
        by=staff.actor,
        revision=revision_of(request),
    )
    return changed(request, after)


@router.put("/cases/{number}/protection", response=Changed, summary="Protect who reported it", openapi_extra=IF_MATCH)
def protect(request: ApiRequest, number: str) -> HttpResponse:
    """The reporter has protected identity: few will know who it is and where, and nothing is shown to others."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    return changed(request, actions.protect(case_id=case.pk, by=staff.actor, revision=revision_of(request)))


@router.post(
    "/cases/{number}/protection/lift", response=Changed, summary="The protection was a mistake", openapi_extra=IF_MATCH
)
def unprotect(request: ApiRequest, number: str, why: Lift) -> HttpResponse:
    """By somebody who may know who it is, with a reason. Nothing is shown to others again by that."""
    staff, case = seen_case(request, number, Permission.HANDLE_CASES)
    staff.demand(Permission.SEE_PROTECTED)
    revision = revision_of(request)
    return changed(request, actions.unprotect(case_id=case.pk, reason=why.reason, by=staff.actor, revision=revision))
