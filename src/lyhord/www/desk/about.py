"""What one needs to know beside a case (`desk/about.html`): who, where, when, why here, and what has happened."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff
from lyhord.cases.answers import answers_from_json, answers_in_words
from lyhord.cases.history import staff_history
from lyhord.cases.models import Case
from lyhord.cases.questions import in_language
from lyhord.cases.related import Relation, related
from lyhord.cases.secrecy import Veil
from lyhord.cases.states import NEEDS_DATE, State
from lyhord.cases.tongues import language_said
from lyhord.cases.whole_case import Opened
from lyhord.core.clock import now
from lyhord.matters.actions.merge import standing
from lyhord.matters.models import CaseLink
from lyhord.matters.stages import stage
from lyhord.www.addresses import DESK_CASE

SENDERS = {"company": lazy("företag"), "association": lazy("förening"), "visitor": lazy("besökare")}
PUBLICATION = {
    Case.Published.CLOSED: ("calm", "lock", lazy("Visas inte"), ""),
    Case.Published.REVIEW: ("late", "eye", lazy("Väntar på granskning"), ""),
    Case.Published.PUBLISHED: ("resolved", "eye", lazy("Visas för andra"), ""),
    Case.Published.DECLINED: ("calm", "lock", lazy("Visas inte"), lazy("Vi har valt att inte visa det.")),
    Case.Published.WITHDRAWN: ("calm", "lock", lazy("Visas inte längre"), ""),
}


def matters_of(case: Case, opened: Opened) -> list[dict[str, Any]]:
    """The political matters that the case has led to, where its history says that there are any."""
    if not any(event.verb == "case.matter_linked" for event in opened.events):
        return []
    tied = CaseLink.objects.filter(case=case).select_related("matter").order_by("pk")
    language = get_language() or "sv"
    found = []
    for matter in (standing(link.matter) for link in tied):
        row = stage(matter.kind, matter.stage)
        url = "" if matter.hidden else reverse("public:matter", args=[matter.pk])
        found.append({"title": matter.shown_title, "stage": row.name(language) if row else "", "url": url})
    return found


def about(staff: Staff, case: Case, opened: Opened, veil: Veil) -> dict[str, Any]:
    """The right-hand column."""
    description, language = case.version.description, get_language() or "sv"
    answers = answers_in_words(description, answers_from_json(description, case.answers), language)
    own_words = {in_language(asked.label, language) for asked in description.questions if asked.datatype.is_text}
    return {
        "reporter": about_reporter(case, opened, veil),
        "answers": [
            {"label": label, "value": veil(value), "language": case.language if label in own_words else ""}
            for label, value in answers
        ],
        "place_text": _("Platsen är skyddad.") if veil.on else case.place_text,
        "lat": None if veil.on else case.lat,
        "lon": None if veil.on else case.lon,
        "deadlines": promises(case),
        "unit_name": case.unit.name,
        "officer_name": case.officer.full_name if case.officer else "",
        "route_reason": veil(case.route_reason),
        "type_name": description.title(language),
        "type_url": "",
        "links": links(staff, case, opened.merged, veil),
        "publication": publication(staff, case),
        "followers_count": case.followers,
        "matters": matters_of(case, opened),
        "history": [
            {"at": line.at, "text": veil(line.text), "by": line.who} for line in staff_history(opened.events, case.kind)
        ],
    }


def about_reporter(case: Case, opened: Opened, veil: Veil) -> list[dict[str, str]]:
    """Who said it, as far as the person may know."""
    reporter = opened.reporter
    if veil.on:
        return [{"label": _("Vem"), "value": _("Skyddade personuppgifter. Fråga din chef.")}]
    if reporter is None:
        return [{"label": _("Vem"), "value": _("Anonym")}]
    rows = [
        (_("Skriver som"), str(SENDERS.get(reporter.sender_kind, "")), ""),
        (_("Organisation"), reporter.organisation_name, ""),
        (_("Namn"), reporter.name, ""),
        (_("Mejl"), reporter.email, f"mailto:{reporter.email}"),
        (_("Telefon"), reporter.phone, f"tel:{reporter.phone}"),
        (_("Orgnr"), reporter.organisation_number, ""),
        (_("Vill ha svar"), _("Ja") if case.wants_feedback else _("Nej"), ""),
        (_("Språk"), language_said(case.language), ""),
    ]
    if opened.before:
        words = ngettext("%(n)s ärende", "%(n)s ärenden", opened.before) % {"n": opened.before}
        rows.append((_("Förut"), words, f"{reverse('desk:inbox')}?fran={case.pk}"))
    return [{"label": label, "value": value, "url": url} for label, value, url in rows if value]


def promises(case: Case) -> list[dict[str, Any]]:
    """What we have promised: `met` says whether it was kept, None while there is still time; `done` whether it is done.

    Who closes a case without a word has ended what was promised, then. While a date that the resident has been told
    lies ahead, the first answer is not late (as in `lateness`).
    """
    done, by = case.answered_at or case.closed_at, case.answer_by
    if by is None:
        return []
    if done:
        met: bool | None = done <= by
    else:
        dated = State(case.state) in NEEDS_DATE and case.state_until is not None
        met = None if dated or now() <= by else False
    return [{"label": _("Svar"), "at": by, "met": met, "done": done is not None}]


def links(staff: Staff, case: Case, merged: list[Case], veil: Veil) -> list[dict[str, str]]:
    """Cases that belong together with this one, or may be about the same thing; only those the person may see."""
    found = []
    for other in related(staff, case, merged, place_known=not veil.on):
        match other.relation:
            case Relation.SAME:
                found.append(_link(other.case, "link", _("Samma som %(number)s %(title)s")))
            case Relation.MERGED:
                found.append(_link(other.case, "dup", "%(number)s %(title)s"))
            case Relation.NEAR:
                away = round(other.away_m or 0)
                found.append(_link(other.case, "pin", _("%(number)s %(title)s, %(away)s m bort"), away=away))
    return found


def _link(other: Case, icon: str, label: str, **more: object) -> dict[str, str]:
    words = label % {"number": other.number, "title": other.title, **more}
    return {"icon": icon, "url": DESK_CASE(other.pk), "label": words}


def publication(staff: Staff, case: Case) -> dict[str, Any]:
    """Whether others may read it."""
    tone, icon, label, text = PUBLICATION[Case.Published(case.publication_state)]
    may = staff.may(Permission.REVIEW_PUBLICATION) and case.publication_state != Case.Published.CLOSED
    url = reverse("desk:review_case", args=[case.pk]) if may else ""
    return {"tone": tone, "icon": icon, "label": label, "text": text, "url": url}
