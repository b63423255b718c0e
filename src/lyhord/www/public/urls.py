"""The addresses that everybody may visit. They are Swedish, since residents read them."""

from django.urls import URLPattern, path

from lyhord.www.public import about, follow, fragments, photos, published, receipt, report, start, tiles

app_name = "public"
urlpatterns: list[URLPattern] = [
    path("", start.start, name="start"),
    path("beratta/bild/", photos.draft, name="photo"),
    path("beratta/bild/<uuid:uid>.jpg", photos.draft_photo, name="draft_photo"),
    path("beratta/<slug:slug>/", report.report, name="report"),
    path("tack/<str:code>/", receipt.receipt, name="receipt"),
    path("f/", follow.code_form, name="follow_code"),
    path("f/<str:code>/", follow.follow, name="follow"),
    path("f/<str:code>/bild/<uuid:uid>/<slug:size>.jpg", photos.own_image, name="own_image"),
    path("arenden/", published.case_list, name="list"),
    path("arenden/<str:number>/", published.case, name="case"),
    path("arenden/<str:number>/folj/", published.case_follow, name="case_follow"),
    path("folj/<uuid:token>/", published.follow_confirm, name="follow_confirm"),
    path("folj/<uuid:token>/sluta/", published.follow_stop, name="follow_stop"),
    path("bild/<uuid:uid>/<slug:size>.jpg", photos.image, name="image"),
    path("karta/grans.json", tiles.boundary, name="boundary"),
    path("karta/<int:z>/<int:x>/<int:y>.json", tiles.tile, name="tile"),
    path("adress/", fragments.addresses, name="address"),
    path("typ/", fragments.types, name="types"),
    path("nara/", fragments.nearby, name="nearby"),
    path("marke-<slug:version>.css", about.brand, name="brand"),
    path("om/uppgifter/", about.about_data, name="about_data"),
    path("om/tillganglighet/", about.about_accessibility, name="about_accessibility"),
    path("sprak/", about.language, name="language"),
    path("delar/", about.gallery, name="gallery"),
    path("robots.txt", about.robots, name="robots"),
]
