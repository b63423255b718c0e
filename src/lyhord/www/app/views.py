"""The app's own pages and files, at the same addresses on every organisation's host."""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lyhord.cases.kind import KINDS
from lyhord.core.errors import NotFound
from lyhord.intake.abuse import PHOTOS, too_many
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.app.icons import ICONS, icon_of, icon_version
from lyhord.www.app.manifest import manifest_of
from lyhord.www.app.store_links import app_site_association, asset_links
from lyhord.www.app.worker import fault_kind, worker_of
from lyhord.www.public import report_sent, uploads
from lyhord.www.public.guard import personal, readable, sender_address, too_large_page, without_session
from lyhord.www.public.report import form_page

FOR_GOOD = "public, max-age=31536000, immutable"


@readable
@require_safe
def home(request: OrganisationRequest) -> HttpResponse:
    """Where the app begins: a picture first, what is on its way, and one's own cases on this device."""
    return render(request, "app/home.html", {"kinds": KINDS.all(), "fault": fault_kind()})


@readable
@require_safe
def offline(request: OrganisationRequest) -> HttpResponse:
    """What the app shows instead of a page that it cannot reach."""
    return render(request, "app/offline.html", {"fault": fault_kind()})


@require_safe
def manifest(request: OrganisationRequest) -> HttpResponse:
    """The manifest; it is small, and asked for again when it may have changed."""
    response = JsonResponse(manifest_of(request.organisation), content_type="application/manifest+json")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_safe
def assetlinks(request: OrganisationRequest) -> HttpResponse:
    """That the organisation's Android app belongs to this site; an empty list while there is none."""
    return _for_an_hour(JsonResponse(asset_links(request.organisation), safe=False))


@require_safe
def site_association(request: OrganisationRequest) -> HttpResponse:
    """The same for Apple."""
    return _for_an_hour(JsonResponse(app_site_association(request.organisation)))


def _for_an_hour(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def worker(request: OrganisationRequest) -> HttpResponse:
    """The service worker. Its place is its reach: /beratta/, never the desk."""
    response = HttpResponse(worker_of(request.organisation), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def icon(request: OrganisationRequest, version: str, name: str) -> HttpResponse:
    """An icon; kept for good at its own address."""
    if name not in ICONS:
        raise NotFound
    response = HttpResponse(icon_of(request.organisation, name), content_type="image/png")
    response["Cache-Control"] = FOR_GOOD if version == icon_version(request.organisation) else "no-cache"
    return response


@without_session
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: OrganisationRequest) -> HttpResponse:
    """Pictures shared from another app, where the service worker did not take them: the form, with them in it."""
    kind = KINDS.get(fault_kind())
    if request.method != "POST":
        return redirect("public:report", kind.slug)
    if uploads.too_large(request):
        return too_large_page(request)
    if too_many(purpose=PHOTOS, address=sender_address(request)):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    handler = uploads.watch(request)
    try:
        data = request.POST.copy()
    except RequestDataTooBig:
        return too_large_page(request)
    words = "\n".join(filter(None, (data.get("title", ""), data.get("text", ""))))
    data.setlist("text", [words])
    return form_page(request, report_sent.read(request, kind, data, handler.let_go))
