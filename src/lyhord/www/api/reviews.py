"""Reading cases through before others may see them."""

from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from django.urls import reverse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff
from lyhord.cases import actions, whole_case
from lyhord.cases.actions.photos import describe_photos
from lyhord.cases.actions.publish import TEXT_LENGTH, TITLE_LENGTH
from lyhord.cases.desk_queries import review_queue
from lyhord.cases.masking import Sensitive, find
from lyhord.cases.models import Case, Photo
from lyhord.cases.review import suggested
from lyhord.core.errors import NotFound
from lyhord.www.api.answers import IF_MATCH, SECRET, After, Limit, answer, number_from, revision_of, to_cursor
from lyhord.www.api.callers import STAFF, ApiRequest, seen_case, staff_may
from lyhord.www.api.photos import PhotoLink, links

router = Router(tags=["reviews"], auth=STAFF)


class ReviewRow(BaseModel):
    """A case that waits to be read through."""

    number: str
    title: str
    registered_at: datetime


class ReviewPage(BaseModel):
    """Oldest first."""

    items: list[ReviewRow]
    next: str


class Hit(BaseModel):
    """Something that looks like personal data."""

    kind: Sensitive
    text: str


class ReviewPhoto(PhotoLink):
    """A picture that may be shown."""

    id: int


class Review(BaseModel):
    """What is shown now, or what might be: what was said, and our last answer."""

    number: str
    publication: Case.Published
    title: str
    text: str
    answer: str
    hits: list[Hit]
    photos: list[ReviewPhoto]
    revision: int


class ShownPhoto(BaseModel):
    """A picture to show, and what it shows."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    alt: Annotated[str, Field(max_length=200)] = ""


class Publish(BaseModel):
    """What others will read. `warned`: that what looks personal has been seen, and may be shown."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(max_length=TITLE_LENGTH)]
    text: Annotated[str, Field(max_length=TEXT_LENGTH)]
    answer: Annotated[str, Field(max_length=TEXT_LENGTH)] = ""
    photos: Annotated[list[ShownPhoto], Field(max_length=100)] = []
    warned: bool = False


class Decline(BaseModel):
    """Why not; kept in the case's history."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(max_length=1000)] = ""


class Publication(BaseModel):
    """Whether others may read the case now."""

    number: str
    publication: Case.Published
    revision: int


@router.get("/reviews", response=ReviewPage, summary="Cases to read through")
def reviews(request: ApiRequest, limit: Limit = 50, after: After = "") -> HttpResponse:
    """What waits before others may see it."""
    staff = staff_may(request, Permission.REVIEW_PUBLICATION)
    waiting = review_queue(staff)
    last = number_from(after)
    if last is not None:
        waiting = waiting.filter(pk__gt=last)
    found = list(waiting[: limit + 1])
    following = to_cursor(str(found[limit - 1].pk)) if len(found) > limit else ""
    items = [
        ReviewRow(number=case.number, title=case.title, registered_at=case.registered_at) for case in found[:limit]
    ]
    return answer(request, ReviewPage(items=items, next=following), following=following)


def _reviewed(request: ApiRequest, number: str) -> tuple[Staff, Case]:
    """The case; NotFound for one that is never shown to others."""
    staff, case = seen_case(request, number, Permission.REVIEW_PUBLICATION)
    if case.publication_state == Case.Published.CLOSED or case.protected:
        raise NotFound
    return staff, case


@router.get("/reviews/{number}", response=Review, summary="A case to read through")
def review(request: ApiRequest, number: str) -> HttpResponse:
    """What would be shown, and what in it looks like personal data."""
    _staff, case = _reviewed(request, number)
    texts = suggested(case)
    photos = [photo for photo in whole_case.photos(case) if not photo.internal]
    if not case.version.description.publication.photos:
        photos = []
    shown = links(request, photos, f"{reverse('api-v1:case', args=[case.number])}/photos")
    hits = [(hit.kind, text[hit.start : hit.end]) for text in texts.values() for hit in find(text)]
    body = Review(
        number=case.number,
        publication=Case.Published(case.publication_state),
        **texts,
        hits=[Hit(kind=kind, text=text) for kind, text in hits],
        photos=[ReviewPhoto(id=photo.pk, **link.model_dump()) for photo, link in zip(photos, shown, strict=True)],
        revision=case.revision,
    )
    return answer(request, body, revision=case.revision)


@router.put(
    "/cases/{number}/publication", response=Publication, summary="Show a case to others", openapi_extra=IF_MATCH
)
def publish(request: ApiRequest, number: str, given: Publish) -> HttpResponse:
    """Publish the texts and pictures given here. Personal numbers always stop it; other hints until `warned`."""
    staff, case = _reviewed(request, number)
    ids = [photo.id for photo in given.photos]
    actions.publish(
        case_id=case.pk,
        title=given.title,
        text=given.text,
        answer=given.answer,
        photo_ids=ids,
        warned=given.warned,
        by=staff.actor,
        revision=revision_of(request),
    )
    files = dict(Photo.objects.filter(case=case, pk__in=ids).values_list("pk", "file_id"))
    alts = {files[photo.id]: photo.alt for photo in given.photos if photo.id in files}
    if alts:
        describe_photos(case_id=case.pk, words=alts, by=staff.actor)
    return _now(request, case)


@router.post(
    "/cases/{number}/publication/decline",
    response=Publication,
    summary="Show a case no longer, or never",
    openapi_extra=IF_MATCH,
)
def decline(request: ApiRequest, number: str, given: Decline) -> HttpResponse:
    """Keep it between the resident and the municipality; what is shown is taken back at once."""
    staff, case = _reviewed(request, number)
    published = case.publication_state == Case.Published.PUBLISHED
    undo = actions.withdraw if published else actions.decline_publication
    undo(case_id=case.pk, by=staff.actor, reason=given.reason, revision=revision_of(request))
    return _now(request, case)


def _now(request: ApiRequest, case: Case) -> HttpResponse:
    case.refresh_from_db(fields=["publication_state", "revision"])
    state = Case.Published(case.publication_state)
    body = Publication(number=case.number, publication=state, revision=case.revision)
    return answer(request, body, cache=SECRET)
