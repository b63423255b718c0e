"""The app's addresses. Those of pages lie under /beratta/, which is as far as its service worker reaches."""

from django.urls import URLPattern, path

from lyhord.www.app import views

app_name = "app"
urlpatterns: list[URLPattern] = [
    path("beratta/", views.home, name="home"),
    path("beratta/utan-nat/", views.offline, name="offline"),
    path("beratta/dela/", views.share, name="share"),
    path("beratta/sw.js", views.worker, name="worker"),
    path(".well-known/assetlinks.json", views.assetlinks, name="assetlinks"),
    path(".well-known/apple-app-site-association", views.site_association, name="site_association"),
    path("app.webmanifest", views.manifest, name="manifest"),
    path("ikon/<slug:version>/<slug:name>.png", views.icon, name="icon"),
]
