"""The register of official documents, and the way to ask for one: nobody has to say who they are, or why."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from lyhord.cases.public_queries import type_by_code
from lyhord.cases.register import register as entries
from lyhord.core.errors import NotFound
from lyhord.core.text import clean_text
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.public.guard import readable

REQUEST_TYPE = "fraga.handling"
"""Code of the case type that a request for a document becomes (tryckfrihetsförordningen 2 kap. 15 to 18 §§)."""


@readable
@require_safe
def register(request: OrganisationRequest) -> HttpResponse:
    """Everything that has come in, newest first, a page at a time; `?nummer=` finds one, `?fore=` goes on."""
    if not request.organisation.has("register"):
        raise NotFound
    number = clean_text(request.GET.get("nummer", ""), one_line=True)[:20]
    before = clean_text(request.GET.get("fore", ""), one_line=True)[:20]
    rows, more = entries(str(getattr(request, "LANGUAGE_CODE", "sv")), number=number, before=before)
    asked = type_by_code(REQUEST_TYPE)
    ask = f"{reverse('public:report', args=[asked.kind])}?{urlencode({'typ': asked.code})}" if asked else ""
    context = {
        "rows": rows,
        "number": number,
        "ask": ask,
        "page": {"next_url": f"?{urlencode({'fore': rows[-1].number})}" if more else ""},
    }
    return render(request, "public/register.html", context)
