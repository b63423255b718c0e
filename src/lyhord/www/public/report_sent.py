"""One press of the report form's button: what came with it, whatever answer is wanted."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.kind import Kind
from lyhord.cases.models import CaseType
from lyhord.cases.public_queries import type_by_code
from lyhord.core.actor import Actor
from lyhord.core.errors import Text
from lyhord.files.models import StoredFile
from lyhord.intake.submission import MOST_PHOTOS
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.public import uploads
from lyhord.www.public.report_form import SOMETHING_ELSE
from lyhord.www.public.report_place import Place, place_of

RESIDENT = Actor.resident()


@dataclass(slots=True)
class Sent:
    """One press: what came, what was kept of it, and what it seems to be about."""

    kind: Kind
    data: QueryDict
    files: list[StoredFile]
    problems: dict[str, list[Text]]
    place: Place
    case_type: CaseType | None
    """The type that was chosen; None when none was, or there is no such."""
    language: str

    @property
    def description(self) -> CaseTypeDescription | None:
        """What the chosen type says."""
        return self.case_type.current.description if self.case_type and self.case_type.current else None

    @property
    def photos_gone(self) -> bool:
        """Whether a picture that was received before, and is named now, is not kept any longer."""
        wanted = set(self.data.getlist("draft_photos")) - {self.data.get("remove_photo", "")}
        return bool(wanted - {str(file.uid) for file in self.files})


def start(request: OrganisationRequest, kind: Kind) -> Sent:
    """An empty form; `?typ=` begins with a type chosen."""
    code = request.GET.get("typ", "")
    data = QueryDict(mutable=True)
    if code:
        data["case_type"] = code
    chosen = type_by_code(code) if code else None
    return Sent(kind, data, [], {}, Place(None), chosen, language_of(request))


def read(request: OrganisationRequest, kind: Kind, data: QueryDict, let_go: int) -> Sent:
    """Keep the pictures, find the place and the type that was chosen."""
    removed = data.get("remove_photo")
    files = [file for file in uploads.drafts(data.getlist("draft_photos")) if str(file.uid) != removed]
    kept, sentences = uploads.keep(
        request.FILES.getlist("photos"),
        organisation_id=request.organisation.pk,
        room=MOST_PHOTOS - len(files),
        let_go=let_go,
        by=RESIDENT,
    )
    problems: dict[str, list[Text]] = {"photos": sentences} if sentences else {}
    files += kept
    if words := data.getlist("photo_alt"):  # of pictures that have no number yet, in their order
        data = data.copy()
        for file, alt in zip(kept, words, strict=False):
            data[f"alt_{file.uid}"] = alt
    place = place_of(data, words=data.get("place_text", ""), files=files, kind=kind)
    if place.problem:
        problems["place_text"] = [place.problem]
    code = data.get("case_type", "")
    chosen = type_by_code(code) if code and code != SOMETHING_ELSE else None
    return Sent(kind, data, files, problems, place, chosen, language_of(request))


def language_of(request: HttpRequest) -> str:
    """The language of the page."""
    return str(getattr(request, "LANGUAGE_CODE", "sv"))
