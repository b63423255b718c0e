"""The organisation's page on Facebook: what to link to there, and whether messages to it come in here."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.forms import PlainForm
from lyhord.intake.facebook_actions import set_page
from lyhord.intake.facebook_page import token_of
from lyhord.intake.models import FacebookPage
from lyhord.organisations.queries import public_url
from lyhord.www.manage.frame import page, tried


class FacebookForm(PlainForm):
    """The page and its app."""

    page_id = forms.CharField(
        label=lazy("Sidans nummer"),
        help_text=lazy("Det står på Facebook under Om sidan, Sidans transparens."),
        max_length=40,
        error_messages={"required": lazy("Skriv sidans nummer, bara siffror.")},
    )
    secret = forms.CharField(
        label=lazy("Appens hemlighet"),
        help_text=lazy("Med den ser vi att ett anrop kommer från Facebook. Lämna tomt för att behålla den som finns."),
        max_length=100,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    active = forms.BooleanField(label=lazy("Ta emot meddelanden till sidan"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
def facebook(request: StaffRequest) -> HttpResponse:
    """The landing page's address; the form; and, when the page is tied, what to fill in at Facebook."""
    row = FacebookPage.objects.first()
    initial = {"page_id": row.page_id, "active": row.active} if row else {"active": True}
    form = FacebookForm(request.POST or None, initial=initial)
    if request.method == "POST" and tried(form, lambda given: set_page(**given, by=request.staff.actor)) is not None:
        messages.success(request, _("Sparat."))
        return redirect("manage:facebook")
    context = {
        "form": form,
        "landing": public_url(request.organisation, reverse("public:facebook")),
        "hook": public_url(request.organisation, reverse("hook", args=["facebook"])) if row else "",
        "token": token_of(row) if row else "",
    }
    return page(request, "facebook", "facebook", context, status=422 if form.is_bound else 200)
