"""Klagomål: somebody is not content, and the answer says what will be better."""

from django.utils.translation import gettext_lazy as _

from lyhord.cases.kind import ClosingField, Kind
from lyhord.cases.states import State, StateWords


class Complaint(Kind):
    """A complaint about something the municipality does; the answer and the lesson learnt count."""

    slug = "klagomal"
    order = 20
    label = _("Klagomål")
    title = _("Jag är inte nöjd")
    help = _("Klagomål på något vi gör")
    icon = "say"
    heading = _("Berätta vad du inte är nöjd med")
    text_question = _("Vad har hänt?")
    text_missing = _("Skriv vad du inte är nöjd med. En mening räcker.")
    asks_place = False
    asks_photo = True
    answer_days = 10
    state_words = {
        State.RESOLVED: StateWords(_("Vi ändrar något"), _("Ledde till åtgärd"), "check"),
        State.NOT_RESOLVED: StateWords(_("Besvarad"), _("Besvarad utan åtgärd"), "minus", _("Varför ändrar vi inget?")),
    }
    steps = (
        _("Den som ansvarar för verksamheten läser."),
        _("Vi tar reda på vad som hände."),
        _("Du får svar, och vi säger vad vi ändrar eller varför vi inte gör det."),
    )
    closing_fields = (
        ClosingField(
            name="measure",
            label=_("Vad ändrar vi?"),
            hint=_("Räknas i uppföljningen och visas om ärendet publiceras. Skriv inget om enskilda personer."),
            missing=_("Skriv vad ni ändrar. En mening räcker."),
            required_in=frozenset({State.RESOLVED}),
        ),
    )
