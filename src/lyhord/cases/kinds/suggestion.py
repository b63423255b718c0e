"""Förslag: an idea, and the answer says what became of it."""

from django.utils.translation import gettext_lazy as _

from lyhord.cases.kind import ClosingField, Kind
from lyhord.cases.states import State, StateWords


class Suggestion(Kind):
    """An idea about how something could be better; who decides and what was decided count."""

    slug = "forslag"
    order = 40
    label = _("Förslag")
    title = _("Jag har ett förslag")
    help = _("En idé om hur det kan bli bättre")
    icon = "bulb"
    heading = _("Berätta om ditt förslag")
    text_question = _("Vad föreslår du?")
    text_missing = _("Skriv vad du föreslår. En mening räcker.")
    asks_place = True
    asks_photo = True
    answer_days = 10
    state_words = {
        State.RESOLVED: StateWords(_("Genomfört"), _("Genomfört"), "check"),
        State.NOT_RESOLVED: StateWords(_("Blir inte av"), _("Genomförs inte"), "minus", _("Varför blir det inte av?")),
    }
    steps = (
        _("Den som kan bedöma förslaget läser."),
        _("Vi ser vad det kostar och vem som får bestämma."),
        _("Du får veta om det blir av, och varför."),
    )
    closing_fields = (
        ClosingField(
            name="measure",
            label=_("Vad har gjorts?"),
            hint=_("Räknas i uppföljningen av vad invånare har kunnat påverka."),
            missing=_("Skriv vad som har gjorts. En mening räcker."),
            required_in=frozenset({State.RESOLVED}),
        ),
    )
