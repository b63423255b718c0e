"""Felanmälan: something is broken, and the answer is that it is mended."""

from django.utils.translation import gettext_lazy as _

from lyhord.cases.kind import Kind


class Fault(Kind):
    """A fault in something the municipality looks after; the measure is what counts."""

    slug = "felanmalan"
    order = 10
    label = _("Felanmälan")
    title = _("Något är trasigt")
    help = _("Lampor, hål i gatan, klotter, lekplatser. Ta en bild och skicka.")
    icon = "wrench"
    heading = _("Berätta vad som är trasigt")
    lead = _("En bild eller en mening räcker. Resten hjälper oss att hitta snabbare.")
    text_question = _("Vad är det som är fel?")
    text_hint = _("En mening räcker, eller bara bilden. Skriv inte känsliga uppgifter om dig själv eller andra.")
    text_missing = _("Skriv vad som är fel, eller ta en bild. En mening räcker.")
    asks_place = True
    asks_photo = photo_suffices = True
    answer_days = 5
    steps = (
        _("Den som har hand om det läser."),
        _("Du får veta vad vi tänker göra."),
        _("Vi lagar det och säger till. Då kan du säga om det blev bra."),
    )
