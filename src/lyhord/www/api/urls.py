"""The addresses of the API."""

from django.urls import path

from lyhord.www.api.openapi import document
from lyhord.www.api.v1 import api

urlpatterns = [
    path("v1/openapi.json", document, name="openapi"),
    path("v1/", api.urls),
]
