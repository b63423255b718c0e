"""What the desk's case page shows (`desk/case.html`, `desk/about.html`), gathered in a fixed number of queries."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff
from lyhord.audit.models import Event
from lyhord.cases.answers import answers_from_json, answers_in_words
from lyhord.cases.history import staff_history
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, Message, Photo, Reporter, Side
from lyhord.cases.queries import nearby_open
from lyhord.cases.states import State
from lyhord.places.point import Point
from lyhord.www.desk import forms
from lyhord.www.desk.deadline import deadline_of

CHANNELS = {
    "web": lazy("webb"),
    "phone": lazy("telefon"),
    "email": lazy("mejl"),
    "visit": lazy("besök"),
    "letter": lazy("brev"),
    "desk": lazy("arbetsytan"),
}
PUBLICATION = {
    Case.Published.CLOSED: ("calm", "lock", lazy("Visas inte"), ""),
    Case.Published.REVIEW: ("late", "eye", lazy("Väntar på granskning"), ""),
    Case.Published.PUBLISHED: ("resolved", "eye", lazy("Visas för andra"), ""),
    Case.Published.DECLINED: ("calm", "lock", lazy("Visas inte"), lazy("Vi har valt att inte visa det.")),
    Case.Published.WITHDRAWN: ("calm", "lock", lazy("Visas inte längre"), ""),
}


def case_context(staff: Staff, case: Case, *, failed: Mapping[str, forms.DeedForm] | None = None) -> dict[str, Any]:
    """The template's `case`. `failed` holds the forms that came back with something wrong, by name."""
    kind, state, language = KINDS.get(case.kind), State(case.state), get_language() or "sv"
    description = case.version.description
    photos = list(Photo.objects.filter(case=case).select_related("file").order_by("position", "pk"))
    deadline = deadline_of(case)
    reporter = Reporter.objects.filter(case=case).first()
    hidden = reporter is not None and reporter.protected and not staff.may(Permission.SEE_PROTECTED)
    return {
        "id": case.pk,
        "number": case.number,
        "title": case.title,
        "kind_label": kind.label,
        "state": state.value,
        "state_label": kind.sentence(state, reason=case.state_reason, until=case.state_until)
        if state in {State.PLANNED, State.WAITING}
        else kind.words(state).staff,
        "state_icon": kind.words(state).icon,
        "deadline": deadline.chip,
        "protected": case.protected,
        "confidential": case.confidential,
        "messages": thread(case, photos, hidden=hidden),
        "actions": deeds(staff, case, failed or {}),
        "take_url": reverse("desk:assign", args=[case.pk])
        if case.officer_id != staff.user.pk and staff.may(Permission.HANDLE_CASES)
        else "",
        "reply_url": reverse("desk:reply", args=[case.pk]) if staff.may(Permission.HANDLE_CASES) else "",
        "reply_form": (failed or {}).get("reply") or forms.ReplyForm(case),
        "reply_to": reporter.name if reporter and reporter.name and not hidden else _("invånaren"),
        "reply_hint": reply_hint(case, reporter),
        "draft_url": "",
        "draft_status": "",
        "templates": [],
        "reporter": about_reporter(staff, case, reporter, hidden=hidden),
        "answers": [
            {"label": label, "value": value}
            for label, value in answers_in_words(description, answers_from_json(description, case.answers), language)
        ],
        "place_text": case.place_text,
        "lat": case.lat,
        "lon": case.lon,
        "deadlines": promises(case),
        "unit_name": case.unit.name,
        "officer_name": case.officer.full_name if case.officer else "",
        "route_reason": case.route_reason,
        "type_name": description.title(language),
        "type_url": "",
        "links": links(staff, case),
        "publication": publication(staff, case),
        "followers_count": case.followers,
        "history": [
            {"at": line.at, "text": line.text, "by": line.who}
            for line in staff_history(list(Event.objects.all().about("case", case.pk)), case.kind)
        ],
    }


def thread(case: Case, photos: list[Photo], *, hidden: bool) -> list[dict[str, Any]]:
    """The conversation, oldest first, notes among staff included."""
    by_message: dict[int | None, list[dict[str, str]]] = {}
    for photo in photos:
        url = reverse("public:image", args=[photo.file.uid, "large"])
        small = reverse("public:image", args=[photo.file.uid, "small"])
        by_message.setdefault(photo.message_id, []).append({"url": url, "thumbnail_url": small, "alt": photo.alt})
    said: list[dict[str, Any]] = [
        {
            "author_label": _("Invånaren"),
            "at": case.registered_at,
            "text": case.text,
            "side": Side.RESIDENT.value,
            "photos": by_message.get(None, []),
            "channel_label": str(CHANNELS.get(case.channel, case.channel)),
            "is_new": case.unread and case.waiting_since == case.registered_at,
        }
    ]
    for message in Message.objects.filter(case=case).order_by("pk"):
        resident = message.side == Side.RESIDENT
        said.append(
            {
                "author_label": _("Invånaren") if resident else message.author_label or _("Kommunen"),
                "at": message.at,
                "text": message.text,
                "side": message.side,
                "photos": by_message.get(message.pk, []),
                "channel_label": str(CHANNELS.get(message.channel, message.channel)) if resident else "",
                "is_new": bool(resident and case.unread and case.waiting_since and message.at >= case.waiting_since),
            }
        )
    return said


