"""Services that vouch for residents who want to log in, by OpenID Connect or SAML."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.core.forms import PlainForm
from lyhord.core.http import SENTENCES
from lyhord.organisations.queries import public_url
from lyhord.residents import provider_actions as actions
from lyhord.residents.middleware import PATH
from lyhord.residents.models import Protocol, Provider
from lyhord.residents.saml_actions import set_saml_provider
from lyhord.www.manage.frame import page, settle, tried

MANAGE = Permission.MANAGE_ISSUERS
SECTION = "inloggning"


class ChangeForm(PlainForm):
    """How a service is used. What is wrong the action says."""

    label = forms.CharField(
        label=lazy("Namn på knappen"),
        help_text=lazy("Det som invånare känner den som, till exempel BankID eller Foreign eID."),
        required=False,
        max_length=60,
    )
    client_id = forms.CharField(
        label=lazy("Vad kallar den oss?"),
        help_text=lazy("Det namn som Lyhörd har i tjänsten (client_id)."),
        required=False,
        max_length=300,
    )
    secret = forms.CharField(
        label=lazy("Hemlighet"),
        help_text=lazy("Sparas låst och visas aldrig. Tomt: den som finns gäller."),
        required=False,
        max_length=500,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    levels = forms.CharField(
        label=lazy("Tillitsnivåer som räcker"),
        help_text=lazy("Ett eller flera värden (acr) med mellanrum. Tomt: vilken som helst."),
        required=False,
        max_length=500,
    )
    audience = forms.CharField(
        label=lazy("Program som visar invånares ärenden"),
        help_text=lazy("Vad deras intyg är utställda för (aud). Tomt: inga program får hämta någons ärenden."),
        required=False,
        max_length=300,
    )
    active = forms.BooleanField(
        label=lazy("På"), help_text=lazy("Av: knappen visas inte för invånare. Du kan prova ändå."), required=False
    )


class NewForm(ChangeForm):
    """A new service."""

    issuer = forms.CharField(
        label=lazy("Tjänstens adress"),
        help_text=lazy("Precis som tjänsten skriver den (issuer). Den börjar med https://"),
        required=False,
        max_length=300,
    )
    field_order = ("label", "issuer")


class SamlForm(PlainForm):
    """How a service by SAML is used. What is wrong the action says."""

    label = ChangeForm.base_fields["label"]
    metadata_url = forms.CharField(
        label=lazy("Adress till tjänstens metadata"),
        help_text=lazy("Tjänstens egen eller federationens, med https. Där hämtar vi dess nycklar och adress."),
        required=False,
        max_length=400,
    )
    levels = forms.CharField(
        label=lazy("Tillitsnivåer som räcker"),
        help_text=lazy("Ett eller flera värden (AuthnContextClassRef) med mellanrum. Tomt: vilken som helst."),
        required=False,
        max_length=500,
    )
    active = ChangeForm.base_fields["active"]


class NewSamlForm(SamlForm):
    """A new one."""

    issuer = forms.CharField(
        label=lazy("Tjänstens namn"),
        help_text=lazy("Precis som i dess metadata (entityID)."),
        required=False,
        max_length=300,
    )
    subject_attribute = forms.CharField(
        label=lazy("Attribut som säger vem det är"),
        help_text=lazy(
            "Tomt: tjänstens beständiga namn på personen (persistent NameID). För utländsk e-legitimation genom Sweden "
            "Connect: urn:oid:1.2.752.201.3.4 (prid). Aldrig personnummer."
        ),
        required=False,
        max_length=200,
    )
    field_order = ("label", "issuer", "metadata_url", "subject_attribute")


@require_safe
@requires(MANAGE)
def listing(request: StaffRequest) -> HttpResponse:
    """All of them."""
    rows = list(Provider.objects.order_by("label", "pk")[:100])
    return page(request, "providers", SECTION, {"rows": rows, "on": request.organisation.has("log_in")})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def new(request: StaffRequest) -> HttpResponse:
    """One more."""
    form = NewForm(request.POST or None)
    if request.method == "POST":
        by = request.staff.actor
        made = tried(form, lambda given: actions.set_provider(provider_id=None, **given, by=by))
        if made is not None:
            messages.success(
                request, _("Tjänsten finns i listan. Vi hämtar dess nycklar nu, prova sedan att logga in.")
            )
            return redirect("manage:provider", provider_id=made.pk)
    return _one(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def new_saml(request: StaffRequest) -> HttpResponse:
    """One more, by SAML."""
    form = NewSamlForm(request.POST or None, initial={"active": True})
    if request.method == "POST":
        by = request.staff.actor
        made = tried(form, lambda given: set_saml_provider(provider_id=None, **given, by=by))
        if made is not None:
            messages.success(request, _("Tjänsten finns i listan. Ge den våra metadata, prova sedan att logga in."))
            return redirect("manage:provider", provider_id=made.pk)
    return _one(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def one(request: StaffRequest, provider_id: int) -> HttpResponse:
    """One: how it is used, how it is, and a place to try it."""
    row = _row(provider_id)
    saml = row.protocol == Protocol.SAML
    form_class: type[ChangeForm | SamlForm] = SamlForm if saml else ChangeForm
    initial = {name: getattr(row, name, "") for name in form_class.base_fields if name != "secret"}
    form = form_class(request.POST or None, initial=initial)
    if request.method == "POST":
        by = request.staff.actor
        done = tried(form, lambda given: _changed(row, given, by))
        if done is not None:
            messages.success(request, _("Sparat."))
            return redirect("manage:provider", provider_id=row.pk)
    return _one(request, form, row)


def _changed(row: Provider, given: dict[str, Any], by: Actor) -> Provider:
    if row.protocol != Protocol.SAML:
        return actions.set_provider(provider_id=row.pk, issuer=row.issuer, **given, by=by)
    given = {**given, "issuer": row.issuer, "subject_attribute": row.subject_attribute}
    return set_saml_provider(provider_id=row.pk, **given, by=by)


def _one(request: StaffRequest, form: ChangeForm | SamlForm, row: Provider | None) -> HttpResponse:
    context = {
        "form": form,
        "provider": row,
        "why": SENTENCES.get(row.last_error.rpartition(": ")[2], "") if row else "",
        "saml": isinstance(form, SamlForm),
        "return_address": public_url(request.organisation, PATH),
    }
    return page(request, "provider", SECTION, context, status=422 if form.is_bound else 200)


@require_POST
@requires(MANAGE)
def fetch_again(request: StaffRequest, provider_id: int) -> HttpResponse:
    """Have what it says of itself fetched."""
    row = _row(provider_id)
    return settle(
        request,
        lambda: actions.fetch_again(provider_id=row.pk, by=request.staff.actor),
        _("Vi hämtar nycklarna. Ladda om sidan om en liten stund."),
        reverse("manage:provider", args=[row.pk]),
    )


@require_POST
@requires(MANAGE)
def remove(request: StaffRequest, provider_id: int) -> HttpResponse:
    """Use it no longer."""
    row = _row(provider_id)
    return settle(
        request,
        lambda: actions.remove_provider(provider_id=row.pk, by=request.staff.actor),
        _("Tjänsten är borta. Ingen kan logga in med den."),
        reverse("manage:providers"),
    )


def _row(provider_id: int) -> Provider:
    row = Provider.objects.filter(pk=provider_id).first()
    if row is None:
        raise NotFound
    return row
