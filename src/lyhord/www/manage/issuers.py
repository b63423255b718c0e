"""Other services where staff log in, whose signed tokens let programs in by the API as them."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lyhord.accounts import issuer_actions as actions
from lyhord.accounts.models import Membership, TokenIssuer, TokenSubject
from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.accounts.tokens import Examined, Why, examine
from lyhord.core.errors import NotFound
from lyhord.core.forms import PlainForm
from lyhord.core.http import SENTENCES
from lyhord.www.manage.frame import page, settle, tried

MANAGE = Permission.MANAGE_ISSUERS
SECTION = "intyg"
_MOST_PEOPLE = 1000
_LONGEST = 10_000

WRONG: dict[Why, Promise] = {
    Why.NO_TOKEN: lazy("Det här är inget intyg. Det ska vara tre delar med punkter emellan (JWT)."),
    Why.UNKNOWN_ISSUER: lazy("Intyget kommer från en tjänst som inte finns i listan, eller som är avslagen."),
    Why.ALGORITHM: lazy("Intyget är signerat på ett sätt som vi inte godtar. Välj RS256 eller ES256 i tjänsten."),
    Why.UNKNOWN_KEY: lazy(
        "Vi har inte nyckeln som intyget är signerat med. Vi hämtar nycklarna: prova igen om en stund."
    ),
    Why.SIGNATURE: lazy("Signaturen stämmer inte. Någon kan ha ändrat i intyget."),
    Why.AUDIENCE: lazy("Intyget är till för en annan tjänst. Jämför ”aud” med det som står under Vad kallar den oss?"),
    Why.EXPIRED: lazy("Intyget har gått ut. Hämta ett nytt."),
    Why.NOT_YET: lazy("Intyget gäller inte än. Går klockorna rätt?"),
    Why.INCOMPLETE: lazy("Något saknas i intyget. Det ska ha exp, iss, aud och sub."),
    Why.NOBODY: lazy("Intyget är riktigt, men säger inte vem hos oss det gäller. Knyt namnet (sub) till en person."),
    Why.UNVERIFIED: lazy("Intyget är riktigt, men säger inte att mejladressen är kontrollerad (email_verified)."),
}


class TrustForm(PlainForm):
    """How a service is trusted."""

    audience = forms.CharField(
        label=lazy("Vad kallar den oss?"),
        help_text=lazy("Det namn som tjänsten har på Lyhörd (aud). Det står där programmet är inlagt."),
        max_length=300,
        error_messages={"required": lazy("Skriv vad tjänsten kallar oss (aud).")},
    )
    trusts_email = forms.BooleanField(
        label=lazy("Lita på mejladresser som tjänsten inte säger att den har kontrollerat"),
        help_text=lazy("Bara om det är kommunen som bestämmer adresserna där, och ingen kan byta sin egen."),
        required=False,
    )
    active = forms.BooleanField(label=lazy("På"), help_text=lazy("Av släpper den inte in någon."), required=False)


class NewForm(TrustForm):
    """A new service."""

    issuer = forms.CharField(
        label=lazy("Tjänstens adress"),
        help_text=lazy("Precis som den står i intygen (iss). Den börjar med https://"),
        max_length=300,
        error_messages={"required": lazy("Skriv tjänstens adress, den börjar med https://")},
    )
    field_order = ("issuer", "audience")


class TieForm(PlainForm):
    """Whom the service means by a name of its own."""

    subject = forms.CharField(
        label=lazy("Tjänstens namn på personen"),
        help_text=lazy("Det som står som sub i intyget."),
        max_length=255,
        error_messages={"required": lazy("Skriv tjänstens namn på personen (sub).")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        members = Membership.objects.filter(active=True).select_related("user").order_by("sort_key")[:_MOST_PEOPLE]
        people = [(str(member.pk), f"{member.user.full_name}, {member.user.email}") for member in members]
        wrong = {"required": lazy("Välj vem det är."), "invalid_choice": lazy("Välj något i listan.")}
        self.fields["member"] = forms.ChoiceField(
            label=_("Vem är det?"), choices=[("", _("Välj person")), *people], error_messages=wrong
        )


class TokenForm(PlainForm):
    """A token to look at. Its name tells that it is never kept (www/kept.py)."""

    secret_token = forms.CharField(
        label=lazy("Intyg"),
        help_text=lazy("Klistra in ett. Vi tittar på det och sparar det inte."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        max_length=_LONGEST,
        error_messages={
            "required": lazy("Klistra in ett intyg."),
            "max_length": lazy("Det är för långt för ett intyg."),
        },
    )


@require_safe
@requires(MANAGE)
def issuers(request: StaffRequest) -> HttpResponse:
    """All services, and a place to try a token."""
    return _list(request, TokenForm())


@require_POST
@requires(MANAGE)
def try_token(request: StaffRequest) -> HttpResponse:
    """Whom a token lets in, or why nobody. Nothing of it is kept, nor in any log."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    return _list(request, TokenForm(), tried_now=_told(examine(form.cleaned_data["secret_token"].strip())))


