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
from lyhord.places.point import Point
from lyhord.places.queries import asset_by_code
from lyhord.www.public import uploads
from lyhord.www.public.framed import WIDGET, channel_in, is_framed
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
    unknown_sign: bool = False
    """The code on the sign that led here is nobody's."""
    pressed: bool = True
    """Whether the button has been; False for a form that is shown for the first time."""

    @property
    def description(self) -> CaseTypeDescription | None:
        """What the chosen type says."""
        return self.case_type.current.description if self.case_type and self.case_type.current else None

    @property
    def photos_gone(self) -> bool:
        """Whether a picture that was received before, and is named now, is not kept any longer."""
        wanted = set(self.data.getlist("draft_photos")) - {self.data.get("remove_photo", ""), ""}
        return bool(wanted - {str(file.uid) for file in self.files})


def start(request: OrganisationRequest, kind: Kind) -> Sent:
    """An empty form; `?typ=` begins with a type chosen, `?asset=` with the place and the type of a sign's code."""
    code, sign = request.GET.get("typ", ""), request.GET.get("asset", "")
    data = QueryDict(mutable=True)
    place = Place(None)
    asset = asset_by_code(sign) if sign else None
    if asset is not None:
        place = Place(Point(asset.lat, asset.lon, None, "map"))
        data["place_text"] = f"{asset.name} ({asset.code})"
        of_kind = type_by_code(asset.type_code) if asset.type_code and not code else None
        code = asset.type_code if of_kind and of_kind.kind == kind.slug else code
    if code:
        data["case_type"] = code
    if came_by := WIDGET if is_framed(request) else channel_in(request.GET):
        data["kanal"] = came_by
    chosen = type_by_code(code) if code else None
    unknown = bool(sign) and asset is None
    return Sent(kind, data, [], {}, place, chosen, language_of(request), unknown_sign=unknown, pressed=False)


def read(request: OrganisationRequest, kind: Kind, data: QueryDict, let_go: int) -> Sent:
    """Keep the pictures, find the place and the type that was chosen."""
    removed = data.get("remove_photo")
    before = [file for file in uploads.drafts(data.getlist("draft_photos")) if str(file.uid) != removed]
    kept, sentences = uploads.keep_each(
        request.FILES.getlist("photos"),
        organisation_id=request.organisation.pk,
        room=MOST_PHOTOS - len(before),
        let_go=let_go,
        by=RESIDENT,
    )
    problems: dict[str, list[Text]] = {"photos": sentences} if sentences else {}
    files = _as_chosen(data.getlist("draft_photos"), before, kept)
    if words := data.getlist("photo_alt"):  # of pictures that have no number yet, in their order
        data = data.copy()
        for file, alt in zip(kept, words, strict=False):
            if file is not None:
                data[f"alt_{file.uid}"] = alt
    place = place_of(data, words=data.get("place_text", ""), files=files, kind=kind)
    if place.problem:
        problems["place_text"] = [place.problem]
    code = data.get("case_type", "")
    chosen = type_by_code(code) if code and code != SOMETHING_ELSE else None
    return Sent(kind, data, files, problems, place, chosen, language_of(request))


def _as_chosen(tokens: list[str], before: list[StoredFile], kept: list[StoredFile | None]) -> list[StoredFile]:
    """The pictures in the order they were chosen: an empty token stands where one that came with the form belongs."""
    named = {str(file.uid): file for file in before}
    coming = iter(kept)
    placed = [named.pop(token, None) if token else next(coming, None) for token in tokens]
    return [file for file in [*placed, *named.values(), *coming] if file is not None]


def language_of(request: HttpRequest) -> str:
    """The language of the page."""
    return str(getattr(request, "LANGUAGE_CODE", "sv"))
