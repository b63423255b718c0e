"""The addresses that everybody may visit. They are Swedish, since residents read them."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from lyhord.www.public import (
    about,
    alerts,
    contact,
    follow,
    follow_links,
    fragments,
    heat,
    log_in,
    matter_follow,
    matters,
    mine,
    photos,
    published,
    receipt,
    register,
    report,
    start,
    tiles,
    vouched,
)


class CodeConverter(StringConverter):
    """A follow code, with or without its hyphens."""

    regex = "[0-9A-Za-z-]{26,40}"


class NumberConverter(StringConverter):
    """A case number: 26-4817."""

    regex = "[0-9]{2}-[0-9]{1,9}"


register_converter(CodeConverter, "code")
register_converter(NumberConverter, "number")

app_name = "public"
urlpatterns: list[URLPattern] = [
    path("", start.start, name="start"),
    path("beratta/bild/", photos.draft, name="photo"),
    path("beratta/bild/<uuid:uid>.jpg", photos.draft_photo, name="draft_photo"),
    path("beratta/<slug:slug>/", report.report, name="report"),
    path("tack/<code:code>/", receipt.receipt, name="receipt"),
    path("f/", follow.code_form, name="follow_code"),
    path("f/<code:code>/", follow.follow, name="follow"),
    path("f/<code:code>/bild/<uuid:uid>/<slug:size>.jpg", photos.own_image, name="own_image"),
    path("arenden/", published.case_list, name="list"),
    path("arenden/<number:number>/", published.case, name="case"),
    path("arenden/<number:number>/folj/", published.case_follow, name="case_follow"),
    path("arenden/<number:number>/folj/kod/", published.case_follow_code, name="case_follow_code"),
    path("folj/<uuid:token>/", follow_links.confirm, name="follow_confirm"),
    path("folj/<uuid:token>/sluta/", follow_links.stop, name="follow_stop"),
    path("kontakt/<uuid:contact_token>/", contact.contact, name="contact"),
    path("kontakt/<uuid:contact_token>/sluta/", contact.stop_all, name="contact_stop"),
    path("kontakt/<uuid:contact_token>/fungerar/<path:proof>/", contact.works, name="contact_works"),
    path("logga-in/", log_in.log_in, name="log_in"),
    path("logga-in/kod/", log_in.code, name="log_in_code"),
    path("logga-in/svar/", vouched.back, name="log_in_back"),
    path("logga-in/<int:provider_id>/", vouched.begin, name="log_in_by"),
    path("bevakningar/", alerts.new, name="alerts"),
    path("bevakningar/<uuid:token>/", alerts.alert, name="alert"),
    path("bevakningar/<uuid:token>/ja/", alerts.confirm, name="alert_confirm"),
    path("bevakningar/<uuid:token>/sluta/", alerts.stop, name="alert_stop"),
    path("mina-arenden/", mine.mine, name="mine"),
    path("mina-arenden/lagg-till/", mine.add, name="mine_add"),
    path("mina-arenden/logga-ut/", mine.log_out, name="mine_log_out"),
    path("diarium/", register.register, name="register"),
    path("beslut/", matters.matter_list, name="matters"),
    path("beslut/<int:matter_id>/", matters.matter, name="matter"),
    path("beslut/<int:matter_id>/folj/", matter_follow.matter_follow, name="matter_follow"),
    path("beslut/<int:matter_id>/folj/kod/", matter_follow.matter_follow_code, name="matter_follow_code"),
    path("beslut/organ/", matters.bodies, name="bodies"),
    path("beslut/organ/<slug:body_code>/", matters.body, name="body"),
    path("beslut/moten/<int:meeting_id>/", matters.meeting, name="meeting"),
    path("beslut/handlingar/<int:document_id>/", matters.document, name="matter_document"),
    path("beslut/viktigt/", matters.levels, name="matter_levels"),
    path("bild/<uuid:uid>/<slug:size>.jpg", photos.image, name="image"),
    path("karta/grans.json", tiles.boundary, name="boundary"),
    path("karta/<int:z>/<int:x>/<int:y>.json", tiles.tile, name="tile"),
    path("karta/tatast/", heat.heat_map, name="heat"),
    path("karta/tatast.json", heat.heat_data, name="heat_data"),
    path("adress/", fragments.addresses, name="address"),
    path("typ/", fragments.types, name="types"),
    path("nara/", fragments.nearby, name="nearby"),
    path("marke-<slug:version>.css", about.brand, name="brand"),
    path("skyddade-uppgifter/", about.protected, name="protected"),
    path("om/uppgifter/", about.about_data, name="about_data"),
    path("om/tillganglighet/", about.about_accessibility, name="about_accessibility"),
    path("sprak/", about.language, name="language"),
    path("delar/", about.gallery, name="gallery"),
    path("robots.txt", about.robots, name="robots"),
]
