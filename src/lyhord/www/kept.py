"""A form that came after its writer's session had ended: what they wrote waits until they are back.

Who wrote is known by a signed cookie (accounts/middleware.py), and only they can open it again. It is sent by a press
of theirs and no sooner, by the same form to the same address: permissions and revisions are checked then as ever.
"""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lyhord.accounts.form_actions import FROM_KEPT, forget_form, keep_form
from lyhord.accounts.middleware import writer_of
from lyhord.accounts.models import KeptForm, User
from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.intake.submission import MOST_PHOTOS
from lyhord.www.public import uploads

_OURS = {"csrfmiddlewaretoken", FROM_KEPT}
_LINES = {"text", "message", "reason", "answer", "note"}
"""Fields in which people write: shown to be copied, however little stands there."""


def _is_secret(name: str) -> bool:
    """What is never kept: how such fields are called."""
    return "password" in name or "secret" in name


def written(data: QueryDict) -> list[str]:
    """What a person wrote in a form: whatever is more than one word."""
    return [
        value
        for name in data
        if name not in _OURS and not _is_secret(name)
        for value in data.getlist(name)
        if value.strip() and (name in _LINES or len(value.split()) > 1)
    ]


def keep(request: HttpRequest) -> KeptForm | None:
    """Keep the form for who was logged in here last; None when that is not known, or it is too large.

    Pictures are kept as those that have not been sent; other files have to be chosen again.
    """
    writer = User.objects.filter(pk=writer_of(request) or 0).first()
    if writer is None:
        return None
    fields = [*_fields(request.POST), *_pictures(request)]
    return keep_form(path=request.get_full_path(), fields=fields, by=writer.actor)


def _fields(data: QueryDict) -> Iterator[tuple[str, str]]:
    for name in data:
        if name not in _OURS and not _is_secret(name):
            yield from ((name, value) for value in data.getlist(name))


def _pictures(request: HttpRequest) -> Iterator[tuple[str, str]]:
    organisation_id = request.organisation.pk  # type: ignore[attr-defined]  # the middleware put it there
    files = request.FILES.getlist("photos")
    kept, _problems = uploads.keep(
        files, organisation_id=organisation_id, room=MOST_PHOTOS, let_go=0, by=Actor.resident()
    )
    yield from (("draft_photos", str(file.uid)) for file in kept)


def logged_out(request: HttpRequest) -> HttpResponse:
    """The page that says so: what was written, and where to log in; after that it can be sent as it is."""
    kept = keep(request)
    back = reverse("desk:kept", args=[kept.pk]) if kept else _page_of(request.resolver_match)
    context = {
        "said": [] if kept else written(request.POST),
        "kept": kept is not None,
        "login_url": f"{reverse('account_login')}?next={back}",
    }
    return _private(render(request, "desk/logged_out.html", context, status=HTTPStatus.FORBIDDEN))


def too_old(request: HttpRequest) -> HttpResponse:
    """The same for somebody who has logged in again in another tab: the page's token is of the session before."""
    kept = keep(request)
    if kept is None:
        return render(request, "403_csrf.html", {"said": written(request.POST)}, status=HTTPStatus.FORBIDDEN)
    return _kept_page(request, kept, status=HTTPStatus.FORBIDDEN)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SEE_CASES)
def kept(request: StaffRequest, kept_id: int) -> HttpResponse:
    """What was kept, to send now; a POST throws it away."""
    found = KeptForm.objects.filter(pk=kept_id, user_id=request.staff.user.pk).first()
    if found is None:
        raise NotFound(_("Det finns inte kvar. Har du redan skickat det ligger det i ärendet."))
    if request.method == "POST":
        forget_form(kept_id=found.pk, by=request.staff.actor)
        messages.success(request, _("Det är borta."))
        return redirect("desk:inbox")
    return _kept_page(request, found)


def _kept_page(request: HttpRequest, found: KeptForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    data = QueryDict(mutable=True)
    for name, value in found.fields:
        data.appendlist(name, value)
    match = _match(found.path)
    context = {
        "kept": found,
        "field_name": FROM_KEPT,
        "page_url": _page_of(match),
        "reader": data.get("to", "") if match is not None and match.view_name == "desk:reply" else "",
        "said": written(data),
        "pictures": len(data.getlist("draft_photos")),
    }
    return _private(render(request, "desk/kept.html", context, status=status))


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(urlsplit(path).path)
    except Resolver404:  # an address of a version before this one
        return None


def _page_of(match: ResolverMatch | None) -> str:
    """The page that the form stood on, as near as can be told."""
    if match is not None and match.app_name == "desk" and "case_id" in match.kwargs:
        return reverse("desk:case", args=[match.kwargs["case_id"]])
    if match is not None and match.view_name == "desk:draft_case":
        return reverse("desk:draft_case", args=[match.kwargs["draft_id"]])
    return reverse("desk:inbox")


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