def deeds(staff: Staff, case: Case, failed: Mapping[str, forms.DeedForm]) -> list[dict[str, Any]]:
    """The forms under "Ändra läge", "Lämna över" and so on that the person may use."""
    if not staff.may(Permission.HANDLE_CASES):
        return []
    plan: list[tuple[str, str, str, type[forms.DeedForm], str, Permission, bool]] = [
        ("state", _("Ändra läge"), "e", forms.StateForm, _("Ändra läge"), Permission.HANDLE_CASES, False),
        ("assign", _("Handläggare"), "", forms.AssignForm, _("Spara"), Permission.ASSIGN_CASES, False),
        ("move", _("Lämna över"), "", forms.MoveForm, _("Lämna över"), Permission.ASSIGN_CASES, False),
        ("merge", _("Slå ihop"), "", forms.MergeForm, _("Slå ihop"), Permission.HANDLE_CASES, True),
        ("convert", _("Ändra sort"), "", forms.ConvertForm, _("Ändra sort"), Permission.CONVERT_CASES, True),
    ]
    if case.duplicate_of_id:
        plan = [("unmerge", _("Ta isär igen"), "", forms.DeedForm, _("Ta isär"), Permission.HANDLE_CASES, False)]
    return [
        {
            "slug": slug,
            "label": label,
            "key": key,
            "form": failed.get(slug) or form(case),
            "url": reverse(f"desk:{slug}", args=[case.pk]),
            "submit_label": submit,
            "quiet": quiet,
            "open": slug in failed,
        }
        for slug, label, key, form, submit, permission, quiet in plan
        if staff.may(permission)
    ]


def reply_hint(case: Case, reporter: Reporter | None) -> str:
    """How an answer reaches the resident."""
    followers = _(" De som följer får veta att det finns något nytt.") if case.followers else ""
    if case.wants_feedback and reporter and reporter.email:
        return _("Invånaren får ett mejl om att det finns ett svar.") + followers
    return _("Invånaren läser svaret med sin kod. Vi har ingen adress att skicka till.") + followers


def about_reporter(staff: Staff, case: Case, reporter: Reporter | None, *, hidden: bool) -> list[dict[str, str]]:
    """Who said it, as far as the person may know."""
    if reporter is None:
        return [{"label": _("Vem"), "value": _("Anonym")}]
    if hidden:
        return [{"label": _("Vem"), "value": _("Skyddade personuppgifter. Fråga din chef.")}]
    rows = [
        (_("Namn"), reporter.name, ""),
        (_("Mejl"), reporter.email, f"mailto:{reporter.email}"),
        (_("Telefon"), reporter.phone, f"tel:{reporter.phone}"),
        (_("Orgnr"), reporter.organisation_number, ""),
        (_("Vill ha svar"), _("Ja") if case.wants_feedback else _("Nej"), ""),
        (_("Språk"), {"sv": _("svenska"), "en": _("engelska")}.get(case.language, case.language), ""),
    ]
    if reporter.email and not reporter.protected:
        before = Case.objects.visible_to(staff).exclude(pk=case.pk).filter(reporters__email=reporter.email)[:20].count()
        if before:
            search = f"{reverse('desk:inbox')}?fran={case.pk}"
            rows.append((_("Förut"), _("%(n)s ärenden") % {"n": before}, search))
    return [{"label": label, "value": value, "url": url} for label, value, url in rows if value]


def promises(case: Case) -> list[dict[str, Any]]:
    """What we have promised and whether it was kept: None while there is still time."""
    rows = [(_("Svar"), case.answer_by, case.answered_at)]
    return [{"label": label, "at": by, "met": done <= by if done else None} for label, by, done in rows if by]


def links(staff: Staff, case: Case) -> list[dict[str, str]]:
    """Cases that belong together with this one, or may be about the same thing."""
    found: list[dict[str, str]] = []
    if case.duplicate_of:
        other = case.duplicate_of
        label = _("Samma som %(number)s %(title)s") % {"number": other.number, "title": other.title}
        found.append({"icon": "link", "url": reverse("desk:case", args=[other.pk]), "label": label})
    for other in Case.objects.visible_to(staff).filter(duplicate_of=case)[:20]:
        label = f"{other.number} {other.title}"
        found.append({"icon": "dup", "url": reverse("desk:case", args=[other.pk]), "label": label})
    radius = case.version.description.duplicate_radius_m
    if radius and case.lat is not None and case.lon is not None:
        here = Point(case.lat, case.lon, accuracy_m=None, source="map")
        near = nearby_open(here, case_type_id=case.case_type_id, radius_m=radius, staff=staff, most=4)
        for other, away in near:
            if case.pk not in {other.pk, other.duplicate_of_id}:
                label = _("%(number)s %(title)s, %(away)s m bort") % {
                    "number": other.number,
                    "title": other.title,
                    "away": round(away),
                }
                found.append({"icon": "pin", "url": reverse("desk:case", args=[other.pk]), "label": label})
    return found


def publication(staff: Staff, case: Case) -> dict[str, Any]:
    """Whether others may read it."""
    tone, icon, label, text = PUBLICATION[Case.Published(case.publication_state)]
    may = staff.may(Permission.REVIEW_PUBLICATION) and case.publication_state != Case.Published.CLOSED
    url = reverse("desk:review_case", args=[case.pk]) if may else ""
    return {"tone": tone, "icon": icon, "label": label, "text": text, "url": url}
