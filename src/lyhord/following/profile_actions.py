"""Standing interests: asked for, confirmed by their owner, changed, renewed and ended.

A profile's postings are there while it counts, and only then; they say what its rule says.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.core.rows import insert
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.following.actions import FOLLOWS_FOR, LEVELS, WARNED_BEFORE, follow_as_owner, stop
from lyhord.following.models import NOTHING, Match, News, PlacePosting, Profile, SubjectPosting
from lyhord.following.notices import NewsNotice, ProfileConfirm, ProfileEnds
from lyhord.following.postings import postings
from lyhord.following.queries import is_too_late, of_one
from lyhord.following.rule import Rule, check
from lyhord.notifications.actions import drop_kind, tell
from lyhord.notifications.contact_actions import contact_for, verify
from lyhord.notifications.models import Contact
from lyhord.organisations.models import Organisation

MOST_PROFILES = 20
"""For one contact."""

MOST_QUESTIONS = 3
"""To one contact in a day."""


@transaction.atomic
def watch(*, sender: str, address: str, language: str, name: str, rule: Rule, level: int, by: Actor) -> Profile:
    """Note an interest and ask the address whether it is its owner's. Invalid for what cannot be, field by field.

    Nothing is told before its owner says yes, and an address is asked a few times a day at most: somebody else may be
    typing it. The caller's answer is the same whether or not a question was sent.
    """
    contact = contact_for(sender=sender, address=address, language=language)
    profile = create(contact=contact, name=name, rule=rule, level=level, by=by)
    lately = Profile.objects.filter(contact=contact, confirmed_at=None, created_at__gt=now() - timedelta(days=1))
    if lately.count() <= MOST_QUESTIONS:
        organisation = Organisation.objects.get(pk=profile.organisation_id)
        tell(ProfileConfirm(organisation=organisation, profile=profile), contact=contact)
    return profile


@transaction.atomic
def create(*, contact: Contact, name: str, rule: Rule, level: int, by: Actor) -> Profile:
    """Note an interest. It is unconfirmed: the caller sends the question to the contact.

    Invalid for a rule that cannot be; Conflict when the contact has too many.
    """
    name = _checked(name, rule, level)
    if Profile.objects.filter(contact=contact).count() >= MOST_PROFILES:
        raise Conflict(_("Du har redan så många bevakningar som går. Ta bort någon först."))
    profile = Profile(
        organisation_id=require_organisation_id(),
        contact=contact,
        name=name,
        rule=rule.as_json(),
        level=level,
        created_at=now(),
    )
    insert(profile)
    _log(profile, "started", by)
    return profile


@transaction.atomic
def confirm(*, token: UUID, by: Actor) -> Profile:
    """The owner of the address says yes; saying it again changes nothing.

    NotFound for a token that is nobody's, and for a question that was asked too long ago.
    """
    profile = _locked(token)
    if is_too_late(profile):
        raise NotFound
    if profile.confirmed_at is None:
        profile.confirmed_at = now()
        profile.expires_at = now() + FOLLOWS_FOR
        profile.save(update_fields=["confirmed_at", "expires_at"])
        verify(contact_id=profile.contact_id, by=by)
        _post(profile)
        _log(profile, "confirmed", by)
    return profile


@transaction.atomic
def change(*, token: UUID, name: str, rule: Rule, level: int, by: Actor) -> Profile:
    """Another name, rule or level from now on; what was told before stays in the feed."""
    name = _checked(name, rule, level)
    profile = _locked(token)
    profile.name, profile.rule, profile.level = name, rule.as_json(), level
    profile.save(update_fields=["name", "rule", "level"])
    if profile.confirmed_at is not None:
        _post(profile)
    _log(profile, "changed", by)
    return profile


@transaction.atomic
def quieten(*, token: UUID, news_id: int, quiet: bool, by: Actor) -> None:
    """The owner wants to hear nothing more of the subject of some news in their feed, or of it again.

    NotFound for a token that is nobody's and for news that the profile was not told.
    """
    profile = _locked(token)
    news = News.objects.filter(pk=news_id).first()
    if news is None or not Match.objects.filter(profile_id=profile.pk, news_id=news_id).exists():
        raise NotFound
    if quiet:
        follow_as_owner(
            subject_type=news.subject_type,
            subject_id=news.subject_id,
            contact=profile.contact,
            level=NOTHING,
            by=by,
        )
    elif (found := of_one(news.subject_type, news.subject_id, profile.contact)) is not None and found.level == NOTHING:
        stop(token=found.token, by=by)


@transaction.atomic
def renew(*, token: UUID, by: Actor) -> Profile:
    """The owner wants to go on for as long again. NotFound for one that was never confirmed."""
    profile = _locked(token)
    if profile.confirmed_at is None:
        raise NotFound
    profile.expires_at, profile.asked_to_renew_at = now() + FOLLOWS_FOR, None
    profile.save(update_fields=["expires_at", "asked_to_renew_at"])
    _log(profile, "renewed", by)
    return profile


@transaction.atomic
def end(*, token: UUID, by: Actor) -> Profile | None:
    """Forget it and what it was told. None when it was forgotten already."""
    profile = Profile.objects.select_for_update(of=("self",)).filter(token=token).first()
    if profile is None:
        return None
    _log(profile, "ended", by)
    Match.objects.filter(profile_id=profile.pk).delete()
    Profile.objects.filter(pk=profile.pk).delete()
    return profile


@transaction.atomic(savepoint=False)
def end_all(*, contact: Contact, by: Actor) -> int:
    """The contact wants no more of anything: its profiles end, and what waits to tell it of them is taken out."""
    tokens = list(Profile.objects.filter(contact=contact).order_by("pk").values_list("token", flat=True))
    for token in tokens:
        end(token=token, by=by)
    drop_kind(contact_id=contact.pk, kind=NewsNotice.slug, by=by)
    return len(tokens)


@transaction.atomic
def end_old(*, by: Actor) -> int:
    """End what was not renewed in time, and ask of the rest that will soon end; returns how many ended."""
    ended = Profile.objects.filter(expires_at__lte=now(), asked_to_renew_at__lte=now() - WARNED_BEFORE)
    tokens = list(ended.order_by("pk").values_list("token", flat=True))
    for token in tokens:
        end(token=token, by=by)
    soon = Profile.objects.select_for_update(of=("self",)).filter(
        expires_at__lte=now() + WARNED_BEFORE, asked_to_renew_at=None, confirmed_at__isnull=False
    )
    for profile in soon.select_related("contact").order_by("pk"):
        profile.asked_to_renew_at = now()
        profile.save(update_fields=["asked_to_renew_at"])
        organisation = Organisation.objects.get(pk=profile.organisation_id)
        tell(ProfileEnds(organisation=organisation, profile=profile), contact=profile.contact)
        _log(profile, "ending", by)
    return len(tokens)


def _checked(name: str, rule: Rule, level: int) -> str:
    name = clean_text(name, one_line=True)[:60]
    check(rule)
    if not name:
        raise Invalid({"name": _("Skriv vad du vill kalla bevakningen.")})
    if level not in LEVELS:
        raise Invalid({"level": _("Välj hur mycket du vill få veta.")})
    return name


def _post(profile: Profile) -> None:
    """Make the postings anew."""
    rule = Rule.from_json(profile.rule)
    profile.subject_postings.all().delete()
    profile.place_postings.all().delete()
    subjects, places = postings(profile, rule)
    SubjectPosting.objects.bulk_create(subjects)
    PlacePosting.objects.bulk_create(places)


def _locked(token: UUID) -> Profile:
    profile = Profile.objects.select_for_update(of=("self",)).select_related("contact").filter(token=token).first()
    if profile is None:
        raise NotFound
    return profile


def _log(profile: Profile, what: str, by: Actor) -> None:
    """An event about the profile; it says neither whose it is nor what it asks for."""
    record(verb=f"profile.{what}", subject_type="profile", subject_id=profile.pk, by=by, level=1)
