"""Puts the member of staff on the request, when first asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lyhord.accounts.staff import Staff, staff_of


class StaffMiddleware:
    """`request.staff` is a Staff, or None for residents and for people of other organisations.

    Residents have no session cookie, so nothing is looked up for them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        staff: Staff | None = None
        if hasattr(request, "organisation") and request.session.session_key:
            user = request.user
            staff = staff_of(user) if user.is_authenticated else None
        request.staff = staff  # type: ignore[attr-defined]  # declared by StaffRequest
        return self.get_response(request)


__all__ = ["Staff", "StaffMiddleware"]