def _list(
    request: StaffRequest, form: TokenForm, *, tried_now: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    rows = TokenIssuer.objects.order_by("issuer", "pk")[:200]
    context = {"rows": list(rows), "form": form, "tried": tried_now}
    return page(request, "issuers", SECTION, context, status=status)


def _told(found: Examined) -> dict[str, Any]:
    """What a token came to, in words; and what it says of itself, which may be anybody's words."""
    said = [(name, _claim(name, found.said[name])) for name in _CLAIMS if name in found.said]
    if found.user is not None:
        words = _("Intyget gäller. Programmet får göra det som %(who)s får göra här.") % {"who": found.user.full_name}
        return {"tone": "good", "text": words, "said": said}
    return {"tone": "warn", "text": str(WRONG[found.why or Why.NO_TOKEN]), "said": said}


_CLAIMS = ("iss", "aud", "sub", "email", "email_verified", "exp")


def _claim(name: str, value: object) -> str:
    if name == "exp" and isinstance(value, int | float) and 0 < value < 2**33:
        return datetime.fromtimestamp(value, UTC).astimezone().strftime("%Y-%m-%d %H.%M")
    return str(value)[:300]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def new_issuer(request: StaffRequest) -> HttpResponse:
    """One more."""
    form = NewForm(request.POST or None, initial={"active": True})
    if request.method == "POST":
        made = tried(form, lambda given: actions.add_issuer(**given, by=request.staff.actor))
        if made is not None:
            messages.success(
                request, _("Tjänsten finns i listan. Vi hämtar dess nycklar nu, prova sedan med ett intyg.")
            )
            return redirect("manage:issuer", issuer_id=made.pk)
    return page(request, "issuer", SECTION, {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def issuer(request: StaffRequest, issuer_id: int) -> HttpResponse:
    """One: how it is trusted, its keys, and whom it means."""
    row = _issuer(issuer_id)
    initial = {name: getattr(row, name) for name in ("audience", "trusts_email", "active")}
    form = TrustForm(request.POST or None, initial=initial)
    if request.method == "POST":
        by = request.staff.actor
        if tried(form, lambda given: actions.change_issuer(issuer_id=row.pk, **given, by=by)) is not None:
            messages.success(request, _("Sparat."))
            return redirect("manage:issuer", issuer_id=row.pk)
    return _one(request, row, form, TieForm(), status=422 if form.is_bound else 200)


def _one(request: StaffRequest, row: TokenIssuer, form: TrustForm, tie_form: TieForm, *, status: int) -> HttpResponse:
    ties = TokenSubject.objects.filter(issuer=row).select_related("membership__user").order_by("membership__sort_key")
    why = SENTENCES.get(row.last_error.rpartition(": ")[2], "")
    context = {"issuer": row, "why": why, "form": form, "tie_form": tie_form, "ties": list(ties[:_MOST_PEOPLE])}
    return page(request, "issuer", SECTION, context, status=status)


@require_POST
@requires(MANAGE)
def fetch_issuer(request: StaffRequest, issuer_id: int) -> HttpResponse:
    """Have its keys fetched."""
    row = _issuer(issuer_id)
    return settle(
        request,
        lambda: actions.fetch_again(issuer_id=row.pk, by=request.staff.actor),
        _("Vi hämtar nycklarna. Ladda om sidan om en liten stund."),
        _back(row.pk),
    )


@require_POST
@requires(MANAGE)
def tie(request: StaffRequest, issuer_id: int) -> HttpResponse:
    """Say whom it means by a name."""
    row, by = _issuer(issuer_id), request.staff.actor
    form = TieForm(request.POST)
    tied = tried(
        form,
        lambda given: actions.tie_subject(
            issuer_id=row.pk, subject=given["subject"], membership_id=int(given["member"]), by=by
        ),
    )
    if tied is None:
        initial = {name: getattr(row, name) for name in ("audience", "trusts_email", "active")}
        return _one(request, row, TrustForm(initial=initial), form, status=422)
    messages.success(request, _("Sparat."))
    return redirect(_back(row.pk))


@require_POST
@requires(MANAGE)
def untie(request: StaffRequest, issuer_id: int, subject_id: int) -> HttpResponse:
    """Let a name mean nobody."""
    row = _issuer(issuer_id)
    if not TokenSubject.objects.filter(pk=subject_id, issuer=row).exists():
        raise NotFound
    return settle(
        request,
        lambda: actions.untie_subject(subject_id=subject_id, by=request.staff.actor),
        _("Namnet betyder ingen här längre."),
        _back(row.pk),
    )


@require_POST
@requires(MANAGE)
def remove(request: StaffRequest, issuer_id: int) -> HttpResponse:
    """Trust it no longer."""
    _issuer(issuer_id)
    return settle(
        request,
        lambda: actions.remove_issuer(issuer_id=issuer_id, by=request.staff.actor),
        _("Tjänsten är borta. Dess intyg släpper inte in någon."),
        reverse("manage:issuers"),
    )


def _back(issuer_id: int) -> str:
    return reverse("manage:issuer", args=[issuer_id])


def _issuer(issuer_id: int) -> TokenIssuer:
    row = TokenIssuer.objects.filter(pk=issuer_id).first()
    if row is None:
        raise NotFound
    return row
