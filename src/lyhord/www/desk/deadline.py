"""How long is left, in words and with a tone that the template turns into colour and icon."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lyhord.cases.lateness import Waits, due
from lyhord.cases.states import NEEDS_DATE, State
from lyhord.core.clock import local, now
from lyhord.www.templatetags.look import clock_text


@dataclass(frozen=True, slots=True)
class Deadline:
    """`tone` is over, late, calm or good; the words say it without the colour."""

    text: str
    tone: str
    icon: str

    @property
    def chip(self) -> dict[str, str]:
        """As the templates take it."""
        return {"tone": self.tone, "icon": self.icon, "label": self.text}


def deadline_of(case: Waits) -> Deadline:
    """ "1 dag sen", "I dag före 17.00", "3 dagar kvar", "Till 8 december", or that nobody waits for us."""
    if not case.open:
        return Deadline(_("Avslutat"), "good", "check")
    moment = due(case)
    if moment is None:
        if case.waiting_since is not None:
            return Deadline(_("Ingen tid satt"), "calm", "clock")
        return Deadline(_("Ingen väntar på oss"), "calm", "check")
    here, there = local(now()), local(moment)
    plan = case.state_until if State(case.state) in NEEDS_DATE else None
    by_plan = plan is not None and there.date() > plan
    days = ((plan if plan and by_plan else there.date()) - here.date()).days
    if here > there:
        words = ngettext("%(days)s dag sen", "%(days)s dagar sen", -days) % {"days": -days}
        return Deadline(
            words if days else _("Sen sedan klockan %(time)s") % {"time": clock_text(there)}, "over", "warn"
        )
    if plan and by_plan:
        return Deadline(_("Till %(day)s") % {"day": date_format(plan, "j F")}, "calm", "pause")
    if days == 0:
        return Deadline(_("I dag före %(time)s") % {"time": clock_text(there)}, "late", "clock")
    left = ngettext("%(days)s dag kvar", "%(days)s dagar kvar", days) % {"days": days}
    return Deadline(left, "late" if days == 1 else "calm", "clock")
