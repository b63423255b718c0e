"""Log-in for residents who want it: an address, and the six digits that are sent there.

The pages are the same whether or not anybody has written from that address. Nobody needs to log in for anything.
"""

from http import HTTPStatus
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.forms import PlainForm
from lyhord.core.text import clean_text
from lyhord.intake.abuse import CODES, LOG_INS, too_many
from lyhord.notifications.contact_actions import contact_for
from lyhord.notifications.one_time import HOLDS, Tried, send_code
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.residents.actions import PURPOSE, log_in_by_code, prove_address
from lyhord.residents.queries import providers
from lyhord.www.public.codes import SENTENCES
from lyhord.www.public.guard import from_elsewhere, secret_page, sender_address, without_session
from lyhord.www.public.report_form import Words, complain
from lyhord.www.public.resident import account_of, demand_log_in, remember

RESIDENT = Actor.resident()
LONGEST = 254
_SALT = "lyhord.www.public.log_in"


class AddressForm(PlainForm):
    """Where the code goes."""

    address = Words(one_line=True, length=LONGEST)


class CodeForm(PlainForm):
    """The code that came."""

    code = Words(one_line=True, length=20)


@without_session  # what is sent here only sends a code to whoever reads the address
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: OrganisationRequest) -> HttpResponse:
    """Asks for an address and sends a code there; says the same whoever's it is."""
    demand_log_in(request)
    if request.method != "POST":
        account = account_of(request)
        done = account is not None and (account.by_address_alone or account.contact_id is not None)
        return redirect("public:mine") if done else _address_page(request, AddressForm(), adds=account is not None)
    written = clean_text(request.POST.get("address", ""), one_line=True)
    form = AddressForm(initial={"address": written[:LONGEST]})
    if from_elsewhere(request):
        return _address_page(request, form)
    if too_many(purpose=LOG_INS, address=sender_address(request)):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    language = str(getattr(request, "LANGUAGE_CODE", "sv"))
    try:
        contact = contact_for(sender="email", address=written, language=language)
    except Invalid as invalid:
        complain(form, {name: [sentence] for name, sentence in invalid.errors.items()})
        return _address_page(request, form)
    send_code(contact=contact, purpose=PURPOSE, by=RESIDENT)  # when there were too many of late the page says how many
    return _code_page(request, CodeForm(), contact.address)


@without_session  # the code is the key; a form from another site is shown again
@require_POST
def code(request: OrganisationRequest) -> HttpResponse:
    """The digits: right ones log in."""
    demand_log_in(request)
    address = _address_behind(request.POST.get("handle", ""))
    if address is None:
        anew = AddressForm()
        complain(anew, {"address": [_("Det tog för lång tid. Skriv din mejladress igen, så skickar vi en ny kod.")]})
        return _address_page(request, anew)
    form = CodeForm()
    if from_elsewhere(request):
        return _code_page(request, form, address)
    if too_many(purpose=CODES, address=sender_address(request)):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    language = str(getattr(request, "LANGUAGE_CODE", "sv"))
    contact = contact_for(sender="email", address=address, language=language)
    written, account, token = request.POST.get("code", ""), account_of(request), ""
    if account is not None and not account.by_address_alone:
        tried = prove_address(account=account, contact=contact, written=written, by=RESIDENT)
    else:
        tried, token = log_in_by_code(contact=contact, written=written, by=RESIDENT)
    pressed_twice = account is not None and account.by_address_alone and account.contact_id == contact.pk
    if tried is not Tried.RIGHT and not pressed_twice:
        complain(form, {"code": [SENTENCES[tried]]})
        return _code_page(request, form, address)
    response = secret_page(redirect("public:mine"))
    response.status_code = HTTPStatus.SEE_OTHER
    if token:
        remember(response, token)
    return response


def _address_behind(handle: str) -> str | None:
    """The address that a page's code was sent to; it stands there itself, since a row's id would tell how old it is."""
    try:
        found = signing.loads(handle, salt=_SALT, max_age=HOLDS * 2)
    except signing.BadSignature:
        return None
    return found if isinstance(found, str) else None


def _address_page(request: OrganisationRequest, form: forms.Form, *, adds: bool = False) -> HttpResponse:
    return address_page(request, form, adds=adds)


def address_page(
    request: OrganisationRequest, form: forms.Form | None = None, *, adds: bool = False, why: object = ""
) -> HttpResponse:
    """Where the log-in begins; `adds` to somebody who is logged in already, `why` it came back here."""
    context = {"providers": [] if adds else providers(), "why": why}
    return _page(request, "public/log_in.html", form or AddressForm(), context)


def _code_page(request: OrganisationRequest, form: forms.Form, address: str) -> HttpResponse:
    return _page(
        request,
        "public/log_in_code.html",
        form,
        {"address": address, "handle": signing.dumps(address, salt=_SALT), "again": reverse("public:log_in")},
    )


def _page(request: OrganisationRequest, template: str, form: forms.Form, context: dict[str, Any]) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return secret_page(render(request, template, {"form": form, **context}, status=status))
