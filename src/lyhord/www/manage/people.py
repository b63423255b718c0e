"""Who works here: roles, units, an end; and many at once from a file."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lyhord.accounts.actions import Person, add_member, change_member, import_members, remove_member
from lyhord.accounts.models import Membership
from lyhord.accounts.people_file import read_people
from lyhord.accounts.permissions import Permission
from lyhord.accounts.roles import ROLES
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.models import Case
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.forms import PlainForm
from lyhord.core.text import clean_text
from lyhord.organisations.models import Unit
from lyhord.www.manage.frame import page, say_rows, settle, tried
from lyhord.www.manage.held import drop, held, hold, read_upload
from lyhord.www.manage.units import tree

MANAGE = Permission.MANAGE_PEOPLE
PAGE = 100
SHOWN = 300
STAFF_ROLES = [(slug, role.label) for slug, role in ROLES.items() if role.permissions]
PURPOSE = "people"


class PlaceForm(PlainForm):
    """What somebody may do, and where."""

    role = forms.ChoiceField(
        label=gettext_lazy("Roll"),
        choices=STAFF_ROLES,
        widget=forms.RadioSelect,
        initial="case_officer",
        error_messages={"required": gettext_lazy("Välj en roll.")},
    )
    units = forms.MultipleChoiceField(
        label=gettext_lazy("Arbetar i"),
        help_text=gettext_lazy("Personen ser ärendena i de valda enheterna och i alla under dem."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = tree(list(Unit.objects.all()))
        choices = [(row["code"], "– " * row["depth"] + row["name"]) for row in rows]
        self.fields["units"].choices = choices  # type: ignore[attr-defined]  # a choice field


class NewPersonForm(PlaceForm):
    """Somebody who is to work here."""

    email = forms.CharField(
        label=gettext_lazy("Mejladress"),
        help_text=gettext_lazy("Personen loggar in med den."),
        max_length=254,
        error_messages={"required": gettext_lazy("Skriv en mejladress, till exempel namn@exempel.se")},
    )
    full_name = forms.CharField(
        label=gettext_lazy("Namn"),
        max_length=120,
        error_messages={"required": gettext_lazy("Skriv personens namn.")},
    )
    field_order = ["email", "full_name", "role", "units"]


class FileForm(PlainForm):
    """Many people at once."""

    file = forms.FileField(
        label=gettext_lazy("CSV-fil"),
        help_text=gettext_lazy("Rubrikerna email;name;role;units. Enheter skrivs med kod och blanksteg mellan."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": gettext_lazy("Välj en fil."), "empty": gettext_lazy("Filen är tom.")},
    )


@require_GET
@requires(MANAGE)
def people(request: StaffRequest) -> HttpResponse:
    """Everybody who works here; `?q=` looks for a name or address, `?visa=slutat` shows those who have left."""
    words = clean_text(request.GET.get("q", ""), one_line=True)[:100]
    left = request.GET.get("visa") == "slutat"
    members = Membership.objects.filter(active=not left).select_related("user").prefetch_related("in_units__unit")
    if words:
        members = members.filter(Q(user__full_name__icontains=words) | Q(user__email__icontains=words))
    rows = Paginator(members.order_by("sort_key", "pk"), PAGE).get_page(request.GET.get("sida"))
    context = {
        "page": rows,
        "rows": [
            {
                "id": member.pk,
                "name": member.user.full_name,
                "email": member.user.email,
                "role_label": ROLES[member.role].label,
                "units": ", ".join(sorted(row.unit.name for row in member.in_units.all())),
            }
            for member in rows
        ],
        "words": words,
        "left": left,
        "total": rows.paginator.count,
    }
    return page(request, "people", "personer", context)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def new_person(request: StaffRequest) -> HttpResponse:
    """Add one person."""
    form = NewPersonForm(request.POST or None)
    if request.method == "POST":
        member = tried(
            form,
            lambda given: add_member(
                person=Person(given["email"], given["full_name"], given["role"], tuple(given["units"])),
                by=request.staff.actor,
            ),
        )
        if member is not None:
            messages.success(
                request,
                _("%(name)s är tillagd och väljer lösenord själv under ”Glömt lösenordet?” vid inloggningen.")
                % {"name": member.user.full_name},
            )
            return redirect("manage:people")
    return page(request, "person", "personer", {"form": form, "member": None}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def person(request: StaffRequest, membership_id: int) -> HttpResponse:
    """One person's role and units."""
    member = _member(membership_id)
    own = [row.unit.code for row in member.in_units.all()]
    form = PlaceForm(request.POST or None, initial={"role": member.role, "units": own})
    if request.method == "POST":
        changed = tried(
            form,
            lambda given: change_member(
                membership_id=membership_id, role=given["role"], units=given["units"], by=request.staff.actor
            ),
        )
        if changed is not None:
            messages.success(request, _("%(name)s är sparad.") % {"name": member.user.full_name})
            return redirect("manage:people")
    context = {
        "form": form,
        "member": member,
        "open_cases": Case.objects.open().filter(officer_id=member.user_id).count(),
    }
    return page(request, "person", "personer", context, status=422 if form.is_bound else 200)


