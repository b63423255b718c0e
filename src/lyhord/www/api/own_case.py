"""One's own case, by its code: what has happened and was said, saying more, and whether news come by mail."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Header, Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.cases import actions
from lyhord.cases.actions.messages import LONGEST
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, Message, Photo, Side
from lyhord.cases.public_queries import (
    messages_for_resident,
    photos_and_history,
    photos_for_resident,
    photos_with_file,
)
from lyhord.cases.queries import asks_outcome
from lyhord.cases.states import State
from lyhord.cases.timeline import Step, timeline
from lyhord.cases.ways import ways_of
from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.core.mail_address import mail_address
from lyhord.intake.channel import CHANNELS
from lyhord.intake.submission import MOST_PHOTOS
from lyhord.www.api.answers import IF_MATCH, SECRET, answer, message_id, nothing, revision_of
from lyhord.www.api.callers import FOLLOWER, CaseRequest
from lyhord.www.api.photos import PhotoLink, drafts, links
from lyhord.www.public.photos import jpeg, size_named

router = Router(tags=["own case"], auth=FOLLOWER)
RESIDENT = Actor.resident()
CHANNEL = "api"

Size = Literal["large", "small"]
OnceOnly = Annotated[
    str, Header(alias="Idempotency-Key", max_length=100, description="The same words with the same are one message.")
]


class TimelineStep(BaseModel):
    """What has happened, happens now, or comes."""

    label: str
    at: datetime | date | None
    text: str
    phase: Literal["done", "now", "later"]


class Said(BaseModel):
    """Something said: by "resident" or "office"."""

    side: Literal["resident", "office"]
    author: str
    at: datetime
    text: str
    photos: list[PhotoLink]


class Feedback(BaseModel):
    """Whether it became good; null as long as nobody has said so."""

    good: bool | None


class OwnCase(BaseModel):
    """The case as whoever reported it reads it."""

    number: str
    kind: str
    title: str
    state: State
    open: bool
    state_sentence: str
    registered_at: datetime
    answer_by: datetime | None
    unit: str
    officer: str
    place_text: str
    lat: float | None
    lon: float | None
    timeline: list[TimelineStep]
    messages: list[Said]
    wants_mail: bool
    email: str = Field(description="As much of the address for news as its owner needs to know it.")
    published: bool
    page: str = Field(description="Where others read it; empty when they do not.")
    followers: int = Field(description="How many others want news of it.")
    feedback: Feedback | None = Field(description="null when it is not asked whether it became good.")
    merged: bool = Field(description="Whether it is answered in another case about the same thing.")


class Words(BaseModel):
    """What somebody says more."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=LONGEST)] = ""
    photos: Annotated[list[UUID], Field(max_length=MOST_PHOTOS, description="Tokens of pictures sent before.")] = []


class Outcome(BaseModel):
    """Did it become good? With no it is taken up again, with the words as a message."""

    model_config = ConfigDict(extra="forbid")

    good: bool
    text: Annotated[str, Field(max_length=LONGEST)] = ""


