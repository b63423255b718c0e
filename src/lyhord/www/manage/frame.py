"""What all settings pages share: their menu, and how a change that went wrong is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff, StaffRequest, requires
from lyhord.core.errors import Conflict, Invalid, LyhordError, NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the menu."""

    slug: str
    label: Promise
    text: Promise
    icon: str
    url_name: str
    permission: Permission


SECTIONS = (
    Section(
        "utseende",
        _("Utseende och kontakt"),
        _("Namn, färg, logotyp, telefon, språk och vad tjänsten kan."),
        "edit",
        "manage:look",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "publicering",
        _("Publicering"),
        _("Vad andra får läsa, område för område."),
        "eye",
        "manage:publication",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "sprak",
        _("Egna ord på fler språk"),
        _("Nordsamiska och meänkieli."),
        "say",
        "manage:own_words",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "app",
        _("Appen"),
        _("På hemskärmen, och i butikerna om ni vill."),
        "down",
        "manage:app",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "inbaddning",
        _("Inbäddning"),
        _("Formulär, karta och lista på era egna webbplatser."),
        "link",
        "manage:embedding",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "facebook",
        _("Facebook"),
        _("Länken dit, och det som skrivs till sidan."),
        "say",
        "manage:facebook",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "enheter",
        _("Enheter"),
        _("Förvaltningar och enheter, och vad de tar emot."),
        "home",
        "manage:units",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "omraden",
        _("Områden och adresser"),
        _("Kommungräns, områden och gatulista."),
        "pin",
        "manage:areas",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "qr",
        _("QR-koder"),
        _("Skyltar som fyller i platsen och vad det gäller."),
        "print",
        "manage:signs",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "personer",
        _("Personer"),
        _("Vilka som arbetar här och vad de får göra."),
        "users",
        "manage:people",
        Permission.MANAGE_PEOPLE,
    ),
    Section(
        "arendetyper",
        _("Ärendetyper"),
        _("Vad invånare kan berätta om, vad vi frågar och när vi svarar."),
        "doc",
        "manage:types",
        Permission.MANAGE_CASE_TYPES,
    ),
    Section(
        "regler",
        _("Regler för fördelning"),
        _("Vem som får vad, efter sort, plats, svar och tid."),
        "next",
        "manage:rules",
        Permission.MANAGE_CASE_TYPES,
    ),
    Section(
        "samarbete",
        _("Samarbete"),
        _("Kommuner som ni delar en kö med."),
        "link",
        "manage:groups",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "mejl",
        _("Mejl och sms in"),
        _("Adresser som invånare skriver till, och vad som händer med det."),
        "inbox",
        "manage:inlets",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "sms",
        _("Sms"),
        _("Vem som skickar våra sms, från vilket nummer och hur många."),
        "sms",
        "manage:texts",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "beslut",
        _("Kallelser och protokoll"),
        _("Källor som läses, handlingar som lämnas in, och ärendena i dem."),
        "doc",
        "manage:sources",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "nycklar",
        _("Nycklar"),
        _("Andra system som får skicka hit."),
        "keys",
        "manage:keys",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "inloggning",
        _("Inloggning för invånare"),
        _("Tjänster som intygar vem en invånare är, för den som vill logga in."),
        "users",
        "manage:providers",
        Permission.MANAGE_ISSUERS,
    ),
    Section(
        "intyg",
        _("Inloggning för program"),
        _("Tjänster som intygar vem som använder ett program."),
        "lock",
        "manage:issuers",
        Permission.MANAGE_ISSUERS,
    ),
    Section(
        "verksamhetssystem",
        _("Verksamhetssystem"),
        _("System där ni redan arbetar: ärenden dit, svar tillbaka."),
        "sync",
        "manage:systems",
        Permission.MANAGE_ORGANISATION,
    ),
    Section(
        "webhooks",
        _("Webhooks"),
        _("Andra system som får veta när något händer."),
        "send",
        "manage:webhooks",
        Permission.MANAGE_ORGANISATION,
    ),
    Section("logg", _("Logg"), _("Vem som har gjort vad, och när."), "clock", "manage:log", Permission.SEE_LOG),
)


def frame(staff: Staff, current: str) -> dict[str, Any]:
    """The menu: only what the person may open."""
    sections = [
        {
            "label": section.label,
            "text": section.text,
            "icon": section.icon,
            "url": reverse(section.url_name),
            "current": section.slug == current,
        }
        for section in SECTIONS
        if staff.may(section.permission)
    ]
    return {"sections": sections, "views": [], "tools": []}


def page(
    request: StaffRequest, template: str, current: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A settings page. Nothing of it is kept by browsers: settings are for those who may see them now."""
    response = render(request, f"manage/{template}.html", {**frame(request.staff, current), **context}, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def may_open_settings(staff: Staff) -> bool:
    """Whether the person may open at least one section."""
    return any(staff.may(section.permission) for section in SECTIONS)


def for_anybody_with_a_section(view: Callable[[StaffRequest], HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Only for staff who may open at least one section."""
    allowed = {section.permission for section in SECTIONS}

    @wraps(view)
    def checked(request: StaffRequest) -> HttpResponseBase:
        staff: Staff | None = getattr(request, "staff", None)
        permission = next((one for one in sorted(allowed) if staff and staff.may(one)), None)
        if staff is not None and permission is None:
            raise NotAllowed
        return requires(permission or Permission.MANAGE_ORGANISATION)(view)(request)

    return checked


def tried[T](
    form: forms.Form,
    action: Callable[[dict[str, Any]], T],
    names: Mapping[str, str] | None = None,
    *,
    rest: str | None = None,
) -> T | None:
    """What the action gives for what the form holds; None when something was wrong, which the form then says.

    `names` maps the action's fields to the form's where they differ; what fits no field stands at `rest`, else on top.
    """
    if not form.is_valid():
        return None
    try:
        return action(form.cleaned_data)
    except (Invalid, Conflict) as error:
        say(form, error, names, rest=rest)
        return None


def say(
    form: forms.Form, error: LyhordError, names: Mapping[str, str] | None = None, *, rest: str | None = None
) -> None:
    """Put each sentence of an error at its field; what belongs to none, after its path, at `rest` or on top."""
    sentences = error.errors if isinstance(error, Invalid) else {"": error.message}
    for path, sentence in sentences.items():
        field = _field_of(path, form, names or {})
        if field:
            form.add_error(field, str(sentence))
        else:
            form.add_error(rest if path else None, f"{path}: {sentence}" if path else str(sentence))


def _field_of(path: str, form: forms.Form, names: Mapping[str, str]) -> str:
    """The field that a path is about: its own, or that of what it lies in ("words.3" is about "words")."""
    steps = path.split(".")
    for length in range(len(steps), 0, -1):
        above = ".".join(steps[:length])
        for name in (names.get(above), above):
            if name and name in form.fields:
                return name
    return names.get("", "")


def say_rows(form: forms.Form, error: Invalid, field: str = "file") -> None:
    """What is wrong with an uploaded table: one sentence for the file, or one for each row, keyed by its number."""
    for line, sentence in error.errors.items():
        words = _("Rad %(line)s: %(sentence)s") % {"line": line, "sentence": sentence} if line.isdecimal() else sentence
        form.add_error(field, str(words))


def settle(request: StaffRequest, action: Callable[[], object], done: Any, back: str) -> HttpResponse:
    """Do what a button says, tell how it went on the next page, and go back."""
    try:
        action()
    except (NotFound, NotAllowed):
        raise
    except LyhordError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, str(done))
    return redirect(back)
