"""The address that papers are mailed to, one for each source that takes mail, and whose mail counts there.

Nobody can guess it: it ends in a signature. A mail counts when its sender is on the source's list and is really that
one: the receiving server says so, or the mail came to the source's secret address, which only they have been told.
"""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.core.signed import PATTERN, genuine, sign
from lyhord.matters.models import Source
from lyhord.matters.source import SOURCES
from lyhord.organisations.models import Inlet
from lyhord.organisations.queries import answer_address

_OPEN, _SECRET = "mailbox", "secret mailbox"
_TOKEN = re.compile(rf"(?:[^+@]+\+)?handling(\d{{1,12}})-({PATTERN})@.+", re.IGNORECASE)

REFUSALS: dict[str, Promise] = {
    "address": _("Adressen gäller inte längre, eller är fel avskriven."),
    "automatic": _("Ett automatiskt svar."),
    "spam": _("Mejlservern tror att det är skräp."),
    "loop": _("Har gått runt mellan många servrar."),
    "sender": _("Avsändaren står inte på listan."),
    "unproven": _("Mejlservern har inte intygat att det verkligen är avsändaren."),
    "empty": _("Det fanns ingen fil och ingen länk till en fil i mejlet."),
}


@dataclass(frozen=True, slots=True)
class Box:
    """The source that an address is for. `genuine`: it is one that we have given out; `secret`: which of the two."""

    source: Source
    genuine: bool
    secret: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What is known of a mail before it counts."""

    sender: str
    vouched: bool
    """The receiving server says that it is from there."""
    refused: str = ""
    """What else speaks against it: "automatic", "spam" or "loop"."""
    brings: bool = True
    """Whether there is a file in it, or a link to one."""


def addresses_of(source: Source) -> tuple[str, str]:
    """The address for those whom the mail server vouches for, and the secret one; "" where no mail is taken in."""
    mailbox = answer_address(source.organisation_id, Inlet.Channel.EMAIL)
    local, _at, domain = mailbox.partition("@")
    if not mailbox:
        return "", ""
    signed = (sign(purpose, *_about(source)) for purpose in (_OPEN, _SECRET))
    usual, secret = (f"{local}+handling{source.pk}-{one}@{domain}" for one in signed)
    return usual, secret


def box_of(address: str) -> Box | None:
    """The source of this organisation that an address looks like it is for."""
    found = _TOKEN.fullmatch(address)
    source = Source.objects.filter(pk=int(found[1])).first() if found else None
    if found is None or source is None or not takes_mail(source):
        return None
    secret = genuine(found[2], _SECRET, *_about(source))
    return Box(source, secret or genuine(found[2], _OPEN, *_about(source)), secret)


def takes_mail(source: Source) -> bool:
    """Whether its kind is one that papers are mailed to."""
    plugin = SOURCES.find(source.kind)
    return plugin is not None and plugin.by_mail


def refusal(box: Box, claims: Claims) -> str:
    """Why a mail does not count, a key of REFUSALS; "" when it does."""
    if not box.genuine:
        return "address"
    if claims.refused:
        return claims.refused
    if not _is_listed(claims.sender, box.source.config.get("senders", "")):
        return "sender"
    if not claims.vouched and not box.secret:
        return "unproven"
    return "" if claims.brings else "empty"


def _is_listed(sender: str, senders: str) -> bool:
    """Whether it, or everybody at its domain, is on the list."""
    listed = {one.lower() for one in re.split(r"[\s,;]+", senders) if one}
    return bool(sender) and (sender.lower() in listed or f"@{sender.rpartition('@')[2].lower()}" in listed)


def _about(source: Source) -> tuple[str, str, str]:
    return str(source.organisation_id), str(source.pk), source.config.get("word", "")
