"""The tree of departments and units."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lyhord.accounts.models import MembershipUnit
from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.models import Case, Category
from lyhord.core.errors import NotFound
from lyhord.core.forms import PlainForm
from lyhord.organisations.models import Unit
from lyhord.organisations.unit_actions import UnitValues, add_unit, change_unit, remove_unit
from lyhord.organisations.unit_roles import UNIT_ROLES
from lyhord.www.manage.frame import page, settle, tried

MANAGE = Permission.MANAGE_ORGANISATION


class UnitForm(PlainForm):
    """One unit."""

    name = forms.CharField(
        label=gettext_lazy("Namn"), max_length=120, error_messages={"required": gettext_lazy("Skriv enhetens namn.")}
    )
    parent = forms.ChoiceField(label=gettext_lazy("Hör till"), required=False)
    email = forms.EmailField(
        label=gettext_lazy("Enhetens mejladress"),
        help_text=gettext_lazy("För sådant som rör hela enheten. Visas inte för invånare."),
        required=False,
        error_messages={"invalid": gettext_lazy("Skriv en mejladress, till exempel namn@exempel.se")},
    )
    confidential = forms.BooleanField(
        label=gettext_lazy("Sekretess"),
        help_text=gettext_lazy(
            "Bara enhetens egna ser ärendena, och inget visas för andra. Gäller alla enheter under. "
            "Det som redan visas tas bort."
        ),
        required=False,
    )
    fallback = forms.BooleanField(
        label=gettext_lazy("Tar emot det som ingen annan har"),
        help_text=gettext_lazy("En enhet i taget, oftast kundcenter. Hit kommer det som ingen regel passar."),
        required=False,
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Tar hand om"),
        help_text=gettext_lazy("Ärendetyper som följer med tjänsten går till den enhet som har uppgiften."),
        choices=list(UNIT_ROLES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, units: list[Unit], unit: Unit | None, *args: Any, **options: Any) -> None:
        if unit:
            names = ("name", "email", "confidential", "fallback", "roles")
            options["initial"] = {**{name: getattr(unit, name) for name in names}, "parent": str(unit.parent_id or "")}
        super().__init__(*args, **options)
        below = _below(units, unit)
        choices = [(str(row["pk"]), "– " * row["depth"] + row["name"]) for row in tree(units) if row["pk"] not in below]
        self.fields["parent"] = forms.ChoiceField(
            label=_("Hör till"), required=False, choices=[("", _("Ingen: det är en förvaltning")), *choices]
        )

    def values(self) -> UnitValues:
        """As the actions take them."""
        given = self.cleaned_data
        return UnitValues(
            name=given["name"],
            parent_id=int(given["parent"]) if given["parent"] else None,
            email=given["email"],
            roles=tuple(given["roles"]),
            confidential=given["confidential"],
            fallback=given["fallback"],
        )


def tree(units: list[Unit]) -> list[dict[str, Any]]:
    """The units as rows (pk, code, name, depth, unit), each under its parent, in alphabetical order."""
    children: dict[int | None, list[Unit]] = {}
    for unit in sorted(units, key=lambda unit: unit.sort_key):
        children.setdefault(unit.parent_id, []).append(unit)
    rows: list[dict[str, Any]] = []

    def add(parent_id: int | None, depth: int) -> None:
        for unit in children.get(parent_id, []):
            rows.append({"pk": unit.pk, "code": unit.code, "name": unit.name, "depth": depth, "unit": unit})
            add(unit.pk, depth + 1)

    add(None, 0)
    return rows


def _below(units: list[Unit], unit: Unit | None) -> set[int]:
    """The unit and all below it: it cannot belong to any of them."""
    found = {unit.pk} if unit else set()
    growing = bool(found)
    while growing:
        more = {other.pk for other in units if other.parent_id in found} - found
        found |= more
        growing = bool(more)
    return found


@require_GET
@requires(MANAGE)
def units(request: StaffRequest) -> HttpResponse:
    """The tree, with what belongs to each unit."""
    rows = tree(list(Unit.objects.all()))
    cases = dict(Case.objects.filter(open=True).values_list("unit_id").annotate(n=Count("pk")).order_by())
    people = dict(
        MembershipUnit.objects.filter(membership__active=True).values_list("unit_id").annotate(n=Count("pk")).order_by()
    )
    for row in rows:
        row["cases"] = cases.get(row["pk"], 0)
        row["people"] = people.get(row["pk"], 0)
        row["roles"] = [UNIT_ROLES[role] for role in row["unit"].roles if role in UNIT_ROLES]
    carried = {role for row in rows for role in row["unit"].roles}
    missing = [label for role, label in UNIT_ROLES.items() if role not in carried]
    fallback = next((row["name"] for row in rows if row["unit"].fallback), "")
    return page(request, "units", "enheter", {"rows": rows, "missing": missing, "fallback": fallback})


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def new_unit(request: StaffRequest) -> HttpResponse:
    """Add a unit; `?under=` says below which."""
    all_units = list(Unit.objects.all())
    under = request.GET.get("under", "")
    form = UnitForm(all_units, None, request.POST or None, initial={"parent": under})
    if request.method == "POST":
        unit = tried(form, lambda _given: add_unit(values=form.values(), by=request.staff.actor))
        if unit is not None:
            messages.success(request, _("%(name)s är tillagd.") % {"name": unit.name})
            return redirect("manage:units")
    return page(request, "unit", "enheter", {"form": form, "unit": None}, status=_status(form))


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def unit(request: StaffRequest, unit_id: int) -> HttpResponse:
    """Change a unit, or delete one that nothing belongs to."""
    all_units = list(Unit.objects.all())
    found = next((unit for unit in all_units if unit.pk == unit_id), None)
    if found is None:
        raise NotFound
    form = UnitForm(all_units, found, request.POST or None)
    if request.method == "POST":
        changed = tried(form, lambda _given: change_unit(unit_id=unit_id, values=form.values(), by=request.staff.actor))
        if changed is not None:
            messages.success(request, _("%(name)s är sparad.") % {"name": changed.name})
            return redirect("manage:units")
    context = {"form": form, "unit": found, **_what_belongs(found, all_units)}
    return page(request, "unit", "enheter", context, status=_status(form))


@require_POST
@requires(MANAGE)
def delete_unit(request: StaffRequest, unit_id: int) -> HttpResponse:
    """Delete a unit that nothing belongs to."""
    found = Unit.objects.filter(pk=unit_id).first()
    if found is None:
        raise NotFound
    return settle(
        request,
        lambda: remove_unit(unit_id=unit_id, by=request.staff.actor),
        _("%(name)s är borttagen.") % {"name": found.name},
        "manage:units",
    )


def _what_belongs(found: Unit, all_units: list[Unit]) -> dict[str, Any]:
    """Whether the unit can be deleted, and if not what stands in the way."""
    in_the_way = []
    if Case.objects.filter(unit=found).exists():
        in_the_way.append(_("ärenden"))
    if Category.objects.filter(unit=found).exists():
        in_the_way.append(_("kategorier"))
    if MembershipUnit.objects.filter(unit=found).exists():
        in_the_way.append(_("personer"))
    if any(other.parent_id == found.pk for other in all_units):
        in_the_way.append(_("underenheter"))
    if found.fallback:
        in_the_way.append(_("det som ingen annan har"))
    return {"in_the_way": in_the_way}


def _status(form: forms.Form) -> int:
    return 422 if form.is_bound else 200
