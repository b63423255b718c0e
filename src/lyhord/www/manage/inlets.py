"""Where people write to the organisation by mail and SMS, and what is done with it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.kind import KINDS
from lyhord.core.errors import NotFound
from lyhord.core.forms import PlainForm
from lyhord.organisations.actions import change_organisation
from lyhord.organisations.inlet_actions import remove_inlet, set_inlet
from lyhord.organisations.models import Inlet, Organisation, Unit
from lyhord.organisations.queries import inlets_of
from lyhord.www.manage.frame import page, settle, tried

MANAGE = Permission.MANAGE_ORGANISATION
SECTION = "mejl"


class InletForm(PlainForm):
    """One address."""

    address = forms.CharField(
        label=lazy("Adress"),
        max_length=254,
        error_messages={"required": lazy("Skriv adressen som invånarna skickar till.")},
    )
    review = forms.BooleanField(
        label=lazy("Någon ska titta på allt innan det blir ett ärende"),
        help_text=lazy("Annars blir ett mejl från en person ett ärende direkt, och avsändaren får veta numret."),
        required=False,
    )
    answers = forms.BooleanField(
        label=lazy("Svar på det vi skickar ska komma hit"),
        help_text=lazy("Svaren hamnar i ärendet. En adress i taget kan ha det."),
        required=False,
    )

    def __init__(self, units: list[Unit], *args: Any, inlet: Inlet | None = None, **options: Any) -> None:
        if inlet is not None:
            names = ("address", "review", "answers", "kind", "unit_code")
            options["initial"] = {name: getattr(inlet, name) for name in names}
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Vad kommer mest hit?"),
            choices=[("", _("Låt texten avgöra")), *((kind.slug, str(kind.label)) for kind in KINDS)],
            required=False,
        )
        self.fields["unit_code"] = forms.ChoiceField(
            label=_("Vem är adressen till?"),
            choices=[("", _("Reglerna avgör vem som får ärendet")), *((unit.code, unit.name) for unit in units)],
            required=False,
        )


class MailServerForm(PlainForm):
    """How the mail server signs what it has found out of senders."""

    mail_server = forms.RegexField(
        r"^[A-Za-z0-9.-]*$",
        label=lazy("Vad mejlservern kallar sig"),
        help_text=lazy(
            "Det namn som står först i raden Authentication-Results, till exempel mx.motala.se. Servern måste ta bort "
            "sådana rader som andra har skrivit i dess namn. Lämna tomt om du inte vet."
        ),
        required=False,
        max_length=253,
        error_messages={"invalid": lazy("Skriv ett namn som mx.motala.se.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def mail_server(request: StaffRequest) -> HttpResponse:
    """Whose word on senders counts, where papers are mailed in."""
    organisation = Organisation.objects.get(pk=request.organisation.pk)
    form = MailServerForm(request.POST or None, initial={"mail_server": organisation.mail_server})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data["mail_server"].lower()
        if said != organisation.mail_server:
            values = {"settings": {**organisation.settings, "mail_server": said}}
            change_organisation(organisation=organisation, values=values, by=request.staff.actor)
        messages.success(request, _("Sparat."))
        return redirect("manage:inlets")
    return page(request, "mail_server", SECTION, {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def inlets(request: StaffRequest) -> HttpResponse:
    """All of them, and a form for one more at a domain that is ours."""
    form = InletForm(_units(), request.POST or None)
    if request.method == "POST":
        by = request.staff.actor
        made = tried(form, lambda given: set_inlet(channel=Inlet.Channel.EMAIL, by=by, **given))
        if made is not None:
            messages.success(request, _("%(address)s är tillagd.") % {"address": made.address})
            return redirect("manage:inlets")
    kinds = {kind.slug: str(kind.label) for kind in KINDS}
    units = {unit.code: unit.name for unit in _units()}
    rows = [
        {
            "inlet": inlet,
            "is_mail": inlet.channel == Inlet.Channel.EMAIL,
            "kind": kinds.get(inlet.kind, ""),
            "unit": units.get(inlet.unit_code, ""),
        }
        for inlet in inlets_of(request.organisation.pk)
    ]
    context = {"form": form, "rows": rows, "any_mail": any(row["is_mail"] for row in rows)}
    return page(request, "inlets", SECTION, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def inlet(request: StaffRequest, inlet_id: int) -> HttpResponse:
    """Change one."""
    row = _inlet(request, inlet_id)
    form = InletForm(_units(), request.POST or None, inlet=row)
    if request.method == "POST":
        by = request.staff.actor
        saved = tried(form, lambda given: set_inlet(inlet_id=row.pk, channel=row.channel, by=by, **given))
        if saved is not None:
            messages.success(request, _("Sparat."))
            return redirect("manage:inlets")
    return page(request, "inlet", SECTION, {"form": form, "inlet": row}, status=422 if form.is_bound else 200)


@require_POST
@requires(MANAGE)
def delete_inlet(request: StaffRequest, inlet_id: int) -> HttpResponse:
    """Take nothing more in there."""
    row = _inlet(request, inlet_id)
    return settle(
        request,
        lambda: remove_inlet(inlet_id=row.pk, by=request.staff.actor),
        _("Det som skickas till %(address)s tas inte längre emot här.") % {"address": row.address},
        "manage:inlets",
    )


def _inlet(request: StaffRequest, inlet_id: int) -> Inlet:
    row = Inlet.objects.filter(pk=inlet_id, organisation=request.organisation).first()
    if row is None:
        raise NotFound
    return row


def _units() -> list[Unit]:
    return list(Unit.objects.order_by("sort_key", "pk"))
