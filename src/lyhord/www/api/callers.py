"""Who asks: nobody in particular, a program with a key, a member of staff by key or token, or who has a follow code.

Cookies never count here. A key that is bound to a member acts as that person, with the rights of their role; so does a
token that an issuer of the organisation's has signed for them.
"""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest
from ninja.security import APIKeyHeader, HttpBearer

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff, staff_of
from lyhord.accounts.tokens import person_of
from lyhord.cases.follow_code import is_code
from lyhord.cases.models import Case
from lyhord.cases.queries import by_follow_code
from lyhord.core.actor import Actor
from lyhord.core.errors import NotAllowed, NotFound
from lyhord.intake.abuse import CODES, too_many
from lyhord.intake.clients import READ, WRITE, key_for, over_its_rate
from lyhord.intake.models import ApiKey
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.api.limits import check_reads
from lyhord.www.api.problems import Refused
from lyhord.www.public.guard import sender_address

_SAFE = {"GET", "HEAD", "OPTIONS"}
RETRY_AFTER = {"Retry-After": "600"}


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
        if reading:
            if row.throttled:
                check_reads(f"key {row.pk}")
        elif over_its_rate(row):
            raise Refused(429, headers=RETRY_AFTER)
        return Caller(row, staff_of(row.member.user) if row.member and row.member.active else None)


class TokenAuth(HttpBearer):
    """The header Authorization: Bearer."""

    openapi_bearerFormat = "JWT"  # noqa: N815  # as OpenAPI calls it
    openapi_description = "A token (JWT) signed by the OpenID Connect provider that the organisation trusts."

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The member of staff, None when the token holds for nobody here."""
        user = person_of(token)
        staff = staff_of(user) if user else None
        if staff is None:
            return None
        check_reads(f"person {staff.user.pk}")
        return Caller(None, staff)


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
        check_reads(f"address {address}")
        case = by_follow_code(key[:200]) if is_code(key[:200]) else None
        if case is not None:
            return case
        if too_many(purpose=CODES, address=address):
            raise Refused(429, headers=RETRY_AFTER)
        raise NotFound


def anybody(request: HttpRequest) -> Caller:
    """Without a key: who that is nobody knows, nor needs to. A key that is sent must hold."""
    if "X-API-Key" in request.headers or "Authorization" in request.headers:
        raise Refused(401)
    check_reads(f"address {sender_address(request)}")
    return Caller()


STAFF = [ApiKeyAuth(), TokenAuth()]
ANYBODY = [*STAFF, anybody]
FOLLOWER = [FollowCodeAuth()]


def staff_may(request: ApiRequest, permission: Permission) -> Staff:
    """The member of staff who asks; NotAllowed for a key that is nobody's, and without the permission."""
    staff = request.auth.staff
    if staff is None:
        raise NotAllowed
    staff.demand(permission)
    return staff
