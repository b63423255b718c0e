"""Case types: all of them, one of them, a new one, and turning one on and off."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.actions.case_types import add_case_type, create_version, mark_of, set_active
from lyhord.cases.actions.from_preset import add_from_preset, missing_presets
from lyhord.cases.kind import KINDS
from lyhord.cases.models import CaseType
from lyhord.core.errors import NotFound
from lyhord.www.manage.frame import page, settle, tried
from lyhord.www.manage.type_forms import PATHS, CommonForm, NewTypeForm
from lyhord.www.manage.type_json import AdvancedForm, readable_json
from lyhord.www.manage.type_rows import all_desks, one_type, sections_of, type_groups

MANAGE = Permission.MANAGE_CASE_TYPES


@require_GET
@requires(MANAGE)
def types(request: StaffRequest) -> HttpResponse:
    """All case types by category, with the unit that each goes to; `?sort=` shows one kind."""
    wanted = request.GET.get("sort", "")
    kind = wanted if KINDS.find(wanted) else ""
    groups = type_groups(kind)
    rows = [row for group in groups for row in group["rows"]]
    kinds = [{"slug": "", "label": _("Alla"), "current": not kind}]
    kinds += [{"slug": one.slug, "label": str(one.label), "current": one.slug == kind} for one in KINDS.all()]
    context = {
        "groups": groups,
        "kinds": kinds,
        "count": len(rows),
        "missing": [
            {"code": one.code, "name": one.title(get_language() or "sv"), "kind": str(KINDS.get(one.kind).label)}
            for one in missing_presets()
        ],
        "uncovered": [row for row in rows if row["uncovered"] and row["active"]],
    }
    return page(request, "types", "arendetyper", context)


@require_POST
@requires(MANAGE)
def types_from_preset(request: StaffRequest) -> HttpResponse:
    """Add what new organisations begin with and this one lacks."""
    made = add_from_preset(codes=request.POST.getlist("kod")[:200], by=request.staff.actor)
    if made:
        said = ngettext("%(n)s ärendetyp är tillagd och går att välja.", "%(n)s ärendetyper är tillagda.", len(made))
        messages.success(request, said % {"n": len(made)})
    else:
        messages.warning(request, _("Välj minst en ärendetyp i listan."))
    return redirect("manage:types")


@require_GET
@requires(MANAGE)
def case_type(request: StaffRequest, type_id: int) -> HttpResponse:
    """One type in plain words, and all its versions."""
    found = one_type(type_id)
    shown = found.current or found.newest
    context = {
        "type": found,
        "sections_said": sections_of(shown.description, all_desks()),
        "kind_label": KINDS.get(found.case_type.kind).label,
        "history": history_rows(found.versions, found.case_type.current_id),
    }
    return page(request, "type", "arendetyper", context)


def history_rows(versions: list[Any], current_id: int | None) -> list[dict[str, Any]]:
    """Versions as the history shows them: who, when, why, and which one holds."""
    return [
        {
            "number": version.number,
            "at": version.published_at or version.created_at,
            "who": version.created_by.full_name if version.created_by else _("Följde med tjänsten"),
            "note": version.note,
            "current": version.pk == current_id,
            "draft": version.published_at is None,
        }
        for version in versions
    ]


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def new_type(request: StaffRequest) -> HttpResponse:
    """Begin a new type; it is a draft until it is published."""
    form = NewTypeForm(request.POST or None)
    if request.method == "POST":
        made = tried(
            form,
            lambda given: add_case_type(content=_first_content(given), by=request.staff.actor),
            {**PATHS, "code": "name_sv"},
        )
        if made is not None:
            messages.success(request, _("Utkastet är sparat. Fyll i resten, prova och publicera."))
            return redirect("manage:type_edit", type_id=made.pk)
    return page(request, "type_new", "arendetyper", {"form": form}, status=422 if form.is_bound else 200)


def _first_content(given: dict[str, Any]) -> dict[str, Any]:
    """The smallest description that makes sense. Its code is made of its category and name, and never changes."""
    fault = given["kind"] == "felanmalan"
    category = given["category"] if fault else ""
    stem = slugify(given["name_sv"]).replace("-", "_").strip("_")[:40] or "typ"
    base = f"{category or given['kind']}.{stem}"
    taken = set(CaseType.objects.filter(code__startswith=base).values_list("code", flat=True))
    code, number = base, 2
    while code in taken:
        code, number = f"{base}_{number}", number + 1
    names = {"sv": given["name_sv"], "en": given["name_en"]}
    return {
        "code": code,
        "kind": given["kind"],
        "category": category or None,
        "name": {language: name for language, name in names.items() if name},
        "icon": KINDS.get(given["kind"]).icon,
    }


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def type_edit(request: StaffRequest, type_id: int) -> HttpResponse:
    """The common parts of a type's description."""
    found = one_type(type_id)
    newest = found.newest
    form = CommonForm(newest.content, request.POST or None, initial={"base": mark_of(newest)})
    if request.method == "POST":
        version = tried(
            form,
            lambda given: create_version(
                case_type_id=type_id,
                content=form.content(newest.content),
                note=given["note"],
                base=given["base"],
                by=request.staff.actor,
            ),
            PATHS,
        )
        if version is not None:
            return _saved(request, type_id, version.number)
    context = {"type": found, "form": form}
    return page(request, "type_edit", "arendetyper", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def type_advanced(request: StaffRequest, type_id: int) -> HttpResponse:
    """The whole description as JSON."""
    found = one_type(type_id)
    newest = found.newest
    initial = {"base": mark_of(newest), "json": readable_json(newest.content)}
    form = AdvancedForm(request.POST or None, initial=initial)
    if request.method == "POST":
        version = tried(
            form,
            lambda given: create_version(
                case_type_id=type_id,
                content=given["json"],
                note=given["note"],
                base=given["base"],
                by=request.staff.actor,
            ),
            rest="json",
        )
        if version is not None:
            return _saved(request, type_id, version.number)
    context = {"type": found, "form": form}
    return page(request, "type_advanced", "arendetyper", context, status=422 if form.is_bound else 200)


def _saved(request: StaffRequest, type_id: int, number: int) -> HttpResponse:
    messages.success(request, _("Sparat som utkast. Det gäller först när du publicerar."))
    return redirect("manage:type_version", type_id=type_id, number=number)


@require_POST
@requires(MANAGE)
def type_active(request: StaffRequest, type_id: int) -> HttpResponse:
    """Turn a type on or off."""
    if not CaseType.objects.filter(pk=type_id).exists():
        raise NotFound
    wanted = "on" in request.POST
    return settle(
        request,
        lambda: set_active(case_type_id=type_id, active=wanted, by=request.staff.actor),
        _("Ärendetypen går att välja.") if wanted else _("Ärendetypen går inte att välja längre."),
        reverse("manage:type", args=[type_id]),
    )
