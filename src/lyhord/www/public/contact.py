"""The page of one address: what it hears of, how often, and no more. Its link stands in every message to it.

No account and no script are needed. Opening it changes nothing, since mail programs open links by themselves.
"""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lyhord.cases import actions, tongues
from lyhord.cases.actions.tell import SUBJECT
from lyhord.cases.models import Case
from lyhord.cases.public_queries import published, with_publications
from lyhord.cases.ways import shy_address
from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.core.forms import PlainForm
from lyhord.following.models import NOTHING, Follow, Role
from lyhord.following.queries import of_contact, profiles_of
from lyhord.matters.actions.follow import SUBJECT as MATTER
from lyhord.matters.models import Matter
from lyhord.notifications.contact_actions import ask_again, change_contact, verify
from lyhord.notifications.models import Contact, Rhythm
from lyhord.notifications.proof import is_proof
from lyhord.notifications.queries import contact_by_token
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.models import Organisation
from lyhord.www.public.guard import secret_page, without_session
from lyhord.www.public.matter_follow import level_labels
from lyhord.www.public.ways import number
from lyhord.www.templatetags.look import language_name

RESIDENT = Actor.resident()
MOST = 200


class PreferencesForm(PlainForm):
    """How often, when not, in which language."""

    rhythm = forms.ChoiceField(widget=forms.RadioSelect)
    news_rhythm = forms.ChoiceField(widget=forms.RadioSelect)
    quiet = forms.BooleanField(required=False)
    language = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(
        self, data: QueryDict | None = None, *, organisation: Organisation, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        rhythm, language = self.fields["rhythm"], self.fields["language"]
        rhythm.label, language.label = _("Hur ofta vill du höra av oss?"), _("Språk")
        news_rhythm = self.fields["news_rhythm"]
        news_rhythm.label = _("Hur ofta om kommunens beslut?")
        news_rhythm.help_text = _("Om det du bevakar och de beslut du följer.")
        for how_often in (rhythm, news_rhythm):
            how_often.choices = [  # type: ignore[attr-defined]  # a ChoiceField
                (Rhythm.NOW, _("Så fort något händer")),
                (Rhythm.DAY, _("Högst en gång om dagen, klockan 7")),
                (Rhythm.WEEK, _("Högst en gång i veckan, på måndagar")),
            ]
        language.choices = [(code, language_name(code)) for code in organisation.languages]  # type: ignore[attr-defined]  # a field by its name is any field; this one has choices
        self.fields["quiet"].label = _("Inget mellan klockan 21 och 7")
        self.fields["quiet"].help_text = _("Kvitton och frågor som du själv har bett om kommer ändå genast.")
        for name in ("rhythm", "news_rhythm", "language"):
            self.fields[name].error_messages = {
                "required": _("Välj ett av dem."),
                "invalid_choice": _("Välj ett av dem."),
            }
        if not organisation.has("matters"):
            del self.fields["news_rhythm"]


@without_session  # the token in the address is the key
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: OrganisationRequest, contact_token: UUID) -> HttpResponse:
    """Shows it all; a press changes one thing."""
    found = _found(contact_token)
    if request.method != "POST":
        return _page(request, found)
    data = request.POST
    if "stop" in data:
        follow = of_contact(found).filter(pk=number(data.get("stop", "")) or 0).first()
        if follow is not None:
            actions.stop_following(token=follow.token, by=RESIDENT)
    elif "wake" in data:
        ask_again(contact_id=found.pk, by=RESIDENT)
        return _page(request, found, asked=True)
    else:
        form = PreferencesForm(data, organisation=request.organisation)
        if not form.is_valid():
            return _page(request, found, form)
        change_contact(contact_id=found.pk, by=RESIDENT, **form.cleaned_data)
    response = secret_page(redirect(f"{reverse('public:contact', args=[contact_token])}?sparat=1"))
    response.status_code = HTTPStatus.SEE_OTHER
    return response


