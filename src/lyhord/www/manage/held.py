"""A file that waits between its preview and the yes.

It is kept in the file storage under a name that cannot be guessed, and its signed token fits only the person,
organisation and page that it was made for.
"""

import contextlib
import uuid
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from lyhord.accounts.staff import StaffRequest
from lyhord.core.clock import now
from lyhord.core.errors import Invalid

SALT = "lyhord.manage.held"
KEPT_FOR = timedelta(hours=2)
MOST = 40_000_000


def read_upload(file: "UploadedFile[Any]", most: int = MOST) -> bytes:
    """What was uploaded. Raises Invalid ("file") when it is larger than `most` bytes."""
    data = file.read(most + 1)
    if len(data) > most:
        raise Invalid({"file": _("Filen är för stor. Den får vara högst %(size)s MB.") % {"size": most // 1_000_000}})
    return bytes(data)


def hold(request: StaffRequest, purpose: str, data: bytes) -> str:
    """Keep the bytes for two hours; returns the token that `held` takes. Older ones of the organisation go."""
    folder = _folder(request)
    _sweep(folder)
    name = default_storage.save(f"{folder}/{uuid.uuid4().hex}", ContentFile(data))
    return signing.dumps([request.organisation.pk, request.staff.user.pk, purpose, name], salt=SALT)


def held(request: StaffRequest, purpose: str, token: str) -> bytes:
    """The bytes again. Raises Invalid when they are gone, too old, or somebody else's."""
    try:
        with default_storage.open(_name(request, purpose, token)) as file:
            return bytes(file.read())
    except OSError as error:
        raise _gone() from error


def drop(request: StaffRequest, purpose: str, token: str) -> None:
    """Forget the file when it has been used."""
    with contextlib.suppress(OSError, Invalid):
        default_storage.delete(_name(request, purpose, token))


def _name(request: StaffRequest, purpose: str, token: str) -> str:
    try:
        content = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature as error:
        raise _gone() from error
    if content[:3] != [request.organisation.pk, request.staff.user.pk, purpose]:
        raise _gone()
    return str(content[3])


def _gone() -> Invalid:
    return Invalid({"file": _("Förhandsvisningen är för gammal. Välj filen igen.")})


def _folder(request: StaffRequest) -> str:
    return f"imports/{request.organisation.pk}"


def _sweep(folder: str) -> None:
    with contextlib.suppress(OSError):
        _folders, names = default_storage.listdir(folder)
        for name in names:
            if now() - default_storage.get_modified_time(f"{folder}/{name}") > KEPT_FOR:
                default_storage.delete(f"{folder}/{name}")
