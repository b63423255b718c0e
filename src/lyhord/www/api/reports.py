"""Sending a report: by a resident's program, with or without a key, or by staff on somebody's behalf."""

import hashlib
import json
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Header, Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.accounts.permissions import Permission
from lyhord.cases.acute import acute_sentence
from lyhord.cases.answers import acute_hit, read_answers
from lyhord.cases.facts import NewReporter
from lyhord.cases.follow_code import pretty
from lyhord.cases.public_queries import type_by_code
from lyhord.cases.questions import in_language
from lyhord.cases.states import State
from lyhord.core.errors import Invalid
from lyhord.intake.abuse import REPORTS, too_many
from lyhord.intake.channel import CHANNELS
from lyhord.intake.diversions import count_diversion
from lyhord.intake.submission import MOST_PHOTOS, PLACE_LENGTH, TEXT_LENGTH, Receipt, Submission, SubmittedPhoto
from lyhord.organisations.queries import public_url
from lyhord.places.point import Point
from lyhord.www.api.answers import SECRET, answer
from lyhord.www.api.callers import REPORTER, ApiRequest, staff_may
from lyhord.www.api.organisation import language_of
from lyhord.www.api.photos import drafts
from lyhord.www.api.problems import Refused, hold_back
from lyhord.www.public.guard import from_elsewhere, sender_address
from lyhord.www.public.report_place import only_match

router = Router(tags=["reports"], auth=REPORTER)
CHANNEL = "api"

type Text = Annotated[str, Field(max_length=500)]


class SentPhoto(BaseModel):
    """A picture that was sent before, and what it shows."""

    model_config = ConfigDict(extra="forbid")

    token: UUID
    alt: Annotated[str, Field(max_length=200)] = ""


class Sender(BaseModel):
    """Who says it; everything may be left out. Without a mail address the answer is read by the code."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=120)] = ""
    email: Annotated[str, Field(max_length=254)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    sender_kind: Annotated[str, Field(max_length=20, description="person, company, association or visitor")] = "person"
    organisation_name: Annotated[str, Field(max_length=120)] = ""
    organisation_number: Annotated[
        str, Field(max_length=20, description="Of a company or an association; of others it is not kept.")
    ] = ""
    protected: Annotated[bool, Field(description="Has protected identity: few will know who it is and where.")] = False
    tell_by: Annotated[
        list[Annotated[str, Field(max_length=20)]],
        Field(max_length=5, description="By which of email and sms to be told; none for no messages at all."),
    ] = ["email"]


class Report(BaseModel):
    """Something that somebody says. Without a type the words decide."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=TEXT_LENGTH)]
    kind: Annotated[str, Field(max_length=40, description="Not needed with a type.")] = "felanmalan"
    case_type: Annotated[str, Field(max_length=80)] = ""
    category: Annotated[str, Field(max_length=60)] = ""
    answers: Annotated[
        dict[Annotated[str, Field(max_length=60)], Text | Annotated[list[Text], Field(max_length=100)]],
        Field(max_length=50, description="By the code of the question; several choices are a list."),
    ] = {}
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    accuracy_m: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)] | None = None
    place_text: Annotated[str, Field(max_length=PLACE_LENGTH)] = ""
    photos: Annotated[list[SentPhoto], Field(max_length=MOST_PHOTOS)] = []
    sender: Sender = Sender()
    wants_feedback: bool = False
    publish: Annotated[bool, Field(description="May be shown to others, once somebody has read it through.")] = False
    language: Annotated[str, Field(max_length=10, description="Of the answers; else as of this one.")] = ""
    channel: Annotated[
        str, Field(max_length=20, description="For staff, on somebody's behalf: phone, visit, letter, email.")
    ] = ""


class Filed(BaseModel):
    """The receipt: the number, and the code by which whoever sent it follows it."""

    number: str
    code: str
    state: State
    registered_at: datetime
    answer_by: datetime | None
    thanks: str
    follow_url: str = Field(description="The page where the case can be followed; the address is a secret.")


