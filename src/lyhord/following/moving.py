"""Two subjects that are one, and one that is two: those who follow go along. A statement for all, however many."""

from django.db import connection, transaction

from lyhord.core.actor import Actor
from lyhord.core.tenancy import require_organisation_id
from lyhord.following.models import NOTHING, Follow, News
from lyhord.notifications.actions import move_notices

_BOTH = f"""
update following_follow kept set
    level = case when {NOTHING} in (kept.level, away.level) then {NOTHING} else least(kept.level, away.level) end,
    muted_until = greatest(kept.muted_until, away.muted_until),
    confirmed_at = coalesce(kept.confirmed_at, away.confirmed_at),
    expires_at = case when kept.confirmed_at is null then away.expires_at
        else greatest(kept.expires_at, away.expires_at) end,
    asked_to_renew_at = case when kept.asked_to_renew_at is null or away.asked_to_renew_at is null then null
        else kept.asked_to_renew_at end
from following_follow away
where kept.organisation_id = %(organisation)s and kept.subject_type = %(subject_type)s and kept.subject_id = %(into)s
    and away.organisation_id = kept.organisation_id and away.subject_type = kept.subject_type
    and away.subject_id = %(away)s and away.contact_id = kept.contact_id and away.confirmed_at is not null
"""  # noqa: S608  # our own constant

_COPY = """
insert into following_follow (organisation_id, subject_type, subject_id, contact_id, role, token, created_at,
    confirmed_at, expires_at, asked_to_renew_at, level, muted_until)
select organisation_id, subject_type, %(into)s, contact_id, role, gen_random_uuid(), created_at,
    confirmed_at, expires_at, asked_to_renew_at, level, muted_until
from following_follow
where organisation_id = %(organisation)s and subject_type = %(subject_type)s and subject_id = %(away)s
    and confirmed_at is not null
on conflict (organisation_id, subject_type, subject_id, contact_id) do nothing
"""


@transaction.atomic(savepoint=False)
def join_follows(*, subject_type: str, away_id: int, into_id: int, by: Actor) -> None:
    """A subject becomes part of another, in the caller's transaction, which records the event.

    Who followed both follows the one, at the level that tells them more; who wanted nothing of either wants nothing.
    What has been told and what waits is about the one from now on.
    """
    _run(_BOTH, subject_type, away_id, into_id)
    away = Follow.objects.filter(subject_type=subject_type, subject_id=away_id)
    already = Follow.objects.filter(subject_type=subject_type, subject_id=into_id)
    away.filter(contact_id__in=already.values("contact_id")).delete()
    away.update(subject_id=into_id)
    News.objects.filter(subject_type=subject_type, subject_id=away_id).update(subject_id=into_id)
    move_notices(subject_type=subject_type, subject_id=away_id, to_id=into_id, by=by)


@transaction.atomic(savepoint=False)
def copy_follows(*, subject_type: str, from_id: int, to_id: int, by: Actor) -> None:
    """A subject is taken out of another: those who follow it follow both, by links of their own."""
    _run(_COPY, subject_type, from_id, to_id)


def _run(sql: str, subject_type: str, away_id: int, into_id: int) -> None:
    values: dict[str, str | int] = {
        "organisation": require_organisation_id(),
        "subject_type": subject_type,
        "away": away_id,
        "into": into_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
