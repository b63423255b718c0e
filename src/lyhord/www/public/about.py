"""The pages about the service itself, its language and its colour."""

from datetime import date
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lyhord.cases.kind import KINDS
from lyhord.cases.public_queries import type_by_code
from lyhord.core.forms import PlainForm
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.public.guard import readable
from lyhord.www.public.published import words
from lyhord.www.public.report_form import Words, complain
from lyhord.www.style import sheet_of

FOR_GOOD = "public, max-age=31536000, immutable"
YEAR = 365 * 24 * 3600


@readable
@require_safe
def about_data(request: OrganisationRequest) -> HttpResponse:
    """What happens to what people tell; reads the settings `retention_months` and `data_protection_email`."""
    own = request.organisation.settings
    context = {"months": own.get("retention_months"), "officer_email": own.get("data_protection_email", "")}
    return render(request, "public/about_data.html", context)


ACCESSIBILITY_TYPE = "tillganglighet"
"""Code of the case type that a report from the accessibility statement becomes, where the organisation has it."""


@readable
@require_safe
def about_accessibility(request: OrganisationRequest) -> HttpResponse:
    """The statement; reads the settings `accessibility_reviewed` (ISO date) and `accessibility_shortcomings`."""
    own = request.organisation.settings
    asked = type_by_code(ACCESSIBILITY_TYPE)
    tell = reverse("public:report", args=[asked.kind if asked else "klagomal"])
    reviewed = own.get("accessibility_reviewed")
    context = {
        "reviewed_on": date.fromisoformat(reviewed) if reviewed else None,
        "tell": f"{tell}?{urlencode({'typ': asked.code})}" if asked else tell,
        "shortcomings": own.get("accessibility_shortcomings", []),
    }
    return render(request, "public/about_accessibility.html", context)


@readable
@require_safe
def protected(request: OrganisationRequest) -> HttpResponse:
    """For those with protected identity: what we do, and the ways to tell us something."""
    kinds = [{"slug": kind.slug, "icon": kind.icon, "title": kind.title} for kind in KINDS]
    return render(request, "public/protected.html", {"kinds": kinds})


@require_safe
def language(request: OrganisationRequest) -> HttpResponse:
    """Remember the language chosen (`sprak`) and go back to the page (`till`), which must be one of ours."""
    back = request.GET.get("till", "/")
    own = url_has_allowed_host_and_scheme(back, allowed_hosts=None, require_https=request.is_secure())
    response = HttpResponseRedirect(back if own and back.startswith("/") else "/")
    chosen = request.GET.get("sprak", "")
    if chosen in request.organisation.languages:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def brand(request: OrganisationRequest, version: str) -> HttpResponse:
    """The style sheet in the organisation's colour; kept for good at its own address, not at all at an old one."""
    sheet = sheet_of(request.organisation)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(sheet.packed if packed else sheet.plain, content_type="text/css; charset=utf-8")
    if packed:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    response["Cache-Control"] = FOR_GOOD if version == sheet.version else "no-cache"
    return response


class _Parts(PlainForm):
    """Fields to show in the gallery."""

    text = Words(length=200, widget=forms.Textarea(attrs={"rows": 3}))
    choice = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    yes = forms.BooleanField(required=False)


@readable
@require_safe
def gallery(request: OrganisationRequest) -> HttpResponse:
    """All the parts on one page, for those who build."""
    form = _Parts(initial={"choice": "a"})
    form.fields["text"].label, form.fields["text"].help_text = _("Vad är det som är fel?"), _("En mening räcker.")
    form.fields["choice"].label, form.fields["yes"].label = _("Välj ett svar"), _("Visa för andra")
    complain(form, {"text": [_("Skriv vad som är fel. En mening räcker.")]})
    return render(request, "gallery.html", {"words": words(), "form": form})


@require_safe
def robots(request: OrganisationRequest) -> HttpResponse:
    """What search engines should leave alone: everything behind a code."""
    lines = ["User-agent: *", "Disallow: /f/", "Disallow: /tack/", "Disallow: /folj/", "Disallow: /desk/", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")
