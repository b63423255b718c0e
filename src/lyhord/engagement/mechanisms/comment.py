"""A few words about the matter."""

from django.utils.translation import gettext_lazy as _

from lyhord.engagement.mechanism import Mechanism


class Comment(Mechanism):
    """Without name or form: the shortest way to say something in words."""

    slug, order = "comment", 25
    label = _("Kommentar")
    help = _("Några ord om ärendet, utan namn. Andra kan hålla med. Passar när som helst.")
    icon = "say"
    button = _("Skriv en kommentar")
    text_label = _("Vad tycker du?")
    most_letters = 1000
    supported = True
