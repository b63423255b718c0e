"""The least that a server can answer: bare WSGI, and Django without middleware."""

from collections.abc import Callable, Iterable
from typing import Any


def wsgi(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Says hello."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"hello"]


def __getattr__(name: str) -> Any:
    """`django` is made when it is asked for, so that the bare one stays bare."""
    if name != "django":
        raise AttributeError(name)
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    def hello(request: HttpRequest) -> HttpResponse:
        return HttpResponse("hello", content_type="text/plain")

    urls = type("Urls", (), {"urlpatterns": [path("", hello)]})
    settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=urls, SECRET_KEY="hello")
    return get_wsgi_application()
