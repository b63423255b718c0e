"""What has come in by mail and text message and is no case yet: read, and said what it is. What could not be read."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff
from lyhord.audit.actions import record
from lyhord.cases import whole_case
from lyhord.cases.kind import KINDS
from lyhord.cases.public_queries import type_by_code
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.text import clean_text
from lyhord.intake.arrivals import try_again
from lyhord.intake.draft_actions import LONGEST, accept_draft, dismiss_draft, join_draft, restore_draft
from lyhord.intake.incoming_queries import arrivals as arrival_rows
from lyhord.intake.incoming_queries import files_of, open_arrivals, waiting_drafts
from lyhord.intake.models import Arrival as ArrivalRow
from lyhord.intake.models import ArrivalState, DraftCase, DraftState
from lyhord.intake.taking import with_subject
from lyhord.www.api.answers import ANY_FILE, SECRET, After, answer, nothing, number_from, to_cursor
from lyhord.www.api.callers import STAFF, ApiRequest, seen_case, staff_may
from lyhord.www.api.own_case import Size
from lyhord.www.desk.arrivals import as_it_came
from lyhord.www.desk.document import handed_out
from lyhord.www.desk.drafts import found_draft, known_draft, veil_over
from lyhord.www.public.photos import jpeg, size_named

router = Router(tags=["incoming"], auth=STAFF)
DRAFTS = Permission.REGISTER_FOR_OTHERS

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class IncomingRow(BaseModel):
    """Something that waits for somebody to say what it is. Nothing of who sent it, for those who may not know."""

    id: int
    at: datetime
    channel: str
    reason: str = Field(description="Why it did not become a case by itself, by its code.")
    state: DraftState
    sender: str
    subject: str
    linked: str = Field(description="Number of the case that it seems to belong to; may be empty.")
    unit: str


class IncomingPage(BaseModel):
    """Oldest first."""

    items: list[IncomingRow]
    next: str = Field(description="For `after`; empty on the last page.")


class IncomingFile(BaseModel):
    """A file that came with it."""

    uid: UUID
    name: str
    photo: bool


class Incoming(IncomingRow):
    """The whole of it, and what has become of it."""

    text: str
    email: str
    phone: str
    language: str
    files: list[IncomingFile]
    case: str = Field(description="Number of the case that it became or joined, for those who see it.")


class AsCase(BaseModel):
    """It is a case: of this type or kind, in these words, else in its own."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[str, Field(max_length=40)] = ""
    case_type: Annotated[str, Field(max_length=80, description="Else the words decide.")] = ""
    text: Annotated[str, Field(max_length=LONGEST)] = ""
    answer: Annotated[bool, Field(description="Whether the sender is told, and of what happens.")] = True


