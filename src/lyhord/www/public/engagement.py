"""Having one's say about a matter: one press, a few words, or an answer in a consultation. Works without scripts."""

import hashlib
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lyhord.cases.follow_code import pretty
from lyhord.core.actor import Actor
from lyhord.core.clock import today
from lyhord.core.errors import Conflict, Invalid, NotAllowed, NotFound
from lyhord.core.forms import plain
from lyhord.core.text import clean_text
from lyhord.engagement import actions, queries
from lyhord.engagement.actions.acts import ALREADY, Said
from lyhord.engagement.mechanism import MECHANISMS, Mechanism
from lyhord.engagement.models import Opening
from lyhord.engagement.results import counts
from lyhord.engagement.sameness import genuine_device, key_of, new_device
from lyhord.intake.abuse import ACTS, too_many
from lyhord.matters.models import Matter
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.places.queries import search_addresses
from lyhord.www.public import openings, say_form, shown
from lyhord.www.public.guard import from_elsewhere, personal, readable, secret_page, sender_address, without_session
from lyhord.www.public.report_form import complain
from lyhord.www.public.resident import account_of, token_of

RESIDENT = Actor.resident()
PAGE = 20
COOKIE_AGE = 400 * 24 * 3600


def _on(request: OrganisationRequest) -> None:
    """NotFound where the organisation has not turned it on."""
    if not request.organisation.has("engagement"):
        raise NotFound


@readable
@require_safe
def all_openings(request: OrganisationRequest) -> HttpResponse:
    """Everything that one can have or could have one's say about, what is open first, with its matter."""
    _on(request)
    day = today()
    rows = sorted(queries.all_public()[:200], key=lambda row: not row.takes(row.matter, day))
    known = [row for row in rows if MECHANISMS.find(row.mechanism)]
    page: Any = Paginator(known, PAGE).get_page(request.GET.get("sida"))
    by_opening = counts([row.pk for row in page.object_list])
    page.object_list = [
        {**openings.row(row, row.matter, by_opening.get(row.pk, {}), ""), "matter": row.matter.shown_title}
        for row in page.object_list
    ]
    return render(request, "public/all_openings.html", {"page": page})


@readable
@require_safe
def matter_openings(request: OrganisationRequest, matter_id: int) -> HttpResponse:
    """All openings of one matter, for where the pages of matters are not turned on too."""
    _on(request)
    matter = Matter.objects.filter(pk=matter_id, hidden=False).defer("stems").first()
    if matter is None:
        raise NotFound
    if matter.merged_into_id is not None:
        return HttpResponsePermanentRedirect(reverse("public:matter_openings", args=[matter.merged_into_id]))
    context = {
        "matter": matter,
        "engagement": openings.box(request, matter),
        "matter_url": _matter_url(request, matter),
    }
    return render(request, "public/matter_openings.html", context)


@without_session  # nobody's rights are in the device's number, and `from_elsewhere` asks besides
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: OrganisationRequest, matter_id: int, opening_id: int) -> HttpResponse:
    """One opening: how one answers, what others said, what it came to. A POST answers."""
    found = _opening(request, matter_id, opening_id)
    return _answer(request, found, plain(request.POST)) if request.method == "POST" else _page(request, found)


