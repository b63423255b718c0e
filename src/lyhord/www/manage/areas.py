"""The boundary, the districts and the street list: files from the map department, shown before they count."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.errors import Invalid
from lyhord.core.forms import PlainForm
from lyhord.places.actions import import_areas, load_addresses, planned_areas
from lyhord.places.geojson import parse_areas
from lyhord.places.models import Address, Area
from lyhord.places.street_file import read_streets
from lyhord.www.manage.frame import page, say, say_rows
from lyhord.www.manage.held import drop, held, hold, read_upload

MANAGE = Permission.MANAGE_ORGANISATION
KINDS = {"district": gettext_lazy("Områden i kommunen"), "boundary": gettext_lazy("Kommunens gräns")}
SHOWN = 30


class AreasForm(PlainForm):
    """A GeoJSON file."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Vad innehåller filen?"),
        choices=list(KINDS.items()),
        widget=forms.RadioSelect,
        initial="district",
        error_messages={"required": gettext_lazy("Välj vad filen innehåller.")},
    )
    file = forms.FileField(
        label=gettext_lazy("GeoJSON-fil"),
        help_text=gettext_lazy("Ytor i WGS84, högst 10 MB. Namnet läses ur egenskapen name eller namn."),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
        error_messages={"required": gettext_lazy("Välj en fil."), "empty": gettext_lazy("Filen är tom.")},
    )


class StreetsForm(PlainForm):
    """A street list as CSV."""

    file = forms.FileField(
        label=gettext_lazy("CSV-fil"),
        help_text=gettext_lazy(
            "Rubrikerna gata;nummer;postnummer;ort;lat;lon. Läget i grader (WGS84) eller SWEREF 99 TM. "
            "Filen ersätter hela listan."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": gettext_lazy("Välj en fil."), "empty": gettext_lazy("Filen är tom.")},
    )


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def areas(request: StaffRequest) -> HttpResponse:
    """What there is, and a file of areas to look at before it counts."""
    if request.method != "POST":
        return _areas_page(request)
    form = AreasForm(request.POST, request.FILES)
    if form.is_valid():
        kind = form.cleaned_data["kind"]
        try:
            data = read_upload(form.cleaned_data["file"], 10_000_000)
            plan = planned_areas(kind=kind, areas=parse_areas(data))
        except Invalid as error:
            say(form, error, {"": "file"})
        else:
            rows = [{"name": row.name, "old_name": row.known.name if row.known else ""} for row in plan.rows]
            context = {
                "kind_label": KINDS[kind],
                "rows": rows[:SHOWN],
                "more": max(0, len(rows) - SHOWN),
                "missing": [known.name for known in plan.missing],
                "token": hold(request, f"areas:{kind}", data),
                "kind": kind,
            }
            return page(request, "areas_preview", "omraden", context)
    return _areas_page(request, areas_form=form, status=422)


@require_POST
@requires(MANAGE)
def import_shown_areas(request: StaffRequest) -> HttpResponse:
    """Import the file that was shown."""
    kind, token = request.POST.get("kind", ""), request.POST.get("token", "")
    try:
        data = held(request, f"areas:{kind}", token)
        done = import_areas(kind=kind, areas=parse_areas(data), by=request.staff.actor)
    except Invalid as error:
        messages.error(request, str(error.message))
        return redirect("manage:areas")
    drop(request, f"areas:{kind}", token)
    messages.success(
        request,
        _("Klart: %(added)s nya, %(changed)s ändrade, %(removed)s borttagna.")
        % {"added": len(done.added), "changed": len(done.changed), "removed": len(done.removed)},
    )
    if done.kept:
        messages.warning(
            request,
            _("Kvar, eftersom ärenden ligger där: %(names)s.") % {"names": ", ".join(done.kept)},
        )
    return redirect("manage:areas")


@require_POST
@requires(MANAGE)
def streets(request: StaffRequest) -> HttpResponse:
    """A street list to look at before it counts."""
    form = StreetsForm(request.POST, request.FILES, prefix="g")
    if form.is_valid():
        try:
            data = read_upload(form.cleaned_data["file"], 40_000_000)
            rows = read_streets(data)
        except Invalid as error:
            say_rows(form, error)
        else:
            localities = sorted({row.locality for row in rows if row.locality})
            context = {
                "count": len(rows),
                "rows": rows[:SHOWN],
                "more": max(0, len(rows) - SHOWN),
                "localities": localities[:SHOWN],
                "count_now": Address.objects.count(),
                "token": hold(request, "streets", data),
            }
            return page(request, "streets_preview", "omraden", context)
    return _areas_page(request, streets_form=form, status=422)


@require_POST
@requires(MANAGE)
def import_shown_streets(request: StaffRequest) -> HttpResponse:
    """Replace the street list with the one that was shown."""
    token = request.POST.get("token", "")
    try:
        count = load_addresses(rows=read_streets(held(request, "streets", token)), by=request.staff.actor)
    except Invalid as error:
        messages.error(request, str(error.message))
        return redirect("manage:areas")
    drop(request, "streets", token)
    messages.success(
        request, ngettext("Gatulistan har %(n)s adress.", "Gatulistan har %(n)s adresser.", count) % {"n": count}
    )
    return redirect("manage:areas")


def _areas_page(
    request: StaffRequest,
    *,
    areas_form: AreasForm | None = None,
    streets_form: StreetsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    known = list(Area.objects.defer("geojson").order_by("sort_key"))
    context: dict[str, Any] = {
        "boundaries": [area for area in known if area.kind == "boundary"],
        "districts": [area for area in known if area.kind == "district"],
        "addresses": Address.objects.count(),
        "areas_form": areas_form or AreasForm(),
        "streets_form": streets_form or StreetsForm(prefix="g"),
    }
    return page(request, "areas", "omraden", context, status=status)
