"""The organisation's app: how people get it, and what belongs to it in the stores, if anything does."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.clock import today
from lyhord.core.forms import PlainForm
from lyhord.intake.fronts import fronts
from lyhord.organisations.actions import change_organisation
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url
from lyhord.www.app.manifest import icon_url
from lyhord.www.app.store_links import ANDROID_ID, FINGERPRINT, IOS_ID, SETTING, store_apps
from lyhord.www.manage.frame import page

MOST_FINGERPRINTS = 5


class StoreForm(PlainForm):
    """What Google and Apple know the apps by; all of it may be empty."""

    android = forms.CharField(
        label=gettext_lazy("Android-appens id"),
        help_text=gettext_lazy("Så som den heter i Google Play, till exempel se.motala.dialog."),
        required=False,
        max_length=150,
    )
    fingerprints = forms.CharField(
        label=gettext_lazy("Fingeravtryck av appens certifikat (SHA-256)"),
        help_text=gettext_lazy("Ett på varje rad. I Google Play Console under Appsignering."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        required=False,
        max_length=1000,
    )
    ios = forms.CharField(
        label=gettext_lazy("iOS-appens id"),
        help_text=gettext_lazy("Teamets prefix, punkt och appens id: ABCDE12345.se.motala.dialog."),
        required=False,
        max_length=150,
    )

    def clean_android(self) -> str:
        """An application id."""
        given = str(self.cleaned_data["android"]).strip()
        if given and not ANDROID_ID.fullmatch(given):
            raise ValidationError(_("Skriv appens id så här: se.motala.dialog. Små bokstäver, siffror och punkter."))
        return given

    def clean_ios(self) -> str:
        """A team's prefix and a bundle identifier."""
        given = str(self.cleaned_data["ios"]).strip()
        if given and not IOS_ID.fullmatch(given):
            raise ValidationError(_("Skriv teamets prefix och appens id så här: ABCDE12345.se.motala.dialog."))
        return given

    def clean_fingerprints(self) -> list[str]:
        """Each once, in capitals."""
        given = list(dict.fromkeys(self.cleaned_data["fingerprints"].upper().split()))
        if len(given) > MOST_FINGERPRINTS or not all(FINGERPRINT.fullmatch(one) for one in given):
            raise ValidationError(_("Ett fingeravtryck är 32 par av siffror och A till F, med kolon emellan."))
        return given

    def clean(self) -> dict[str, Any]:
        """An app without a certificate, or the other way round, would be no app."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and bool(given["android"]) != bool(given["fingerprints"]):
            missing = "fingerprints" if given["android"] else "android"
            self.add_error(missing, _("Skriv både appens id och fingeravtrycket, eller inget av dem."))
        return given

    def apps(self) -> dict[str, Any]:
        """As the setting holds it."""
        given, found = self.cleaned_data, {}
        if given["android"]:
            found["android"] = {"id": given["android"], "fingerprints": given["fingerprints"]}
        if given["ios"]:
            found["ios"] = {"id": given["ios"]}
        return found


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
def app(request: StaffRequest) -> HttpResponse:
    """Where the app is, what it looks like, and what the stores know it by."""
    organisation = Organisation.objects.get(pk=request.organisation.pk)
    now = store_apps(organisation)
    android = now.get("android", {})
    initial = {
        "android": android.get("id", ""),
        "fingerprints": "\n".join(android.get("fingerprints", [])),
        "ios": now.get("ios", {}).get("id", ""),
    }
    form = StoreForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = form.apps()
        if wanted != now:
            values: dict[str, Any] = {"settings": {**organisation.settings, SETTING: wanted}}
            change_organisation(organisation=organisation, values=values, by=request.staff.actor)
        messages.success(request, _("Sparat."))
        return redirect("manage:app")
    context = {
        "form": form,
        "address": public_url(organisation, reverse("app:home")),
        "icons": [icon_url(organisation, name) for name in ("192", "maskable-192")],
        "fronts": fronts(today() - timedelta(days=89), today()),
    }
    return page(request, "app", "app", context, status=422 if request.method == "POST" else 200)
