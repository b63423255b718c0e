"""Who asks: nobody in particular, a program with a key, a member of staff by key or token, a resident by token, or who
has a follow code.

Cookies never count here. A key that is bound to a member acts as that person, with the rights of their role; so does a
token that an issuer of the organisation's has signed for them.
"""

from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyHeader, HttpBearer

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff, staff_of
from lyhord.accounts.tokens import person_of
from lyhord.cases import whole_case
from lyhord.cases.follow_code import is_code
from lyhord.cases.models import Case
from lyhord.cases.queries import by_follow_code
from lyhord.core.actor import Actor
from lyhord.core.errors import NotAllowed, NotFound
from lyhord.intake.abuse import CODES, digest_of, too_many
from lyhord.intake.clients import READ, WRITE, key_for, over_its_rate, reads_too_fast
from lyhord.intake.models import ApiKey
from lyhord.intake.rates import MINUTE, Rate, wait_for_read
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.residents.bearer import Bearer, bearer_of
from lyhord.www.api.problems import Refused, hold_back
from lyhord.www.public.guard import sender_address

_SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as far as that is known."""

    key: ApiKey | None = None
    staff: Staff | None = None

    @property
    def actor(self) -> Actor:
        """As the one who acts."""
        return self.staff.actor if self.staff else Actor.resident()


class ApiRequest(OrganisationRequest):
    """A request by the API."""

    auth: Caller


class ResidentRequest(OrganisationRequest):
    """A request by a resident's program: `auth` is who they are."""

    auth: Bearer


class CaseRequest(OrganisationRequest):
    """A request by whoever has the code of a case: `auth` is the case."""

    auth: Case


class ApiKeyAuth(APIKeyHeader):
    """The header X-API-Key."""

    param_name = "X-API-Key"
    openapi_description = "A key that the organisation has given."

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """The caller, None without a key that holds here; Refused when it has asked for too much."""
        if not key:
            return None
        row = key_for(key)
        if row is None:
            return None
        reading = request.method in _SAFE
        if (READ if reading else WRITE) not in row.scopes:
            raise NotAllowed
        hold_back(reads_too_fast(row) if reading else over_its_rate(row))
        return Caller(row, staff_of(row.member.user, via=row.client) if row.member and row.member.active else None)


class TokenAuth(HttpBearer):
    """The header Authorization: Bearer."""

    openapi_bearerFormat = "JWT"  # noqa: N815  # as OpenAPI calls it
    openapi_description = "A token (JWT) signed by the OpenID Connect provider that the organisation trusts."

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The member of staff, None when the token holds for nobody here."""
        found = person_of(token)
        staff = staff_of(found[0], via=found[1].host) if found else None
        if staff is None:
            return None
        _count_read(f"person {staff.user.pk}")
        return Caller(None, staff)


class ResidentAuth(HttpBearer):
    """The header Authorization: Bearer, of a resident's program."""

    openapi_bearerFormat = "JWT"  # noqa: N815  # as OpenAPI calls it
    openapi_description = "A token (JWT) that a provider by which residents log in has signed for programs."

    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:
        """Whose it is, None when it holds for nobody; NotFound where residents do not log in."""
        asked = cast(OrganisationRequest, request)
        if not asked.organisation.has("log_in"):
            raise NotFound
        found = bearer_of(token, by=Actor.resident())
        _count_read(f"resident {found.subject}" if found else sender_address(asked))
        return found


class FollowCodeAuth(APIKeyHeader):
    """The header X-Follow-Code: never in an address, since addresses are logged."""

    param_name = "X-Follow-Code"
    openapi_description = "The code that came with the receipt: it opens one case."

    def authenticate(self, request: HttpRequest, key: str | None) -> Case | None:
        """The case; NotFound for a wrong code, Refused after too many of them."""
        if not key:
            return None
        asked = cast(OrganisationRequest, request)
        address = sender_address(asked)
        _count_read(address)
        case = by_follow_code(key[:200], whole=True) if is_code(key[:200]) else None
        if case is not None:
            return case
        hold_back(too_many(purpose=CODES, address=address))
        raise NotFound


def _count_read(who: str) -> None:
    """Count one request of somebody's without a key; Refused when it had made as many as it may within a minute."""
    hold_back(wait_for_read(Rate(settings.API_READS_A_MINUTE, MINUTE), purpose="read", digest=digest_of("read", who)))


def reporter(request: HttpRequest) -> Caller:
    """Who sends a report without a key, which is counted there: nobody knows who, nor needs to. A key must hold."""
    if "X-API-Key" in request.headers or "Authorization" in request.headers:
        raise Refused(401)
    return Caller()


def anybody(request: HttpRequest) -> Caller:
    """The same for whatever else may be asked without a key, which is counted here."""
    caller = reporter(request)
    _count_read(sender_address(request))
    return caller


STAFF = [ApiKeyAuth(), TokenAuth()]
ANYBODY = [*STAFF, anybody]
REPORTER = [*STAFF, reporter]
FOLLOWER = [FollowCodeAuth()]
RESIDENT = [ResidentAuth()]


def staff_may(request: ApiRequest, permission: Permission) -> Staff:
    """The member of staff who asks; NotAllowed for a key that is nobody's, and without the permission."""
    staff = request.auth.staff
    if staff is None:
        raise NotAllowed
    staff.demand(permission)
    return staff


def seen_case(request: ApiRequest, number: str, permission: Permission = Permission.SEE_CASES) -> tuple[Staff, Case]:
    """Who asks, and the case if they may see it; NotFound otherwise, as for one that does not exist."""
    staff = staff_may(request, permission)
    case = whole_case.visible_by_number(staff, number)
    if case is None:
        raise NotFound
    return staff, case
