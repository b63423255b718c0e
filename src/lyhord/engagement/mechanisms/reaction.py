"""One press: what one feels about it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lyhord.engagement.mechanism import Choice, Mechanism


class Reaction(Mechanism):
    """Good, unsure, not good."""

    slug, order = "reaction", 10
    label = _("Reaktion")
    help = _("Ett tryck: bra, osäker eller inte bra. Passar tidigt, när du vill veta hur ett förslag tas emot.")
    icon = "heart"
    button = _("Säg vad du tycker")
    by_choice = True

    def choices(self, given: Mapping[str, Any]) -> Sequence[Choice]:
        return (
            Choice("good", _("Det är bra")),
            Choice("unsure", _("Jag är osäker")),
            Choice("bad", _("Det är inte bra")),
        )
