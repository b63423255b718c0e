"""Changes to the pictures and other files of a case."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from lyhord.audit.actions import record
from lyhord.cases.actions.changes import lock, log, save
from lyhord.cases.actions.register import add_photos
from lyhord.cases.models import Case, Document, Message, Photo, Publication, Side
from lyhord.core.actor import Actor
from lyhord.core.text import clean_text
from lyhord.files.models import StoredDocument, StoredFile

ALT_LENGTH = 200


@transaction.atomic
def describe_photos(*, case_id: int, words: Mapping[int, str], by: Actor) -> None:
    """Say in words what pictures of a case show; `words` is by the file's id. Cut at ALT_LENGTH characters."""
    for file_id, text in words.items():
        alt = clean_text(text, one_line=True)[:ALT_LENGTH]
        Photo.objects.filter(case_id=case_id, file_id=file_id).update(alt=alt)
    record(
        verb="case.photos_described",
        subject_type="case",
        subject_id=case_id,
        by=by,
        data={"photos": len(words)},
        level=1,
    )


@transaction.atomic
def add_late_photo(*, case_id: int, file: StoredFile, show: bool, by: Actor, message: Message | None = None) -> Photo:
    """A picture that comes after the report, or the message, that it belongs to, behind those that came with it.

    With `show` it is shown, if the case is, as it was sent: what somebody has reviewed shows what they chose. One of
    a message that is for staff only is so too.
    """
    case = lock(case_id)
    internal = message is not None and message.side == Side.INTERNAL
    add_photos(case, (file,), message_id=message.pk if message else None, internal=internal)
    photo = Photo.objects.get(case=case, file=file)
    photo.position = Photo.objects.filter(case=case).count()
    photo.published = show and _shown_as_sent(case)
    photo.save(update_fields=["position", "published"])
    if photo.published:
        save(case)
    log(case, "photo_fetched", by, level=1, photo=photo.pk)
    return photo


@transaction.atomic
def add_documents(*, case_id: int, files: Sequence[StoredDocument], message_id: int | None = None, by: Actor) -> None:
    """Hang kept files that are no pictures on a case, or on something that was said in it. Only staff see them."""
    if not files:
        return
    case = lock(case_id)
    Document.objects.bulk_create(
        Document(organisation_id=case.organisation_id, case=case, message_id=message_id, file=file) for file in files
    )
    StoredDocument.objects.filter(pk__in=[file.pk for file in files]).update(used=True)
    if not case.has_documents:
        case.has_documents = True
        save(case, "has_documents")
    log(case, "documents_added", by, level=1, count=len(files))


def _shown_as_sent(case: Case) -> bool:
    return (
        case.publication_state == Case.Published.PUBLISHED
        and case.version.description.publication.photos
        and Publication.objects.filter(case=case, published_by__isnull=True).exists()
    )
