"""The organisation's logo: drawn again like any other picture, shown in the header of every page."""

import hashlib

from django.db import transaction
from django.http import FileResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.files import storage
from lyhord.files.images import clean_image
from lyhord.organisations.actions import change_logo
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.models import Organisation
from lyhord.www.elsewhere import lies_elsewhere


def logo_version(organisation: Organisation) -> str:
    """Changes when the logo does: stands in its address, so that browsers may keep it for good."""
    return hashlib.sha256(organisation.logo.encode()).hexdigest()[:10]


def set_logo(*, organisation: Organisation, data: bytes | None, by: Actor) -> None:
    """Show this picture in the header, or with None the mark of the service. Raises RefusedFile.

    The picture before it goes when the change is saved.
    """
    before = organisation.logo
    clean = clean_image(data) if data is not None else None
    if not before and clean is None:
        return
    key = ""
    try:
        with transaction.atomic():
            key = storage.save_image(organisation.pk, clean) if clean else ""
            change_logo(organisation=organisation, key=key, picture=clean.small if clean else b"", by=by)
            if before:
                storage.delete_on_commit(before)
    except Exception:
        if key:
            storage.undo(key)
        raise


@require_safe
def logo(request: OrganisationRequest, version: str) -> HttpResponseBase:
    """The logo as a JPEG, for everybody."""
    if not request.organisation.logo:
        raise NotFound
    found = storage.image(request.organisation.logo, "small")
    if isinstance(found, storage.Elsewhere):
        return lies_elsewhere(found, everybody=True)
    response = FileResponse(found, content_type="image/jpeg")
    current = version == logo_version(request.organisation)
    response["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    return response
