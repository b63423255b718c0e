"""What every template gets."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def organisation(request: HttpRequest) -> dict[str, Any]:
    """The organisation and what it shows, the member of staff if any, demo or not, framed or not."""
    here = getattr(request, "organisation", None)
    return {
        "organisation": here,
        "register_shown": here is not None and here.has("register"),
        "matters_shown": here is not None and here.has("matters"),
        "engagement_shown": here is not None and here.has("engagement"),
        "staff": getattr(request, "staff", None),
        "demo": settings.DEMO,
        "framed": getattr(request, "framed", False),
    }
