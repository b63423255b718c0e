"""What makes a page fit for a frame on one of the organisation's own sites."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.csp import CSP
from django.utils.translation import override

from lyhord.core.errors import NotFound
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.public.framed import LANGUAGE

SITES = "embed_sites"
"""The organisation's setting: the origins that may show these pages, as ["https://www.motala.se"]."""
_LINK = re.compile(rb"<a (?=[^>]*\bhref=\"(?:/|https?:))(?![^>]*\btarget=)")
_FORM = re.compile(rb"<form (?=[^>]*\baction=\"/(?!inbaddat/))(?![^>]*\btarget=)")

type View = Callable[..., HttpResponse]


def for_own_sites(view: View) -> View:
    """May be framed by the sites that the organisation has named, and by none other. `sprak` chooses the language."""

    @wraps(view)
    def wrapped(request: OrganisationRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        organisation = request.organisation
        asked = request.GET.get(LANGUAGE, "")
        language = asked if asked in organisation.languages else str(getattr(request, "LANGUAGE_CODE", "sv"))
        request.LANGUAGE_CODE = language
        with override(settings.LANGUAGE_CODE if language in settings.OWN_WORDS_LANGUAGES else language):
            response = view(request, *args, **kwargs)
        sites = [str(site) for site in organisation.settings.get(SITES, [])]
        answer: Any = response  # what Django's own middleware reads of it
        answer._csp_config = {**settings.SECURE_CSP, "frame-ancestors": sites or [CSP.NONE]}
        answer.xframe_options_exempt = bool(sites)  # the old header knows of one site at most; the policy says it all
        response.headers.setdefault("Content-Language", language)
        response.headers.setdefault("Cache-Control", "private, max-age=0")
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


def published_only(view: View) -> View:
    """Nothing is here where the organisation publishes nothing."""

    @wraps(view)
    def wrapped(request: OrganisationRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.organisation.publishes:
            raise NotFound
        return view(request, *args, **kwargs)

    return wrapped


def in_frame(view: View) -> View:
    """A page of ours without what stands around it. What may not be framed opens beside, and nothing written is lost.

    Pages are the same as outside frames, so links and forms are given their target here, in one place for all.
    """

    @wraps(view)
    def wrapped(request: OrganisationRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.framed = True  # type: ignore[attr-defined]  # read by framed.py and context.py
        response = view(request, *args, **kwargs)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            page = _LINK.sub(rb'<a target="_blank" ', response.content)
            response.content = _FORM.sub(rb'<form target="_blank" ', page)
        return response

    return wrapped
