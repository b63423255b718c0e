"""The log: who did what, and when."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from lyhord.accounts.models import Membership
from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff, StaffRequest, requires
from lyhord.audit.models import Event
from lyhord.audit.queries import LogFilter, log_page
from lyhord.cases.models import Case
from lyhord.www.manage.frame import page
from lyhord.www.manage.log_words import FIELDS, OTHER_SUBJECTS, SUBJECTS, VERBS

_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)
_LONGEST = 300
_SAID = (
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


class LogForm(forms.Form):
    """What to show. Nonsense shows everything rather than an error."""

    vad = forms.ChoiceField(label=gettext_lazy("Vad"), required=False)
    vem = forms.ChoiceField(label=gettext_lazy("Vem"), required=False)
    fran = forms.DateField(label=gettext_lazy("Från"), required=False, widget=forms.DateInput({"type": "date"}))
    till = forms.DateField(label=gettext_lazy("Till"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        groups = [
            (
                str(label),
                [(subject, _("%(subject)s: allt") % {"subject": label})]
                + [(verb, str(words)) for verb, words in VERBS.items() if subject_of(verb) == subject],
            )
            for subject, label in SUBJECTS.items()
        ]
        members = Membership.objects.select_related("user").order_by("sort_key")[:1000]
        people = [(str(member.user_id), member.user.full_name) for member in members]
        self.fields["vad"].choices = [("", _("Allt")), *groups]  # type: ignore[attr-defined]  # a choice field
        self.fields["vem"].choices = [("", _("Alla")), *people]  # type: ignore[attr-defined]  # a choice field


def subject_of(verb: str) -> str:
    """What a verb is about: nearly always the word before the dot."""
    return OTHER_SUBJECTS.get(verb, verb.partition(".")[0])


@require_GET
@requires(Permission.SEE_LOG)
def log(request: StaffRequest) -> HttpResponse:
    """The log, newest first, by what, who and when."""
    form = LogForm(request.GET)
    form.is_valid()
    wanted = _filter(form.cleaned_data)
    found = log_page(wanted, request.GET.get("efter", ""))
    kept = {name: request.GET.get(name, "") for name in ("vad", "vem", "fran", "till")}
    query = urlencode({name: value for name, value in kept.items() if value})
    context = {
        "form": form,
        "rows": _rows(request.staff, found.events),
        "page": {"next_url": f"?{query}&{urlencode({'efter': found.next})}" if found.next else ""},
        "filtered": bool(query),
    }
    return page(request, "log", "logg", context)


def _filter(given: dict[str, Any]) -> LogFilter:
    what = given.get("vad", "")
    days = [given.get(name) for name in ("fran", "till")]
    first, last = (day if day and _FIRST <= day <= _LAST else None for day in days)
    return LogFilter(
        subject_type=subject_of(what) if "." in what else what,
        verb=what if "." in what else "",
        person_id=int(given["vem"]) if given.get("vem") else None,
        first_day=first,
        last_day=last,
    )


def _rows(staff: Staff, events: list[Event]) -> list[dict[str, Any]]:
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
        return event.actor_label
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
