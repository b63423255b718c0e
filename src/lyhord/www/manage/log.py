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
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.audit.queries import LogFilter, log_page
from lyhord.core.forms import PlainForm
from lyhord.www.manage.frame import page
from lyhord.www.manage.log_rows import log_rows
from lyhord.www.manage.log_words import OTHER_SUBJECTS, SUBJECTS, VERBS

_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


class LogForm(PlainForm):
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
        "rows": log_rows(request.staff, found.events),
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
