"""QR codes for signs: what has one, a list of it from a file, and sheets to print."""

import io
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.kind import KINDS
from lyhord.cases.public_queries import type_by_code, type_codes
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.forms import PlainForm
from lyhord.organisations.queries import public_url
from lyhord.places.asset_actions import load_assets
from lyhord.places.asset_file import AssetRow, read_assets
from lyhord.places.models import Asset
from lyhord.www.manage.frame import page, say_rows
from lyhord.www.manage.held import drop, held, hold, read_upload

MANAGE = Permission.MANAGE_ORGANISATION
PURPOSE = "signs"
SHOWN = 30
ON_A_SHEET = 24
USUAL_KIND = "felanmalan"


class SignsForm(PlainForm):
    """A list as CSV."""

    file = forms.FileField(
        label=gettext_lazy("CSV-fil"),
        help_text=gettext_lazy(
            "Rubrikerna kod;namn;typ;lat;lon. Typ är ärendetypens kod och får vara tom. Läget i grader (WGS84) eller "
            "SWEREF 99 TM. Filen ersätter hela listan."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": gettext_lazy("Välj en fil."), "empty": gettext_lazy("Filen är tom.")},
    )


def address_of(request: StaffRequest, asset: Asset) -> str:
    """Where its sign leads: the form of the kind that its type belongs to."""
    case_type = type_by_code(asset.type_code) if asset.type_code else None
    kind = case_type.kind if case_type else USUAL_KIND
    return public_url(request.organisation, f"{reverse('public:report', args=[kind])}?asset={asset.code}")


def drawn(address: str) -> segno.QRCode:
    """The code, readable with a quarter of it scratched away (level Q), as signs outdoors are."""
    return segno.make_qr(address, error="q")


def inline(address: str) -> SafeString:
    """The code as SVG in a page: dark on white in every colour scheme, without any style of its own."""
    svg = drawn(address).svg_inline(dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(svg)  # noqa: S308  # made of numbers by segno


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def signs(request: StaffRequest) -> HttpResponse:
    """What has a code, and a list to look at before it counts."""
    if request.method != "POST":
        return _page(request, SignsForm())
    form = SignsForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            data = read_upload(form.cleaned_data["file"], 10_000_000)
            rows = _read(data)
        except Invalid as error:
            say_rows(form, error)
        else:
            gone = Asset.objects.exclude(code__in=[row.code for row in rows]).count()
            context = {
                "count": len(rows),
                "rows": rows[:SHOWN],
                "more": max(0, len(rows) - SHOWN),
                "gone": gone,
                "token": hold(request, PURPOSE, data),
            }
            return page(request, "signs_preview", "qr", context)
    return _page(request, form, status=422)


@require_POST
@requires(MANAGE)
def import_shown(request: StaffRequest) -> HttpResponse:
    """Replace the list with the one that was shown."""
    token = request.POST.get("token", "")
    try:
        count = load_assets(rows=_read(held(request, PURPOSE, token)), by=request.staff.actor)
    except Invalid as error:
        messages.error(request, str(error.message))
        return redirect("manage:signs")
    drop(request, PURPOSE, token)
    messages.success(request, ngettext("%(n)s sak har QR-kod.", "%(n)s saker har QR-kod.", count) % {"n": count})
    return redirect("manage:signs")


@require_safe
@requires(MANAGE)
def sheet(request: StaffRequest) -> HttpResponse:
    """Codes to print and cut out, as many as fit on a sheet; `?sida=` for the next."""
    sheets = Paginator(Asset.objects.order_by("code"), ON_A_SHEET)
    here = sheets.get_page(request.GET.get("sida"))
    found = [{"asset": asset, "svg": inline(address_of(request, asset))} for asset in here]
    return page(request, "signs_sheet", "qr", {"signs": found, "here": here})


@require_safe
@requires(MANAGE)
def picture(request: StaffRequest, asset_id: int) -> HttpResponse:
    """One code as a file, for whoever makes the signs."""
    asset = Asset.objects.filter(pk=asset_id).first()
    if asset is None:
        raise NotFound
    svg = io.BytesIO()
    drawn(address_of(request, asset)).save(svg, kind="svg", scale=10, light="#fff", title=asset.name)
    response = HttpResponse(svg.getvalue(), content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="qr-{asset.code}.svg"'
    response["Cache-Control"] = "private, no-store"
    return response


def _read(data: bytes) -> list[AssetRow]:
    return read_assets(data, frozenset(code for kind in KINDS.all() for code in type_codes(kind.slug)))


def _page(request: StaffRequest, form: SignsForm, status: int = 200) -> HttpResponse:
    here = Paginator(Asset.objects.order_by("code"), SHOWN).get_page(request.GET.get("sida"))
    context: dict[str, Any] = {"form": form, "here": here, "count": here.paginator.count}
    return page(request, "signs", "qr", context, status=status)
