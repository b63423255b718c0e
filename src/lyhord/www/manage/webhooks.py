"""The other systems that are told by themselves: who, of what, and how it has gone."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.clock import now
from lyhord.core.errors import NotFound
from lyhord.core.forms import PlainForm
from lyhord.exchange import actions
from lyhord.exchange.actions import NAME_LENGTH, WebhookValues
from lyhord.exchange.addresses import URL_LENGTH
from lyhord.exchange.delivery import secrets
from lyhord.exchange.events import EVENTS, SHARED
from lyhord.exchange.models import Delivery, DeliveryState, Webhook
from lyhord.exchange.queries import STATE_LABELS, delivery_page, webhook_rows, why
from lyhord.exchange.signing import message_id_of
from lyhord.www.manage.frame import page, settle, tried

MANAGE = Permission.MANAGE_ORGANISATION
SECTION = "webhooks"
TONES = {
    DeliveryState.WAITING: ("late", "clock"),
    DeliveryState.SENT: ("resolved", "check"),
    DeliveryState.FAILED: ("over", "warn"),
    DeliveryState.CANCELLED: ("calm", "ban"),
}


class WebhookForm(PlainForm):
    """One webhook."""

    name = forms.CharField(
        label=lazy("Vad heter det andra systemet?"),
        max_length=NAME_LENGTH,
        error_messages={"required": lazy("Skriv vad det andra systemet heter.")},
    )
    url = forms.CharField(
        label=lazy("Adress att skicka till"),
        help_text=lazy("Den börjar med https://. Du får den av dem som har systemet."),
        max_length=URL_LENGTH,
        error_messages={"required": lazy("Skriv adressen som meddelandena ska skickas till.")},
    )
    events = forms.MultipleChoiceField(
        label=lazy("Vad ska systemet få veta?"),
        choices=list(EVENTS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": lazy("Välj vad systemet ska få veta.")},
    )
    shares = forms.MultipleChoiceField(
        label=lazy("Vad får följa med?"),
        help_text=lazy(
            "Nummer, sort, läge och tider följer alltid med, och platsen när ärendet visas för andra. "
            "Aldrig vem som har skrivit, och inget om ärenden med sekretess."
        ),
        choices=list(SHARED.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    active = forms.BooleanField(
        label=lazy("På"), help_text=lazy("Det som händer medan den är av skickas aldrig."), required=False
    )

    def values(self) -> WebhookValues:
        """As the actions take them."""
        return WebhookValues(**self.cleaned_data)


class ReplayForm(PlainForm):
    """From which day everything is sent again."""

    use_required_attribute = False
    since = forms.DateField(
        label=lazy("Skicka igen allt från och med"),
        help_text=lazy("Också det som kom fram, i samma ordning, om det andra systemet har tappat det."),
        widget=forms.DateInput({"type": "date"}),
        error_messages={name: lazy("Välj en dag.") for name in ("required", "invalid")},
    )


@require_safe
@requires(MANAGE)
def webhooks(request: StaffRequest) -> HttpResponse:
    """All of them."""
    return page(request, "webhooks", SECTION, {"rows": webhook_rows()})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def new_webhook(request: StaffRequest) -> HttpResponse:
    """One more."""
    form = WebhookForm(request.POST or None, initial={"events": list(EVENTS), "active": True})
    if request.method == "POST":
        made = tried(form, lambda _given: actions.add_webhook(values=form.values(), by=request.staff.actor))
        if made is not None:
            messages.success(request, _("Webhooken finns. Ge hemligheten till dem som har systemet, och prova sedan."))
            return redirect("manage:webhook", webhook_id=made.pk)
    return page(request, "webhook", SECTION, {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def webhook(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """One: its settings, its secret and its log."""
    row = _webhook(webhook_id)
    initial = {name: getattr(row, name) for name in ("name", "url", "events", "shares", "active")}
    form = WebhookForm(request.POST or None, initial=initial)
    if request.method == "POST":
        by = request.staff.actor
        saved = tried(form, lambda _given: actions.change_webhook(webhook_id=row.pk, values=form.values(), by=by))
        if saved is not None:
            messages.success(request, _("Sparat."))
            return redirect("manage:webhook", webhook_id=row.pk)
    failed, before = request.GET.get("visa") == "fel", _number(request.GET.get("fore", ""))
    found = delivery_page(row, failed=failed, before=before)
    more = {"visa": "fel" if failed else "", "fore": str(found.next_before)} if found.next_before else {}
    context = {
        "form": form,
        "webhook": row,
        "replay": ReplayForm(),
        "secret": secrets(row)[0],
        "two_secrets": row.old_secret_until is not None and row.old_secret_until > now(),
        "deliveries": [_shown(delivery) for delivery in found.rows],
        "failed_only": failed,
        "any_failed": any(delivery.state == DeliveryState.FAILED for delivery in found.rows),
        "page": {"next_url": f"?{urlencode(more)}" if more else ""},
    }
    return page(request, "webhook", SECTION, context, status=422 if form.is_bound else 200)


@require_safe
@requires(MANAGE)
def delivery(request: StaffRequest, delivery_id: int) -> HttpResponse:
    """One message: what was sent, and what was answered."""
    row = Delivery.objects.select_related("webhook").filter(pk=delivery_id).first()
    if row is None:
        raise NotFound
    body = json.dumps(json.loads(row.body), ensure_ascii=False, indent=2) if row.body else ""
    context = {"delivery": _shown(row), "webhook": row.webhook, "body": body, "message_id": message_id_of(row.uid)}
    return page(request, "webhook_delivery", SECTION, context)


@require_POST
@requires(MANAGE)
def resend_delivery(request: StaffRequest, delivery_id: int) -> HttpResponse:
    """Send one again."""
    return settle(
        request,
        lambda: actions.resend(delivery_id=delivery_id, by=request.staff.actor),
        _("Vi skickar det igen."),
        reverse("manage:delivery", args=[delivery_id]),
    )


@require_POST
@requires(MANAGE)
def resend_webhook(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """Send all again that did not arrive; or all since a day, also what arrived."""
    row, by = _webhook(webhook_id), request.staff.actor
    if "since" in request.POST:
        form = ReplayForm(request.POST)
        sent = tried(form, lambda given: actions.replay(webhook_id=row.pk, since=given["since"], by=by))
        if sent is None:
            messages.error(request, str(form.errors["since"][0]))
        else:
            messages.success(request, _("Meddelanden som skickas igen: %(count)s") % {"count": sent})
        return redirect(_back(webhook_id))
    return settle(
        request,
        lambda: actions.resend_failed(webhook_id=row.pk, by=by),
        _("Vi skickar allt som inte kom fram igen."),
        _back(webhook_id),
    )


@require_POST
@requires(MANAGE)
def ping_webhook(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """Send a test."""
    return settle(
        request,
        lambda: actions.ping(webhook_id=webhook_id, by=request.staff.actor),
        _("Ett prov är på väg. Hur det gick står i listan om en liten stund."),
        _back(webhook_id),
    )


@require_POST
@requires(MANAGE)
def resume_webhook(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """Go on after a pause."""
    return settle(
        request,
        lambda: actions.resume(webhook_id=webhook_id, by=request.staff.actor),
        _("Nu skickas det som har väntat."),
        _back(webhook_id),
    )


@require_POST
@requires(MANAGE)
def webhook_secret(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """A new secret."""
    return settle(
        request,
        lambda: actions.change_secret(webhook_id=webhook_id, by=request.staff.actor),
        _("Hemligheten är ny. Den förra gäller i ett dygn till."),
        _back(webhook_id),
    )


@require_POST
@requires(MANAGE)
def delete_webhook(request: StaffRequest, webhook_id: int) -> HttpResponse:
    """Away with it."""
    return settle(
        request,
        lambda: actions.remove_webhook(webhook_id=webhook_id, by=request.staff.actor),
        _("Webhooken är borta."),
        reverse("manage:webhooks"),
    )


def _back(webhook_id: int) -> str:
    return reverse("manage:webhook", args=[webhook_id])


def _webhook(webhook_id: int) -> Webhook:
    row = Webhook.objects.filter(pk=webhook_id).first()
    if row is None:
        raise NotFound
    return row


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _shown(row: Delivery) -> dict[str, Any]:
    state = DeliveryState(row.state)
    tone, icon = TONES[state]
    return {
        "row": row,
        "what": EVENTS.get(row.type) or _("Prov"),
        "state_label": STATE_LABELS[state],
        "tone": tone,
        "icon": icon,
        "why": why(row),
        "can_resend": state in {DeliveryState.SENT, DeliveryState.FAILED},
    }
