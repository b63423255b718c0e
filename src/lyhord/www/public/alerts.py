"""Standing interests: what one wants to hear of, what that would have been, and the page of each by its own link.

No account is needed: whoever holds the address holds its alerts. Opening a link changes nothing; a press does.
"""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from lyhord.core.actor import Actor
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.following import profile_actions
from lyhord.following.facts import CASES
from lyhord.following.feed import Told, of_profile, silenced, would_have_been
from lyhord.following.models import Profile
from lyhord.following.queries import is_too_late, profile_by_token
from lyhord.intake.abuse import FOLLOWS, too_many
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.public.alert_form import AlertForm
from lyhord.www.public.guard import personal, sender_address, without_session
from lyhord.www.public.ways import number

RESIDENT = Actor.resident()
FEED = 50
SHOWN = 10
MANY_A_MONTH = 60
"""More than this is too much for most: it is said before anything is sent."""


@without_session  # only asks the address itself, which must say yes by its own link
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrganisationRequest) -> HttpResponse:
    """What do you want to hear of? `visa` shows what it would have been; else the address is asked.

    `?om=arenden` begins with cases, for those who come from the list of them.
    """
    _demand(request)
    organisation = request.organisation
    begins = {"about": [CASES]} if request.GET.get("om") == "arenden" and organisation.publishes else {}
    form = AlertForm(request.POST or None, organisation=organisation, asks_address=True, initial=begins)
    if request.method != "POST":
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if "visa" in request.POST:
        return _form_page(request, form, preview=would_have_been(form.profile()))
    if too_many(purpose=FOLLOWS, address=sender_address(request)):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    try:
        profile_actions.watch(
            sender="email",
            address=form.address_written,
            language=get_language() or "sv",
            name=form.name_written,
            rule=form.rule(),
            level=form.level_chosen,
            by=RESIDENT,
        )
    except Conflict as conflict:
        form.add_error(None, str(conflict.message))
    except Invalid as invalid:
        form.complain(invalid)
    else:
        return redirect(f"{reverse('public:alerts')}?fragad=1")
    return _form_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@without_session  # the token in the address is the key
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: OrganisationRequest, token: UUID) -> HttpResponse:
    """One alert: what it has found and why, and its settings; a press changes them."""
    profile = profile_by_token(token)
    if profile is None or profile.confirmed_at is None:
        return _link_page(request, profile, "gone" if profile is None else "ask")
    if request.method == "POST" and ("tyst" in request.POST or "igen" in request.POST):
        return _quieten(request, profile)
    form = AlertForm(
        request.POST or None, organisation=request.organisation, asks_address=False, initial=AlertForm.of(profile)
    )
    if request.method == "POST" and form.is_valid():
        if "visa" in request.POST:
            return _alert_page(request, profile, form, preview=would_have_been(form.profile()))
        try:
            profile_actions.change(
                token=token, name=form.name_written, rule=form.rule(), level=form.level_chosen, by=RESIDENT
            )
        except Invalid as invalid:
            form.complain(invalid)
        else:
            return redirect(f"{reverse('public:alert', args=[token])}?sparat=1")
    return _alert_page(request, profile, form)


def _quieten(request: OrganisationRequest, profile: Profile) -> HttpResponse:
    """Nothing more of one thing that the alert has found, whatever else it is found by; or all of it again."""
    quiet = "tyst" in request.POST
    news_id = number(request.POST.get("tyst" if quiet else "igen", "")) or 0
    profile_actions.quieten(token=profile.token, news_id=news_id, quiet=quiet, by=RESIDENT)
    return redirect(f"{reverse('public:alert', args=[profile.token])}?sparat=1#h-feed")


@without_session  # the token in the address is the key
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: OrganisationRequest, token: UUID) -> HttpResponse:
    """The link in the message that asks: a press says yes, or that it shall go on."""
    profile = profile_by_token(token)
    if profile is None or is_too_late(profile):
        return _link_page(request, profile, "gone")
    if request.method == "POST":
        if profile.confirmed_at is None:
            profile_actions.confirm(token=token, by=RESIDENT)
        else:
            profile_actions.renew(token=token, by=RESIDENT)
        return redirect(reverse("public:alert", args=[token]))
    return _link_page(request, profile, "ends" if profile.confirmed_at else "ask")


@without_session  # the token in the address is the key
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: OrganisationRequest, token: UUID) -> HttpResponse:
    """The link in every message that ends them: a press stops, and all about it is forgotten."""
    profile = profile_by_token(token)
    if profile is None:
        return _link_page(request, None, "gone")
    if request.method == "POST":
        profile_actions.end(token=token, by=RESIDENT)
        return _link_page(request, profile, "stopped")
    return _link_page(request, profile, "stop")


def _demand(request: OrganisationRequest) -> None:
    if not request.organisation.has("following"):
        raise NotFound


def _form_page(
    request: OrganisationRequest, form: AlertForm, *, preview: list[Told] | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"form": form, "asked": "fragad" in request.GET, **_preview(preview)}
    return render(request, "public/alerts.html", context, status=status)


def _alert_page(
    request: OrganisationRequest, profile: Profile, form: AlertForm, *, preview: list[Told] | None = None
) -> HttpResponse:
    feed = of_profile(profile, most=FEED)
    context = {
        "form": form,
        "name": profile.name,
        "saved": "sparat" in request.GET,
        "feed": feed,
        "silenced": silenced(profile, feed),
        "stop_url": reverse("public:alert_stop", args=[profile.token]),
        "device_url": f"/api/v1/alerts/{profile.token}/push",
        **_preview(preview),
    }
    return render(request, "public/alert.html", context, status=422 if form.errors else HTTPStatus.OK)


def _preview(found: list[Told] | None) -> dict[str, Any]:
    if found is None:
        return {"preview": None}
    return {"preview": found[:SHOWN], "preview_count": len(found), "many": len(found) > MANY_A_MONTH}


def _link_page(request: OrganisationRequest, profile: Profile | None, state: str) -> HttpResponse:
    context = {"state": state, "name": "", "yes_url": ""}
    if profile is not None:
        context |= {"name": profile.name, "yes_url": reverse("public:alert_confirm", args=[profile.token])}
    return render(request, "public/alert_link.html", context, status=410 if state == "gone" else HTTPStatus.OK)
