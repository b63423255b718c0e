"""What has been said in a case, as officers read it: with pictures and files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from lyhord.cases import whole_case
from lyhord.cases.models import Case, Document, Photo, Side
from lyhord.cases.secrecy import Veil
from lyhord.www.api.callers import ApiRequest
from lyhord.www.api.case_shapes import DocumentLink, Entry
from lyhord.www.api.photos import PhotoLink, links


def thread(request: ApiRequest, case: Case, photos: list[Photo], veil: Veil) -> list[Entry]:
    """What was said, the report first, notes among staff included."""
    attached = _Attached(request, reverse("api-v1:case", args=[case.number]), photos, whole_case.documents(case), veil)
    first = Entry(
        id=None, side=Side.RESIDENT, author="", at=case.registered_at, text=veil(case.text), **attached.to(None)
    )
    said = [
        Entry(
            id=message.pk,
            side=Side(message.side),
            author="" if message.side == Side.RESIDENT else message.author_label,
            at=message.at,
            text=veil(message.text),
            **attached.to(message.pk),
        )
        for message in whole_case.messages(case)
    ]
    return [first, *said]


@dataclass(frozen=True, slots=True)
class _Attached:
    """Pictures and files of a case, and where they are fetched from."""

    request: ApiRequest
    at: str
    photos: Sequence[Photo]
    documents: Sequence[Document]
    veil: Veil

    def to(self, message_id: int | None) -> dict[str, Any]:
        """Those of one message, or of the report itself."""
        return {"photos": self._photos(message_id), "documents": self._documents(message_id)}

    def _photos(self, message_id: int | None) -> list[PhotoLink]:
        own = [photo for photo in self.photos if photo.message_id == message_id]
        made = links(self.request, own, f"{self.at}/photos") if own else []
        return [link.model_copy(update={"alt": self.veil(link.alt)}) for link in made]

    def _documents(self, message_id: int | None) -> list[DocumentLink]:
        return [
            DocumentLink(
                url=self.request.build_absolute_uri(f"{self.at}/documents/{document.file.uid}"),
                name=self.veil(document.file.name),
                size=document.file.size,
            )
            for document in self.documents
            if document.message_id == message_id
        ]
