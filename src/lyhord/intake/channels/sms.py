"""Text messages to the organisation's number: the gateway calls, with the key that it was given."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Mapping
from urllib.parse import parse_qsl

from django.utils.translation import gettext_lazy as _

from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.phone_number import phone_number
from lyhord.core.text import clean_text
from lyhord.intake.arrivals import keep
from lyhord.intake.channel import Answered, Call, Channel
from lyhord.intake.mail.head import Head
from lyhord.notifications.gateway import GATEWAYS, Gateway, Incoming
from lyhord.notifications.models import TextGateway
from lyhord.notifications.text_actions import note_fate
from lyhord.notifications.texts import is_key
from lyhord.organisations.models import Inlet, Organisation

SYSTEM = Actor.system("sms")
FINE = Answered(200)
"""Without words: some gateways send what we answer back to the telephone."""
MOST_FIELDS = 40


class Sms(Channel):
    """What somebody sends by telephone (`intake/text_messages.py`), and how what we sent went."""

    slug = "sms"
    order = 55
    label = _("Sms")
    hooked = True

    def hook(self, *, organisation: Organisation, call: Call) -> Answered:
        """Keep a message, or note a report; 401 for who has no key, 400 for what makes no sense."""
        row = TextGateway.objects.first()
        plugin = GATEWAYS.find(row.gateway) if row else None
        if row is None or plugin is None or not is_key(row, _password(call.headers.get("authorization", ""))):
            return Answered(401, headers=(("WWW-Authenticate", 'Basic realm="sms"'),))
        if call.method != "POST":
            return Answered(405, headers=(("Allow", "POST"),))
        try:
            form = _form(call.body)
            if "rapport" in call.query:
                return _report(plugin, call.query["rapport"], form)
            _keep(organisation, plugin.incoming(form), row.sender)
        except ValueError:
            return Answered(400)
        return FINE


def _report(plugin: Gateway, notice: str, form: Mapping[str, str]) -> Answered:
    if not (notice.isascii() and notice.isdecimal() and len(notice) < 18):
        raise ValueError("no notice")
    remote_id, fate = plugin.fate(form)
    note_fate(notice_id=int(notice), remote_id=remote_id, fate=fate, by=SYSTEM)
    return FINE


def _keep(organisation: Organisation, message: Incoming, number: str) -> None:
    """Before anybody reads it; the same message again is the same arrival."""
    to = _number(message.to) or _number(number)
    inlet = Inlet.objects.filter(organisation=organisation, channel=Inlet.Channel.SMS, address=to).first()
    inlet = inlet or Inlet(organisation=organisation, channel=Inlet.Channel.SMS, address=to)
    sender = _number(message.sender) or clean_text(message.sender, one_line=True)[:60]
    said = {"from": sender, "to": to, "text": clean_text(message.words)[:5000]}
    key = hashlib.sha256(f"sms\0{message.id}".encode()).hexdigest()
    keep(
        inlet=inlet,
        raw=json.dumps(said, ensure_ascii=False).encode(),
        head=Head(key, sender, "", (to,)),
        recipients=[to],
        by=SYSTEM,
    )


def _number(written: str) -> str:
    """As +46701234567; "" for a short number or a name."""
    try:
        return phone_number(written if written.startswith(("+", "0")) else f"+{written}")
    except Invalid:
        return ""


def _password(header: str) -> str:
    """What Basic authentication says behind the name; "" for all else."""
    kind, _blank, said = header.partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return b64decode(said.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _form(body: bytes) -> dict[str, str]:
    """The fields of a form; ValueError for what is none."""
    return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
