"""Pictures on their way in: too large ones are let go of while they arrive, and the rest of the form is kept."""

import os
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext

from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Text
from lyhord.files.actions import keep_photo
from lyhord.files.images import MAX_BYTES, SENTENCES, RefusedFile
from lyhord.files.models import StoredFile
from lyhord.intake.submission import MOST_PHOTOS

LARGEST_REQUEST = (MOST_PHOTOS + 1) * MAX_BYTES + 4_000_000
DRAFT_LIFE = timedelta(hours=23)  # an hour before upkeep would remove it


class LetGoOfLarge(FileUploadHandler):
    """Stops keeping a file once it is too large, without stopping the form that it came with."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.let_go = 0
        self._size = 0

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._size += len(raw_data)
        if self._size > MAX_BYTES:
            self.let_go += 1
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def watch(request: HttpRequest) -> LetGoOfLarge:
    """Put the handler in front; before anything reads the request's POST."""
    handler = LetGoOfLarge(request)
    request.upload_handlers.insert(0, handler)
    return handler


def too_large(request: HttpRequest) -> bool:
    """Whether the request is larger than any honest one, by its own word."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_REQUEST
    except ValueError:
        return False


def source_of(upload: "UploadedFile[bytes]") -> bytes | os.PathLike[str]:
    """What `keep_photo` reads: the path of a large upload, the bytes of a small one."""
    if isinstance(upload, TemporaryUploadedFile):
        return Path(upload.temporary_file_path())
    data: bytes = upload.read()
    return data


def drafts(tokens: Iterable[str]) -> list[StoredFile]:
    """The pictures that a form's hidden tokens name, in their order; tokens that are none, or too old, are passed over.

    A token is a number nobody can guess. A picture that has been sent already still counts, so that a form sent twice
    says the same both times.
    """
    uids = []
    for token in list(tokens)[: 2 * MOST_PHOTOS]:
        try:
            uids.append(UUID(token))
        except ValueError:
            continue
    if not uids:
        return []
    found = {file.uid: file for file in StoredFile.objects.filter(uid__in=uids, created_at__gt=now() - DRAFT_LIFE)}
    return [found[uid] for uid in dict.fromkeys(uids) if uid in found]


def keep(
    uploads: "Sequence[UploadedFile[bytes]]", *, organisation_id: int, room: int, let_go: int, by: Actor
) -> tuple[list[StoredFile], list[Text]]:
    """Clean and keep up to `room` uploads; what could not be kept comes back as sentences, each once."""
    places, problems = keep_each(uploads, organisation_id=organisation_id, room=room, let_go=let_go, by=by)
    return [file for file in places if file is not None], problems


def keep_each(
    uploads: "Sequence[UploadedFile[bytes]]", *, organisation_id: int, room: int, let_go: int, by: Actor
) -> tuple[list[StoredFile | None], list[Text]]:
    """The same with None in the place of each upload that was refused."""
    kept: list[StoredFile | None] = []
    problems: list[Text] = [SENTENCES["too_big"]] if let_go else []
    given = [upload for upload in uploads if upload.name]
    for upload in given[: max(room, 0)]:
        try:
            kept.append(keep_photo(organisation_id=organisation_id, data=source_of(upload), by=by))
        except RefusedFile as refused:
            kept.append(None)
            problems.append(refused.message)
    if len(given) > room:
        problems.append(
            ngettext(
                "Du kan skicka högst %(limit)s bild. Vi behöll den första.",
                "Du kan skicka högst %(limit)s bilder. Vi behöll de första.",
                MOST_PHOTOS,
            )
            % {"limit": MOST_PHOTOS}
        )
    return kept, list(dict.fromkeys(problems))


def draft_url(file: StoredFile) -> str:
    """Where the sender sees the picture before it is sent."""
    return reverse("public:draft_photo", args=[file.uid])
