"""All addresses. Every organisation has the same ones on its own host."""

from django.urls import include, path

urlpatterns = [
    path("", include("lyhord.www.urls")),
]
handler400 = "lyhord.www.errors.bad_request"
handler403 = "lyhord.www.errors.forbidden"
handler404 = "lyhord.www.errors.not_found"
handler500 = "lyhord.www.errors.server_error"
