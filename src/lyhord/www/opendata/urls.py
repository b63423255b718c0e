"""The addresses of open data."""

from django.urls import URLPattern, path

from lyhord.www.opendata import feeds, files

app_name = "opendata"
urlpatterns: list[URLPattern] = [
    path("oppna-data/arenden.<slug:ending>", files.cases, name="cases"),
    path("flode/arenden.<slug:ending>", feeds.feed, name="feed"),
]
