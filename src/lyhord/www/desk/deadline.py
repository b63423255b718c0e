"""How long is left, in words and with a tone that the template turns into colour and icon."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lyhord.cases.models import Case
from lyhord.cases.states import NEEDS_DATE, State
from lyhord.core.clock import local, now


@dataclass(frozen=True, slots=True)
class Deadline:
    """`tone` is over, late, calm or done; the words say it without the colour."""

    text: str
    tone: str
    icon: str

    @property
    def chip(self) -> dict[str, str]:
        """As the templates take it."""
        return {"tone": self.tone, "icon": self.icon, "label": self.text}


def deadline_of(case: Case) -> Deadline:
    """ "1 dag sen", "I dag före 17", "3 dagar kvar", or that nobody waits for us."""
    state = State(case.state)
    if not case.open:
        return Deadline(_("Avslutat"), "good", "check")
    if state in NEEDS_DATE and case.state_until and case.waiting_since is None:
        day = date_format(case.state_until, "j F")
        return Deadline(_("Till %(day)s") % {"day": day}, "calm", "pause")
    if case.waiting_since is None:
        return Deadline(_("Ingen väntar på oss"), "calm", "check")
    if case.answer_by is None:
        return Deadline(_("Ingen tid satt"), "calm", "clock")
    here, due = local(now()), local(case.answer_by)
    days = (due.date() - here.date()).days
    if here > due:
        late = max(1, -days)
        return Deadline(ngettext("%(days)s dag sen", "%(days)s dagar sen", late) % {"days": late}, "over", "warn")
    if days == 0:
        return Deadline(_("I dag före %(hour)s") % {"hour": f"{due:%H}"}, "late", "clock")
    left = ngettext("%(days)s dag kvar", "%(days)s dagar kvar", days) % {"days": days}
    return Deadline(left, "late" if days == 1 else "calm", "clock")
