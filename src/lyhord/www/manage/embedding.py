"""Which of the organisation's own sites may show a map or a list in a frame, and what to paste there."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.forms import PlainForm
from lyhord.organisations.actions import change_organisation
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url
from lyhord.www.embed.frame import SITES
from lyhord.www.manage.frame import page

MOST = 20
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::[0-9]{1,5})?")


class SitesForm(PlainForm):
    """One site a line."""

    sites = forms.CharField(
        label=gettext_lazy("Webbplatser som får visa formuläret, kartan och listan"),
        help_text=gettext_lazy(
            "En adress på varje rad, till exempel https://www.motala.se eller intranätets. Inga andra kan visa dem."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=4000,
    )

    def clean_sites(self) -> list[str]:
        """Origins, each once: what stands after the host is let go."""
        found = dict.fromkeys(_origin(line) for line in self.cleaned_data["sites"].split())
        if len(found) > MOST:
            raise ValidationError(_("Det får vara högst %(n)s webbplatser.") % {"n": MOST})
        return list(found)


def _origin(line: str) -> str:
    try:
        parts = urlsplit(line if "://" in line else f"https://{line}")
        host = parts.netloc.lower()
    except ValueError:
        host = ""
    own = host.rsplit(":", 1)[0] == "localhost"  # whoever builds a site tries it there
    if own and parts.scheme == "http" and _HOST.fullmatch(host):
        return f"http://{host}"
    if not _HOST.fullmatch(host) or "." not in host or parts.scheme != "https":
        raise ValidationError(_("%(line)s är ingen webbplats. Skriv som https://www.motala.se.") % {"line": line[:80]})
    return f"https://{host}"


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
def embedding(request: StaffRequest) -> HttpResponse:
    """The sites, and the lines of HTML."""
    organisation = Organisation.objects.get(pk=request.organisation.pk)
    now: list[str] = organisation.settings.get(SITES, [])
    form = SitesForm(request.POST or None, initial={"sites": "\n".join(now)})
    status = 200
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["sites"]
        if wanted != now:
            values: dict[str, Any] = {"settings": {**organisation.settings, SITES: wanted}}
            change_organisation(organisation=organisation, values=values, by=request.staff.actor)
        messages.success(request, _("Sparat."))
        return redirect("manage:embedding")
    if request.method == "POST":
        status = 422
    told = _("Berätta för oss")
    snippets = [
        (_("Formulär som blir lagom högt av sig självt"), _script(organisation, told)),
        (_("Formulär utan script på er webbplats"), _snippet(organisation, "embed:kinds", 1600, told)),
        (_("Karta med lista"), _snippet(organisation, "embed:map", 800, _("Det här har andra berättat"))),
        (_("Bara lista"), _snippet(organisation, "embed:list", 600, _("Det här har andra berättat"))),
    ]
    return page(request, "embedding", "inbaddning", {"form": form, "snippets": snippets}, status=status)


def _snippet(organisation: Organisation, name: str, height: int, title: str) -> str:
    """What to paste: a frame with a title, for those who hear the page."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" allow="geolocation"></iframe>',
        public_url(organisation, reverse(name)),
        title,
        height,
    )


def _script(organisation: Organisation, title: str) -> str:
    """One line that puts the frame there, and makes it as high as what is in it."""
    return format_html(
        '<script src="{}" data-title="{}" async></script>', public_url(organisation, reverse("embed_script")), title
    )
