"""Following one matter: at once for who is logged in, else by an address that says yes itself. Without a script."""

from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lyhord.cases.actions import confirm_by_code
from lyhord.cases.ways import shy_address
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.forms import PlainForm, plain
from lyhord.following import actions as following
from lyhord.following.models import NOTHING, Follow
from lyhord.following.queries import of_one
from lyhord.intake.abuse import CODES, FOLLOWS, too_many
from lyhord.matters import actions
from lyhord.matters.actions.follow import SUBJECT
from lyhord.matters.models import Matter
from lyhord.notifications.models import Contact
from lyhord.notifications.one_time import Tried
from lyhord.notifications.sender import SENDERS
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.public import ways
from lyhord.www.public.codes import SENTENCES, follow_behind, handle_for
from lyhord.www.public.guard import from_elsewhere, personal, sender_address, without_session
from lyhord.www.public.resident import account_of, token_of

RESIDENT = Actor.resident()
PAUSES = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of the form: how the address was asked ("link", "code"), "done", or what was wrong."""

    how: str = ""
    handle: str = ""
    code_error: object = ""
    wrong: Invalid | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """The part of a matter's page where one follows it."""

    asked: Asked
    ways: list[dict[str, Any]]
    levels: list[dict[str, Any]]
    mine: str = ""
    """The address of who is logged in and may follow by one press, as they know it."""
    own_level: str = ""
    own_url: str = ""
    """The page of their wish, when they follow already."""
    device_url: str = ""
    """What takes a device that wants to be told."""
    device_name: str = ""
    labels: dict[int, str] = field(default_factory=dict)


def level_labels() -> dict[int, str]:
    """How much one hears of a matter, in words; the table of levels says what is most important."""
    return {
        1: _("Allt som händer"),
        3: _("Bara det viktigaste: beslut, och när du kan säga vad du tycker"),
        NOTHING: _("Inget om just det här"),
    }


def box(request: OrganisationRequest, matter: Matter, asked: Asked | None = None) -> Box | None:
    """None where nobody can follow anything."""
    organisation = request.organisation
    if not organisation.has("following"):
        return None
    asked = asked or Asked()
    labels, contact = level_labels(), _own_contact(request)
    follow = of_one(SUBJECT, matter.pk, contact) if contact else None
    follow = follow if follow and follow.confirmed_at else None
    posted = plain(request.POST) if asked.wrong else None
    chosen = _level(posted.get("level", "") if posted else "") or 1
    return Box(
        asked=asked,
        ways=ways.choices(organisation, posted, asked.wrong),
        levels=[{"value": n, "label": labels[n], "checked": n == chosen} for n in (1, 3)],
        mine=shy_address(contact) if contact else "",
        own_level=labels.get(follow.level, labels[1]) if follow else "",
        own_url=reverse("public:follow_confirm", args=[follow.token]) if follow else "",
        device_url=f"/api/v1/matters/{matter.pk}/push",
        device_name=f"matter-{matter.pk}",
    )


@without_session  # only asks the address itself; who is logged in is asked whether the form came from here
@personal
@require_POST
def matter_follow(request: OrganisationRequest, matter_id: int) -> HttpResponse:
    """Follow by the contact of who is logged in, or ask an address. The answer is the same whoever's it is."""
    found = _matter(request, matter_id)
    data = plain(request.POST)
    level = _level(data.get("level", "")) or 1
    contact = _own_contact(request)
    if contact is not None and "mine" in data:
        if from_elsewhere(request):
            return _page(request, found, Asked())
        follow = actions.follow_matter_as_owner(matter_id=found.pk, contact=contact, level=level, by=RESIDENT)
        return redirect(f"{reverse('public:matter', args=[follow.subject_id])}#folj")
    if too_many(purpose=FOLLOWS, address=sender_address(request)):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    sender = SENDERS.find(data.get("way", "email"))
    if sender is None or not ways.offered(sender.slug, request.organisation):
        raise NotFound
    try:
        follow = actions.follow_matter(
            matter_id=found.pk,
            sender=sender.slug,
            address=data.get("address", ""),
            language=str(getattr(request, "LANGUAGE_CODE", "sv")),
            level=level,
            by=RESIDENT,
        )
    except Invalid as invalid:
        return _page(request, found, Asked(wrong=invalid))
    return _page(request, found, Asked(how=sender.proof, handle=handle_for(follow.pk)))


