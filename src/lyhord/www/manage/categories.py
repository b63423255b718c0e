"""Groups of faults, and areas for feedback."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.actions.categories import CategoryValues, add_category, change_category
from lyhord.cases.models import Category
from lyhord.core.errors import NotFound
from lyhord.core.forms import PlainForm
from lyhord.organisations.models import Unit
from lyhord.www.manage.frame import page, tried

MANAGE = Permission.MANAGE_CASE_TYPES


class CategoryForm(PlainForm):
    """One category."""

    name_sv = forms.CharField(
        label=gettext_lazy("Namn på svenska"),
        max_length=80,
        error_messages={"required": gettext_lazy("Skriv ett namn på svenska, högst 80 tecken.")},
    )
    name_en = forms.CharField(label=gettext_lazy("Namn på engelska"), required=False, max_length=80)
    unit = forms.ChoiceField(
        label=gettext_lazy("Enhet som har hand om det"),
        help_text=gettext_lazy("Får det som varken en regel eller ärendetypen säger något om."),
        required=False,
    )
    position = forms.IntegerField(
        label=gettext_lazy("Plats i listan"),
        help_text=gettext_lazy("Lägst tal står först."),
        min_value=0,
        max_value=32_000,
        initial=100,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units = [(str(unit.pk), unit.name) for unit in Unit.objects.order_by("sort_key")]
        self.fields["unit"].choices = [("", _("Ingen")), *units]  # type: ignore[attr-defined]  # a choice field

    def values(self) -> CategoryValues:
        """As the actions take them."""
        given = self.cleaned_data
        return CategoryValues(
            name_sv=given["name_sv"],
            name_en=given["name_en"],
            unit_id=int(given["unit"]) if given["unit"] else None,
            position=given["position"],
        )


class NewCategoryForm(CategoryForm):
    """A new category: also what it is for, which never changes."""

    used_for = forms.ChoiceField(
        label=gettext_lazy("Används för"),
        choices=[("faults", gettext_lazy("Felanmälan")), ("feedback", gettext_lazy("Synpunkter och frågor"))],
        widget=forms.RadioSelect,
        initial="faults",
        error_messages={"required": gettext_lazy("Välj vad kategorin används för.")},
    )
    field_order = ["used_for", "name_sv", "name_en", "unit", "position"]


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def new_category(request: StaffRequest) -> HttpResponse:
    """Add a category."""
    form = NewCategoryForm(request.POST or None)
    if request.method == "POST":
        made = tried(
            form,
            lambda given: add_category(
                values=form.values(), for_faults=given["used_for"] == "faults", by=request.staff.actor
            ),
        )
        if made is not None:
            messages.success(request, _("%(name)s är tillagd.") % {"name": made.name(get_language() or "sv")})
            return redirect("manage:types")
    return page(
        request, "category", "arendetyper", {"form": form, "category": None}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def category(request: StaffRequest, category_id: int) -> HttpResponse:
    """Rename a category or give it to another unit."""
    found = Category.objects.filter(pk=category_id).first()
    if found is None:
        raise NotFound
    initial = {
        "name_sv": found.names.get("sv", ""),
        "name_en": found.names.get("en", ""),
        "unit": str(found.unit_id or ""),
        "position": found.position,
    }
    form = CategoryForm(request.POST or None, initial=initial)
    if request.method == "POST":
        changed = tried(
            form, lambda _given: change_category(category_id=category_id, values=form.values(), by=request.staff.actor)
        )
        if changed is not None:
            messages.success(request, _("%(name)s är sparad.") % {"name": changed.name(get_language() or "sv")})
            return redirect("manage:types")
    context = {"form": form, "category": found}
    return page(request, "category", "arendetyper", context, status=422 if form.is_bound else 200)
