"""An opinion about a spot."""

from django.utils.translation import gettext_lazy as _

from lyhord.engagement.mechanism import Mechanism


class Pin(Mechanism):
    """Words tied to a place: an address, a street, or a point on a map."""

    slug, order = "pin", 40
    label = _("Åsikt på karta")
    help = _("Invånare säger vad de tycker om en plats. Passar för gator, parker och planer.")
    icon = "pin"
    button = _("Peka ut en plats")
    text_label = _("Vad tycker du om platsen?")
    most_letters = 1000
    asks_place = True
