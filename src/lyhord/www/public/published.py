"""What others have told and somebody has read through: list, case, and following one."""

from http import HTTPStatus
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lyhord.cases import actions, tongues
from lyhord.cases.listed import Listed, count_published_open, listed
from lyhord.cases.models import Case, Publication
from lyhord.cases.near import Near, nearby_published
from lyhord.cases.public_filter import COUNT_TO
from lyhord.cases.public_queries import (
    by_number,
    photos_and_history,
    published_by_number,
    published_ids,
)
from lyhord.cases.states import WORDS, State
from lyhord.cases.timeline import timeline
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.forms import plain
from lyhord.intake.abuse import CODES, FOLLOWS, too_many
from lyhord.notifications.one_time import Tried
from lyhord.notifications.sender import SENDERS
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.places.point import Point
from lyhord.www.public import shown, ways
from lyhord.www.public.choices import Chosen
from lyhord.www.public.codes import SENTENCES, follow_behind, handle_for
from lyhord.www.public.guard import personal, readable, sender_address, without_session

PAGE = 20
NEARBY_M = 300
RESIDENT = Actor.resident()

EXPLANATIONS: dict[State, Any] = {
    State.RECEIVED: gettext_lazy("Vi har det. Någon läser snart."),
    State.ASSIGNED: gettext_lazy("En person har hand om det."),
    State.IN_PROGRESS: gettext_lazy("Någon arbetar med det nu."),
    State.PLANNED: gettext_lazy("Det finns en dag eller en vecka."),
    State.WAITING: gettext_lazy("Vi väntar på något, till exempel en reservdel."),
    State.RESOLVED: gettext_lazy("Det är lagat eller ordnat."),
    State.NOT_RESOLVED: gettext_lazy("Det blir inget, och vi har sagt varför."),
    State.REFUSED: gettext_lazy("Någon annan ansvarar. Vi har sagt vem."),
    State.DUPLICATE: gettext_lazy("Någon har redan berättat. Du följer det ärendet."),
}


def words() -> list[dict[str, Any]]:
    """The nine states as residents read them."""
    return [
        {"state": state.value, "label": said.resident, "icon": said.icon, "explanation": EXPLANATIONS[state]}
        for state, said in WORDS.items()
    ]


@readable
@require_safe
def case_list(request: OrganisationRequest) -> HttpResponse:
    """Published cases, newest first, found and filtered; never more than COUNT_TO, and it says so."""
    if not request.organisation.publishes:
        raise NotFound
    chosen = Chosen.read(request)
    ids = published_ids(chosen.filter, COUNT_TO + 1)
    page: Any = Paginator(ids[:COUNT_TO], PAGE).get_page(request.GET.get("sida"))
    page.object_list = [shown.published_row(row) for row in listed(page.object_list)]
    map_shown = shown.map_settings(request.organisation)
    if map_shown:
        map_shown["query"] = chosen.query
    context = {
        **chosen.context(),
        "page": page,
        "total": min(len(ids), COUNT_TO),
        "capped": len(ids) > COUNT_TO,
        "map": map_shown,
        "open_count": count_published_open(),
        "words": words(),
        "may_follow": request.organisation.has("following"),
    }
    return render(request, "public/list.html", context)


@without_session
@readable
@require_safe
def case(request: OrganisationRequest, number: str) -> HttpResponse:
    """One published case; 410 when it was but is no longer, 404 for every other number."""
    found = _published(number)
    return _case_page(request, found) if found else gone(request)


def _published(number: str) -> Publication | None:
    """What is published of the case; None for one that was withdrawn, NotFound for all others."""
    found = published_by_number(number)
    if found is None:
        hidden = by_number(number)
        if hidden is None or hidden.publication_state != Case.Published.WITHDRAWN:
            raise NotFound
    return found


def gone(request: HttpRequest) -> HttpResponse:
    """410 in plain words."""
    response = render(
        request,
        "410.html",
        {"message": _("Det här ärendet visas inte längre för andra.")},
        status=HTTPStatus.GONE,
    )
    response["Cache-Control"] = "no-store"
    return response


