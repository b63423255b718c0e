"""A question to whoever handles the matter: a case, answered at the desk."""

from django.utils.translation import gettext_lazy as _

from lyhord.engagement.mechanism import Mechanism


class Question(Mechanism):
    """Becomes a case with a number and a code; the question may be shown with its answer."""

    slug, order = "question", 30
    label = _("Fråga till handläggaren")
    help = _("Frågan blir ett ärende som enheten svarar på. Du kan visa frågan och svaret för alla.")
    icon = "quest"
    button = _("Ställ en fråga")
    text_label = _("Vad undrar du?")
    becomes_case = True
