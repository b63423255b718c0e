"""News: an event is matched as it is told, in the transaction that tells it."""

from django.db import transaction

from lyhord.audit.models import Event
from lyhord.core.actor import Actor
from lyhord.core.rows import insert
from lyhord.following import matching
from lyhord.following.facts import Facts
from lyhord.following.models import Match, News
from lyhord.following.notices import NewsNotice
from lyhord.following.tasks import tell_of
from lyhord.notifications.actions import drop_about, reword


@transaction.atomic(savepoint=False)
def publish(
    *, event: Event, title: str, what: str, path: str, facts: Facts, by: Actor, followers: bool = True
) -> News | None:
    """Make news of an event: it is in the feeds of all who asked for it at once, and a job tells them by their
    contacts. None when it was made before.

    Those who follow the subject itself are told too; not without `followers`, where its own app tells them.
    """
    news = News(
        organisation_id=event.organisation_id,
        event_id=event.pk,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        title=title[:300],
        what=what[:200],
        path=path[:200],
        level=event.level,
        at=event.at,
        facts=facts.as_json(),
    )
    if not insert(news, unless_taken=("organisation_id", "event_id")):
        return None
    matching.store(news)
    tell_of.enqueue(organisation_id=news.organisation_id, news_id=news.pk, only_alerts=not followers)
    return news


@transaction.atomic(savepoint=False)
def correct(*, subject_type: str, subject_id: int, title: str, facts: Facts, by: Actor) -> None:
    """What a subject's news say has been corrected: feeds and what waits to be told have the new words only.

    Whom it concerned by words that are gone has it in the feed no more; nobody is told anew.
    """
    title = title[:300]
    for news in News.objects.select_for_update().filter(subject_type=subject_type, subject_id=subject_id):
        old = news.title
        if old == title and Facts.from_json(news.facts) == facts:
            continue
        news.title, news.facts = title, facts.as_json()
        news.save(update_fields=["title", "facts"])
        Match.objects.filter(news_id=news.pk).delete()
        matching.store(news)
        if old != title:
            reword(subject_type=subject_type, subject_id=subject_id, kind=NewsNotice.slug, old=old, new=title, by=by)


@transaction.atomic(savepoint=False)
def take_back(*, subject_type: str, subject_id: int, by: Actor) -> None:
    """A subject is shown no more, in the caller's transaction, which records why: its news leave every feed, and what
    waits to tell of them is taken out. What is just being told is waited for, and taken out too.
    """
    gone = list(
        News.objects.select_for_update().filter(subject_type=subject_type, subject_id=subject_id).values_list("pk")
    )
    if not gone:
        return
    ids = [pk for (pk,) in gone]
    Match.objects.filter(news_id__in=ids).delete()
    News.objects.filter(pk__in=ids).delete()
    drop_about(subject_type=subject_type, subject_id=subject_id, kind=NewsNotice.slug, by=by)