def _case_page(
    request: OrganisationRequest,
    text: Publication,
    *,
    sent: str = "",
    wrong: Invalid | None = None,
    handle: str = "",
    code_error: object = "",
) -> HttpResponse:
    """`sent` is how the address was asked ("link", "code"), or "done" once it has said yes."""
    organisation, found = request.organisation, text.case
    answer = {"side": "office", "author_label": organisation.name, "at": text.published_at, "text": text.answer}
    answer["language"] = tongues.of_answer(found)
    photos, events = photos_and_history(found)
    context = {
        "case": {
            **shown.published_row(Listed.of(found, text)),
            "text": text.text,
            "language": found.language,
            "state_sentence": shown.state_sentence(found, own=False),
            "created_at": found.registered_at,
            "timeline": timeline(found, events, unit=found.unit.name, own=False),
            "messages": [{**answer, "photos": []}] if text.answer else [],
            "photos": shown.public_photos(photo for photo in photos if photo.published),
            "lat": found.lat,
            "lon": found.lon,
        },
        "map": shown.map_settings(organisation, lat=found.lat, lon=found.lon, zoom=16) if found.lat else None,
        "may_follow": organisation.has("following"),
        "follow_sent": sent,
        "way_choices": ways.choices(organisation, plain(request.POST) if request.method == "POST" else None, wrong),
        "handle": handle,
        "code_error": code_error,
        "nearby": [shown.published_row(near.row) for near in _nearby(found)],
    }
    return render(request, "public/case.html", context, status=422 if wrong or code_error else 200)


def _nearby(found: Case, most: int = 3) -> list[Near]:
    """The nearest other open cases."""
    if found.lat is None or found.lon is None:
        return []
    point = Point(found.lat, found.lon, None, "api")
    near = nearby_published(point, case_type_id=None, radius_m=NEARBY_M, most=most + 1, glance=True)
    return [other for other in near if other.row.number != found.number][:most]


@without_session  # only asks the address itself, which must say yes by its own mail
@personal
@require_POST
def case_follow(request: OrganisationRequest, number: str) -> HttpResponse:
    """Ask an address whether it wants to follow. The answer is the same whoever's it is and whether or not it does."""
    if not request.organisation.has("following"):
        raise NotFound
    found = _published(number)
    if found is None:
        return gone(request)
    if too_many(purpose=FOLLOWS, address=sender_address(request)):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    data = plain(request.POST)
    sender = SENDERS.find(data.get("way", "email"))
    if sender is None or not ways.offered(sender.slug, request.organisation):
        raise NotFound
    language = str(getattr(request, "LANGUAGE_CODE", "sv"))
    address = data.get("address", data.get("email", ""))
    try:
        follow = actions.follow_case(
            case_id=found.case_id, sender=sender.slug, address=address, language=language, by=RESIDENT
        )
    except Invalid as invalid:
        return _case_page(request, found, wrong=invalid)
    return _case_page(request, found, sent=sender.proof, handle=handle_for(follow.pk))


@without_session  # the code in the message is the key
@personal
@require_POST
def case_follow_code(request: OrganisationRequest, number: str) -> HttpResponse:
    """The code from the message: a right one makes the address a follower."""
    found = _published(number)
    if found is None:
        return gone(request)
    if too_many(purpose=CODES, address=sender_address(request)):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    handle = plain(request.POST).get("handle", "")
    follow_id = follow_behind(handle)
    tried = Tried.TOO_LATE
    if follow_id is not None:
        tried = actions.confirm_by_code(follow_id=follow_id, written=request.POST.get("code", ""), by=RESIDENT)
    if tried is Tried.RIGHT:
        found.case.refresh_from_db(fields=["followers"])
        return _case_page(request, found, sent="done")
    return _case_page(request, found, sent="code", handle=handle, code_error=SENTENCES[tried])
