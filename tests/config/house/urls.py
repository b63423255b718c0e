"""One page: who serves it, and what the database holds."""

import os

from django.http import HttpRequest, JsonResponse
from django.urls import path

from tests.config.house.models import Organisation


def page(_request: HttpRequest) -> JsonResponse:
    """The facts a test asks for."""
    names = list(Organisation._default_manager.using("owner").values_list("name", flat=True))
    return JsonResponse({"pid": os.getpid(), "parent": os.getppid(), "organisations": names})


urlpatterns = [path("", page)]
