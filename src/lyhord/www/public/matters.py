"""Matters in politics, as everybody may read them: list, matter, bodies, meetings, documents, and what levels mean."""

from http import HTTPStatus
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lyhord.core.clock import today
from lyhord.core.errors import NotFound
from lyhord.engagement.queries import taking as openings_taking
from lyhord.matters import public_queries as queries
from lyhord.matters.models import Body, Matter, Meeting
from lyhord.matters.stages import FORMAL, Levels, kinds
from lyhord.matters.topics import topics
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.places.queries import named_areas
from lyhord.www.addresses import CASE
from lyhord.www.public import matter_words as words
from lyhord.www.public import openings, shown
from lyhord.www.public.guard import readable
from lyhord.www.public.matter_choice import STAGES, read_choice
from lyhord.www.public.matter_follow import Box, box

PAGE = 20


def _language(request: OrganisationRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "sv"))


def _on(request: OrganisationRequest) -> None:
    """NotFound where the organisation has not turned matters on."""
    if not request.organisation.has("matters"):
        raise NotFound


@readable
@require_safe
def matter_list(request: OrganisationRequest) -> HttpResponse:
    """Matters, newest first, found by words and filtered; never more than COUNT_TO, and it says so."""
    _on(request)
    chosen, wanted = read_choice(request)
    given = chosen.values
    ids = list(queries.found(wanted).values_list("pk", flat=True)[: queries.COUNT_TO + 1])
    page: Any = Paginator(ids[: queries.COUNT_TO], PAGE).get_page(request.GET.get("sida"))
    page.object_list = _rows(list(page.object_list), _language(request), says=request.organisation.has("engagement"))
    context = {
        "q": given["q"],
        "query": chosen.query,
        "page": page,
        "total": min(len(ids), queries.COUNT_TO),
        "capped": len(ids) > queries.COUNT_TO,
        "stages": [
            {"value": value, "label": label, "selected": value == given["lage"]} for value, label in STAGES.items()
        ],
        "narrowed": any(given[name] for name in ("organ", "amne", "omrade", "sort")),
        "may_follow": request.organisation.has("following"),
        **_choices(given, _language(request)),
    }
    return render(request, "public/matters.html", context)


def _rows(ids: list[int], language: str, *, says: bool) -> list[dict[str, Any]]:
    """The matters of a page in their order; with `says`, those that one can have one's say about lead there."""
    by_id = {
        matter.pk: matter for matter in queries.readable().filter(pk__in=ids).select_related("body").defer("stems")
    }
    matters = [by_id[pk] for pk in ids if pk in by_id]
    about = queries.with_topics(matters)
    taking = openings_taking(ids) if says else {}
    return [
        {
            "url": reverse("public:matter", args=[matter.pk]),
            "title": matter.shown_title,
            "kind": kinds()[matter.kind].name(language),
            "body": matter.body.name if matter.body else "",
            "at": matter.last_on,
            "chip": words.stage_chip(matter, language),
            "say_url": reverse("public:opening", args=[matter.pk, taking[matter.pk].pk]) if matter.pk in taking else "",
            "answer_until": matter.answer_until if matter.answer_until and matter.answer_until >= today() else None,
            "topics": [topics()[code].name(language) for code in about.get(matter.pk, []) if code in topics()],
        }
        for matter in matters
    ]


def _choices(given: dict[str, str], language: str) -> dict[str, Any]:
    def options(rows: list[tuple[str, str]], chosen: str) -> list[dict[str, Any]]:
        return [{"value": value, "label": label, "selected": value == chosen} for value, label in rows]

    shown_kinds = [(kind.code, kind.name(language)) for kind in kinds().values() if kind.code != FORMAL]
    return {
        "choices": [
            (
                "organ",
                gettext_lazy("Vem beslutar"),
                options([(b.code, b.name) for b in queries.bodies()], given["organ"]),
            ),
            (
                "amne",
                gettext_lazy("Vad det handlar om"),
                options([(topic.code, topic.name(language)) for topic in topics().values()], given["amne"]),
            ),
            ("omrade", gettext_lazy("Område"), options(named_areas(), given["omrade"])),
            ("sort", gettext_lazy("Sort"), options(shown_kinds, given["sort"])),
        ]
    }


