"""The municipalities that ours shares a queue with. Both sides say yes before anything is shared."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.collaboration import actions
from lyhord.collaboration.actions.groups import NAME_LENGTH
from lyhord.collaboration.models import Group, Partner
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.forms import PlainForm
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import organisation_by_host
from lyhord.www.manage.frame import page, settle, tried

MANAGE = Permission.MANAGE_ORGANISATION
NOBODY = lazy("Vi hittar ingen kommun på den adressen.")


class NameForm(PlainForm):
    """What a new group is called."""

    name = forms.CharField(
        label=lazy("Vad ska gruppen heta?"),
        help_text=lazy("Till exempel Västra Östergötland."),
        max_length=NAME_LENGTH,
        error_messages={"required": lazy("Skriv vad gruppen ska heta.")},
    )


class InviteForm(PlainForm):
    """Whom to ask, by the address of their site."""

    host = forms.CharField(
        label=lazy("Adressen till kommunens sida"),
        help_text=lazy("Som den står i webbläsaren, till exempel dialog.kommun.se."),
        max_length=253,
        error_messages={"required": lazy("Skriv adressen till kommunens sida.")},
    )

    def organisation(self) -> Organisation:
        """Whose address it is. Raises Invalid ("host")."""
        given = self.cleaned_data["host"].strip().removeprefix("https://").removeprefix("http://").split("/")[0]
        host, _port = split_domain_port(given)
        found = organisation_by_host(host) if host else None
        if found is None:
            raise Invalid({"host": NOBODY})
        return found


@require_GET
@requires(MANAGE)
def groups(request: StaffRequest) -> HttpResponse:
    """Which groups there are, who is in them, and who asks."""
    return _page(request)


def _page(
    request: StaffRequest,
    *,
    name_form: NameForm | None = None,
    invite_form: InviteForm | None = None,
    invite_id: int | None = None,
    status: int = 200,
) -> HttpResponse:
    members: dict[int, list[Partner]] = {}
    for partner in Partner.objects.select_related("member").order_by("member__name", "pk"):
        members.setdefault(partner.group_id, []).append(partner)
    rows: list[dict[str, Any]] = []
    for group in Group.objects.order_by("name", "pk"):
        failed = invite_form if invite_form is not None and group.pk == invite_id else None
        rows.append(
            {
                "pk": group.pk,
                "name": group.name,
                "joined": group.joined,
                "members": [
                    {"name": one.member.name, "joined": one.joined, "own": one.member_id == group.organisation_id}
                    for one in members.get(group.pk, [])
                ],
                "form": failed or InviteForm(prefix=f"g{group.pk}"),
            }
        )
    context = {"groups": rows, "form": name_form or NameForm()}
    return page(request, "groups", "samarbete", context, status=status)


@require_POST
@requires(MANAGE)
def new_group(request: StaffRequest) -> HttpResponse:
    """Begin one, with nobody else in it yet."""
    form = NameForm(request.POST)
    made = tried(form, lambda given: actions.found_group(name=given["name"], by=request.staff.actor))
    if made is None:
        return _page(request, name_form=form, status=422)
    messages.success(request, _("Gruppen finns. Fråga nu vilka som vill vara med."))
    return redirect("manage:groups")


@require_POST
@requires(MANAGE)
def invite_to(request: StaffRequest, group_id: int) -> HttpResponse:
    """Ask a municipality to join one of our groups."""
    if not Group.objects.filter(pk=group_id).exists():
        raise NotFound
    form = InviteForm(request.POST, prefix=f"g{group_id}")

    def ask(_given: dict[str, Any]) -> Organisation:
        organisation = form.organisation()
        actions.invite(group_id=group_id, organisation=organisation, by=request.staff.actor)
        return organisation

    asked = tried(form, ask, {"organisation": "host", "": "host"})
    if asked is None:
        return _page(request, invite_form=form, invite_id=group_id, status=422)
    messages.success(
        request,
        _("%(name)s är tillfrågad. När en administratör där har sagt ja delar ni kö.") % {"name": asked.name},
    )
    return redirect("manage:groups")


@require_POST
@requires(MANAGE)
def accept_group(request: StaffRequest, group_id: int) -> HttpResponse:
    """Say yes."""
    return settle(
        request,
        lambda: actions.accept(group_id=group_id, by=request.staff.actor),
        _("Ni är med. Den gemensamma kön finns på arbetsytan."),
        "manage:groups",
    )


@require_POST
@requires(MANAGE)
def leave_group(request: StaffRequest, group_id: int) -> HttpResponse:
    """Say no, or leave."""
    return settle(
        request,
        lambda: actions.leave(group_id=group_id, by=request.staff.actor),
        _("Ni är inte med längre. Det ni hade frågat om är tillbakataget."),
        "manage:groups",
    )
