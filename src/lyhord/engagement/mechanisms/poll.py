"""A question with answers to choose from."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text
from lyhord.engagement.mechanism import Choice, Mechanism, Setting

FEWEST, MOST, LONGEST = 2, 10, 100


class Poll(Mechanism):
    """One answer from each device."""

    slug, order = "poll", 20
    label = _("Omröstning")
    help = _(
        "En fråga med svar att välja bland. Ett svar från varje telefon eller dator. Rådgivande: nämnden beslutar."
    )
    icon = "check"
    button = _("Rösta")
    by_choice = True
    settings = (Setting("options", _("Svar att välja bland"), _("Ett på varje rad, från två till tio."), lines=True),)

    def choices(self, given: Mapping[str, Any]) -> Sequence[Choice]:
        return tuple(Choice(str(number), label) for number, label in enumerate(given.get("options", ()), 1))

    def read_settings(self, written: Mapping[str, str]) -> dict[str, Any]:
        lines = [clean_text(line, one_line=True) for line in written.get("options", "").split("\n")]
        options = [line for line in lines if line]
        if not FEWEST <= len(options) <= MOST:
            raise Invalid({"options": _("Skriv från två till tio svar, ett på varje rad.")})
        if len({option.casefold() for option in options}) < len(options):
            raise Invalid({"options": _("Två av svaren är lika.")})
        if any(len(option) > LONGEST for option in options):
            raise Invalid({"options": _("Ett svar får vara högst 100 tecken.")})
        return {"options": options}

    def written(self, given: Mapping[str, Any]) -> dict[str, str]:
        return {"options": "\n".join(given.get("options", ()))}
