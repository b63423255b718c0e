"""The organisation's case systems: where they are, what is called what there, and how it goes."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.models import CaseType
from lyhord.cases.states import WORDS, State
from lyhord.core.clock import zone
from lyhord.core.errors import NotFound
from lyhord.core.forms import PlainForm
from lyhord.exchange import system_actions as actions
from lyhord.exchange import systems as exchange_systems
from lyhord.exchange.actions import NAME_LENGTH
from lyhord.exchange.adapter import ADAPTERS, Adapter
from lyhord.exchange.addresses import URL_LENGTH
from lyhord.exchange.knocks import change_knock_secret, knock_address, secret_of
from lyhord.exchange.mapping import PARTS, lines_of, part_of
from lyhord.exchange.models import System
from lyhord.exchange.system_queries import Health, health
from lyhord.www.manage.frame import page, settle, tried

MANAGE = Permission.MANAGE_ORGANISATION
SECTION = "verksamhetssystem"
SHOWN = 50


def _lines(label: Any, help_text: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=50_000, widget=area)


class SystemForm(PlainForm):
    """One case system; the adapter says what else must be known. What is wrong the action says."""

    name = forms.CharField(label=lazy("Vad kallar ni systemet?"), required=False, max_length=NAME_LENGTH)
    secret = forms.CharField(
        label=lazy("Hemlighet: lösenord eller nyckel"),
        help_text=lazy("Sparas låst och visas aldrig. Tomt: den som finns gäller."),
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    types = _lines(
        lazy("Vad som ska dit"),
        lazy("En rad för varje ärendetyp: koden = vart den går där. * = allt annat. Det som inte står här stannar."),
    )
    handover = _lines(
        lazy("Vad som kan lämnas över dit"),
        lazy("En rad för varje ärendetyp, som ovan. Det går dit först när någon lämnar över ett ärende."),
    )
    states_out = _lines(lazy("Våra lägen, med deras ord"), lazy("En rad för varje: vårt = deras. Tomt: som nedan."))
    states_in = _lines(
        lazy("Deras lägen, med våra ord"),
        lazy("En rad för varje: deras = vårt. Inget efter likhetstecknet: då ändras inget här."),
    )
    people = _lines(lazy("Vem är vem?"), lazy("En rad för varje: namnet där = mejladressen här."))

    def __init__(self, adapter: Adapter, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.adapter = adapter
        self.named = [one.name for one in adapter.settings]
        for one in adapter.settings:
            self.fields[one.name] = forms.CharField(
                label=str(one.label), help_text=str(one.help), required=False, max_length=URL_LENGTH
            )
        if not adapter.has_secret:
            del self.fields["secret"]
        self.order_fields(["name", *self.named, "secret"])

    def clean(self) -> dict[str, Any]:
        """The lines, read."""
        given = self.cleaned_data
        for part in PARTS:
            try:
                given[part] = part_of(given.get(part, ""))
            except ValueError as error:
                self.add_error(part, _("Skriv ett likhetstecken på raden: %(line)s") % {"line": error})
        return given

    def save(self, given: dict[str, Any], system: System | None, request: StaffRequest) -> System:
        """Keep it."""
        return actions.save_system(
            system_id=system.pk if system else None,
            name=given["name"],
            adapter=self.adapter.slug,
            settings={name: given[name] for name in self.named},
            secret=given.get("secret", ""),
            mapping={part: given[part] for part in PARTS if given[part]},
            by=request.staff.actor,
        )


class SinceForm(PlainForm):
    """From when open cases are sent."""

    since = forms.DateField(
        label=lazy("Inkomna från och med"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": lazy("Välj en dag."), "invalid": lazy("Välj en dag.")},
    )


class KnockForm(PlainForm):
    """By what a system proves who it is when it says that there is news."""

    theirs = forms.CharField(
        label=lazy("Deras hemlighet"),
        help_text=lazy("Om systemet gör sin egen, som en annan Lyhörd gör. Tomt: vi gör en ny."),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


@require_safe
@requires(MANAGE)
def systems(request: StaffRequest) -> HttpResponse:
    """All of them, with how they are."""
    return page(request, "systems", SECTION, {"rows": health()})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def new_system(request: StaffRequest) -> HttpResponse:
    """One more: first which sort, then where it is."""
    adapter = ADAPTERS.find(request.GET.get("sort", ""))
    if adapter is None:
        return page(request, "system_new", SECTION, {"adapters": list(ADAPTERS)})
    form = SystemForm(adapter, request.POST or None)
    if request.method == "POST":
        made = tried(form, lambda given: form.save(given, None, request))
        if made is not None:
            messages.success(request, _("Systemet finns, men är av. Prova att vi når det innan du slår på."))
            return redirect("manage:system", system_id=made.pk)
    return page(request, "system", SECTION, _context(form), status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def system(request: StaffRequest, system_id: int) -> HttpResponse:
    """One: how it is, and what it is called what."""
    row = _health(system_id)
    form = _form(request, row) if row.adapter else None
    if request.method == "POST" and form:
        saved = tried(form, lambda given: form.save(given, row.system, request))
        if saved is not None:
            messages.success(request, _("Sparat."))
            return redirect("manage:system", system_id=system_id)
    bound = form is not None and form.is_bound
    return page(request, "system", SECTION, _context(form, row), status=422 if bound else 200)


def _form(request: StaffRequest, row: Health) -> SystemForm:
    held = {part: lines_of(row.system.mapping.get(part) or {}) for part in PARTS}
    initial = {"name": row.system.name, **row.system.settings, **held}
    assert row.adapter  # noqa: S101  # asked before
    return SystemForm(row.adapter, request.POST or None, initial=initial)


def _context(form: SystemForm | None, row: Health | None = None) -> dict[str, Any]:
    adapter = form.adapter if form else None
    return {
        "form": form,
        "health": row,
        "named": [form[name] for name in form.named] if form else [],
        "adapter": adapter,
        "states_out": [
            {"code": state.value, "label": words.staff, "theirs": adapter.states_out.get(state.value, "")}
            for state, words in WORDS.items()
        ]
        if adapter
        else [],
        "states_in": [
            {"theirs": theirs, "label": WORDS[ours].staff if ours else ""} for theirs, ours in _states_in(adapter)
        ],
        "codes": list(CaseType.objects.filter(active=True).order_by("code").values_list("code", flat=True)),
        "since": SinceForm(),
        "bell": _bell(row) if row else None,
    }


def _bell(row: Health) -> dict[str, Any] | None:
    """How the system says that there is news, for those that can."""
    where = knock_address(row.system)
    secret = str(_("SKRIV HEMLIGHETEN HÄR")) if row.system.knock_secret else secret_of(row.system)
    parts = row.adapter.bell(row.system.settings, where, secret) if row.adapter else []
    if not parts:
        return None
    return {
        "address": where,
        "secret": "" if row.system.knock_secret else secret,
        "parts": [{"label": label, "text": text} for label, text in parts if text != where],
        "form": KnockForm(),
    }


def _states_in(adapter: Adapter | None) -> list[tuple[str, Any]]:
    return [(theirs, State(ours) if ours else None) for theirs, ours in adapter.states_in.items()] if adapter else []


@require_POST
@requires(MANAGE)
def switch_system(request: StaffRequest, system_id: int) -> HttpResponse:
    """On or off."""
    on = request.POST.get("on") == "1"
    return settle(
        request,
        lambda: actions.switch_system(system_id=system_id, active=on, by=request.staff.actor),
        _("Systemet är på. Det som händer från och med nu skickas dit.") if on else _("Systemet är av."),
        reverse("manage:system", args=[system_id]),
    )


@require_POST
@requires(MANAGE)
def check_system(request: StaffRequest, system_id: int) -> HttpResponse:
    """Try it."""
    return settle(
        request,
        lambda: actions.ask_check(system_id=system_id, by=request.staff.actor),
        _("Vi provar. Ladda om sidan om en liten stund."),
        reverse("manage:system", args=[system_id]),
    )


@require_POST
@requires(MANAGE)
def knock_secret(request: StaffRequest, system_id: int) -> HttpResponse:
    """Another secret for its knocks."""
    theirs = request.POST.get("theirs", "")[:200]
    return settle(
        request,
        lambda: change_knock_secret(system_id=system_id, theirs=theirs, by=request.staff.actor),
        _("Hemligheten är ny. Ändra den i det andra systemet också."),
        reverse("manage:system", args=[system_id]),
    )


@require_POST
@requires(MANAGE)
def backfill_system(request: StaffRequest, system_id: int) -> HttpResponse:
    """Send the open cases that came in since a day; first only say which."""
    row, form = _health(system_id), SinceForm(request.POST)
    if not form.is_valid():
        form_of = _form_for(row)
        return page(request, "system", SECTION, {**_context(form_of, row), "since": form}, status=422)
    since = _morning(form.cleaned_data["since"])
    if "send" in request.POST:
        return _send(request, system_id, since)
    cases = exchange_systems.planned(row.system, since)
    plan = [
        {"number": one.number, "title": one.title, "to": exchange_systems.queue_for(row.system, one)} for one in cases
    ]
    context = {"health": row, "since": form, "cases": plan[:SHOWN], "count": len(plan), "more": len(plan) > SHOWN}
    return page(request, "system_plan", SECTION, context)


def _form_for(row: Health) -> SystemForm | None:
    if row.adapter is None:
        return None
    held = {part: lines_of(row.system.mapping.get(part) or {}) for part in PARTS}
    return SystemForm(row.adapter, initial={"name": row.system.name, **row.system.settings, **held})


def _send(request: StaffRequest, system_id: int, since: datetime) -> HttpResponse:
    sent: list[int] = []
    done = lazy("De öppna ärendena är på väg.")

    def send() -> None:
        sent.append(actions.backfill(system_id=system_id, since=since, by=request.staff.actor))

    back = settle(request, send, done, reverse("manage:system", args=[system_id]))
    if sent:
        count = sent[0]
        messages.info(request, ngettext("%(n)s ärende skickas.", "%(n)s ärenden skickas.", count) % {"n": count})
        if count == actions.MOST_AT_ONCE:
            messages.warning(request, _("Det kan finnas fler: skicka en gång till när de har kommit fram."))
    return back


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone())


def _health(system_id: int) -> Health:
    found = health(system_id)
    if not found:
        raise NotFound
    return found[0]