class AsPart(BaseModel):
    """It belongs to a case: as said by its reporter, or else for staff only."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(max_length=20)]
    by_reporter: bool = False


class Became(BaseModel):
    """The number of the case."""

    number: str


class Arrival(BaseModel):
    """Something that came in, whatever became of it."""

    id: int
    at: datetime
    channel: str
    state: ArrivalState
    outcome: str
    reason: str
    sender: str
    subject: str
    case: str


class Arrivals(BaseModel):
    """Newest first."""

    items: list[Arrival]
    next: str = Field(description="For `after`; empty on the last page.")


@router.get("/incoming", response=IncomingPage, summary="What waits to be looked at")
def incoming(request: ApiRequest, after: After = "") -> HttpResponse:
    """What came by mail or text message and nobody has decided about."""
    staff = staff_may(request, DRAFTS)
    found, onward = waiting_drafts(staff, after=number_from(after) or 0)
    following = to_cursor(str(onward)) if onward else ""
    body = IncomingPage(items=[_row(staff, draft) for draft in found], next=following)
    return answer(request, body, following=following, cache=SECRET)


@router.get("/incoming/{draft_id}", response=Incoming, summary="Something that came in")
def one_incoming(request: ApiRequest, draft_id: RowId) -> HttpResponse:
    """All of it. That somebody reads of a person with protected identity is written down."""
    staff = staff_may(request, DRAFTS)
    return answer(request, _whole(staff, found_draft(staff, draft_id)), cache=SECRET)


@router.post("/incoming/{draft_id}/case", response={201: Became}, summary="It is a case")
def make_case(request: ApiRequest, draft_id: RowId, given: AsCase) -> HttpResponse:
    """Register it; 409 when somebody has decided otherwise."""
    staff = staff_may(request, DRAFTS)
    draft = found_draft(staff, draft_id)
    chosen = type_by_code(clean_text(given.case_type, one_line=True)) if given.case_type else None
    if given.case_type and chosen is None:
        raise Invalid({"case_type": _("Välj något i listan.")})
    kind = chosen.kind if chosen else given.kind or draft.kind or "fraga"
    if kind not in KINDS.slugs():
        raise Invalid({"kind": _("Välj något i listan.")})
    own = with_subject(draft.subject, draft.text)[:LONGEST]
    receipt = accept_draft(
        draft_id=draft.pk,
        text=own if veil_over(staff, draft).on or not given.text.strip() else given.text,
        kind=kind,
        case_type=chosen.code if chosen else None,
        answer=given.answer,
        by=staff.actor,
    )
    return answer(request, Became(number=receipt.number), status=201, cache=SECRET)


@router.post("/incoming/{draft_id}/part", response=Became, summary="It belongs to a case")
def make_part(request: ApiRequest, draft_id: RowId, given: AsPart) -> HttpResponse:
    """Put it into a case that the person sees; 409 when somebody has decided otherwise."""
    staff = staff_may(request, DRAFTS)
    draft = found_draft(staff, draft_id)
    _staff, case = seen_case(request, given.number)
    join_draft(draft_id=draft.pk, case_id=case.pk, by_reporter=given.by_reporter, by=staff.actor)
    return answer(request, Became(number=case.number), cache=SECRET)


@router.post("/incoming/{draft_id}/dismiss", response=Incoming, summary="It is no case")
def dismiss(request: ApiRequest, draft_id: RowId) -> HttpResponse:
    """Advertising, a mistake. It is kept and can be taken back."""
    staff = staff_may(request, DRAFTS)
    dismiss_draft(draft_id=found_draft(staff, draft_id).pk, by=staff.actor)
    return answer(request, _whole(staff, found_draft(staff, draft_id)), cache=SECRET)


@router.post("/incoming/{draft_id}/restore", response=Incoming, summary="It was something after all")
def restore(request: ApiRequest, draft_id: RowId) -> HttpResponse:
    """It waits again; 409 when it was not dismissed."""
    staff = staff_may(request, DRAFTS)
    restore_draft(draft_id=found_draft(staff, draft_id).pk, by=staff.actor)
    return answer(request, _whole(staff, found_draft(staff, draft_id)), cache=SECRET)


@router.get("/incoming/{draft_id}/photos/{uid}/{size}", response={200: bytes}, summary="A picture that came with it")
def incoming_photo(request: ApiRequest, draft_id: RowId, uid: UUID, size: Size) -> HttpResponse:
    """As JPEG."""
    for file in files_of(known_draft(staff_may(request, DRAFTS), draft_id)):
        if file.photo and file.photo.uid == uid:
            return jpeg(file.photo, size_named(size))
    raise NotFound


@router.get(
    "/incoming/{draft_id}/documents/{uid}",
    response={200: bytes},
    summary="A file that came with it",
    openapi_extra=ANY_FILE,
)
def incoming_document(request: ApiRequest, draft_id: RowId, uid: UUID) -> HttpResponseBase:
    """To be saved: nobody has read it."""
    for file in files_of(known_draft(staff_may(request, DRAFTS), draft_id)):
        if file.document and file.document.uid == uid:
            return handed_out(file.document.key, file.document.name)
    raise NotFound


@router.get("/arrivals", response=Arrivals, summary="Everything that came in")
def arrivals(
    request: ApiRequest,
    failed: Annotated[bool, Query(description="Only what somebody must look at.")] = False,
    after: After = "",
) -> HttpResponse:
    """By mail and text message, and what became of it."""
    staff = staff_may(request, Permission.SEE_OUTBOX)
    found, before = arrival_rows(failed=failed, before=number_from(after))
    known, numbers, _drafts = open_arrivals(staff, found)
    following = to_cursor(str(before)) if before else ""
    items = [_arrival(row, numbers, known=row.pk in known) for row in found]
    return answer(request, Arrivals(items=items, next=following), following=following, cache=SECRET)


@router.get(
    "/arrivals/{arrival_id}/original",
    response={200: bytes},
    summary="Something as it came",
    openapi_extra=ANY_FILE,
)
def original(request: ApiRequest, arrival_id: RowId) -> HttpResponse:
    """The mail or the message itself, to be saved: nobody has read it. 404 once the original is kept no more."""
    return as_it_came(staff_may(request, DRAFTS), arrival_id)


@router.post("/arrivals/{arrival_id}/retry", response={204: None}, summary="Handle it once more")
def retry(request: ApiRequest, arrival_id: RowId) -> HttpResponse:
    """What could not be taken in, or is held; 409 for everything else."""
    staff = staff_may(request, Permission.RESEND)
    try_again(arrival_id=arrival_id, by=staff.actor)
    return nothing()


def _row(staff: Staff, draft: DraftCase) -> IncomingRow:
    veil = veil_over(staff, draft)
    return IncomingRow(
        id=draft.pk,
        at=draft.created_at,
        channel=draft.channel,
        reason=draft.reason,
        state=DraftState(draft.state),
        sender="" if veil.on else draft.name or draft.email or draft.phone,
        subject=veil(draft.subject),
        linked=draft.linked.number if draft.linked else "",
        unit=draft.unit.code,
    )


def _whole(staff: Staff, draft: DraftCase) -> Incoming:
    veil = veil_over(staff, draft)
    if draft.protected and not veil.on:
        record(verb="draft.protected_read", subject_type="draft", subject_id=draft.pk, by=staff.actor, level=1)
    case = draft.case if draft.case and whole_case.visible_case(staff, draft.case.pk) else None
    files = [] if veil.on else files_of(draft)
    return Incoming(
        **_row(staff, draft).model_dump(),
        text=veil(draft.text),
        email="" if veil.on else draft.email,
        phone="" if veil.on else draft.phone,
        language=draft.language,
        files=[
            *(IncomingFile(uid=one.photo.uid, name="", photo=True) for one in files if one.photo),
            *(IncomingFile(uid=one.document.uid, name=one.document.name, photo=False) for one in files if one.document),
        ],
        case=case.number if case else "",
    )


def _arrival(row: ArrivalRow, numbers: dict[int, str], *, known: bool) -> Arrival:
    return Arrival(
        id=row.pk,
        at=row.received_at,
        channel=row.channel,
        state=ArrivalState(row.state),
        outcome=row.outcome,
        reason=row.reason if known else "",
        sender=row.sender if known else "",
        subject=row.subject if known else "",
        case=numbers.get(row.case_id or 0, ""),
    )
