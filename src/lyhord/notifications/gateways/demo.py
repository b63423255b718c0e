"""No gateway at all: the demo's text messages are read on its page of what would have left."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from lyhord.core.http import Answer
from lyhord.notifications.gateway import Credentials, Fate, Gateway, Incoming, Question, Text


class Demo(Gateway):
    """Calls nobody."""

    slug = "demo"
    label = _("Ingen: skicka inte på riktigt")
    order = 900
    url = "https://sms.invalid/"

    def question(self, text: Text, who: Credentials) -> Question | None:
        """There is none."""
        return None

    def sent(self, answer: Answer) -> str:
        """Never asked."""
        return ""

    def incoming(self, form: Mapping[str, str]) -> Incoming:
        """Nobody calls."""
        raise ValueError("nobody calls")

    def fate(self, form: Mapping[str, str]) -> tuple[str, Fate]:
        """Nobody calls."""
        raise ValueError("nobody calls")
