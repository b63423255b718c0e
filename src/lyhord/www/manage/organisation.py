"""Name, colour, contact and switches; what others may read."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.actions.categories import set_publishable
from lyhord.cases.kind import KINDS
from lyhord.cases.models import CaseType, Category
from lyhord.cases.questions import in_language
from lyhord.core.errors import NotFound
from lyhord.files.images import MAX_BYTES, RefusedFile
from lyhord.organisations.actions import change_organisation
from lyhord.organisations.models import Organisation
from lyhord.www.manage.frame import for_anybody_with_a_section, page, tried
from lyhord.www.manage.logo import set_logo
from lyhord.www.manage.organisation_forms import LookForm, OpenCategoryForm, PublishesForm

MANAGE = Permission.MANAGE_ORGANISATION


@require_GET
@for_anybody_with_a_section
def index(request: StaffRequest) -> HttpResponse:
    """All sections that the person may open."""
    return page(request, "index", "", {})


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def look(request: StaffRequest) -> HttpResponse:
    """Name, colour, logo, contact, languages, switches."""
    organisation = _fresh(request)
    if request.method != "POST":
        return page(request, "look", "utseende", {"form": LookForm(organisation)})
    form = LookForm(organisation, request.POST, request.FILES)
    if form.is_valid():
        try:
            _save_look(request, organisation, form)
        except RefusedFile as error:
            form.add_error("logo", str(error.message))
        else:
            messages.success(request, _("Sparat. Det syns på alla sidor inom några sekunder."))
            return redirect("manage:look")
    return page(request, "look", "utseende", {"form": form}, status=422)


def _save_look(request: StaffRequest, organisation: Organisation, form: LookForm) -> None:
    upload = form.cleaned_data["logo"]
    if upload:
        set_logo(organisation=organisation, data=upload.read(MAX_BYTES + 1), by=request.staff.actor)
    elif form.cleaned_data.get("remove_logo"):
        set_logo(organisation=organisation, data=None, by=request.staff.actor)
    if values := form.values(organisation):
        change_organisation(organisation=organisation, values=values, by=request.staff.actor)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def publication(request: StaffRequest) -> HttpResponse:
    """What others may read: all or nothing, and category by category."""
    organisation = _fresh(request)
    form = PublishesForm(request.POST or None, initial={"publishes": organisation.publishes})
    if request.method == "POST":
        wanted = "publishes" in request.POST
        if wanted != organisation.publishes:
            change_organisation(organisation=organisation, values={"publishes": wanted}, by=request.staff.actor)
        messages.success(request, _("Granskade ärenden visas.") if wanted else _("Inget visas för andra."))
        return redirect("manage:publication")
    return _publication_page(request, form)


@require_POST
@requires(MANAGE)
def category_publication(request: StaffRequest, category_id: int) -> HttpResponse:
    """Open or close one category."""
    category = Category.objects.filter(pk=category_id).first()
    if category is None:
        raise NotFound
    form = OpenCategoryForm(request.POST, prefix=f"k{category_id}")
    wanted = "open" in request.POST
    done = tried(
        form,
        lambda given: set_publishable(
            category_id=category_id, publishable=wanted, reason=given["reason"], by=request.staff.actor
        ),
    )
    if done is None:
        switch = PublishesForm(initial={"publishes": request.organisation.publishes})
        return _publication_page(request, switch, failed={category_id: form}, status=422)
    name = done.name(get_language() or "sv")
    messages.success(
        request,
        _("%(name)s är öppet: nya ärenden kan visas efter granskning.") % {"name": name}
        if wanted
        else _("%(name)s är stängt: nya ärenden visas inte.") % {"name": name},
    )
    return redirect("manage:publication")


def _publication_page(
    request: StaffRequest, form: PublishesForm, *, failed: dict[int, OpenCategoryForm] | None = None, status: int = 200
) -> HttpResponse:
    language = get_language() or "sv"
    rows: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for category in Category.objects.select_related("unit").order_by("position", "code"):
        own = (failed or {}).get(category.pk)
        rows[category.for_faults].append(
            {
                "id": category.pk,
                "name": category.name(language),
                "unit_name": category.unit.name if category.unit else "",
                "open": category.publishable,
                "secret": bool(category.unit and category.unit.confidential),
                "form": own or OpenCategoryForm(prefix=f"k{category.pk}"),
            }
        )
    groups = [
        {"label": _("Områden för synpunkter"), "rows": rows[False]},
        {"label": _("Grupper av fel"), "rows": rows[True]},
    ]
    context = {"form": form, "groups": groups, "closed_types": _closed_types(language)}
    return page(request, "publication", "publicering", context, status=status)


def _closed_types(language: str) -> list[dict[str, Any]]:
    """The case types that are never published, whatever their category says."""
    closed = CaseType.objects.filter(active=True, current__content__publication__allowed=False)
    rows = closed.values_list("pk", "kind", "current__content__name")
    return [
        {"id": pk, "name": in_language(names, language), "kind_label": KINDS.get(kind).label}
        for pk, kind, names in rows.order_by("position", "code")
    ]


def _fresh(request: StaffRequest) -> Organisation:
    """The organisation's row itself: the one on the request is shared between requests and seconds old."""
    return Organisation.objects.get(pk=request.organisation.pk)
