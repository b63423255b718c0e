"""An idea that others can support."""

from django.utils.translation import gettext_lazy as _

from lyhord.engagement.mechanism import Mechanism


class Idea(Mechanism):
    """Shown when somebody has read it; then anybody can support it by one press."""

    slug, order = "idea", 50
    label = _("Idé med stöd")
    help = _("Invånare lämnar idéer, och andra stöder dem med ett tryck. Passar innan något är bestämt.")
    icon = "bulb"
    button = _("Lämna en idé")
    text_label = _("Vad är din idé?")
    most_letters = 1000
    supported = True
