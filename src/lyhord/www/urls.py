"""The addresses of all screens."""

from django.urls import URLPattern, URLResolver, path

from lyhord.www.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
]
