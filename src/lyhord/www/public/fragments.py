"""What the report page asks for while somebody writes: addresses, what it may be about, whether it is known already."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.desk_choice import choose_unit
from lyhord.cases.facts import NewCase
from lyhord.cases.kind import KINDS, Kind
from lyhord.cases.models import CaseType
from lyhord.cases.public_queries import TypeChoice, feedback_categories, type_by_code, type_choices
from lyhord.cases.type_guess import SURE, suggest_types
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.text import clean_text
from lyhord.intake.submission import TEXT_LENGTH
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.models import Organisation
from lyhord.places.point import Point, parse_point
from lyhord.places.queries import search_addresses
from lyhord.www.public.guard import personal, without_session
from lyhord.www.public.report_form import SOMETHING_ELSE, ReportForm
from lyhord.www.public.report_steps import nearby_rows, owner_shown

LONGEST_QUESTION = 120


@require_safe
@personal
def addresses(request: OrganisationRequest) -> HttpResponse:
    """{addresses: [{label, lat, lon}]} for what has been typed; [] when nothing answers to it."""
    words = clean_text(request.GET.get("q", ""), one_line=True)[:LONGEST_QUESTION]
    found = search_addresses(words) if words else []
    return JsonResponse({"addresses": [{"label": m.label, "lat": m.lat, "lon": m.lon} for m in found]})


@require_safe
@personal
def nearby(request: OrganisationRequest) -> HttpResponse:
    """A piece of the report page: published open cases of the type around a position; empty when there are none."""
    try:
        point = parse_point(request.GET.get("lat", ""), request.GET.get("lon", ""))
    except Invalid:
        raise NotFound from None
    chosen = type_by_code(clean_text(request.GET.get("typ", ""))[:80])
    description = chosen.current.description if chosen and chosen.current else None
    rows = nearby_rows(point, description, request.organisation)
    return render(request, "public/report.html#nearby", {"nearby": rows})


@dataclass(frozen=True, slots=True)
class Guess:
    """What the words seem to be about: the choices to show, and the one that is chosen or sure enough."""

    shown: list[dict[str, Any]]
    case_type: CaseType | None


@without_session  # changes nothing; a POST only so that nobody's words end up in a log of addresses
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def types(request: OrganisationRequest) -> HttpResponse:
    """A piece of the report page: the likely types of what is being written, and the chosen one's questions.

    `slag` is the kind, `text` what has been written so far, `typ` what the person has chosen ("" if nothing).
    """
    data: QueryDict = request.POST if request.method == "POST" else request.GET
    kind = KINDS.find(data.get("slag", ""))
    if kind is None:
        raise NotFound
    language = str(getattr(request, "LANGUAGE_CODE", "sv"))
    choices = type_choices(kind.slug, language)
    code = clean_text(data.get("typ", ""))[:80]
    guess = _guess(kind, choices, clean_text(data.get("text", ""))[:TEXT_LENGTH], code)
    description = guess.case_type.current.description if guess.case_type and guess.case_type.current else None
    form = ReportForm(
        kind=kind,
        types=choices,
        categories=feedback_categories(language) if len(choices) < 2 else [],
        description=description,
        organisation=request.organisation,
        language=language,
        initial={"case_type": guess.case_type.code if guess.case_type else code},
    )
    context = {
        "types": guess.shown,
        "something_else": code == SOMETHING_ELSE,
        "form": form,
        "asked": description.code if description else "",
        "owner": owner_shown(description, request.organisation, language),
        "promise": _promise(request.organisation, guess.case_type, description, kind),
    }
    return render(request, "public/report.html#types", context)


def _guess(kind: Kind, choices: list[TypeChoice], text: str, code: str) -> Guess:
    if len(choices) == 1:
        return Guess([], type_by_code(choices[0].code))
    found = suggest_types(text, kind=kind.slug)
    codes = [suggestion.code for suggestion in found]
    sure = found[0].code if found and found[0].confidence >= SURE else ""
    selected = code or sure
    if code and code != SOMETHING_ELSE and code not in codes:
        codes.insert(0, code)
    names = {choice.code: choice.name for choice in choices}
    shown = [{"slug": slug, "name": names[slug], "selected": slug == selected} for slug in codes if slug in names]
    return Guess(shown, type_by_code(selected) if selected in names else None)


def _promise(
    organisation: Organisation, case_type: CaseType | None, description: CaseTypeDescription | None, kind: Kind
) -> dict[str, str] | None:
    """Which unit it goes to and when the answer comes, for a type that is known."""
    if case_type is None or description is None:
        return None
    point: Point | None = None
    new = NewCase(case_type=case_type, text="", channel="web", point=point)
    unit, _route, _area = choose_unit(organisation, new, description, now())
    return {"unit_name": unit.name, "answer_by": _answer_within(description, kind)}


def _answer_within(description: CaseTypeDescription, kind: Kind) -> str:
    amount = description.deadline.answer_days or kind.answer_days
    match description.deadline.unit:
        case "calendar_days":
            text = ngettext("Svar inom %(n)s dag.", "Svar inom %(n)s dagar.", amount)
        case "working_hours":
            text = ngettext("Svar inom %(n)s arbetstimme.", "Svar inom %(n)s arbetstimmar.", amount)
        case _:
            text = ngettext("Svar inom %(n)s arbetsdag.", "Svar inom %(n)s arbetsdagar.", amount)
    return text % {"n": amount}
