"""Pictures: sent one by one before what they belong to, and fetched by those who may see them."""

import hashlib
import hmac
import os
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Header, Router, UploadedFile
from pydantic import BaseModel, Field

from lyhord.cases.models import Photo
from lyhord.core.errors import Invalid, NotFound
from lyhord.files.actions import discard_draft, keep_photo
from lyhord.files.images import MAX_BYTES, SENTENCES, RefusedFile
from lyhord.files.models import StoredFile
from lyhord.intake.abuse import PHOTOS, too_many
from lyhord.intake.submission import MOST_PHOTOS
from lyhord.places.queries import nearest_address
from lyhord.www.api.answers import SECRET, answer, nothing
from lyhord.www.api.callers import ANYBODY, ApiRequest
from lyhord.www.api.problems import Refused, hold_back
from lyhord.www.public import uploads
from lyhord.www.public.guard import from_elsewhere, sender_address
from lyhord.www.public.photos import jpeg
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


@router.post("/photos", response={201: KeptPhoto, 200: KeptPhoto}, summary="Send a picture")
def send(
    request: ApiRequest,
    photo: File[UploadedFile],
    idempotency_key: Annotated[
        str, Header(alias="Idempotency-Key", max_length=100, description="The same picture with the same is one.")
    ] = "",
) -> HttpResponse:
    """Receive one picture. It is drawn anew without what the camera wrote in it; the token goes with the report."""
    if request.auth.key is None and request.auth.staff is None:
        if from_elsewhere(request):
            raise Refused(403)
        hold_back(too_many(purpose=PHOTOS, address=sender_address(request)))
    if (photo.size or 0) > MAX_BYTES:
        raise Refused(413, str(SENTENCES["too_big"]))
    data = uploads.source_of(photo)
    uid = _name(request, data, idempotency_key) if idempotency_key.strip() else None
    known = uploads.drafts([str(uid)]) if uid else []
    if known:
        return answer(request, _kept(known[0]), cache=SECRET)
    try:
        kept = keep_photo(organisation_id=request.organisation.pk, data=data, by=request.auth.actor, uid=uid)
    except RefusedFile as refused:
        raise Invalid({"photo": refused.message}) from refused
    except IntegrityError as twice:  # the same at the same moment, or one so old that it can no longer be used
        again = uploads.drafts([str(uid)])
        if not again:
            raise Refused(409) from twice
        return answer(request, _kept(again[0]), cache=SECRET)
    return answer(request, _kept(kept), status=201, cache=SECRET)


def _name(request: ApiRequest, data: bytes | os.PathLike[str], own: str) -> UUID:
    """The token of a picture by what its sender calls it and what it holds; only this installation can make it."""
    if isinstance(data, bytes):
        content = hashlib.sha256(data)
    else:
        with Path(data).open("rb") as file:
            content = hashlib.file_digest(file, "sha256")
    caller = request.auth
    who = f"key {caller.key.pk}" if caller.key else f"person {caller.staff.user.pk}" if caller.staff else ""
    key = hmac.digest(settings.SECRET_KEY.encode(), b"lyhord photo tokens", "sha256")
    said = f"{request.organisation.pk} {who} {content.hexdigest()} {own.strip()}"
    return UUID(bytes=hmac.digest(key, said.encode("utf-8", "surrogatepass"), "sha256")[:16], version=4)


def _kept(file: StoredFile) -> KeptPhoto:
    point = photo_point([file])
    position = Position(lat=point.lat, lon=point.lon, label=nearest_address(point)) if point else None
    return KeptPhoto(token=file.uid, position=position)


@router.get("/photos/{token}", response={200: bytes}, summary="A picture that waits")
def waiting(request: ApiRequest, token: UUID) -> HttpResponse:
    """The small copy of a picture that has not been sent with anything yet, as JPEG: its token is the key."""
    files = [file for file in uploads.drafts([str(token)]) if not file.used]
    if not files:
        raise NotFound
    return jpeg(files[0], "small", keep="private, max-age=3600")


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
