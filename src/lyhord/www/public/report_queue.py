"""A report sent by the page's own script: it holds what was written until it has a number, and tries again.

The script posts the very form (js/app/app.js). What it gets is short: a receipt; or that something must be said to the
person first, and then it sends the form as a form, so that the page says it; or what is wrong. A report that waited
for the network (`later=1`) is not asked about, since nobody may be there to answer: it is taken in. What an acute type
would have said comes along as `say`.
"""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lyhord.cases.acute import acute_sentence
from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.follow_code import pretty
from lyhord.core.errors import Invalid
from lyhord.intake.abuse import REPORTS, too_many
from lyhord.intake.channel import CHANNELS
from lyhord.intake.receive import find
from lyhord.intake.submission import Receipt, Submission
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.public import report_steps
from lyhord.www.public.framed import receipt_address
from lyhord.www.public.guard import from_elsewhere, secret_page, sender_address
from lyhord.www.public.report_elsewhere import owner_of
from lyhord.www.public.report_sent import RESIDENT, Sent
from lyhord.www.public.report_submission import submission_of

JSON = "application/json"


def wanted(request: OrganisationRequest) -> bool:
    """Whether it is the script that asks."""
    return request.headers.get("Accept") == JSON


def receive(request: OrganisationRequest, sent: Sent) -> HttpResponse:
    """Take the report in.

    201 (200 when it had come already) {number, code, url, title, say}; 409 {ask: "page"} when the page must say
    something first, {ask: "photos"} when pictures must be sent again; 422 {errors: {field: [sentence]}}.
    """
    if from_elsewhere(request):
        return _answer({"ask": "page"}, HTTPStatus.CONFLICT)
    if sent.photos_gone:
        return _answer({"ask": "photos"}, HTTPStatus.CONFLICT)
    submission = submission_of(
        sent.data, kind=sent.kind, files=sent.files, point=sent.place.point, language=sent.language
    )
    known = find(organisation=request.organisation, source=submission.source, external_id=submission.external_id)
    if known is not None:
        return _receipt(request, known, submission)
    submission, description, guessed = report_steps.settle_type(submission)
    if errors := report_steps.errors_of(submission, sent.problems):
        said = {name: [str(sentence) for sentence in sentences] for name, sentences in errors.items()}
        return _answer({"errors": said}, HTTPStatus.UNPROCESSABLE_ENTITY)
    if sent.data.get("later") != "1" and _must_ask(request, sent, submission, description, guessed=guessed):
        return _answer({"ask": "page"}, HTTPStatus.CONFLICT)
    try:
        channel = CHANNELS.get(submission.channel)
        receipt = channel.receive(organisation=request.organisation, submission=submission, by=RESIDENT)
    except Invalid as invalid:
        said = {name: [str(sentence)] for name, sentence in invalid.errors.items()}
        return _answer({"errors": said}, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _receipt(request, receipt, submission, say=_unheard(request, submission, description))


def _must_ask(
    request: OrganisationRequest,
    sent: Sent,
    submission: Submission,
    description: CaseTypeDescription | None,
    *,
    guessed: bool,
) -> bool:
    """Whether the page has something to say before it takes the report."""
    if description is not None:
        if report_steps.stop_of(description, submission) is not None:
            return True
        asks = report_steps.before_sending(
            sent.data, submission, description, guessed=guessed, organisation=request.organisation
        )
        if asks:
            return True
    if owner_of(submission.point, request.organisation) is not None:
        return True
    return sent.data.get("confirmed") != "1" and bool(too_many(purpose=REPORTS, address=sender_address(request)))


def _unheard(request: OrganisationRequest, submission: Submission, description: CaseTypeDescription | None) -> str:
    """What the page would have said to somebody who should ring instead."""
    stop = report_steps.stop_of(description, submission) if description is not None else None
    return acute_sentence(stop, request.organisation, submission.language) if stop else ""


def _receipt(request: OrganisationRequest, receipt: Receipt, submission: Submission, *, say: str = "") -> HttpResponse:
    code = pretty(receipt.code)
    body = {
        "number": receipt.number,
        "code": code,
        "url": receipt_address(request, code, submission.channel),
        "follow": reverse("public:follow", args=[code]),
        "title": _("Ärende %(number)s") % {"number": receipt.number},
        "say": say,
    }
    return _answer(body, HTTPStatus.CREATED if receipt.created else HTTPStatus.OK)


def _answer(body: dict[str, Any], status: HTTPStatus) -> HttpResponse:
    return secret_page(JsonResponse(body, status=status))
