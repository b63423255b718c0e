"""Beröm: something is good, and whoever did it should hear it."""

from django.utils.translation import gettext_lazy as _

from lyhord.cases.kind import Kind
from lyhord.cases.states import State, StateWords


class Praise(Kind):
    """Praise for a person, a place or a service; a thank-you closes it."""

    slug = "berom"
    order = 30
    label = _("Beröm")
    title = _("Något är bra")
    help = _("Beröm till en person eller plats")
    icon = "heart"
    heading = _("Berätta vad som är bra")
    text_question = _("Vad är det som är bra?")
    text_missing = _("Skriv vad som är bra. En mening räcker.")
    asks_place = False
    asks_photo = True
    asks_outcome = False
    answer_days = 10
    # Nothing is planned, refused or left unsolved about praise; it is passed on.
    states = frozenset({State.RECEIVED, State.ASSIGNED, State.IN_PROGRESS, State.RESOLVED, State.DUPLICATE})
    state_words = {State.RESOLVED: StateWords(_("Framfört"), _("Framfört"), "heart")}
    steps = (
        _("Vi läser och ser vem det gäller."),
        _("Den det gäller får höra det."),
    )
    default_messages = {
        **Kind.default_messages,
        State.RESOLVED: _("Tack för att du berättade. Vi har framfört det till dem det gäller."),
    }
