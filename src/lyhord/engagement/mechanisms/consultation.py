"""An answer in a consultation (samråd, granskning, remiss)."""

from django.utils.translation import gettext_lazy as _

from lyhord.engagement.mechanism import Mechanism


class Consultation(Mechanism):
    """Formal: with a name, and logged in where the officer asks for it."""

    slug, order = "consultation", 60
    label = _("Svar i samråd")
    help = _(
        "Skriftliga synpunkter i ett samråd, en granskning eller en remiss. De lämnas till diariet som en handling."
    )
    icon = "doc"
    button = _("Svara på förslaget")
    text_label = _("Vad tycker du om förslaget?")
    most_letters = 10_000
    asks_who = True
    may_be_formal = True
