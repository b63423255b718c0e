"""Fråga: somebody wants to know something, and the answer is the answer."""

from django.utils.translation import gettext_lazy as _

from lyhord.cases.kind import Kind
from lyhord.cases.states import State, StateWords


class Question(Kind):
    """A question; the contact centre answers most of them the same day."""

    slug = "fraga"
    order = 50
    label = _("Fråga")
    title = _("Jag har en fråga")
    help = _("Vi svarar, ofta samma dag")
    icon = "quest"
    heading = _("Vad vill du veta?")
    text_question = _("Vad undrar du?")
    text_missing = _("Skriv vad du undrar. En mening räcker.")
    asks_place = False
    asks_photo = False
    answer_days = 2
    states = frozenset(State) - {State.PLANNED}
    state_words = {
        State.RESOLVED: StateWords(_("Besvarad"), _("Besvarad"), "check"),
        State.NOT_RESOLVED: StateWords(
            _("Vi kunde inte svara"), _("Kunde inte besvaras"), "minus", _("Varför kan vi inte svara?")
        ),
    }
    steps = (
        _("Kundcenter läser."),
        _("Du får svar, eller veta vem som tar reda på det."),
    )
