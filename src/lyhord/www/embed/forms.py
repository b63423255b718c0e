"""The form in which somebody tells, in a frame, and the script that puts the frame there.

It is the very form of our own pages, and needs no cookie: browsers give frames of other sites none. What keeps others
from sending it is what keeps them from sending ours (public/guard.py): the browser says from where a request began.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from lyhord.cases.kind import KINDS
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.embed.frame import for_own_sites, in_frame
from lyhord.www.public.framed import form_address
from lyhord.www.public.receipt import receipt
from lyhord.www.public.report import report

_SCRIPT = Path(settings.BASE) / "static" / "lyhord" / "js" / "embed.js"


@require_safe
@for_own_sites
@in_frame
def kinds(request: OrganisationRequest) -> HttpResponse:
    """What somebody wants to tell: the ways to begin."""
    rows = [{"kind": kind, "url": form_address(request, kind.slug)} for kind in KINDS.all()]
    return render(request, "public/embed_kinds.html", {"kinds": rows})


@csrf_exempt
@for_own_sites
@in_frame
def framed_report(request: OrganisationRequest, slug: str) -> HttpResponse:
    """The form of one kind."""
    return report(request, slug)  # type: ignore[return-value]  # it answers whole pages


@require_safe
@for_own_sites
@in_frame
def framed_receipt(request: OrganisationRequest, code: str) -> HttpResponse:
    """What was sent, its number and its code."""
    return receipt(request, code)


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The one line on the other site asks for this; at an address that never changes, so it is asked for anew."""
    body, tag = _script()
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=3600"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@cache
def _script() -> tuple[bytes, str]:
    body = _SCRIPT.read_bytes()
    return body, f'"{hashlib.sha256(body).hexdigest()[:20]}"'
