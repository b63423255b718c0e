"""News: an event is matched as it is told, in the transaction that tells it."""

from django.db import transaction

from lyhord.audit.models import Event
from lyhord.core.actor import Actor
from lyhord.core.rows import insert
from lyhord.following import matching
from lyhord.following.facts import Facts
from lyhord.following.models import News
from lyhord.following.tasks import tell_of


@transaction.atomic(savepoint=False)
def publish(*, event: Event, title: str, what: str, path: str, facts: Facts, by: Actor) -> News | None:
    """Make news of an event: it is in the feeds of all who asked for it at once, and a job tells them by their
    contacts. None when it was made before.
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
    tell_of.enqueue(organisation_id=news.organisation_id, news_id=news.pk)
    return news
