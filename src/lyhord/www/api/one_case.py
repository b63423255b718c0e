"""One case as officers read it: all that is known of it, its history, its pictures, what belongs with it."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from ninja import Router
from pydantic import BaseModel

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff
from lyhord.audit.actions import record
from lyhord.cases import whole_case
from lyhord.cases.answers import answers_from_json, answers_in_words
from lyhord.cases.handlers import members_who_see
from lyhord.cases.history import staff_history
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, Reporter
from lyhord.cases.public_queries import history, photos_with_file
from lyhord.cases.related import Relation, related
from lyhord.cases.secrecy import Veil, may_know
from lyhord.cases.states import State
from lyhord.core.errors import NotFound
from lyhord.www.api.answers import ANY_FILE, PRIVATE, SECRET, answer
from lyhord.www.api.callers import STAFF, ApiRequest, seen_case
from lyhord.www.api.case_shapes import Answered, Contact, History, Line, Officers, Person, WholeCase, summary
from lyhord.www.api.organisation import language_of
from lyhord.www.api.own_case import Size
from lyhord.www.api.thread import thread
from lyhord.www.desk.document import handed_out
from lyhord.www.public.photos import jpeg, size_named

router = Router(tags=["cases"], auth=STAFF)


class RelatedCase(BaseModel):
    """Another case: "same" that this one was merged into, "merged" into this one, or "near"."""

    number: str
    title: str
    state: State
    relation: Relation
    distance_m: int | None


class RelatedCases(BaseModel):
    """Those that the person may see."""

    items: list[RelatedCase]


@router.get("/cases/{number}", response=WholeCase, summary="A case")
def case(request: ApiRequest, number: str) -> HttpResponse:
    """One case. That somebody reads who a protected reporter is, is written down."""
    staff, found = seen_case(request, number)
    body = whole(request, staff, found)
    if found.protected and staff.may(Permission.SEE_PROTECTED):
        record(verb="case.protected_read", subject_type="case", subject_id=found.pk, by=staff.actor, level=1)
    return answer(request, body, revision=found.revision, cache=SECRET if found.protected else PRIVATE)


def whole(request: ApiRequest, staff: Staff, case: Case) -> WholeCase:
    """The case as the person may read it."""
    around = whole_case.around(case)
    veil = Veil.over(staff, case, around.reporter)
    description = case.version.description
    language = language_of(request)
    answered = answers_in_words(description, answers_from_json(description, case.answers), language)
    other = case.duplicate_of
    return WholeCase(
        **summary(case, veil),
        type_name=description.title(language),
        state_reason=veil(case.state_reason),
        responsible=case.responsible,
        reporter=_contact(around.reporter) if around.reporter and not veil.on else None,
        veiled=veil.on,
        wants_feedback=case.wants_feedback,
        language=case.language,
        channel=case.channel,
        answers=[Answered(question=question, answer=veil(said)) for question, said in answered],
        place_text="" if veil.on else case.place_text,
        lat=None if veil.on else case.lat,
        lon=None if veil.on else case.lon,
        acknowledge_by=case.acknowledge_by,
        answer_by=case.answer_by,
        answered_at=case.answered_at,
        closed_at=case.closed_at,
        route_reason=veil(case.route_reason),
        publication=Case.Published(case.publication_state),
        followers=case.followers,
        changes=KINDS.get(case.kind).onward(State(case.state)) if staff.may(Permission.HANDLE_CASES) else [],
        duplicate_of=other.number if other and _sees(staff, other) else "",
        merged=[joined.number for joined in around.merged if _sees(staff, joined)],
        messages=thread(request, case, around.photos, veil),
    )


def _sees(staff: Staff, case: Case | whole_case.Joined) -> bool:
    """As `CaseQuerySet.visible_to` says it."""
    return case.unit_id in staff.unit_ids or (staff.may(Permission.SEE_ALL_CASES) and not case.confidential)


def _contact(reporter: Reporter) -> Contact:
    return Contact(
        name=reporter.name,
        email=reporter.email,
        phone=reporter.phone,
        sender_kind=reporter.sender_kind,
        organisation_name=reporter.organisation_name,
        organisation_number=reporter.organisation_number,
    )


@router.get("/cases/{number}/history", response=History, summary="What has happened to a case")
def case_history(request: ApiRequest, number: str) -> HttpResponse:
    """The log of the case, in words."""
    staff, found = seen_case(request, number)
    veil = Veil.over(staff, found, whole_case.reporter_of(found))
    lines = staff_history(history(found), found.kind)
    items = [Line(at=line.at, who=line.who, text=veil(line.text)) for line in lines]
    return answer(request, History(items=items), cache=SECRET if found.protected else PRIVATE)


@router.get("/cases/{number}/related", response=RelatedCases, summary="Cases that belong together")
def related_cases(request: ApiRequest, number: str) -> HttpResponse:
    """Cases that are the same as this one, or open and close by."""
    staff, found = seen_case(request, number)
    veil = Veil.over(staff, found, whole_case.reporter_of(found))
    others = related(staff, found, whole_case.merged_into(found), place_known=not veil.on)
    items = [
        RelatedCase(
            number=other.case.number,
            title=Veil.over(staff, other.case, None)(other.case.title),
            state=State(other.case.state),
            relation=other.relation,
            distance_m=None if other.away_m is None else round(other.away_m),
        )
        for other in others
    ]
    return answer(request, RelatedCases(items=items), cache=SECRET if found.protected else PRIVATE)


@router.get("/cases/{number}/officers", response=Officers, summary="Who may be given a case")
def officers(request: ApiRequest, number: str) -> HttpResponse:
    """Those who handle cases and see this one."""
    _staff, found = seen_case(request, number, Permission.ASSIGN_CASES)
    members = members_who_see(found)
    items = [Person(id=member.user_id, name=member.user.full_name) for member in members]
    return answer(request, Officers(items=items))


@router.get(
    "/cases/{number}/documents/{uid}", response={200: bytes}, summary="A file of a case", openapi_extra=ANY_FILE
)
def document(request: ApiRequest, number: str, uid: UUID) -> HttpResponseBase:
    """A file that is no picture, to be saved: for those who may know who its reporter is, since nobody has read it."""
    staff, case = seen_case(request, number)
    for found in whole_case.documents(case):
        if found.file.uid == uid and may_know(staff, case, whole_case.reporter_of(case)):
            return handed_out(found.file.key, found.file.name)
    raise NotFound


@router.get("/cases/{number}/photos/{uid}/{size}", response={200: bytes}, summary="A picture of a case")
def photo(request: ApiRequest, number: str, uid: UUID, size: Size) -> HttpResponse:
    """A picture of the case, as JPEG."""
    _staff, case = seen_case(request, number)
    for found in photos_with_file(uid):
        if found.case_id == case.pk:
            return jpeg(found.file, size_named(size))
    raise NotFound
