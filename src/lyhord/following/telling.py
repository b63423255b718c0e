"""Telling those who asked for news, in batches: each in one transaction, and safe to do again."""

from django.db import transaction
from django.db.models import Q
from django.utils import translation

from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.following.facts import Facts
from lyhord.following.models import Follow, Match, News, Profile, Role
from lyhord.following.notices import NewsNotice
from lyhord.following.reasons import why
from lyhord.notifications.actions import tell
from lyhord.notifications.models import Contact
from lyhord.organisations.models import Organisation

BATCH = 200
"""So many are told in one transaction."""


@transaction.atomic
def tell_profiles(*, news_id: int, after: int, by: Actor) -> int | None:
    """Tell the owners of the next profiles that asked for the news; returns the last, None when there are no more.

    What a contact has two reasons for is told once. What has ended, or was muted meanwhile, is passed by.
    """
    news = News.objects.get(pk=news_id)
    matches = list(Match.objects.filter(news_id=news_id, profile_id__gt=after).order_by("profile_id")[:BATCH])
    profiles = Profile.objects.select_related("contact").in_bulk([match.profile_id for match in matches])
    muted = _muted(news, [profile.contact_id for profile in profiles.values()])
    organisation, facts = Organisation.objects.get(pk=news.organisation_id), Facts.from_json(news.facts)
    for match in matches:
        profile = profiles.get(match.profile_id)
        if profile is not None and profile.contact_id not in muted:
            with translation.override(profile.contact.language):
                reason = why(match, facts, profile)
            _tell(organisation, news, profile.contact, reason, f"/bevakningar/{profile.token}/")
    return matches[-1].profile_id if len(matches) == BATCH else None


@transaction.atomic
def tell_followers(*, news_id: int, after: int, by: Actor) -> int | None:
    """The same for those who follow the subject itself; returns the last follow, None when there are no more."""
    news = News.objects.get(pk=news_id)
    follows = list(
        Follow.objects.filter(
            Q(muted_until=None) | Q(muted_until__lte=now()),
            subject_type=news.subject_type,
            subject_id=news.subject_id,
            role=Role.FOLLOWER,
            confirmed_at__isnull=False,
            level__lte=news.level,
            pk__gt=after,
        )
        .select_related("contact")
        .order_by("pk")[:BATCH]
    )
    organisation = Organisation.objects.get(pk=news.organisation_id)
    for follow in follows:
        _tell(organisation, news, follow.contact, "", f"/folj/{follow.token}/sluta/")
    return follows[-1].pk if len(follows) == BATCH else None


def _muted(news: News, contact_ids: list[int]) -> set[int]:
    """Those who want nothing of this subject, or nothing as small as this."""
    here = Follow.objects.filter(
        Q(level__gt=news.level) | Q(muted_until__gt=now()),
        subject_type=news.subject_type,
        subject_id=news.subject_id,
        contact_id__in=contact_ids,
    )
    return set(here.values_list("contact_id", flat=True))


def _tell(organisation: Organisation, news: News, contact: Contact, reason: str, stop_path: str) -> None:
    notice = NewsNotice(organisation=organisation, news=news, contact=contact, reason=reason, stop_path=stop_path)
    tell(notice, contact=contact)
