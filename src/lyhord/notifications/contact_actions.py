"""Changes to contacts: there is one, it is its owner's, its owner wants it otherwise."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.rows import insert_or_read
from lyhord.core.tenancy import require_organisation_id
from lyhord.notifications.actions import tell
from lyhord.notifications.gathering import gather_now
from lyhord.notifications.models import Contact, Rhythm
from lyhord.notifications.notices import AddressWorks
from lyhord.notifications.sender import SENDERS
from lyhord.organisations.models import Organisation


def contact_for(*, sender: str, address: str, language: str, renew: bool = False) -> Contact:
    """The contact of an address, made when it is new; Invalid, for the field "address", when it can be none.

    That there is one says nothing yet: it is told of nothing until something is tied to it. With `renew` one that
    was there is spoken to in that language from now on: its owner has just written to us in it.
    """
    plugin = SENDERS.find(sender)
    if plugin is None:
        raise Invalid({"address": _("Välj hur du vill få svar.")})
    contact = Contact(
        organisation_id=require_organisation_id(),
        sender=sender,
        address=plugin.clean(address),
        language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        created_at=now(),
        quiet=plugin.quiet,
        news_rhythm=plugin.news_rhythm,
        news_gathered_at=now(),
        verified_at=now() if plugin.proof == "none" else None,
    )
    wanted = contact.language
    is_new = insert_or_read(contact, equal_by=("organisation_id", "sender", "address"))
    if not is_new and renew and contact.language != wanted:
        contact.language = wanted
        contact.save(update_fields=["language"])
    return contact


@transaction.atomic
def verify(*, contact_id: int, by: Actor) -> Contact:
    """Its owner has shown that the address is theirs and that it works; what was held meanwhile is told now."""
    contact = _locked(contact_id)
    was_paused = contact.paused_at is not None
    if contact.verified_at is None or was_paused:
        contact.verified_at = now()
        contact.paused_at, contact.pause_reason = None, ""
        contact.save(update_fields=["verified_at", "paused_at", "pause_reason"])
        _log("verified", contact, by)
    if was_paused:
        gather_now(contact.pk)
    return contact


@transaction.atomic
def ask_again(*, contact_id: int, by: Actor) -> None:
    """Ask a paused address whether it works again; once a day at most, and nothing of an address that is not paused."""
    contact = _locked(contact_id)
    if contact.paused_at is not None:
        organisation = Organisation.objects.get(pk=contact.organisation_id)
        tell(AddressWorks(organisation=organisation, contact=contact), contact=contact)


@transaction.atomic
def change_contact(
    *, contact_id: int, rhythm: str, quiet: bool, language: str, by: Actor, news_rhythm: str | None = None
) -> Contact:
    """How often, whether at night, in which language. Back to "at once" tells what had been kept.

    Without `news_rhythm`, what one only follows comes as often as before.
    """
    for name, chosen in (("rhythm", rhythm), ("news_rhythm", news_rhythm)):
        if chosen is not None and chosen not in Rhythm.values:
            raise Invalid({name: _("Välj hur ofta du vill höra av oss.")})
    contact = _locked(contact_id)
    before = (contact.rhythm, contact.news_rhythm, contact.quiet, contact.language)
    spoken = language if language in dict(settings.LANGUAGES) else contact.language
    after = (rhythm, news_rhythm or contact.news_rhythm, quiet, spoken)
    if before == after:
        return contact
    contact.rhythm, contact.news_rhythm, contact.quiet, contact.language = after
    # the first summary comes with the next slot, not with one that has passed
    contact.gathered_at = contact.news_gathered_at = now()
    fields = ["rhythm", "news_rhythm", "quiet", "language", "gathered_at", "news_gathered_at"]
    contact.save(update_fields=fields)
    _log("changed", contact, by)
    at_once = [news for news, how in ((False, contact.rhythm), (True, contact.news_rhythm)) if how == Rhythm.NOW]
    if at_once:
        gather_now(contact.pk, at_once)
    return contact


def _locked(contact_id: int) -> Contact:
    contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
    if contact is None:
        raise NotFound
    return contact


def _log(verb: str, contact: Contact, by: Actor) -> None:
    """An event about the contact; it never says whose address."""
    record(
        verb=f"contact.{verb}",
        subject_type="contact",
        subject_id=contact.pk,
        by=by,
        data={"sender": contact.sender},
        level=1,
    )
