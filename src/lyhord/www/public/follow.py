"""One's own case, opened by its code: what has happened, what was said, and a way to say more."""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID, uuid5

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lyhord.audit.models import Event
from lyhord.cases import actions, tongues
from lyhord.cases.follow_code import is_code, pretty
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case
from lyhord.cases.public_queries import all_for_resident
from lyhord.cases.queries import asks_outcome, by_follow_code, is_asked
from lyhord.cases.timeline import timeline
from lyhord.cases.ways import all_ways
from lyhord.core.actor import Actor
from lyhord.core.clock import today
from lyhord.core.errors import Invalid, Text
from lyhord.core.forms import PlainForm, plain
from lyhord.core.text import clean_text
from lyhord.intake.abuse import CODES, too_many
from lyhord.intake.channel import CHANNELS
from lyhord.intake.submission import MOST_PHOTOS, SubmittedPhoto
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.public import shown, uploads, ways
from lyhord.www.public.guard import secret_page, sender_address, too_large_page, without_session
from lyhord.www.public.receipt import case_behind
from lyhord.www.public.report_form import Words, complain
from lyhord.www.public.report_submission import external_id

RESIDENT = Actor.resident()
MESSAGE_LENGTH = 10_000
_REPLIES = UUID("6f0b9d1e-6a1c-4d0b-9a53-2f5c1f6c7d11")


class ReplyForm(PlainForm):
    """What somebody says more about their case."""

    text = Words(length=MESSAGE_LENGTH, widget=forms.Textarea(attrs={"rows": 4}))
    photos = forms.Field(required=False, widget=forms.FileInput)
    submission_id = Words(one_line=True, length=64, widget=forms.HiddenInput)


class CodeForm(PlainForm):
    """One field."""

    kod = Words(one_line=True, length=200)


@require_safe
def code_form(request: OrganisationRequest) -> HttpResponse:
    """Asks for a code; a right one leads to its case. Wrong ones are counted and all get the same answer."""
    written = clean_text(request.GET.get("kod", ""), one_line=True)[:200]
    form = CodeForm(initial={"kod": written})
    status = HTTPStatus.OK
    if written:
        case = by_follow_code(written) if is_code(written) else None
        if case is not None:
            return secret_page(redirect("public:follow", pretty(written)))
        if too_many(purpose=CODES, address=sender_address(request)):
            return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        complain(form, {"kod": [_("Vi hittar inget ärende med den koden. Se efter att alla tecken är med.")]})
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    may_log_in = request.organisation.has("log_in")
    return render(request, "public/follow_code.html", {"form": form, "may_log_in": may_log_in}, status=status)


@without_session  # the code is the key, and a forger does not have it
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: OrganisationRequest, code: str) -> HttpResponse:
    """The case behind the code; a POST says more, or how it became, or turns messages by mail on or off."""
    case = case_behind(code)
    if request.method != "POST":
        return _page(request, case, code)
    if uploads.too_large(request):
        return too_large_page(request)
    handler = uploads.watch(request)
    try:
        data = request.POST
    except RequestDataTooBig:
        return too_large_page(request)
    if any(name in data for name in ways.ASKS):
        try:
            ways.change(case, plain(data))
        except Invalid as invalid:
            return _page(request, case, code, wrong_way=invalid)
        return _back(code, "besked")
    if "protect" in data:
        actions.protect(case_id=case.pk, by=RESIDENT)
        return _back(code, "skydd")
    if "solved" in data:
        return _say_how_it_became(request, case, code)
    return _say(request, case, code, handler)


def _empty(case: Case, past: Sequence[Event]) -> ReplyForm:
    """Its number is the same until staff have done something, or another day.

    Who goes back and presses again, with the same words in a page made anew, has said it once.
    """
    done = [event.pk for event in past if event.actor_kind == "person"]
    number = uuid5(_REPLIES, f"{case.pk} {done[-1:]} {today()}")
    return ReplyForm(initial={"submission_id": str(number)})


