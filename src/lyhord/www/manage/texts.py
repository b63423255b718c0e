"""Text messages: by which gateway they leave, from which number, how many a day; and a place to try it."""

from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.forms import PlainForm
from lyhord.notifications import text_actions as actions
from lyhord.notifications.gateway import GATEWAYS
from lyhord.notifications.models import Notice, NoticeState, TextGateway
from lyhord.notifications.queries import STATE_LABELS
from lyhord.notifications.texts import USER, key_of, parts_today
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url
from lyhord.www.manage.frame import page, settle, tried

MANAGE = Permission.MANAGE_ORGANISATION
SECTION = "sms"
SHOWN_TRIES = 3


class GatewayForm(PlainForm):
    """How they leave. What is wrong the action says."""

    gateway = forms.ChoiceField(label=lazy("Vilken tjänst skickar?"))
    url = forms.CharField(
        label=lazy("Tjänstens adress"), help_text=lazy("Tomt: den vanliga."), required=False, max_length=300
    )
    username = forms.CharField(label=lazy("Användarnamn där"), required=False, max_length=200)
    secret = forms.CharField(
        label=lazy("Lösenord där"),
        help_text=lazy("Sparas låst och visas aldrig. Tomt: det som finns gäller."),
        required=False,
        max_length=500,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    sender = forms.CharField(
        label=lazy("Nummer som sms kommer från"),
        help_text=lazy("Ett eget nummer går att svara på. Ett namn, till exempel Motala, går inte att svara på."),
        required=False,
        max_length=40,
    )
    countries = forms.CharField(
        label=lazy("Länder som ni skickar till"),
        help_text=lazy("Landsnummer med mellanrum. 46 är Sverige. Dyra nummer utomlands används för bedrägerier."),
        required=False,
        max_length=100,
    )
    most_a_day = forms.IntegerField(
        label=lazy("Högst så många sms-delar om dagen"),
        help_text=lazy("Ett långt sms är två eller tre delar, och varje del kostar. Resten skickas nästa dag."),
        error_messages={"required": lazy("Skriv ett tal."), "invalid": lazy("Skriv ett tal.")},
    )
    active = forms.BooleanField(
        label=lazy("På"), help_text=lazy("Av: invånare kan inte välja sms. Du kan prova ändå."), required=False
    )

    def __init__(self, organisation: Organisation, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(slug, label) for slug, label in GATEWAYS.choices() if slug != "demo" or organisation.demo]
        self.fields["gateway"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField


class TryForm(PlainForm):
    """Whom to send a text message to."""

    number = forms.CharField(
        label=lazy("Ditt mobilnummer"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def texts(request: StaffRequest) -> HttpResponse:
    """The settings, the address for the gateway, and how it goes."""
    row = TextGateway.objects.first()
    initial = {"countries": "46", "most_a_day": 500}
    if row is not None:
        initial = {name: getattr(row, name) for name in GatewayForm.base_fields if name != "secret"}
    form = GatewayForm(request.organisation, request.POST or None, initial=initial)
    if request.method == "POST":
        by = request.staff.actor
        if tried(form, lambda given: actions.set_gateway(**given, by=by)) is not None:
            messages.success(request, _("Sparat."))
            return redirect("manage:texts")
    return _page(request, form, TryForm(), row)


@require_POST
@requires(MANAGE)
def try_text(request: StaffRequest) -> HttpResponse:
    """Send one to whoever tries."""
    row = TextGateway.objects.first()
    form = TryForm(request.POST)
    by = request.staff.actor
    if tried(form, lambda given: actions.try_gateway(number=given["number"], by=by)) is not None:
        messages.success(request, _("Sms:et är på väg. Ladda om sidan om en liten stund, så ser du hur det gick."))
        return redirect(f"{reverse('manage:texts')}#prova")
    initial = {name: getattr(row, name) for name in GatewayForm.base_fields if name != "secret"} if row else None
    return _page(request, GatewayForm(request.organisation, initial=initial), form, row)


@require_POST
@requires(MANAGE)
def renew_key(request: StaffRequest) -> HttpResponse:
    """A new key for the gateway's calls."""
    return settle(
        request,
        lambda: actions.renew_key(by=request.staff.actor),
        _("Nyckeln är bytt. Skriv in den nya adressen i tjänsten."),
        reverse("manage:texts"),
    )


def _page(request: StaffRequest, form: GatewayForm, try_form: TryForm, row: TextGateway | None) -> HttpResponse:
    tries = Notice.objects.filter(kind="text_tried").order_by("-pk")[:SHOWN_TRIES] if row else []
    context = {
        "form": form,
        "try_form": try_form,
        "gateway": row,
        "hook": _hook(request.organisation, row) if row else "",
        "number": row.sender if row and row.sender.startswith("+") else "",
        "today": parts_today() if row else 0,
        "tries": [_tried(one) for one in tries],
    }
    wrong = form.is_bound or try_form.is_bound
    return page(request, "texts", SECTION, context, status=422 if wrong else 200)


def _tried(notice: Notice) -> dict[str, object]:
    state = NoticeState(notice.state)
    failed = state is NoticeState.FAILED
    return {"at": notice.created_at, "state": STATE_LABELS[state], "failed": failed, "why": notice.last_error}


def _hook(organisation: Organisation, row: TextGateway) -> str:
    """The address that the gateway is to call, with its key."""
    url = urlsplit(public_url(organisation, reverse("hook", args=["sms"])))
    return urlunsplit(url._replace(netloc=f"{USER}:{quote(key_of(row), safe='')}@{url.netloc}"))
