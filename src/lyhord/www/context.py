"""What every template gets."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def organisation(request: HttpRequest) -> dict[str, Any]:
    """The organisation, the member of staff if any, and whether this is the demo."""
    return {
        "organisation": getattr(request, "organisation", None),
        "staff": getattr(request, "staff", None),
        "demo": settings.DEMO,
    }
