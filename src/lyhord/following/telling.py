"""Telling those who asked for news, in batches: each in one transaction, and safe to do again."""

from collections.abc import Sequence
from functools import cache

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.following.facts import Facts
from lyhord.following.models import Follow, Match, News, Profile, Role
from lyhord.following.notices import NewsNotice
from lyhord.following.reasons import why
from lyhord.notifications.spreading import Reader, Tidings, spread
from lyhord.organisations.models import Organisation

BATCH = 1000
"""So many are told in one transaction: a few statements for all of them, and no more in memory than they."""


@transaction.atomic
def tell_profiles(*, news_id: int, after: int, by: Actor, but_followers: bool = False) -> int | None:
    """Tell the owners of the next profiles that asked for the news; returns the last, None when there are no more.

    What a contact has two reasons for is told once. What has ended, or was muted meanwhile, is passed by; so is
    `but_followers` whoever hears of the subject otherwise.
    """
    news = _locked(news_id)
    if news is None:
        return None
    matches = list(Match.objects.filter(news_id=news_id, profile_id__gt=after).order_by("profile_id")[:BATCH])
    profiles = Profile.objects.select_related("contact").in_bulk([match.profile_id for match in matches])
    muted = _muted(news, [profile.contact_id for profile in profiles.values()], followers=but_followers)
    facts = Facts.from_json(news.facts)
    readers: list[Reader] = []
    for match in matches:
        profile = profiles.get(match.profile_id)
        if profile is not None and profile.contact_id not in muted:
            with translation.override(profile.contact.language):
                reason = why(match, facts, profile)
            readers.append(Reader(profile.contact_id, reason, f"/bevakningar/{profile.token}/"))
    _tell(news, readers)
    return matches[-1].profile_id if len(matches) == BATCH else None


@transaction.atomic
def tell_followers(*, news_id: int, after: int, by: Actor) -> int | None:
    """The same for those who follow the subject itself; returns the last follow, None when there are no more."""
    news = _locked(news_id)
    if news is None:
        return None
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
        .order_by("pk")
        .values_list("pk", "contact_id", "contact__language", "token")[:BATCH]
    )
    reason = cache(_follows)
    _tell(news, [Reader(contact, reason(language), f"/folj/{token}/") for _pk, contact, language, token in follows])
    return follows[-1][0] if len(follows) == BATCH else None


def _locked(news_id: int) -> News | None:
    """The news, kept until it has been told to these; None when it was taken back."""
    return News.objects.select_for_update(no_key=True).filter(pk=news_id).first()


def _follows(language: str) -> str:
    with translation.override(language):
        return _("du följer det här")


def _muted(news: News, contact_ids: list[int], *, followers: bool) -> set[int]:
    """Those who want nothing of this subject, or nothing as small as this; with `followers`, all who follow it."""
    quiet = Q(level__gt=news.level) | Q(muted_until__gt=now())
    here = Follow.objects.filter(
        Q() if followers else quiet,
        subject_type=news.subject_type,
        subject_id=news.subject_id,
        contact_id__in=contact_ids,
        confirmed_at__isnull=False,
    )
    return set(here.values_list("contact_id", flat=True))


def _tell(news: News, readers: Sequence[Reader]) -> None:
    """Put it into the outbox."""
    tidings = Tidings(
        kind=NewsNotice.slug,
        organisation=Organisation.objects.get(pk=news.organisation_id),
        key=f"news-{news.pk}",
        about=(news.subject_type, news.subject_id),
        path=news.path,
        context={"title": news.title, "what": news.what},
        level=news.level,
    )
    spread(tidings, readers)
