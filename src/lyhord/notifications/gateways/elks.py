"""46elks, and others that speak as it does: forms in, JSON out, Basic authentication both ways."""

import json
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from lyhord.core.http import Answer
from lyhord.core.text import clean_text
from lyhord.notifications.gateway import Credentials, Fate, Gateway, Incoming, Question, Text
from lyhord.notifications.sender import SenderError

_LATER = {402, 408, 425, 429}  # money that has run out comes back; what we wrote may be right all the same
_OURS = {401, 403, 404}  # our account or its address: no fault of the message, and somebody may mend it
_NO_NUMBER = ("invalid to", "to number", "recipient")
_FATES = {"created": Fate.ON_ITS_WAY, "sent": Fate.ON_ITS_WAY, "delivered": Fate.DELIVERED, "failed": Fate.LOST}


class Elks(Gateway):
    """POST /a1/sms: from, to, message, whendelivered; its own calls come as forms too."""

    slug = "46elks"
    label = _("46elks, eller en tjänst som talar likadant")
    order = 10
    url = "https://api.46elks.com/a1/sms"

    def question(self, text: Text, who: Credentials) -> Question:
        """The form, and who we are."""
        given = {"from": text.sender, "to": text.number, "message": text.words}
        if text.report_url:
            given["whendelivered"] = text.report_url
        login = b64encode(f"{who.username}:{who.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/x-www-form-urlencoded"}
        return Question(url=who.url, headers=headers, content=urlencode(given).encode())

    def sent(self, answer: Answer) -> str:
        """The id; a refusal is final but for what may pass."""
        said = answer.body.decode("utf-8", "replace")
        if answer.fine:
            return _id_in(said)
        reason = clean_text(said, one_line=True)[:120]
        passing = answer.status >= 500 or answer.status in _LATER | _OURS
        bad_number = not passing and any(words in reason.lower() for words in _NO_NUMBER)
        raise SenderError(f"{answer.status} {reason}", permanent=not passing, bounced=bad_number)

    def incoming(self, form: Mapping[str, str]) -> Incoming:
        """id, from, to, message."""
        name, sender = form.get("id", "").strip(), form.get("from", "").strip()
        if not name or not sender or form.get("direction", "incoming") != "incoming":
            raise ValueError("no message came in")
        return Incoming(id=name[:200], sender=sender[:60], to=form.get("to", "")[:60], words=form.get("message", ""))

    def fate(self, form: Mapping[str, str]) -> tuple[str, Fate]:
        """id and status."""
        name, status = form.get("id", "").strip(), form.get("status", "").strip().lower()
        if not name or status not in _FATES:
            raise ValueError("no report")
        return name[:200], _FATES[status]


def _id_in(said: str) -> str:
    """A yes without an id is a yes: the message has left, and sending it again would send it twice."""
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return ""
    return str(found.get("id", ""))[:200] if isinstance(found, dict) else ""
