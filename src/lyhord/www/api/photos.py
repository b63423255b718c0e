"""Pictures: sent one by one before what they belong to, and fetched by those who may see them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Router, UploadedFile
from pydantic import BaseModel, Field

from lyhord.cases.models import Photo
from lyhord.core.errors import Invalid
from lyhord.files.actions import discard_draft
from lyhord.files.images import MAX_BYTES, SENTENCES
from lyhord.files.models import StoredFile
from lyhord.intake.abuse import PHOTOS, too_many
from lyhord.intake.submission import MOST_PHOTOS
from lyhord.places.queries import nearest_address
from lyhord.www.api.answers import SECRET, answer, nothing
from lyhord.www.api.callers import ANYBODY, ApiRequest
from lyhord.www.api.problems import Refused, hold_back
from lyhord.www.public import uploads
from lyhord.www.public.guard import from_elsewhere, sender_address
from lyhord.www.public.report_place import photo_point

router = Router(tags=["photos"], auth=ANYBODY)


class Position(BaseModel):
    """Where the picture says that it was taken, in the municipality."""

    lat: float
    lon: float
    label: str


class KeptPhoto(BaseModel):
    """A picture that waits for what it belongs to; unused it is gone within a day."""

    token: UUID
    position: Position | None


class PhotoLink(BaseModel):
    """A picture of a case, in two sizes."""

    large: str
    small: str
    alt: str
    published: bool = Field(description="Whether everybody may see it.")


@router.post("/photos", response={201: KeptPhoto}, summary="Send a picture")
def send(request: ApiRequest, photo: File[UploadedFile]) -> HttpResponse:
    """Receive one picture. It is drawn anew without what the camera wrote in it; the token goes with the report."""
    if request.auth.key is None and request.auth.staff is None:
        if from_elsewhere(request):
            raise Refused(403)
        hold_back(too_many(purpose=PHOTOS, address=sender_address(request)))
    if (photo.size or 0) > MAX_BYTES:
        raise Refused(413, str(SENTENCES["too_big"]))
    kept, problems = uploads.keep(
        [photo], organisation_id=request.organisation.pk, room=1, let_go=0, by=request.auth.actor
    )
    if not kept:
        raise Invalid({"photo": problems[0] if problems else SENTENCES["not_an_image"]})
    point = photo_point(kept)
    position = Position(lat=point.lat, lon=point.lon, label=nearest_address(point)) if point else None
    return answer(request, KeptPhoto(token=kept[0].uid, position=position), status=201, cache=SECRET)


@router.delete("/photos/{token}", response={204: None}, summary="Take a picture back")
def take_back(request: ApiRequest, token: UUID) -> HttpResponse:
    """Let a picture go that has not been sent with anything; again changes nothing."""
    for file in uploads.drafts([str(token)]):
        discard_draft(file_id=file.pk, by=request.auth.actor)
    return nothing()


def drafts(tokens: list[UUID]) -> list[StoredFile]:
    """The pictures behind tokens; Invalid for one that is none, or too old, since nobody should lose one unawares."""
    wanted = list(dict.fromkeys(str(token) for token in tokens))
    found = uploads.drafts(wanted)
    if len(wanted) > MOST_PHOTOS:
        raise Invalid({"photos": _("Du kan skicka högst %(limit)s bilder.") % {"limit": MOST_PHOTOS}})
    if len(found) < len(wanted):
        raise Invalid({"photos": _("En av bilderna finns inte kvar. Skicka den igen.")})
    return found


def links(request: ApiRequest | Any, photos: list[Photo], path: str) -> list[PhotoLink]:
    """Where pictures are fetched from, under a path of the API."""
    base = request.build_absolute_uri(path)
    return [
        PhotoLink(
            large=f"{base}/{photo.file.uid}/large",
            small=f"{base}/{photo.file.uid}/small",
            alt=photo.alt,
            published=photo.published,
        )
        for photo in photos
    ]
