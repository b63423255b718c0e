"""All cases of somebody who has logged in, a page at a time."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lyhord.cases import tongues
from lyhord.cases.actions.tell import code_of
from lyhord.cases.follow_code import is_code, pretty
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case
from lyhord.cases.queries import by_follow_code
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text
from lyhord.intake.abuse import CODES, too_many
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.residents import actions
from lyhord.residents.models import Account
from lyhord.residents.queries import cases_of
from lyhord.www.public import shown
from lyhord.www.public.follow import CodeForm
from lyhord.www.public.guard import from_elsewhere, secret_page, sender_address, without_session
from lyhord.www.public.report_form import complain
from lyhord.www.public.resident import account_of, demand_log_in, forget, token_of

RESIDENT = Actor.resident()


@require_safe
def mine(request: OrganisationRequest) -> HttpResponse:
    """One's cases, newest first; `?fore=` goes on from a number."""
    demand_log_in(request)
    account = account_of(request)
    return _to_log_in(request) if account is None else _page(request, account, CodeForm())


@without_session  # the cookie is sent with no form of another site, and `from_elsewhere` asks besides
@require_POST
def add(request: OrganisationRequest) -> HttpResponse:
    """Put a case among one's own, by its code."""
    demand_log_in(request)
    account = account_of(request)
    if account is None:
        return _to_log_in(request)
    written = clean_text(request.POST.get("kod", ""), one_line=True)[:200]
    form = CodeForm(initial={"kod": written})
    if from_elsewhere(request):
        return _page(request, account, form)
    case = by_follow_code(written) if is_code(written) else None
    try:
        if case is None:
            if too_many(purpose=CODES, address=sender_address(request)):
                return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
            raise Invalid({"kod": _("Vi hittar inget ärende med den koden. Se efter att alla tecken är med.")})
        actions.add_case(account=account, case=case, by=RESIDENT)
    except Invalid as invalid:
        complain(form, {name: [sentence] for name, sentence in invalid.errors.items()})
        return _page(request, account, form)
    return _see("public:mine")


@without_session  # a forger could log somebody out at worst, and `from_elsewhere` hinders even that
@require_POST
def log_out(request: OrganisationRequest) -> HttpResponse:
    """End the log-in, here and at the server."""
    demand_log_in(request)
    if from_elsewhere(request):
        return _see("public:mine")
    actions.log_out(token=token_of(request), by=RESIDENT)
    response = _see("public:start")
    forget(response)
    return response


def _to_log_in(request: OrganisationRequest) -> HttpResponse:
    response = _see("public:log_in")
    if token_of(request):
        forget(response)
    return response


def _see(name: str) -> HttpResponse:
    response = secret_page(redirect(name))
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _page(request: OrganisationRequest, account: Account, form: forms.Form) -> HttpResponse:
    before = clean_text(request.GET.get("fore", ""), one_line=True)[:20]
    cases, more = cases_of(account, before=before)
    context = {
        "cases": [_row(case) for case in cases],
        "first_page": not before,
        "form": form,
        "address": account.contact.address if account.contact else "",
        "page": {"next_url": f"{reverse('public:mine')}?{urlencode({'fore': cases[-1].number})}" if more else ""},
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return secret_page(render(request, "public/mine.html", context, status=status))


def _row(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": case.title,
        "title_language": tongues.of_title(case),
        "kind_label": str(KINDS.get(case.kind).label),
        "at": case.registered_at,
        "url": reverse("public:follow", args=[pretty(code_of(case))]),
        **shown.state_words(case),
    }