def _say_how_it_became(request: OrganisationRequest, case: Case, code: str) -> HttpResponse:
    """Yes is kept; no takes the case up again, with what is left as a message."""
    data = request.POST
    if data["solved"] != "no":
        actions.say_good(case_id=case.pk, by=RESIDENT)
        return _back(code, "blev")
    text, token = clean_text(data.get("text", "")), external_id(data, ())
    try:
        actions.say_not_good(case_id=case.pk, text=text, by=RESIDENT, channel="web", external_id=token)
    except Invalid as invalid:
        form = ReplyForm(initial={"text": text, "submission_id": clean_text(data.get("submission_id", ""))})
        complain(form, {name: [sentence] for name, sentence in invalid.errors.items()})
        return _page(request, case, code, form)
    return _back(code)


def _say(request: OrganisationRequest, case: Case, code: str, handler: uploads.LetGoOfLarge) -> HttpResponse:
    """Take in what is said; the same words sent twice are one message."""
    data = request.POST
    text = clean_text(data.get("text", ""))
    kept, sentences = uploads.keep(
        request.FILES.getlist("photos"),
        organisation_id=case.organisation_id,
        room=MOST_PHOTOS,
        let_go=handler.let_go,
        by=RESIDENT,
    )
    errors: dict[str, list[Text]] = {"photos": sentences} if sentences else {}
    if not text and kept and not errors:
        text = _("Se bilden.")
    if not errors:
        try:
            CHANNELS.get("web").write(
                case=case,
                text=text,
                external_id=external_id(data, [SubmittedPhoto(file) for file in kept]),
                photos=tuple(kept),
                by=RESIDENT,
            )
            return _back(code)
        except Invalid as invalid:
            errors = {name: [sentence] for name, sentence in invalid.errors.items()}
    form = ReplyForm(initial={"text": text, "submission_id": clean_text(data.get("submission_id", ""))})
    complain(form, errors)
    return _page(request, case, code, form)


def _back(code: str, to: str = "skriv") -> HttpResponse:
    response = secret_page(redirect(f"{reverse('public:follow', args=[pretty(code)])}#{to}"))
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _page(
    request: OrganisationRequest,
    case: Case,
    code: str,
    form: ReplyForm | None = None,
    wrong_way: Invalid | None = None,
) -> HttpResponse:
    organisation = request.organisation
    photos, past, said = all_for_resident(case)
    form = form or _empty(case, past)
    published = case.publication_state == Case.Published.PUBLISHED
    told = all_ways(case)
    other = case.duplicate_of  # asked for only where there is one
    context = {
        "code": pretty(code),
        "case": {
            "number": case.number,
            "title": case.title,
            "title_language": tongues.of_title(case),
            "kind_label": str(KINDS.get(case.kind).label),
            **shown.state_words(case),
            "state_sentence": shown.state_sentence(other, own=False) if other else shown.state_sentence(case, own=True),
            "created_at": case.registered_at,
            "timeline": timeline(case, past, unit=case.unit.name, own=True, merged_into=other),
            "messages": [
                shown.first_message(case, photos, pretty(code)),
                *shown.thread(case, said, photos, pretty(code), organisation=organisation),
            ],
            "photos": shown.own_photos(photos, pretty(code)),
            "place_text": case.place_text,
            "lat": case.lat,
            "lon": case.lon,
            "published": published,
            "followers_count": case.followers,
            "open": case.open,
            "protected": case.protected,
            "officer_name": case.officer.full_name if case.officer else "",
        },
        "map": shown.map_settings(organisation, lat=case.lat, lon=case.lon, zoom=16) if case.lat is not None else None,
        "form": form,
        "public_url": reverse("public:case", args=[case.number]) if published else "",
        "ways": told,
        "way_choices": ways.choices(organisation, plain(request.POST) if wrong_way else None, wrong_way),
        "code_error": wrong_way.errors.get("code", "") if wrong_way else "",
        "code_asked": any(way.by_code and not way.confirmed for way in told),
        "asked": is_asked(case),
        "feedback": {"good": case.became_good} if asks_outcome(case) else None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or wrong_way else HTTPStatus.OK
    return secret_page(render(request, "public/follow.html", context, status=status))