@without_session  # the code in the message is the key
@personal
@require_POST
def matter_follow_code(request: OrganisationRequest, matter_id: int) -> HttpResponse:
    """The code from the message: a right one makes the address a follower."""
    found = _matter(request, matter_id)
    if too_many(purpose=CODES, address=sender_address(request)):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    data = plain(request.POST)
    handle = data.get("handle", "")
    follow_id = follow_behind(handle)
    tried = Tried.TOO_LATE
    if follow_id is not None:
        tried = confirm_by_code(follow_id=follow_id, written=data.get("code", ""), by=RESIDENT)
    if tried is Tried.RIGHT:
        return _page(request, found, Asked(how="done"))
    return _page(request, found, Asked(how="code", handle=handle, code_error=SENTENCES[tried]))


class ChoiceForm(PlainForm):
    """How much, and whether to be left alone for a while."""

    level = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)
    pause = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, follow: Follow) -> None:
        muted = follow.muted_until if follow.muted_until and follow.muted_until > now() else None
        initial = {"level": follow.level if follow.level in level_labels() else 1, "pause": "keep" if muted else ""}
        super().__init__(data, initial=initial, use_required_attribute=False)
        level, pause = self.fields["level"], self.fields["pause"]
        level.label, pause.label = _("Hur mycket vill du veta?"), _("Paus")
        pause.help_text = _("Under en paus hör vi inte av oss om det här.")
        level.choices = list(level_labels().items())  # type: ignore[attr-defined]  # a choice field
        level.error_messages = dict.fromkeys(("required", "invalid_choice"), _("Välj hur mycket du vill få veta."))
        pauses = [("", _("Ingen paus"))]
        if muted is not None:
            from lyhord.www.templatetags.look import day_text

            pauses.append(("keep", _("Till %(day)s, som nu") % {"day": day_text(muted)}))
        pauses += [("7", _("En vecka")), ("30", _("En månad")), ("90", _("Tre månader"))]
        pause.choices = pauses  # type: ignore[attr-defined]  # a field by its name is any field; this one has choices
        pause.error_messages = {"invalid_choice": _("Välj bland dem som finns på sidan.")}
        self.muted = muted

    def muted_until(self) -> Any:
        """When the pause that was chosen ends."""
        chosen = self.cleaned_data["pause"]
        if chosen == "keep":
            return self.muted
        return now() + timedelta(days=int(chosen)) if chosen else None


def settings_page(request: OrganisationRequest, follow: Follow, shown: dict[str, Any]) -> HttpResponse:
    """The page of somebody's wish to follow a matter, by its link; a press changes it."""
    path = reverse("public:follow_confirm", args=[follow.token])
    form = ChoiceForm(request.POST if request.method == "POST" else None, follow=follow)
    if request.method == "POST" and form.is_valid():
        following.choose(
            token=follow.token, level=form.cleaned_data["level"], muted_until=form.muted_until(), by=RESIDENT
        )
        return redirect(f"{path}?sparat=1")
    context = {
        **shown,
        "form": form,
        "saved": "sparat" in request.GET,
        "address": shy_address(follow.contact),
        "contact_url": reverse("public:contact", args=[follow.contact.token]),
        "stop_url": reverse("public:follow_stop", args=[follow.token]),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "public/matter_follow_settings.html", context, status=status)


def _own_contact(request: OrganisationRequest) -> Contact | None:
    """The address of who is logged in, once it has been shown to be theirs."""
    account = account_of(request) if token_of(request) and request.organisation.has("log_in") else None
    contact = account.contact if account else None
    return contact if contact is not None and contact.verified_at is not None else None


def _level(written: str) -> int | None:
    return int(written) if written in {"1", "3", str(NOTHING)} else None


def _matter(request: OrganisationRequest, matter_id: int) -> Matter:
    if not request.organisation.has("matters") or not request.organisation.has("following"):
        raise NotFound
    found = Matter.objects.filter(pk=matter_id, hidden=False, merged_into=None).select_related("body").first()
    if found is None:
        raise NotFound
    return found


def _page(request: OrganisationRequest, found: Matter, asked: Asked) -> HttpResponse:
    from lyhord.www.public.matters import matter_page

    status = 422 if asked.wrong or asked.code_error else 200
    return matter_page(request, found, box(request, found, asked), status=status)
