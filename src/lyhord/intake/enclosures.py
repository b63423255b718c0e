"""The files of a mail: pictures are cleaned, other files looked at from outside, the rest is named and let go."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lyhord.core.actor import Actor
from lyhord.core.errors import LyhordError
from lyhord.core.tenancy import organisation_scope
from lyhord.files.actions import keep_document, keep_photo
from lyhord.files.documents import RefusedDocument
from lyhord.files.images import RefusedFile, detect
from lyhord.files.models import StoredDocument, StoredFile
from lyhord.intake.mail.letter import Attachment

DECORATION = 15_000
"""Bytes: pictures in the text that are smaller are logotypes and the like."""
_SIGNATURES = {
    *("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "text/x-amp-html"),
    *("application/pgp-keys", "application/pgp-encrypted", "text/x-moz-deleted"),
}


class TryLater(Exception):
    """The storage or the virus scanner is away: nothing has been decided about any file."""


@dataclass(slots=True)
class Enclosures:
    """What was kept, and what was not."""

    photos: list[StoredFile] = field(default_factory=list)
    documents: list[StoredDocument] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Names, and why in a sentence."""


def keep_enclosures(organisation_id: int, attachments: Sequence[Attachment], by: Actor) -> Enclosures:
    """Keep what may be kept, each in a scope of its own, since cleaning takes its time. Raises TryLater.

    What is kept is a draft until it hangs on something: should the rest go wrong, it is removed after a day.
    """
    kept = Enclosures()
    for attachment in attachments:
        if _says_nothing(attachment):
            continue
        try:
            with organisation_scope(organisation_id):
                _keep(organisation_id, attachment, kept, by)
        except (RefusedFile, RefusedDocument) as refused:
            if refused.code == "unavailable":
                raise TryLater(refused.code) from refused
            kept.refused.append((attachment.name, _sentence(refused)))
    return kept


def _keep(organisation_id: int, attachment: Attachment, kept: Enclosures, by: Actor) -> None:
    if detect(attachment.data):
        kept.photos.append(keep_photo(organisation_id=organisation_id, data=attachment.data, by=by))
    else:
        kept.documents.append(
            keep_document(organisation_id=organisation_id, data=attachment.data, name=attachment.name, by=by)
        )


def keep_text(organisation_id: int, text: str, kept: Enclosures, by: Actor) -> None:
    """Keep a text that is too long for a case as a file of its own."""
    with organisation_scope(organisation_id):
        document = keep_document(organisation_id=organisation_id, data=text.encode(), name="mejlet.txt", by=by)
        kept.documents.append(document)


def _says_nothing(attachment: Attachment) -> bool:
    if attachment.content_type in _SIGNATURES:
        return True
    return attachment.inline and len(attachment.data) < DECORATION


def _sentence(refused: LyhordError) -> str:
    """The first sentence: the others say what to do now, to somebody who stands before a form."""
    return f"{str(refused.message).partition('. ')[0].rstrip('.')}."
