"""Puts the member of staff on the request, when first asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from lyhord.accounts.models import User
from lyhord.accounts.staff import Staff, staff_of


class StaffMiddleware:
    """`request.staff` is a Staff, or None for residents and for people of other organisations.

    Residents have no session cookie, so nothing is looked up for them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if hasattr(request, "organisation") and request.session.session_key:
            user = request.user
            request.staff = staff_of(user) if isinstance(_real(user), User) else None  # type: ignore[attr-defined]
        else:
            request.staff = None  # type: ignore[attr-defined]  # declared by StaffRequest
        return self.get_response(request)


def _real(user: object) -> object:
    """The account behind Django's lazy `request.user`."""
    if isinstance(user, SimpleLazyObject):
        user.__class__  # noqa: B018  # asking for the class wakes the lazy object
        return user._wrapped
    return user


__all__ = ["Staff", "StaffMiddleware"]
