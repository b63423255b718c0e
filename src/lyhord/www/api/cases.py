"""Cases as officers read them: the views of the desk, search, one case, its history, its pictures."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from ninja import Query, Router
from pydantic import BaseModel, Field

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff
from lyhord.audit.actions import record
from lyhord.cases import whole_case
from lyhord.cases.answers import answers_from_json, answers_in_words
from lyhord.cases.desk_queries import BY_SLUG, UNCOUNTED, VIEWS, cases_in, page_of, view_counts
from lyhord.cases.handlers import members_who_see
from lyhord.cases.history import staff_history
from lyhord.cases.lateness import due
from lyhord.cases.models import Case, Message, Photo, Reporter, Side
from lyhord.cases.public_queries import history, photos_with_file
from lyhord.cases.secrecy import Veil
from lyhord.cases.states import State
from lyhord.core.errors import NotFound
from lyhord.core.text import clean_text
from lyhord.organisations.models import Unit
from lyhord.www.api.answers import PRIVATE, SECRET, After, Limit, answer, from_cursor, to_cursor
from lyhord.www.api.callers import STAFF, ApiRequest, staff_may
from lyhord.www.api.organisation import language_of
from lyhord.www.api.own_case import Size
from lyhord.www.api.photos import PhotoLink, links
from lyhord.www.public.photos import jpeg, size_named

router = Router(tags=["cases"], auth=STAFF)


class Named(BaseModel):
    """A unit or the like, by its code."""

    code: str
    name: str


class Person(BaseModel):
    """Somebody who works here."""

    id: int
    name: str


class CaseRow(BaseModel):
    """A case in a list."""

    number: str
    title: str
    kind: str
    case_type: str
    state: State
    state_until: date | None
    open: bool
    unit: Named
    officer: Person | None
    category: str
    area: str
    registered_at: datetime
    changed_at: datetime
    waiting_since: datetime | None
    due: datetime | None = Field(description="From when it is late; null when nobody waits for what we have promised.")
    unread: bool
    protected: bool
    confidential: bool
    revision: int


class CasePage(BaseModel):
    """A view: oldest waiting first; what is found, and closed cases: newest first."""

    items: list[CaseRow]
    next: str = Field(description="For `after`; empty on the last page.")


class View(BaseModel):
    """One list of the desk; `count` is counted to 100 at most, and null where it is not counted."""

    slug: str
    label: str
    count: int | None


class Views(BaseModel):
    """All lists."""

    items: list[View]


class Contact(BaseModel):
    """Who reported it, for those who may know."""

    name: str
    email: str
    phone: str
    sender_kind: str
    organisation_number: str


class Answered(BaseModel):
    """A question and its answer in words."""

    question: str
    answer: str


class Entry(BaseModel):
    """Something said: by "resident" or "office", or "internal" among staff."""

    id: int | None = Field(description="null for the report itself")
    side: Side
    author: str
    at: datetime
    text: str
    photos: list[PhotoLink]


class Officers(BaseModel):
    """Who may be given the case."""

    items: list[Person]


class WholeCase(CaseRow):
    """A case with all that is known of it. The ETag begins with the revision: send it back as If-Match."""

    type_name: str
    state_reason: str
    responsible: str
    reporter: Contact | None = Field(description="null for nobody, and for those who may not know.")
    veiled: bool = Field(description="Whether something has been taken away, since the reporter is protected.")
    wants_feedback: bool
    language: str
    channel: str
    answers: list[Answered]
    place_text: str
    lat: float | None
    lon: float | None
    acknowledge_by: datetime | None
    answer_by: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    route_reason: str
    publication: Case.Published
    followers: int
    duplicate_of: str = Field(description="Number of the case that it is the same as.")
    merged: list[str] = Field(description="Numbers of the cases that were merged into it.")
    messages: list[Entry]


class Line(BaseModel):
    """One thing that happened."""

    at: datetime
    who: str
    text: str


class History(BaseModel):
    """Everything that happened, oldest first."""

    items: list[Line]


@router.get("/views", response=Views, summary="The lists of the desk")
def views(request: ApiRequest) -> HttpResponse:
    """Which lists there are, and how many cases each holds."""
    staff = staff_may(request, Permission.SEE_CASES)
    counts = view_counts(staff)
    items = [
        View(slug=view.slug, label=str(view.label), count=None if view.slug in UNCOUNTED else counts[view.slug])
        for view in VIEWS
    ]
    return answer(request, Views(items=items))


@router.get("/cases", response=CasePage, summary="Cases")
def cases(
    request: ApiRequest,
    *,
    view: Annotated[str, Query(max_length=40, description="A list of the desk; see /views.")] = "alla",
    q: Annotated[str, Query(max_length=200, description="Words, a number or a mail address; finds in all lists.")] = "",
    unit: Annotated[str, Query(max_length=60, description="Code of a unit: its cases and those of units below.")] = "",
    limit: Limit = 50,
    after: After = "",
) -> HttpResponse:
    """What the person may see of a list, or what words find."""
    staff = staff_may(request, Permission.SEE_CASES)
    wanted = BY_SLUG.get(view)
    if wanted is None:
        raise NotFound
    words = clean_text(q, one_line=True)
    found = page_of(
        cases_in(staff, wanted, unit_ids=_below(unit), words=words).select_related("case_type"),
        from_cursor(after),
        newest_first=bool(words) or wanted.slug == "avslutade",
        most=limit,
    )
    following = to_cursor(found.next)
    body = CasePage(items=[_row(case, Veil.over(staff, case, None)) for case in found.cases], next=following)
    return answer(request, body, following=following)


def _below(code: str) -> list[int] | None:
    if not code:
        return None
    top = Unit.objects.filter(Q(code=clean_text(code))).first()
    if top is None:
        raise NotFound
    return sorted(Unit.objects.all().tree_ids({top.pk}))


def _row(case: Case, veil: Veil) -> CaseRow:
    return CaseRow(**_summary(case, veil))


def _summary(case: Case, veil: Veil) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": veil(case.title),
        "kind": case.kind,
        "case_type": case.case_type.code,
        "state": case.state,
        "state_until": case.state_until,
        "open": case.open,
        "unit": {"code": case.unit.code, "name": case.unit.name},
        "officer": {"id": case.officer.pk, "name": case.officer.full_name} if case.officer else None,
        "category": case.category.code if case.category else "",
        "area": case.area.name if case.area and not veil.on else "",
        "registered_at": case.registered_at,
        "changed_at": case.changed_at,
        "waiting_since": case.waiting_since,
        "due": due(case),
        "unread": case.unread,
        "protected": case.protected,
        "confidential": case.confidential,
        "revision": case.revision,
    }


def seen_case(request: ApiRequest, number: str, permission: Permission = Permission.SEE_CASES) -> tuple[Staff, Case]:
    """Who asks, and the case if they may see it; NotFound otherwise, as for one that does not exist."""
    staff = staff_may(request, permission)
    case = whole_case.visible_by_number(staff, number)
    if case is None:
        raise NotFound
    return staff, case


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
        **_summary(case, veil),
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
        duplicate_of=other.number if other and _sees(staff, other) else "",
        merged=[joined.number for joined in around.merged if _sees(staff, joined)],
        messages=_thread(request, case, around.photos, veil),
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
        organisation_number=reporter.organisation_number,
    )


def _thread(request: ApiRequest, case: Case, photos: list[Photo], veil: Veil) -> list[Entry]:
    """What was said, the report first, notes among staff included."""
    first = Entry(
        id=None,
        side=Side.RESIDENT,
        author="",
        at=case.registered_at,
        text=veil(case.text),
        photos=_links(request, case, [photo for photo in photos if photo.message_id is None], veil),
    )
    return [first, *(_entry(request, case, message, photos, veil) for message in whole_case.messages(case))]


def _entry(request: ApiRequest, case: Case, message: Message, photos: list[Photo], veil: Veil) -> Entry:
    own = [photo for photo in photos if photo.message_id == message.pk]
    return Entry(
        id=message.pk,
        side=Side(message.side),
        author="" if message.side == Side.RESIDENT else message.author_label,
        at=message.at,
        text=veil(message.text),
        photos=_links(request, case, own, veil),
    )


def _links(request: ApiRequest, case: Case, photos: list[Photo], veil: Veil) -> list[PhotoLink]:
    if not photos:
        return []
    made = links(request, photos, f"{reverse('api-v1:case', args=[case.number])}/photos")
    return [link.model_copy(update={"alt": veil(link.alt)}) for link in made]


@router.get("/cases/{number}/history", response=History, summary="What has happened to a case")
def case_history(request: ApiRequest, number: str) -> HttpResponse:
    """The log of the case, in words."""
    staff, found = seen_case(request, number)
    veil = Veil.over(staff, found, whole_case.reporter_of(found))
    lines = staff_history(history(found), found.kind)
    items = [Line(at=line.at, who=line.who, text=veil(line.text)) for line in lines]
    return answer(request, History(items=items), cache=SECRET if found.protected else PRIVATE)


@router.get("/cases/{number}/officers", response=Officers, summary="Who may be given a case")
def officers(request: ApiRequest, number: str) -> HttpResponse:
    """Those who handle cases and see this one."""
    _staff, found = seen_case(request, number, Permission.ASSIGN_CASES)
    units = list(Unit.objects.order_by("sort_key", "pk"))
    members = members_who_see(found, units)
    items = [Person(id=member.user_id, name=member.user.full_name) for member in members]
    return answer(request, Officers(items=items))


@router.get("/cases/{number}/photos/{uid}/{size}", response={200: bytes}, summary="A picture of a case")
def photo(request: ApiRequest, number: str, uid: UUID, size: Size) -> HttpResponse:
    """A picture of the case, as JPEG."""
    _staff, case = seen_case(request, number)
    for found in photos_with_file(uid):
        if found.case_id == case.pk:
            return jpeg(found.file, size_named(size))
    raise NotFound
