"""The desk's addresses."""

from django.urls import path

from lyhord.www.desk import (
    arrivals,
    bulk,
    deeds,
    document,
    drafts,
    mapped,
    outbox,
    pool,
    register,
    reply,
    review,
    views,
)
from lyhord.www.kept import kept

app_name = "desk"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("flera/", bulk.bulk, name="bulk"),
    path("nytt/", register.register, name="register"),
    path("nytt/<int:case_id>/", register.registered, name="registered"),
    path("utkorg/", outbox.outbox_page, name="outbox"),
    path("utkorg/<int:notice_id>/skicka/", outbox.resend_notice, name="resend"),
    path("kvar/<int:kept_id>/", kept, name="kept"),
    path("karta/", mapped.desk_map, name="map"),
    path("karta/<int:z>/<int:x>/<int:y>.json", mapped.desk_tile, name="tile"),
    path("bilaga/<uuid:uid>/", document.document, name="document"),
    path("inkommet/", drafts.drafts, name="drafts"),
    path("inkommet/<int:draft_id>/", drafts.draft_case, name="draft_case"),
    path("inkommet/<int:draft_id>/bild/<uuid:uid>/<slug:size>/", drafts.draft_photo, name="draft_photo"),
    path("inkommet/<int:draft_id>/bilaga/<uuid:uid>/", drafts.draft_document, name="draft_document"),
    path("inkommet/logg/", arrivals.arrivals_page, name="arrivals"),
    path("inkommet/logg/<int:arrival_id>/igen/", arrivals.again, name="try_again"),
    path("inkommet/logg/<int:arrival_id>/original/", arrivals.original, name="original"),
    path("granska/", review.review, name="review"),
    path("granska/<int:case_id>/", review.review, name="review_case"),
    path("gemensam/", pool.pool, name="pool"),
    path("gemensam/<int:entry_id>/ta/", pool.take_over, name="take_over"),
    path("<int:case_id>/", views.case, name="case"),
    path("<int:case_id>/svara/", reply.reply, name="reply"),
    path("<int:case_id>/utkast/", reply.draft, name="draft"),
    path("<int:case_id>/handlaggare/", deeds.assign, name="assign"),
    path("<int:case_id>/flytta/", deeds.move, name="move"),
    path("<int:case_id>/lage/", deeds.change_state, name="state"),
    path("<int:case_id>/sla-ihop/", deeds.merge, name="merge"),
    path("<int:case_id>/isar/", deeds.unmerge, name="unmerge"),
    path("<int:case_id>/skydda/", deeds.protect, name="protect"),
    path("<int:case_id>/ta-bort-skyddet/", deeds.unprotect, name="unprotect"),
    path("<int:case_id>/sort/", deeds.convert, name="convert"),
    path("<int:case_id>/gemensam/", pool.share, name="share"),
    path("<int:case_id>/gemensam/ta-tillbaka/", pool.unshare, name="unshare"),
]
