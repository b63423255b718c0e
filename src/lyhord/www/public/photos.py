"""Pictures: received one by one while somebody writes, and shown to those who may see them."""

from http import HTTPStatus
from typing import Any, Literal, cast
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lyhord.accounts.staff import Staff
from lyhord.cases.models import Case, Photo
from lyhord.cases.public_queries import photos_with_file, staff_may_see
from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.files.actions import discard_draft
from lyhord.files.images import SENTENCES
from lyhord.files.models import StoredFile
from lyhord.files.storage import Elsewhere, Size
from lyhord.files.storage import image as image_at
from lyhord.intake.abuse import PHOTOS, too_many
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.places.queries import nearest_address
from lyhord.www.elsewhere import lies_elsewhere
from lyhord.www.public import uploads
from lyhord.www.public.guard import from_elsewhere, sender_address, without_session
from lyhord.www.public.receipt import case_behind
from lyhord.www.public.report_place import photo_point

RESIDENT = Actor.resident()
FOR_GOOD = "private, max-age=31536000, immutable"


@without_session
@require_POST
def draft(request: OrganisationRequest) -> HttpResponse:
    """Receive one picture (`photo`) and answer with its token, or let one go (`remove`: a token).

    200 {token, thumbnail_url, position: {lat, lon, label} or null}; 4xx {error: a sentence for the person}.
    """
    if from_elsewhere(request):
        return _refused(_("Bilden måste skickas från vårt eget formulär."), HTTPStatus.FORBIDDEN)
    if uploads.too_large(request):
        return _refused(str(SENTENCES["too_big"]), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    handler = uploads.watch(request)
    try:
        token = request.POST.get("remove", "")
    except RequestDataTooBig:
        return _refused(str(SENTENCES["too_big"]), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if token:
        for file in uploads.drafts([token]):
            discard_draft(file_id=file.pk, by=RESIDENT)
        return JsonResponse({})
    if too_many(purpose=PHOTOS, address=sender_address(request)):
        return _refused(_("Det blev många bilder på kort tid. Vänta en stund."), HTTPStatus.TOO_MANY_REQUESTS)
    kept, problems = uploads.keep(
        request.FILES.getlist("photo"),
        organisation_id=request.organisation.pk,
        room=1,
        let_go=handler.let_go,
        by=RESIDENT,
    )
    if problems or not kept:
        sentence = str(problems[0]) if problems else str(SENTENCES["not_an_image"])
        large = bool(handler.let_go)
        return _refused(sentence, HTTPStatus.REQUEST_ENTITY_TOO_LARGE if large else HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse(_draft(kept[0]))


def _draft(file: StoredFile) -> dict[str, Any]:
    point = photo_point([file])
    position = {"lat": point.lat, "lon": point.lon, "label": nearest_address(point)} if point else None
    return {"token": str(file.uid), "thumbnail_url": uploads.draft_url(file), "position": position}


def _refused(sentence: str, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)


@require_safe
def draft_photo(request: OrganisationRequest, uid: UUID) -> HttpResponse:
    """The small copy of a picture that has not been sent yet: its number, which nobody can guess, is the key."""
    files = [file for file in uploads.drafts([str(uid)]) if not file.used]
    if not files:
        raise NotFound
    return jpeg(files[0], "small", keep="private, max-age=3600")


@require_safe
def image(request: OrganisationRequest, uid: UUID, size: str) -> HttpResponse:
    """A picture in a case: published ones for everybody, others for staff who may see the case."""
    photos = photos_with_file(uid)
    staff: Staff | None = getattr(request, "staff", None)
    for photo in photos:
        if _is_published(photo) or (staff is not None and staff_may_see(photo.case, staff)):
            return jpeg(photo.file, size_named(size))
    raise NotFound


@require_safe
def own_image(request: OrganisationRequest, code: str, uid: UUID, size: str) -> HttpResponse:
    """A picture for whoever holds the case's code; internal ones never."""
    case = case_behind(code)
    for photo in photos_with_file(uid):
        if photo.case_id == case.pk and not photo.internal:
            response = jpeg(photo.file, size_named(size))
            response["Referrer-Policy"] = "no-referrer"
            return response
    raise NotFound


def _is_published(photo: Photo) -> bool:
    return photo.published and not photo.internal and photo.case.publication_state == Case.Published.PUBLISHED


def size_named(size: str) -> Size:
    if size not in {"large", "small"}:
        raise NotFound
    return cast(Literal["large", "small"], size)


def jpeg(file: StoredFile, size: Size, *, keep: str = FOR_GOOD) -> HttpResponse:
    """The drawn-again copy and nothing else; a browser that is told so takes it for nothing but a picture.

    302 where it lies with another machine: the address is given to nobody else.
    """
    found = image_at(file.key, size)
    if isinstance(found, Elsewhere):
        return lies_elsewhere(found)
    with found as picture:  # a few hundred kilobytes at most: our own copy
        response = HttpResponse(picture.read(), content_type="image/jpeg")
    response["Content-Disposition"] = f'inline; filename="{file.uid}-{size}.jpg"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = keep
    return response