def _answer(request: OrganisationRequest, found: Opening, data: QueryDict) -> HttpResponse:
    mechanism = MECHANISMS.get(found.mechanism)
    if from_elsewhere(request):
        return _page(request, found, data=data, say=_("Tryck en gång till, så tar vi emot det."))
    if "sok_adress" in data and mechanism.asks_place:
        return _page(request, found, data=data)
    if too_many(purpose=ACTS, address=sender_address(request)):
        if mechanism.by_choice:
            return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        say = _("Det har kommit mycket härifrån den senaste timmen. Vänta en stund och tryck en gång till.")
        return _page(request, found, data=data, say=say, status=HTTPStatus.TOO_MANY_REQUESTS)
    try:
        return _choose(request, found, data) if mechanism.by_choice else _say(request, found, mechanism, data)
    except Invalid as invalid:
        return _page(request, found, data=data, wrong=invalid, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except NotAllowed as refused:
        return _page(request, found, data=data, say=str(refused.message), status=HTTPStatus.FORBIDDEN)
    except Conflict as conflict:
        return _page(request, found, data=data, say=str(conflict.message), status=HTTPStatus.CONFLICT)


@without_session  # as above
@personal
@require_POST
def support_act(request: OrganisationRequest, matter_id: int, opening_id: int, act_id: int) -> HttpResponse:
    """Agree with what somebody said."""
    found = _opening(request, matter_id, opening_id)
    if not queries.shown_acts(found).filter(pk=act_id).exists():
        raise NotFound
    if from_elsewhere(request):
        return _page(request, found, say=_("Tryck en gång till, så tar vi emot det."))
    if too_many(purpose=ACTS, address=sender_address(request)):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    device, fresh = _device(request, plain(request.POST))
    try:
        actions.support(act_id=act_id, device=key_of(found.pk, f"support {act_id}", device), by=RESIDENT)
    except Conflict as conflict:
        if not (fresh and conflict.code == ALREADY):  # the same button pressed twice is one press
            return _page(request, found, say=str(conflict.message), status=HTTPStatus.CONFLICT)
    response = redirect(f"{reverse('public:opening', args=[matter_id, opening_id])}#a{act_id}")
    return _remembering(response, device)


def _choose(request: OrganisationRequest, found: Opening, data: QueryDict) -> HttpResponse:
    """One press. Two presses of the same button, by a browser that had no number yet, are one."""
    device, fresh = _device(request, data)
    key, choice = key_of(found.pk, "device", device), data.get("choice", "")
    try:
        actions.take_part(opening_id=found.pk, said=Said(key=key, choice=choice), by=RESIDENT)
    except Conflict as conflict:
        if not (fresh and conflict.code == ALREADY and queries.own_choices({found.pk: key}).get(found.pk) == choice):
            raise
    if data.get("back") == "beslut" and request.organisation.has("matters"):
        to = reverse("public:matter", args=[found.matter_id])
    else:
        to = reverse("public:opening", args=[found.matter_id, found.pk])
    return _remembering(redirect(f"{to}#o{found.pk}"), device)


def _say(request: OrganisationRequest, found: Opening, mechanism: Mechanism, data: QueryDict) -> HttpResponse:
    """Some words."""
    place = say_form.place(data) if mechanism.asks_place else None
    if place is not None and place.problem:
        raise Invalid({"place_text": place.problem})
    words = "\n".join(data.get(name, "") for name in ("text", "place_text", "name", "address"))
    number = f"{say_form.form_number(data)}.{hashlib.sha256(words.encode()).hexdigest()[:32]}"
    said = Said(
        key=key_of(found.pk, "form", number),
        text=data.get("text", ""),
        name=data.get("name", ""),
        address=data.get("address", ""),
        place_text=data.get("place_text", ""),
        point=place.point if place else None,
        language=_language(request),
    )
    if mechanism.becomes_case:
        receipt = actions.ask(opening_id=found.pk, said=said, external_id=number, by=RESIDENT)
        response = secret_page(redirect("public:receipt", pretty(receipt.code)))
        response.status_code = HTTPStatus.SEE_OTHER
        return response
    account = account_of(request) if token_of(request) and request.organisation.has("log_in") else None
    actions.take_part(opening_id=found.pk, said=said, account=account, by=RESIDENT)
    response = redirect(f"{reverse('public:opening', args=[found.matter_id, found.pk])}?tack=1#tack")
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _device(request: OrganisationRequest, data: QueryDict) -> tuple[str, bool]:
    """The browser's number, and whether it is new: then the page's own, so that two presses have the same."""
    known = openings.device_of(request)
    return (known, False) if known else (genuine_device(data.get("device", "")) or new_device(), True)


def _remembering(response: HttpResponse, device: str) -> HttpResponse:
    response.set_cookie(
        openings.COOKIE,
        device,
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _opening(request: OrganisationRequest, matter_id: int, opening_id: int) -> Opening:
    """The opening that is shown; NotFound otherwise. An address from before matters were merged holds as well."""
    _on(request)
    found = queries.public_one(opening_id)
    if found is None or MECHANISMS.find(found.mechanism) is None:
        raise NotFound
    if found.matter_id != matter_id and not Matter.objects.filter(pk=matter_id, merged_into=found.matter).exists():
        raise NotFound
    return found


def _matter_url(request: OrganisationRequest, matter: Matter) -> str:
    return reverse("public:matter", args=[matter.pk]) if request.organisation.has("matters") else ""


def _language(request: OrganisationRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "sv"))


def _page(
    request: OrganisationRequest,
    found: Opening,
    *,
    data: QueryDict | None = None,
    wrong: Invalid | None = None,
    say: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page, with what was written kept and a sentence on what is wrong."""
    mechanism = MECHANISMS.get(found.mechanism)
    form = say_form.SayForm(mechanism, say_form.posted(data) if data is not None else None)
    if wrong is not None:
        complain(form, {name: [sentence] for name, sentence in wrong.errors.items()})
    [row] = openings.rows(request, found.matter, [found])
    page: Any = Paginator(queries.shown_acts(found), PAGE).get_page(request.GET.get("sida"))
    page.object_list = openings.acts(
        list(page.object_list), supported=mechanism.supported, device=openings.device_of(request)
    )
    searched = (
        clean_text(data.get("place_text", ""), one_line=True) if data is not None and "sok_adress" in data else ""
    )
    hits = search_addresses(searched) if searched else []
    may_log_in = found.formal and request.organisation.has("log_in")
    known = may_log_in and queries.may_answer_formally(account_of(request))
    context = {
        "matter": found.matter,
        "matter_url": _matter_url(request, found.matter),
        "row": row,
        "form": form,
        "page": page,
        "supported": mechanism.supported and row["open"],
        "asks_place": mechanism.asks_place,
        "becomes_case": mechanism.becomes_case,
        "address_choices": [{"value": f"{hit.lat},{hit.lon}", "label": hit.label} for hit in hits],
        "address_asked": bool(searched),
        "map": shown.map_settings(request.organisation) if mechanism.asks_place else None,
        "device": new_device(),
        "say": say,
        "thanks": "tack" in request.GET and data is None,
        "may_write": not found.formal or known,
        "may_log_in": may_log_in and not known,
    }
    return render(request, "public/opening.html", context, status=status)
