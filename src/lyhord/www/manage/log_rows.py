"""Events of the log as rows for people: who, what, about whom, and what it was before."""

from typing import Any

from django.utils.translation import gettext as _

from lyhord.accounts.models import Membership
from lyhord.accounts.staff import Staff
from lyhord.audit.models import Event
from lyhord.cases.models import Case
from lyhord.www.manage.log_words import FIELDS, VERBS

_LONGEST = 300
_SAID = (
    "issuer",
    "subject",
    "error",
    "group",
    "member",
    "code",
    "number",
    "to",
    "note",
    "reason",
    "count",
    "cases",
    "withdrawn",
    "added",
    "removed",
    "kept",
)


def log_rows(staff: Staff, events: list[Event]) -> list[dict[str, Any]]:
    """Events as rows. Of a case only its number, and only to who may see it: what was said belongs to its own page."""
    case_ids = {event.subject_id for event in events if event.subject_type == "case"}
    member_ids = {event.subject_id for event in events if event.subject_type == "member"}
    names = dict(Membership.objects.filter(pk__in=member_ids).values_list("pk", "user__full_name"))
    numbers = dict(Case.objects.visible_to(staff).filter(pk__in=case_ids).values_list("pk", "number"))
    return [
        {
            "at": event.at,
            "who": _who(event),
            "what": VERBS.get(event.verb, event.verb),
            "case_id": event.subject_id if event.subject_id in numbers and event.subject_type == "case" else None,
            "case_number": numbers.get(event.subject_id, "") if event.subject_type == "case" else "",
            "secret": event.subject_type == "case" and event.subject_id not in numbers,
            "about": names.get(event.subject_id, "") if event.subject_type == "member" else "",
            "details": [] if event.subject_type == "case" else _details(event.data),
        }
        for event in events
    ]


def _who(event: Event) -> str:
    if event.actor_kind == "resident":
        return _("Invånare")
    if event.actor_kind == "person":
        return event.person
    return _("Systemet (%(part)s)") % {"part": event.actor_label}


def _details(data: dict[str, Any]) -> list[str]:
    """What a change of settings was about: what it was and what it became, and the words that belong to it."""
    lines = []
    before, after = data.get("before"), data.get("after")
    if isinstance(after, dict):
        old = before if isinstance(before, dict) else {}
        for name, value in after.items():
            if old.get(name) != value:
                was = f"{_said(old[name])} → " if name in old else ""
                lines.append(f"{FIELDS.get(name, name)}: {was}{_said(value)}")
    lines += [_said(data[name]) for name in _SAID if data.get(name) not in (None, "", [], ())]
    return [line[:_LONGEST] for line in lines]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, list):
        return ", ".join(str(part) for part in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_said(part)}" for name, part in value.items()) or "–"
    return str(value) if value not in (None, "") else "–"
