"""Changes to how an organisation sends text messages, and what a telephone's owner says to that."""

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, Invalid, NotFound, Text
from lyhord.core.http import OutwardError, check_url
from lyhord.core.phone_number import phone_number
from lyhord.core.rows import insert
from lyhord.core.sealed import seal
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.notifications.actions import queue, tell
from lyhord.notifications.contact_actions import contact_for
from lyhord.notifications.gateway import GATEWAYS, Fate
from lyhord.notifications.models import Contact, Notice, NoticeState, SentText, TextGateway
from lyhord.notifications.notices import TextsStarted, TextsStopped, TextTried
from lyhord.notifications.pausing import address_bounced
from lyhord.notifications.texts import KEY, SECRET, new_key
from lyhord.organisations.models import Organisation

SUBJECT = "text_gateway"
SMS = "sms"
MOST_PARTS_A_DAY = 100_000
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{2,10}")
"""A short name in place of a number, as the networks take it: letters and digits, eleven at most, no å ä ö."""
_COUNTRIES = re.compile(r"[1-9]\d{0,2}( [1-9]\d{0,2}){0,19}")


@transaction.atomic
def set_gateway(
    *,
    gateway: str,
    url: str,
    username: str,
    secret: str,
    sender: str,
    countries: str,
    most_a_day: int,
    active: bool,
    by: Actor,
) -> TextGateway:
    """How the organisation's text messages leave; `secret` "" keeps the one there is. Raises Invalid per field."""
    row = TextGateway.objects.select_for_update().first()
    before = _values(row) if row else {}
    row = row or TextGateway(organisation_id=require_organisation_id(), key=seal(new_key(), purpose=KEY))
    row.gateway, row.most_a_day, row.active = gateway, most_a_day, active
    row.url, row.username, row.sender = (clean_text(text, one_line=True) for text in (url, username, sender))
    row.countries = " ".join(countries.replace("+", " ").replace(",", " ").split())
    _check(row)
    if secret.strip():
        row.secret = seal(secret.strip(), purpose=SECRET)
    row.changed_at = now()
    row.save()
    _log("set", row, by, before=before, after=_values(row), new_secret=bool(secret.strip()))
    return row


def _check(row: TextGateway) -> None:
    errors: dict[str, Text] = {}
    plugin = GATEWAYS.find(row.gateway)
    if plugin is None:
        errors["gateway"] = _("Välj något i listan.")
    else:
        row.url = row.url or plugin.url
        try:
            check_url(row.url)
        except OutwardError as error:
            errors["url"] = error.message
    if not _NAME.fullmatch(row.sender):
        try:
            row.sender = phone_number(row.sender, field="sender")
        except Invalid:
            errors["sender"] = _("Skriv numret, eller ett namn med 3 till 11 bokstäver och siffror utan å, ä och ö.")
    if not _COUNTRIES.fullmatch(row.countries):
        errors["countries"] = _("Skriv landsnummer med mellanrum, till exempel 46 47 358.")
    if not 1 <= row.most_a_day <= MOST_PARTS_A_DAY:
        errors["most_a_day"] = _("Skriv ett tal mellan 1 och 100000.")
    if errors:
        raise Invalid(errors)


@transaction.atomic
def renew_key(*, by: Actor) -> TextGateway:
    """A new key for the gateway's calls to us; the old one holds no longer."""
    row = TextGateway.objects.select_for_update().first()
    if row is None:
        raise NotFound
    row.key, row.changed_at = seal(new_key(), purpose=KEY), now()
    row.save(update_fields=["key", "changed_at"])
    _log("key_renewed", row, by)
    return row


@transaction.atomic
def try_gateway(*, number: str, by: Actor) -> Notice:
    """Send a text message to somebody who wants to see that it works. Conflict when nothing is set up."""
    row = TextGateway.objects.first()
    if row is None:
        raise Conflict(_("Spara inställningarna först."))
    address = phone_number(number, field="number")
    organisation = Organisation.objects.get(pk=row.organisation_id)
    notice = queue(
        TextTried(organisation=organisation, language=organisation.own_language), address=address, sender=SMS
    )
    _log("tried", row, by)
    return notice


@transaction.atomic(savepoint=False)
def note_sent(*, notice_id: int, remote_id: str, parts: int, by: Actor) -> None:
    """A gateway has taken a message; how it went is told later."""
    row = SentText(
        organisation_id=require_organisation_id(), notice_id=notice_id, remote_id=remote_id, parts=parts, at=now()
    )
    insert(row)


@transaction.atomic
def note_fate(*, notice_id: int, remote_id: str, fate: Fate, by: Actor) -> bool:
    """How a message of ours went, told by the gateway; False for one that is not ours. Twice is once.

    One that was lost pauses the number, as a mail that comes back does: until its owner writes, or asks.
    """
    notice = Notice.objects.filter(pk=notice_id, sender=SMS).first()
    if notice is None:
        return False
    if fate is Fate.DELIVERED:
        SentText.objects.filter(notice=notice, remote_id=remote_id, delivered_at=None).update(delivered_at=now())
    elif fate is Fate.LOST:
        reason = _("Operatören kunde inte lämna fram sms:et.")
        address_bounced(address=notice.address, sender=SMS, notice_id=notice.pk, reason=reason, by=by)
    return True


@transaction.atomic
def stop_texts(*, address: str, language: str, by: Actor) -> bool:
    """The number's owner wants no text messages at all, from now on; told so once. False when that was so already."""
    contact = _contact(address, language)
    if contact.stopped_at is not None:
        return False
    contact.stopped_at = now()
    contact.save(update_fields=["stopped_at"])
    waiting = Notice.objects.filter(contact=contact, state__in=[NoticeState.QUEUED, NoticeState.HELD])
    waiting.update(state=NoticeState.CANCELLED, next_try_at=None, body="", link="", stop_link="")
    record(verb="contact.stopped", subject_type="contact", subject_id=contact.pk, by=by, data={"sender": SMS}, level=1)
    tell(TextsStopped(organisation=_organisation(), contact=contact), contact=contact)
    return True


@transaction.atomic
def start_texts(*, address: str, language: str, by: Actor) -> bool:
    """The number's owner may be reached again; False when nobody had said otherwise."""
    contact = _contact(address, language)
    if contact.stopped_at is None:
        return False
    contact.stopped_at = None
    contact.save(update_fields=["stopped_at"])
    record(verb="contact.started", subject_type="contact", subject_id=contact.pk, by=by, data={"sender": SMS}, level=1)
    tell(TextsStarted(organisation=_organisation(), contact=contact), contact=contact)
    return True


def _contact(address: str, language: str) -> Contact:
    found = contact_for(sender=SMS, address=address, language=language)
    return Contact.objects.select_for_update().get(pk=found.pk)


def _organisation() -> Organisation:
    return Organisation.objects.get(pk=require_organisation_id())


def _values(row: TextGateway) -> dict[str, Any]:
    names = ("gateway", "url", "username", "sender", "countries", "most_a_day", "active")
    return {name: getattr(row, name) for name in names}


def _log(verb: str, row: TextGateway, by: Actor, **data: Any) -> None:
    record(verb=f"text_gateway.{verb}", subject_type=SUBJECT, subject_id=row.pk, by=by, data=data, level=3)
