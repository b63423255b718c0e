"""Puts the member of staff on the request, when first asked for."""

from collections.abc import Callable

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from lyhord.accounts.staff import Staff, staff_of

WRITER = "lyhord_writer"
"""The cookie that says who was last logged in here, signed: it lets nobody in, and outlives the session."""


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
        response = self.get_response(request)
        if staff is not None and writer_of(request) != staff.user.pk:
            response.set_signed_cookie(
                WRITER,
                str(staff.user.pk),
                salt=WRITER,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite=settings.SESSION_COOKIE_SAMESITE,
            )
        return response


def writer_of(request: HttpRequest) -> int | None:
    """Whose browser it is by that cookie: to keep a form for, never to let in. None when it does not say."""
    try:
        return int(request.get_signed_cookie(WRITER, salt=WRITER) or "")
    except (KeyError, BadSignature, ValueError):
        return None


__all__ = ["Staff", "StaffMiddleware", "writer_of"]
