"""The form in which somebody tells: one page, one press; a second press only where something must be said first."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.follow_code import pretty
from lyhord.cases.kind import KINDS
from lyhord.cases.public_queries import feedback_categories, type_by_code, type_choices
from lyhord.core.errors import Invalid, Text
from lyhord.intake.abuse import REPORTS, too_many
from lyhord.intake.channel import CHANNELS
from lyhord.intake.submission import MOST_PHOTOS, Submission
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url
from lyhord.www.public import report_queue, report_sent, report_steps, uploads
from lyhord.www.public.framed import channel_in, form_address, language_query, receipt_address
from lyhord.www.public.guard import (
    from_elsewhere,
    personal,
    secret_page,
    sender_address,
    too_large_page,
    without_session,
)
from lyhord.www.public.report_elsewhere import HERE, owner_of, receive_there
from lyhord.www.public.report_form import ReportForm, complain, posted
from lyhord.www.public.report_place import Place
from lyhord.www.public.report_sent import RESIDENT, Sent
from lyhord.www.public.report_submission import submission_of
from lyhord.www.public.shown import map_settings
from lyhord.www.public.ways import offered


@without_session
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: OrganisationRequest, slug: str) -> HttpResponse:
    """The form for one kind. A press either makes a case (303 to the receipt) or gives the page back, all kept.

    To the page's own script the answer is short (report_queue).
    """
    kind = KINDS.find(slug)
    if kind is None:
        raise Http404
    if request.method != "POST":
        empty = form_page(request, report_sent.start(request, kind))
        if not request.GET:  # nobody's yet: whoever searches for where to tell of a fault may find it
            empty.headers["X-Robots-Tag"] = "all"
        return empty
    if uploads.too_large(request):
        return too_large_page(request)
    handler = uploads.watch(request)
    try:
        data = request.POST
    except RequestDataTooBig:
        return too_large_page(request)
    sent = report_sent.read(request, kind, data, handler.let_go)
    if report_queue.wanted(request):
        return report_queue.receive(request, sent)
    if "remove_photo" in data or "tillbaka" in data:
        return form_page(request, sent)
    if "sok_adress" in data:
        return form_page(request, sent, report_steps.address_choices(data.get("place_text", "")))
    return _send(request, sent)


def _send(request: OrganisationRequest, sent: Sent) -> HttpResponse:
    """Stop where something must be said first; else take it in."""
    submission = submission_of(
        sent.data, kind=sent.kind, files=sent.files, point=sent.place.point, language=sent.language
    )
    submission, description, guessed = report_steps.settle_type(submission)
    if description is not None:
        stop = report_steps.acute_page(
            request,
            sent.data,
            submission,
            description,
            guessed=guessed,
            tokens=[str(file.uid) for file in sent.files],
            organisation=request.organisation,
        )
        if stop is not None:
            return stop
    if errors := report_steps.errors_of(submission, sent.problems):
        return form_page(request, sent, errors=errors)
    there = owner_of(submission.point, request.organisation)
    if there is not None:
        choice = sent.data.get("till_kommun", "")
        if choice == there.slug:
            return _take_in_there(request, sent, submission, there)
        if choice != HERE:
            return form_page(request, sent, {"elsewhere": there})
    step = description and report_steps.before_sending(
        sent.data, submission, description, guessed=guessed, organisation=request.organisation
    )
    if not step and _asks_again(request, sent.data):
        step = {"confirm": True}
    if step:
        return form_page(request, sent, step)
    return _take_in(request, sent, submission)


def _take_in(request: OrganisationRequest, sent: Sent, submission: Submission) -> HttpResponse:
    """Make the case, and lead to the receipt so that reloading the page sends nothing again."""
    channel = CHANNELS.get(submission.channel)
    try:
        receipt = channel.receive(organisation=request.organisation, submission=submission, by=RESIDENT)
    except Invalid as invalid:
        return form_page(request, sent, errors={name: [text] for name, text in invalid.errors.items()})
    response = redirect(receipt_address(request, receipt.code))
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _take_in_there(
    request: OrganisationRequest, sent: Sent, submission: Submission, there: Organisation
) -> HttpResponse:
    """Make the case where the place is. The answer is a page and no redirect: forms may not lead to another site."""
    if _asks_again(request, sent.data):
        return form_page(request, sent, {"elsewhere": there, "confirm": True})
    try:
        receipt = receive_there(submission, here=request.organisation, there=there, by=RESIDENT)
    except Invalid as invalid:
        return form_page(request, sent, errors={name: [text] for name, text in invalid.errors.items()})
    url = public_url(there, reverse("public:receipt", args=[receipt.code]))
    context = {"there": there, "number": receipt.number, "code": pretty(receipt.code), "url": url}
    return secret_page(render(request, "public/moved.html", context))


def _asks_again(request: HttpRequest, data: QueryDict) -> bool:
    """Whether the button must be pressed once more: a form from another site, or very many from one sender."""
    if from_elsewhere(request):
        return True
    often = too_many(purpose=REPORTS, address=sender_address(request))
    return bool(often) and data.get("confirmed") != "1"


def form_page(
    request: OrganisationRequest,
    sent: Sent,
    step: dict[str, Any] | None = None,
    *,
    errors: dict[str, list[Text]] | None = None,
) -> HttpResponse:
    """The form with everything that was written, what is wrong with it, and what must be said first."""
    form, description = _form(sent, request.organisation)
    complain(form, errors or {})
    data = sent.data
    context = {
        "kind": sent.kind,
        "address": form_address(request, sent.kind.slug),
        "came_by": channel_in(data),
        "language_query": language_query(request),
        "form": form,
        "asked": description.code if description else "",
        "owner": report_steps.owner_shown(description, request.organisation, sent.language),
        "max_photos": MOST_PHOTOS,
        "map": map_settings(request.organisation),
        "drafts": [
            {"token": str(file.uid), "thumbnail_url": uploads.draft_url(file), "alt": data.get(f"alt_{file.uid}", "")}
            for file in sent.files
        ],
        "position": sent.place.shown(data.get("place_text", "")),
        "texts_offered": offered("sms", request.organisation),
        "unknown_sign": sent.unknown_sign,
        "shielded": "skydd" in request.GET or bool(data.get("shielded")),
        **(step or {}),
    }
    return render(request, "public/report.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else 200)


def _form(sent: Sent, organisation: Organisation) -> tuple[ReportForm, CaseTypeDescription | None]:
    """The form, filled with what was sent, and the description whose questions are in it."""
    types = type_choices(sent.kind.slug, sent.language)
    description = sent.description
    if description is None and len(types) == 1:  # feedback: there is nothing to choose
        only = type_by_code(types[0].code)
        description = only.current.description if only and only.current else None
    initial = posted(sent.data, pressed=sent.pressed) if sent.data else {}
    if sent.place.problem:
        initial |= {"lat": "", "lon": "", "accuracy": "", "position_source": ""}
    elif sent.place.point and not initial.get("lat"):
        initial |= _position(sent.place)
    form = ReportForm(
        kind=sent.kind,
        types=types,
        categories=feedback_categories(sent.language) if len(types) < 2 else [],
        description=description,
        organisation=organisation,
        language=sent.language,
        initial=initial,
    )
    return form, description


def _position(place: Place) -> dict[str, str]:
    """A position that we found ourselves, as the form's hidden fields."""
    point = place.point
    if point is None:
        return {}
    accuracy = "" if point.accuracy_m is None else str(round(point.accuracy_m))
    return {"lat": str(point.lat), "lon": str(point.lon), "accuracy": accuracy, "position_source": point.source}