@router.post("/reports", response={201: Filed, 200: Filed}, summary="Send a report")
def send(
    request: ApiRequest,
    report: Report,
    idempotency_key: Annotated[
        str, Header(alias="Idempotency-Key", max_length=100, description="The same report with the same is one case.")
    ] = "",
) -> HttpResponse:
    """Take a report in: 201, or 200 when the same has come before with the same Idempotency-Key.

    422 with the code "acute" for what cannot wait: show the sentence, it says whom to ring.
    """
    caller = request.auth
    if report.channel:
        staff_may(request, Permission.REGISTER_FOR_OTHERS)
    if caller.key is None and caller.staff is None:
        if from_elsewhere(request):
            raise Refused(403)
        hold_back(too_many(purpose=REPORTS, address=sender_address(request)))
    channel = CHANNELS.find(report.channel or CHANNEL)
    if channel is None or (report.channel and not channel.by_staff):
        raise Invalid({"channel": _("Välj hur det kom.")})
    if report.language and report.language not in request.organisation.languages:
        raise Invalid({"language": _("Välj något i listan.")})
    answers = {code: [given] if isinstance(given, str) else given for code, given in report.answers.items()}
    _stop_if_acute(request, report, answers)
    submission = _submission(request, report, answers, channel.slug, idempotency_key)
    receipt = channel.receive(organisation=request.organisation, submission=submission, by=caller.actor)
    return answer(
        request,
        _filed(request, receipt),
        status=201 if receipt.created else 200,
        cache=SECRET,
        location=request.build_absolute_uri(reverse("api-v1:own_case")),
    )


def _stop_if_acute(request: ApiRequest, report: Report, answers: dict[str, list[str]]) -> None:
    """Refuse what cannot wait for a form, with whom to ring; counted, and nothing of it kept."""
    chosen = type_by_code(report.case_type) if report.case_type else None
    if chosen is None or chosen.current is None:
        return
    description = chosen.current.description
    acute = acute_hit(description, read_answers(description, answers)[0])
    if acute is not None and acute.stop:
        count_diversion(case_type_code=description.code, question=acute.question or "", by=request.auth.actor)
        raise Refused(422, acute_sentence(acute, request.organisation, language_of(request)), code="acute")
    if description.owner is not None and description.owner.stop:
        raise Refused(422, in_language(description.owner.text, language_of(request)), code="owner")


def _submission(
    request: ApiRequest, report: Report, answers: dict[str, list[str]], channel: str, idempotency_key: str
) -> Submission:
    caller, sender = request.auth, report.sender
    chosen = type_by_code(report.case_type) if report.case_type else None
    files = {str(file.uid): file for file in drafts([photo.token for photo in report.photos])}
    photos = {str(photo.token): photo.alt for photo in report.photos}
    name = f"key {caller.key.pk}" if caller.key else f"person {caller.staff.user.pk}" if caller.staff else ""
    return Submission(
        source=f"{CHANNEL}:{name}"[:40],
        external_id=_external_id(report, idempotency_key),
        channel=channel,
        text=report.text,
        kind=chosen.kind if chosen else report.kind,
        case_type=report.case_type or None,
        category=report.category or None,
        answers=answers,
        ask_all=bool(report.case_type),
        point=_point(report),
        place_text=report.place_text,
        reporter=NewReporter(
            name=sender.name,
            email=sender.email,
            phone=sender.phone,
            sender_kind=sender.sender_kind,
            organisation_name=sender.organisation_name,
            organisation_number=sender.organisation_number,
            protected=sender.protected,
            tell_by=tuple(sender.tell_by),
        ),
        wants_feedback=report.wants_feedback,
        publish=report.publish,
        photos=tuple(SubmittedPhoto(files[token], alt) for token, alt in photos.items()),
        language=report.language or language_of(request),
    )


def _external_id(report: Report, own: str) -> str:
    """The sender's own name for it with a fingerprint of all it says: nobody gets another's receipt by a guess."""
    if not own.strip():
        return uuid4().hex
    said = json.dumps([own.strip(), report.model_dump(mode="json")], sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _point(report: Report) -> Point | None:
    """The position, or that of the words when they are exactly one address; half a position is a mistake."""
    if (report.lat is None) != (report.lon is None):
        raise Invalid({"lat" if report.lat is None else "lon": _("lat och lon hör ihop: skicka båda.")})
    if report.lat is not None and report.lon is not None:
        return Point(report.lat, report.lon, report.accuracy_m, "api")
    match = only_match(report.place_text) if report.place_text.strip() else None
    return Point(match.lat, match.lon, match.accuracy_m, "address") if match else None


def _filed(request: ApiRequest, receipt: Receipt) -> Filed:
    case = receipt.case
    return Filed(
        number=receipt.number,
        code=pretty(receipt.code),
        state=State(case.state),
        registered_at=case.registered_at,
        answer_by=case.answer_by,
        thanks=in_language(case.version.description.thanks, language_of(request)),
        follow_url=public_url(request.organisation, reverse("public:follow", args=[pretty(receipt.code)])),
    )
