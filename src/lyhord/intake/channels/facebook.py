"""Facebook: the form come to from the organisation's page there, and messages that people write to the page."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lyhord.core.actor import Actor
from lyhord.core.text import clean_text
from lyhord.intake.arrivals import keep
from lyhord.intake.channel import Answered, Call, Channel
from lyhord.intake.facebook_page import is_signed, is_token
from lyhord.intake.mail.head import Head
from lyhord.intake.models import FacebookPage
from lyhord.organisations.models import Inlet, Organisation

SYSTEM = Actor.system("facebook")
FINE = Answered(200, "EVENT_RECEIVED")
MOST = 1000
"""Messages in one call, by Facebook's own word."""


class Facebook(Channel):
    """Facebook calls /in/facebook/krok/, signed with the app's secret; each message is kept before it is read.

    A message becomes a draft (`intake/page_messages.py`): staff say whether it is a case.
    """

    slug = "facebook"
    order = 16
    label = _("Facebook")
    hooked = True
    most_bytes = 2_000_000

    def hook(self, *, organisation: Organisation, call: Call) -> Answered:
        """The address is confirmed, or messages come. 403 for who cannot show that it is Facebook, 400 for nonsense."""
        row = FacebookPage.objects.first()
        if row is None or not row.active:
            return Answered(403)
        if call.method == "GET":
            knows = call.query.get("hub.mode") == "subscribe" and is_token(row, call.query.get("hub.verify_token", ""))
            return Answered(200, call.query.get("hub.challenge", "")[:200]) if knows else Answered(403)
        if not is_signed(row, call.body, call.headers.get("x-hub-signature-256", "")):
            return Answered(403)
        try:
            given = json.loads(call.body)
        except (ValueError, RecursionError):
            return Answered(400)
        for said in _messages(given, row.page_id):
            _keep(organisation, row.page_id, said)
        return FINE


@dataclass(frozen=True, slots=True)
class Said:
    """One message to the page."""

    id: str
    sender: str
    """Who wrote, by the number that Facebook gives them on this page; it is no address."""
    text: str
    attachments: int


def _messages(given: object, page_id: str) -> Iterator[Said]:
    """What people have written to the page in one call; what the page itself says, and all else, is passed over."""
    if not isinstance(given, dict) or given.get("object") != "page":
        return
    found = [
        event
        for entry in _dicts(given.get("entry"))
        if str(entry.get("id", "")) == page_id
        for event in _dicts(entry.get("messaging"))
    ]
    for event in found[:MOST]:
        message, sender = event.get("message"), event.get("sender")
        if not isinstance(message, dict) or not isinstance(sender, dict) or message.get("is_echo"):
            continue
        said = Said(
            id=str(message.get("mid") or ""),
            sender=clean_text(str(sender.get("id") or ""), one_line=True)[:100],
            text=clean_text(str(message.get("text") or ""))[:5000],
            attachments=len(_dicts(message.get("attachments"))),
        )
        if said.id and said.sender and (said.text or said.attachments):
            yield said


def _dicts(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _keep(organisation: Organisation, page_id: str, said: Said) -> None:
    """Before anybody reads it; the same message again is the same arrival."""
    raw = {"from": said.sender, "text": said.text, "attachments": said.attachments}
    key = hashlib.sha256(f"facebook\0{page_id}\0{said.id}".encode()).hexdigest()
    keep(
        inlet=Inlet(organisation=organisation, channel="facebook", address=page_id),
        raw=json.dumps(raw, ensure_ascii=False).encode(),
        head=Head(key, said.sender, "", (page_id,)),
        recipients=[page_id],
        by=SYSTEM,
    )
