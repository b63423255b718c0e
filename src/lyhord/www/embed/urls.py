"""The addresses that other sites put in a frame."""

from django.urls import URLPattern, path

from lyhord.www.converters import register as register_converters
from lyhord.www.embed import forms, views

register_converters()
app_name = "embed"
urlpatterns: list[URLPattern] = [
    path("karta/", views.embedded_map, name="map"),
    path("lista/", views.embedded_list, name="list"),
    path("beratta/", forms.kinds, name="kinds"),
    path("beratta/<slug:slug>/", forms.framed_report, name="report"),
    path("tack/<code:code>/", forms.framed_receipt, name="receipt"),
]
