"""The addresses of open data."""

from django.urls import URLPattern, path

from lyhord.www.opendata import catalogue, feeds, files, matter_feeds, oparl, page

app_name = "opendata"
urlpatterns: list[URLPattern] = [
    path("oppna-data/", page.open_data, name="index"),
    path("oppna-data/dcat.rdf", catalogue.catalogue, name="catalogue"),
    path("oppna-data/arenden.<slug:ending>", files.cases, name="cases"),
    path("flode/arenden.<slug:ending>", feeds.feed, name="feed"),
    path("flode/beslut.<slug:ending>", matter_feeds.matter_feed, name="matter_feed"),
    path("oparl/v1.1/", oparl.single, name="oparl"),
    path("oparl/v1.1/body/", oparl.single, {"kind": "body"}, name="oparl_body"),
    *(path(f"oparl/v1.1/{kind}/", oparl.listed, {"kind": kind}, name=f"oparl_{kind}") for kind in oparl.LISTS),
    *(
        path(f"oparl/v1.1/{address}", oparl.single, {"kind": kind}, name=f"oparl_{kind}")
        for kind, address in oparl.ADDRESSES.items()
    ),
]