@require_POST
@requires(MANAGE)
def end_person(request: StaffRequest, membership_id: int) -> HttpResponse:
    """Somebody stops working here."""
    member = _member(membership_id)
    return settle(
        request,
        lambda: remove_member(membership_id=membership_id, by=request.staff.actor),
        _("%(name)s kan inte logga in här längre.") % {"name": member.user.full_name},
        "manage:people",
    )


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def import_people(request: StaffRequest) -> HttpResponse:
    """A file of people, tried but not saved: who is new, who changes, and what is wrong."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            data = read_upload(form.cleaned_data["file"], 5_000_000)
            found = read_people(data)
            try_people(found, request)
        except Invalid as error:
            say_rows(form, error)
        else:
            return page(request, "people_preview", "personer", _preview(request, found, data))
    return page(request, "people_import", "personer", {"form": form}, status=422 if form.is_bound else 200)


class _Undo(Exception):
    """Takes a trial back."""


def try_people(found: list[Person], request: StaffRequest) -> None:
    """Add everybody and take it back. Raises Invalid with what would have been wrong, by line."""
    try:
        with transaction.atomic():
            import_members(people=found, by=request.staff.actor)
            raise _Undo
    except _Undo:
        return


def _preview(request: StaffRequest, found: list[Person], data: bytes) -> dict[str, Any]:
    emails = [person.email.lower() for person in found]
    known = set(Membership.objects.filter(user__email__in=emails).values_list("user__email", flat=True))
    names = dict(Unit.objects.values_list("code", "name"))
    rows = [
        {
            "name": person.full_name,
            "email": person.email,
            "role_label": ROLES[person.role].label,
            "units": ", ".join(names.get(code, code) for code in person.units),
            "new": person.email.lower() not in known,
        }
        for person in found
    ]
    return {
        "rows": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "new": sum(row["new"] is True for row in rows),
        "changed": sum(row["new"] is False for row in rows),
        "token": hold(request, PURPOSE, data),
    }


@require_POST
@requires(MANAGE)
def import_shown_people(request: StaffRequest) -> HttpResponse:
    """Add the people of the file that was shown."""
    token = request.POST.get("token", "")
    try:
        count = import_members(people=read_people(held(request, PURPOSE, token)), by=request.staff.actor)
    except Invalid as error:
        messages.error(request, str(error.message))
        return redirect("manage:import_people")
    drop(request, PURPOSE, token)
    messages.success(request, ngettext("%(n)s person är tillagd.", "%(n)s personer är tillagda.", count) % {"n": count})
    return redirect("manage:people")


def _member(membership_id: int) -> Membership:
    members = Membership.objects.select_related("user").prefetch_related("in_units__unit")
    member = members.filter(pk=membership_id).first()
    if member is None:
        raise NotFound
    return member
