"""One page: who serves it, and what the database holds."""

import os

from django.http import HttpRequest, JsonResponse
from django.urls import path

from tests.config.house.models import Organisation


def page(_request: HttpRequest) -> JsonResponse:
    """The facts a test asks for; an error when it asks for that."""
    if os.environ.get("LYHORD_TEST_PAGE_FAILS"):
        raise RuntimeError("as asked")
    names = list(Organisation._default_manager.using("owner").values_list("name", flat=True))
    return JsonResponse({"pid": os.getpid(), "parent": os.getppid(), "organisations": names})


urlpatterns = [path("", page)]