@readable
@require_safe
def matter(request: OrganisationRequest, matter_id: int) -> HttpResponse:
    """One matter: how far it has come, what was decided, its papers and places. One that was merged leads on."""
    _on(request)
    found = Matter.objects.filter(pk=matter_id, hidden=False).select_related("body").defer("stems").first()
    if found is None:
        raise NotFound
    if found.merged_into_id is not None:
        return HttpResponsePermanentRedirect(reverse("public:matter", args=[found.merged_into_id]))
    return matter_page(request, found, box(request, found))


def matter_page(
    request: OrganisationRequest, found: Matter, follow: Box | None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """The page of a matter, with the part where one follows it."""
    language, levels, happened = _language(request), Levels(), queries.timeline(found)
    places = queries.places_of(found)
    spot = next((place for place in places if place.lat is not None), None)
    decided = words.latest_decision(happened)
    context = {
        "matter": found,
        "numbers": [number.number for number in found.numbers.order_by("number")[:10]],
        "kind": kinds()[found.kind].name(language) if found.kind != "general" else "",
        "open_until": found.answer_until if found.answer_until and found.answer_until >= today() else None,
        "chip": words.stage_chip(found, language),
        "over": found.stage in queries.OVER,
        "steps": words.steps(found, happened, levels, language, today()),
        "decision": decided.item if decided else None,
        "decision_sentence": words.sentence(decided) if decided else "",
        "rows": words.log_rows(happened, levels, language),
        "documents": queries.documents_of(found),
        "topics": [(row.topic, topics()[row.topic].name(language)) for row in _topics(found)],
        "places": places,
        "map": shown.map_settings(request.organisation, lat=spot.lat, lon=spot.lon, zoom=15) if spot else None,
        "follow": follow,
        "engagement": openings.box(request, found, back="beslut"),
        "cases": [{"url": CASE(case.number), "number": case.number} for case in queries.published_cases_of(found)],
    }
    return render(request, "public/matter.html", context, status=status)


def _topics(found: Matter) -> list[Any]:
    return [row for row in found.topics.filter(denied=False).order_by("pk") if row.topic in topics()]


@readable
@require_safe
def bodies(request: OrganisationRequest) -> HttpResponse:
    """Who decides: every body with a way to its meetings and matters."""
    _on(request)
    return render(request, "public/bodies.html", {"bodies": queries.bodies()})


@readable
@require_safe
def body(request: OrganisationRequest, body_code: str) -> HttpResponse:
    """The meetings of one body, newest first."""
    _on(request)
    found = Body.objects.filter(code=body_code).first()
    if found is None:
        raise NotFound
    page = Paginator(queries.meetings(found), PAGE).get_page(request.GET.get("sida"))
    return render(request, "public/body.html", {"body": found, "page": page, "today": today()})


@readable
@require_safe
def meeting(request: OrganisationRequest, meeting_id: int) -> HttpResponse:
    """One meeting: its papers, and each item with a way to its matter."""
    _on(request)
    found = Meeting.objects.filter(pk=meeting_id).select_related("body").first()
    if found is None:
        raise NotFound
    return render(request, "public/meeting.html", {"meeting": found, "papers": queries.papers_of(found)})


@readable
@require_safe
def document(request: OrganisationRequest, document_id: int) -> HttpResponse:
    """What a document says, page by page, as far as it could be read."""
    _on(request)
    found = queries.document(document_id)
    if found is None:
        raise NotFound
    return render(request, "public/document.html", {"document": found, "pages": queries.pages_of(found)})


@readable
@require_safe
def levels(request: OrganisationRequest) -> HttpResponse:
    """What counts as most important, by event and stage: the table that decides what followers are told."""
    _on(request)
    table, language = Levels(), _language(request)
    rows = [_level(row, language) for row in table.events() if row.shown]
    tables = [
        (kinds()[code].name(language), [_level(row, language) for row in table.stages(code) if row.shown])
        for code in ("general", "plan")
    ]
    return render(request, "public/matter_levels.html", {"events": rows, "kinds": tables})


def _level(row: Any, language: str) -> dict[str, Any]:
    return {"name": row.name(language), "level": row.level, "word": words.LEVELS[row.level]}
