"""The receipt: what was sent, its number and its code."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lyhord.cases.follow_code import pretty
from lyhord.cases.models import Case
from lyhord.cases.public_queries import photos_and_history
from lyhord.cases.queries import by_follow_code
from lyhord.cases.questions import in_language
from lyhord.cases.timeline import timeline
from lyhord.cases.ways import all_ways
from lyhord.core.errors import NotFound
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.public.guard import secret_page
from lyhord.www.public.shown import own_photos


def case_behind(code: str, *, whole: bool = False) -> Case:
    """The case that a code opens; NotFound alike for a wrong code and for another organisation's."""
    case = by_follow_code(code, whole=whole)
    if case is None:
        raise NotFound
    return case


@require_safe
def receipt(request: OrganisationRequest, code: str) -> HttpResponse:
    """Shown after the commit, and again whenever somebody comes back with the code."""
    case = case_behind(code, whole=True)
    told = all_ways(case)
    all_photos, events = photos_and_history(case)
    photos = [photo for photo in all_photos if photo.message_id is None]
    context = {
        "case": {
            "number": case.number,
            "text": case.text,
            "language": case.language,
            "created_at": case.registered_at,
            "timeline": timeline(case, events, unit=case.unit.name, own=True),
            "photos": own_photos(photos, pretty(code)),
            "place_text": case.place_text,
            "unit_name": case.unit.name,
        },
        "thanks": in_language(case.version.description.thanks, case.language),
        "code": pretty(code),
        "ways": [way for way in told if way.confirmed] if case.wants_feedback else [],
        "to_confirm": [way for way in told if way.by_code and not way.confirmed],
    }
    return secret_page(render(request, "public/receipt.html", context))
