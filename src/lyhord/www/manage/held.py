"""A file that waits between its preview and the yes.

It is kept in the database, and its signed token fits only the person, organisation and page that it was made for.
"""

import contextlib
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from lyhord.accounts.staff import StaffRequest
from lyhord.core.errors import Invalid
from lyhord.files import held as files

SALT = "lyhord.manage.held"
MOST = 40_000_000


def read_upload(file: "UploadedFile[Any]", most: int = MOST) -> bytes:
    """What was uploaded. Raises Invalid ("file") when it is larger than `most` bytes."""
    data = file.read(most + 1)
    if len(data) > most:
        raise Invalid({"file": _("Filen är för stor. Den får vara högst %(size)s MB.") % {"size": most // 1_000_000}})
    return bytes(data)


def hold(request: StaffRequest, purpose: str, data: bytes) -> str:
    """Keep the bytes for two hours; returns the token that `held` takes."""
    uid = files.hold(data)
    return signing.dumps([request.organisation.pk, request.staff.user.pk, purpose, str(uid)], salt=SALT)


def held(request: StaffRequest, purpose: str, token: str) -> bytes:
    """The bytes again. Raises Invalid when they are gone, too old, or somebody else's."""
    data = files.held(_uid(request, purpose, token))
    if data is None:
        raise _gone()
    return data


def drop(request: StaffRequest, purpose: str, token: str) -> None:
    """Forget the file when it has been used."""
    with contextlib.suppress(Invalid):
        files.forget_held(_uid(request, purpose, token))


def _uid(request: StaffRequest, purpose: str, token: str) -> UUID:
    try:
        content = signing.loads(token, salt=SALT, max_age=files.HELD_FOR)
    except signing.BadSignature as error:
        raise _gone() from error
    if content[:3] != [request.organisation.pk, request.staff.user.pk, purpose]:
        raise _gone()
    return UUID(content[3])


def _gone() -> Invalid:
    return Invalid({"file": _("Förhandsvisningen är för gammal. Välj filen igen.")})
