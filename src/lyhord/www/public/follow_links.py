"""Where the links of our messages lead: yes, this is mine and I want it; no more of it.

Opening a page changes nothing, since mail programs open links by themselves: a press does. What a mail program itself
sends when somebody presses its own "unsubscribe" (RFC 8058) is such a press, to the same address.
"""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lyhord.cases import actions, tongues
from lyhord.cases.actions.tell import SUBJECT
from lyhord.cases.models import Case
from lyhord.cases.public_queries import published, with_publications
from lyhord.cases.ways import shy_address
from lyhord.core.actor import Actor
from lyhord.following import actions as following
from lyhord.following.models import Follow, Role
from lyhord.following.queries import by_token, is_too_late
from lyhord.matters.actions.follow import SUBJECT as MATTER
from lyhord.matters.models import Matter
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.public.guard import personal, without_session
from lyhord.www.public.matter_follow import settings_page

RESIDENT = Actor.resident()


@without_session  # the token in the address is the key
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: OrganisationRequest, token: UUID) -> HttpResponse:
    """The link in the message that asks: a press says yes. Once it is said, a matter's is the page that changes it."""
    context = _followed(token)
    if context["state"] == "done" and context["of_matter"] and (follow := by_token(token)) is not None:
        return settings_page(request, follow, context)
    if request.method == "POST" and context["state"] in {"ask", "ends"}:
        if context["state"] == "ask":
            actions.confirm_follow(token=token, by=RESIDENT)
        else:
            following.renew(token=token, by=RESIDENT)
        if context["of_matter"]:
            return redirect("public:follow_confirm", token)
        context["state"] = "done"
    return render(request, "public/follow_confirm.html", context, status=_status(context))


@without_session  # the token in the address is the key
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: OrganisationRequest, token: UUID) -> HttpResponse:
    """The link in every message that ends them: a press stops, and the address is forgotten."""
    context = _followed(token, too_late=False)
    if context["state"] != "gone":
        context["state"] = "stop"
        if request.method == "POST":
            actions.stop_following(token=token, by=RESIDENT)
            context["state"] = "stopped"
    return render(request, "public/follow_confirm.html", context, status=_status(context))


def _status(context: dict[str, Any]) -> int:
    return HTTPStatus.GONE if context["state"] == "gone" else HTTPStatus.OK


def _followed(token: UUID, *, too_late: bool = True) -> dict[str, Any]:
    """What a message's link is about; "gone" when it is nobody's or too old, or the case is no longer published."""
    follow = by_token(token)
    if follow is None or follow.subject_type not in {SUBJECT, MATTER} or (too_late and is_too_late(follow)):
        return {"state": "gone", "url": "", "of_matter": False}
    context = {
        "state": _state(follow),
        "of_matter": follow.subject_type == MATTER,
        "own": follow.role == Role.REPORTER,
        "email": shy_address(follow.contact) if follow.role == Role.REPORTER else follow.contact.address,
        "title": "",
        "url": "",
    }
    if follow.subject_type == MATTER:
        return {**context, **_matter(follow)}
    return {**context, **(_own(follow) if follow.role == Role.REPORTER else _published(follow))}


def _state(follow: Follow) -> str:
    if follow.confirmed_at is None:
        return "ask"
    return "ends" if follow.asked_to_renew_at else "done"


def _own(follow: Follow) -> dict[str, Any]:
    """The number of one's own case and no more: the page that shows it is opened by its code."""
    case = Case.objects.filter(pk=follow.subject_id).first()
    return {"number": case.number if case is not None and not case.protected else ""}


def _published(follow: Follow) -> dict[str, Any]:
    """Title and address of what others may read."""
    for case, text in with_publications(published().filter(pk=follow.subject_id)):
        return {
            "title": text.title,
            "title_language": tongues.of_shown_title(case, text),
            "url": reverse("public:case", args=[case.number]),
        }
    return {}


def _matter(follow: Follow) -> dict[str, Any]:
    """The same of a matter that is shown."""
    found = Matter.objects.filter(pk=follow.subject_id, hidden=False).only("title", "plain_title").first()
    if found is None:
        return {}
    return {
        "title": found.shown_title,
        "title_language": "sv",
        "url": reverse("public:matter", args=[found.pk]),
    }