class Mail(BaseModel):
    """Where news are to be sent."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(max_length=254)]


@router.get("/own-case", response=OwnCase, summary="Follow one's case", url_name="own_case")
def own_case(request: CaseRequest) -> HttpResponse:
    """The case that the code opens. Notes among staff are never here."""
    return _answer(request)


def _answer(request: CaseRequest) -> HttpResponse:
    return answer(request, _shown(request, request.auth), revision=request.auth.revision, cache=SECRET)


def _shown(request: CaseRequest, case: Case) -> OwnCase:
    photos, events = photos_and_history(case)
    other = case.duplicate_of
    steps = timeline(case, events, unit=case.unit.name, own=True, merged_into=other)
    kind, state = KINDS.get(case.kind), State(case.state)
    published = case.publication_state == Case.Published.PUBLISHED
    mail = [way for way in ways_of(case) if way.sender == "email"]
    return OwnCase(
        number=case.number,
        kind=case.kind,
        title=case.title,
        state=state,
        open=case.open,
        state_sentence=kind.sentence(state, reason=case.state_reason, until=case.state_until),
        registered_at=case.registered_at,
        answer_by=case.answer_by,
        unit=case.unit.name,
        officer=case.officer.full_name if case.officer else "",
        place_text=case.place_text,
        lat=case.lat,
        lon=case.lon,
        timeline=[shown_step(step) for step in steps],
        messages=[_first(request, case, photos), *_thread(request, case, photos)],
        wants_mail=bool(mail),
        email=mail[0].address if mail else "",
        published=published,
        page=request.build_absolute_uri(reverse("public:case", args=[case.number])) if published else "",
        followers=case.followers,
        feedback=Feedback(good=case.became_good or None) if asks_outcome(case) else None,
        merged=other is not None,
    )


def shown_step(step: Step) -> TimelineStep:
    """A step of a timeline, written."""
    return TimelineStep(label=step.label, at=step.at, text=step.text, phase=step.phase)


def _first(request: CaseRequest, case: Case, photos: list[Photo]) -> Said:
    """The report itself."""
    own = [photo for photo in photos if photo.message_id is None]
    return Said(side="resident", author="", at=case.registered_at, text=case.text, photos=_links(request, own))


def _thread(request: CaseRequest, case: Case, photos: list[Photo]) -> list[Said]:
    return [_said(request, message, photos) for message in messages_for_resident(case)]


def _said(request: CaseRequest, message: Message, photos: list[Photo]) -> Said:
    resident = message.side == Side.RESIDENT
    return Said(
        side="resident" if resident else "office",
        author="" if resident else message.author_label or request.organisation.name,
        at=message.at,
        text=message.text,
        photos=_links(request, [photo for photo in photos if photo.message_id == message.pk]),
    )


def _links(request: CaseRequest, photos: list[Photo]) -> list[PhotoLink]:
    return links(request, photos, f"{reverse('api-v1:own_case')}/photos")


@router.post("/own-case/messages", response={201: Said}, summary="Say more")
def write(
    request: CaseRequest,
    words: Words,
    idempotency_key: OnceOnly = "",
) -> HttpResponse:
    """Write in one's case; a closed one opens again."""
    files = drafts(words.photos)
    message = CHANNELS.get(CHANNEL).write(
        case=request.auth,
        text=words.text or (_("Se bilden.") if files else ""),
        external_id=message_id(request),
        photos=tuple(files),
        by=RESIDENT,
    )
    photos = [photo for photo in photos_for_resident(request.auth) if photo.message_id == message.pk]
    return answer(request, _said(request, message, photos), status=201, cache=SECRET)


@router.put("/own-case/feedback", response=OwnCase, summary="Say whether it became good", openapi_extra=IF_MATCH)
def feedback(request: CaseRequest, outcome: Outcome, idempotency_key: OnceOnly = "") -> HttpResponse:
    """Answered once the case has been mended or answered; before that, words are a message like any other."""
    revision = revision_of(request)
    if outcome.good:
        actions.say_good(case_id=request.auth.pk, by=RESIDENT, revision=revision)
    else:
        actions.say_not_good(
            case_id=request.auth.pk,
            text=outcome.text,
            by=RESIDENT,
            channel=CHANNEL,
            external_id=message_id(request),
            revision=revision,
        )
    request.auth.refresh_from_db()
    return _answer(request)


@router.put(
    "/own-case/protection",
    response={204: None},
    summary="Say that one has protected identity",
    openapi_extra=IF_MATCH,
)
def protect(request: CaseRequest) -> HttpResponse:
    """From now on few know who sent it and from where, and nothing of it is shown to others."""
    actions.protect(case_id=request.auth.pk, by=RESIDENT, revision=revision_of(request))
    return nothing()


@router.put("/own-case/mail", response={204: None}, summary="Get news by mail", openapi_extra=IF_MATCH)
def mail(request: CaseRequest, wanted: Mail) -> HttpResponse:
    """Ask this address whether it wants the news: once it has said yes, it gets them."""
    actions.add_way(
        case_id=request.auth.pk,
        sender="email",
        address=mail_address(wanted.email),
        by=RESIDENT,
        revision=revision_of(request),
    )
    return nothing()


@router.delete("/own-case/mail", response={204: None}, summary="Get no more mail", openapi_extra=IF_MATCH)
def no_mail(request: CaseRequest) -> HttpResponse:
    """Send no more; what is said can still be read by the code."""
    actions.drop_ways(case_id=request.auth.pk, sender="email", by=RESIDENT, revision=revision_of(request))
    return nothing()


@router.get("/own-case/photos/{uid}/{size}", response={200: bytes}, summary="A picture of one's case")
def photo(request: CaseRequest, uid: UUID, size: Size) -> HttpResponse:
    """A picture of the case, as JPEG."""
    for found in photos_with_file(uid):
        if found.case_id == request.auth.pk and not found.internal:
            return jpeg(found.file, size_named(size))
    raise NotFound
