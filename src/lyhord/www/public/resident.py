"""The resident behind a request, for those who have chosen to log in: a cookie of its own, apart from staff's."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lyhord.core.errors import NotFound
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.residents.models import Account
from lyhord.residents.queries import account_behind

COOKIE = "lyhord_mine"


def demand_log_in(request: OrganisationRequest) -> None:
    """NotFound where the organisation has no log-in for residents."""
    if not request.organisation.has("log_in"):
        raise NotFound


def token_of(request: HttpRequest) -> str:
    """What the cookie says; "" for nearly everybody, for whom nothing is looked up."""
    return request.COOKIES.get(COOKIE, "")


def account_of(request: HttpRequest) -> Account | None:
    """Who is logged in."""
    return account_behind(token_of(request))


def remember(response: HttpResponse, token: str) -> None:
    """Log the browser in, until it is closed."""
    response.set_cookie(COOKIE, token, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")


def forget(response: HttpResponse) -> None:
    """Take the cookie away."""
    response.delete_cookie(COOKIE, samesite="Lax")
