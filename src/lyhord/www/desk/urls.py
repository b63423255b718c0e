"""The desk's addresses."""

from django.urls import path

from lyhord.www.desk import deeds, views

urlpatterns = [
    path("", views.inbox, name="desk_inbox"),
    path("utkorg/", views.outbox_page, name="desk_outbox"),
    path("utkorg/<int:notice_id>/skicka/", views.resend_notice, name="desk_resend"),
    path("granska/", views.review, name="desk_review"),
    path("<int:case_id>/", views.case, name="desk_case"),
    path("<int:case_id>/svara/", deeds.reply, name="desk_reply"),
    path("<int:case_id>/handlaggare/", deeds.assign, name="desk_assign"),
    path("<int:case_id>/flytta/", deeds.move, name="desk_move"),
    path("<int:case_id>/lage/", deeds.change_state, name="desk_state"),
    path("<int:case_id>/sla-ihop/", deeds.merge, name="desk_merge"),
    path("<int:case_id>/isar/", deeds.unmerge, name="desk_unmerge"),
    path("<int:case_id>/sort/", deeds.convert, name="desk_convert"),
    path("<int:case_id>/visa/", deeds.publish, name="desk_publish"),
]
