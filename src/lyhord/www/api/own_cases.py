"""All cases of a resident whose program comes with a token: the same as on their page when they are logged in."""

from datetime import datetime
from typing import Annotated

from django.core import signing
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.cases.actions.tell import code_of
from lyhord.cases.follow_code import is_code, pretty
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case
from lyhord.cases.queries import by_follow_code
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text
from lyhord.intake.abuse import CODES, LOG_INS, too_many
from lyhord.notifications.contact_actions import contact_for
from lyhord.notifications.one_time import HOLDS, Tried, send_code
from lyhord.residents.actions import PURPOSE, account_for, add_case, prove_address
from lyhord.residents.queries import cases_of
from lyhord.www.api.answers import SECRET, After, answer, from_cursor, nothing, to_cursor
from lyhord.www.api.callers import RESIDENT, ResidentRequest
from lyhord.www.api.organisation import language_of
from lyhord.www.api.problems import hold_back
from lyhord.www.public.codes import SENTENCES
from lyhord.www.public.guard import sender_address

router = Router(tags=["own cases"], auth=RESIDENT)
BY = Actor.resident()
_SALT = "lyhord.www.api.own_cases"


class OwnCaseRow(BaseModel):
    """A case of one's own. `code` opens it: send it as X-Follow-Code, and keep it from others."""

    number: str
    title: str
    kind: str
    state: State
    state_label: str
    registered_at: datetime
    code: str


class OwnCases(BaseModel):
    """Newest first."""

    items: list[OwnCaseRow]
    next: str = Field(description="For `after`; empty on the last page.")
    email: str = Field(description="The address that has been shown to be theirs; may be empty.")


class Held(BaseModel):
    """The code of a case."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(max_length=200)]


class OwnAddress(BaseModel):
    """An address that one says is one's own."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(max_length=254)]


class AddressAsked(BaseModel):
    """The same whoever's the address is: a code is sent there."""

    handle: str = Field(description="For the answer with the code.")


class AddressCode(BaseModel):
    """The code that came."""

    model_config = ConfigDict(extra="forbid")

    handle: Annotated[str, Field(max_length=600)]
    code: Annotated[str, Field(max_length=20)]


@router.get("/own-cases", response=OwnCases, summary="All one's cases")
def own_cases(request: ResidentRequest, after: After = "") -> HttpResponse:
    """What an address shown to be theirs hears of as its own, and what they have put here by its code."""
    account = request.auth.account()
    if account is None:
        return answer(request, OwnCases(items=[], next="", email=""), cache=SECRET)
    found, more = cases_of(account, before=from_cursor(after)[:20])
    following = to_cursor(found[-1].number) if more else ""
    body = OwnCases(
        items=[_row(case) for case in found],
        next=following,
        email=account.contact.address if account.contact else "",
    )
    return answer(request, body, following=following, cache=SECRET)


@router.post("/own-cases", response={201: OwnCaseRow}, summary="Put a case among one's own")
def put(request: ResidentRequest, held: Held) -> HttpResponse:
    """By its code; again changes nothing."""
    written = clean_text(held.code, one_line=True)
    case = by_follow_code(written) if is_code(written) else None
    if case is None:
        hold_back(too_many(purpose=CODES, address=sender_address(request)))
        raise Invalid({"code": _("Vi hittar inget ärende med den koden. Se efter att alla tecken är med.")})
    add_case(account=account_for(issuer=request.auth.issuer, subject=request.auth.subject, by=BY), case=case, by=BY)
    return answer(request, _row(case), status=201, cache=SECRET)


@router.post("/own-cases/address", response={202: AddressAsked}, summary="Say which address is one's own")
def ask(request: ResidentRequest, given: OwnAddress) -> HttpResponse:
    """A code is sent there; with it, the cases that the address hears of as its own are among one's own."""
    hold_back(too_many(purpose=LOG_INS, address=sender_address(request)))
    contact = contact_for(sender="email", address=given.email, language=language_of(request))
    send_code(contact=contact, purpose=PURPOSE, by=BY)
    handle = signing.dumps([request.auth.subject, contact.address], salt=_SALT)
    return answer(request, AddressAsked(handle=handle), status=202, cache=SECRET)


@router.post("/own-cases/address/code", response={204: None}, summary="Show that an address is one's own")
def prove(request: ResidentRequest, given: AddressCode) -> HttpResponse:
    """The code that was sent there; the handle holds for whoever asked only."""
    hold_back(too_many(purpose=CODES, address=sender_address(request)))
    contact = contact_for(
        sender="email", address=_address_behind(given.handle, request.auth.subject), language=language_of(request)
    )
    account = account_for(issuer=request.auth.issuer, subject=request.auth.subject, by=BY)
    tried = prove_address(account=account, contact=contact, written=given.code, by=BY)
    if tried is not Tried.RIGHT and account.contact_id != contact.pk:
        raise Invalid({"code": SENTENCES[tried]})
    return nothing()


def _address_behind(handle: str, subject: str) -> str:
    try:
        whose, address = signing.loads(handle, salt=_SALT, max_age=HOLDS * 2)
    except (signing.BadSignature, ValueError, TypeError):
        whose = address = None
    if whose != subject:
        raise Invalid({"handle": _("Det tog för lång tid. Skriv din mejladress igen, så skickar vi en ny kod.")})
    return str(address)


def _row(case: Case) -> OwnCaseRow:
    return OwnCaseRow(
        number=case.number,
        title=case.title,
        kind=case.kind,
        state=State(case.state),
        state_label=str(KINDS.get(case.kind).words(State(case.state)).resident),
        registered_at=case.registered_at,
        code=pretty(code_of(case)),
    )