@without_session  # the token in the address is the key; a mail program presses it without asking (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def stop_all(request: OrganisationRequest, contact_token: UUID) -> HttpResponse:
    """No more of anything to this address: a press, here or in the mail program."""
    found = _found(contact_token)
    state = "stop"
    if request.method == "POST":
        actions.stop_all_following(contact=found, by=RESIDENT)
        state = "stopped"
    return secret_page(render(request, "public/contact_stop.html", {"state": state, "address": shy_address(found)}))


@without_session  # what stands in the address came by a message to it
@require_http_methods(["GET", "HEAD", "POST"])
def works(request: OrganisationRequest, contact_token: UUID, proof: str) -> HttpResponse:
    """The address works again: a press says so, and what was missed is sent."""
    found = _found(contact_token)
    state = "works" if is_proof(found, proof) and found.paused_at else "gone"
    if state == "works" and request.method == "POST":
        verify(contact_id=found.pk, by=RESIDENT)
        state = "awake"
    status = HTTPStatus.GONE if state == "gone" else HTTPStatus.OK
    context = {"state": state, "address": shy_address(found), "url": reverse("public:contact", args=[contact_token])}
    return secret_page(render(request, "public/contact_stop.html", context, status=status))


def _found(token: UUID) -> Contact:
    found = contact_by_token(token)
    if found is None:
        raise NotFound
    return found


def _page(
    request: OrganisationRequest, found: Contact, form: PreferencesForm | None = None, *, asked: bool = False
) -> HttpResponse:
    initial = {
        "rhythm": found.rhythm,
        "news_rhythm": found.news_rhythm,
        "quiet": found.quiet,
        "language": found.language,
    }
    follows = list(of_contact(found)[: MOST + 1])
    context = {
        "address": shy_address(found),
        "paused_at": found.paused_at,
        "pause_reason": found.pause_reason,
        "asked": asked,
        "saved": "sparat" in request.GET,
        "follows": described(follows[:MOST]),
        "more": len(follows) > MOST,
        "alerts": [
            {"name": profile.name, "url": reverse("public:alert", args=[profile.token])}
            for profile in profiles_of(found)
        ],
        "form": form or PreferencesForm(initial=initial, organisation=request.organisation),
        "stop_url": reverse("public:contact_stop", args=[found.token]),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    return secret_page(render(request, "public/contact.html", context, status=status))


def described(follows: list[Follow]) -> list[dict[str, Any]]:
    """What each is about: one's own case by its number only, since its page is opened by its code; others as shown."""
    ids = [follow.subject_id for follow in follows if follow.subject_type == SUBJECT]
    own = dict(Case.objects.filter(pk__in=ids, protected=False).values_list("pk", "number"))
    shown = {case.pk: (case, text) for case, text in with_publications(published().filter(pk__in=ids))}
    of_matters = [follow.subject_id for follow in follows if follow.subject_type == MATTER]
    matters = Matter.objects.filter(hidden=False).only("title", "plain_title").in_bulk(of_matters)
    rows = []
    for follow in follows:
        row: dict[str, Any] = {"id": follow.pk, "own": follow.role == Role.REPORTER, "title": "", "url": ""}
        if follow.subject_type == MATTER:
            if follow.subject_id in matters:
                title = matters[follow.subject_id].shown_title
                row |= {"title": title, "title_language": "sv", "level": level_labels().get(follow.level, "")}
                row["url"] = reverse("public:follow_confirm", args=[follow.token])
            rows.append(row)
            continue
        if follow.role == Role.REPORTER:
            row["number"] = own.get(follow.subject_id, "")
        elif follow.subject_id in shown:
            case, text = shown[follow.subject_id]
            row |= {"number": case.number, "title": text.title, "title_language": tongues.of_shown_title(case, text)}
            row["url"] = reverse("public:case", args=[case.number])
            row["level"] = level_labels()[NOTHING] if follow.level == NOTHING else ""
        rows.append(row)
    return rows
