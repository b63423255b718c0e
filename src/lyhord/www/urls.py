"""The addresses of all screens."""

from django.urls import URLPattern, URLResolver, include, path

from lyhord.www.demo_outbox import outbox as demo_outbox
from lyhord.www.embed.forms import script as embed_script
from lyhord.www.health import healthz
from lyhord.www.incoming import hook, incoming
from lyhord.www.knock import knock

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("utkorg/", demo_outbox, name="demo_outbox"),
    path("desk/", include("lyhord.www.desk.urls")),
    path("installningar/", include("lyhord.www.manage.urls")),
    path("open311/", include("lyhord.www.open311.urls")),
    path("in/system/<int:system_id>/", knock, name="knock"),
    path("in/<slug:slug>/", incoming, name="incoming"),
    path("in/<slug:slug>/krok/", hook, name="hook"),
    path("api/", include("lyhord.www.api.urls")),
    path("konto/", include("allauth.urls")),
    path("embed.js", embed_script, name="embed_script"),
    path("inbaddat/", include("lyhord.www.embed.urls")),
    path("", include("lyhord.www.app.urls")),
    path("", include("lyhord.www.public.urls")),
    path("", include("lyhord.www.opendata.urls")),
]
