"""The addresses that other sites put in a frame."""

from django.urls import URLPattern, path

from lyhord.www.embed import views

app_name = "embed"
urlpatterns: list[URLPattern] = [
    path("karta/", views.embedded_map, name="map"),
    path("lista/", views.embedded_list, name="list"),
]
