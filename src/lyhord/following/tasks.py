"""Upkeep of what is followed."""

from uuid import UUID

from django.db.models import Exists, OuterRef
from django.tasks import task

from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.following import profile_actions, telling
from lyhord.following.actions import end_old
from lyhord.following.models import Follow, Match, Profile
from lyhord.following.queries import ANSWER_WITHIN
from lyhord.jobs.schedule import daily, every
from lyhord.notifications.models import Contact
from lyhord.notifications.push import SENDER, forget
from lyhord.notifications.quiet_hours import morning_after
from lyhord.organisations.models import Organisation

SYSTEM = Actor.system("following")
BEFORE_OTHERS = 10  # the next batch is not to wait until the last one has been sent


@daily("03:20")
@task()
def forget_unconfirmed() -> None:
    """Forget wishes whose owners never said yes, and addresses that hear of nothing: they are not ours to keep."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            Follow.objects.filter(confirmed_at__isnull=True, created_at__lt=now() - ANSWER_WITHIN).delete()
            Profile.objects.filter(confirmed_at__isnull=True, created_at__lt=now() - ANSWER_WITHIN).delete()
            idle = Contact.objects.filter(
                follows__isnull=True, profiles__isnull=True, created_at__lt=now() - ANSWER_WITHIN
            )
            for uid in list(idle.filter(sender=SENDER).values_list("address", flat=True)):
                forget(uid=UUID(uid), by=SYSTEM)
            idle.delete()
            # what a device was told goes with it, when its service says that it is gone
            Match.objects.filter(~Exists(Profile.objects.filter(pk=OuterRef("profile_id")))).delete()


@every(hours=1)
@task()
def end_what_nobody_renewed() -> None:
    """By day where the organisation is, since those whose time is nearly up are asked whether to go on."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            if morning_after(now()) is None:
                end_old(by=SYSTEM)
                profile_actions.end_old(by=SYSTEM)


@task(priority=BEFORE_OTHERS)
def tell_of(
    organisation_id: int, news_id: int, after: int = 0, followers: bool = False, only_alerts: bool = False
) -> None:
    """Tell the next of those who asked for the news: the owners of profiles, then those who follow its subject.

    With `only_alerts` whoever follows the subject is told by its own app, and so not here, whatever they asked for.
    """
    with organisation_scope(organisation_id):
        if followers:
            last = telling.tell_followers(news_id=news_id, after=after, by=SYSTEM)
        else:
            last = telling.tell_profiles(news_id=news_id, after=after, by=SYSTEM, but_followers=only_alerts)
        if last is not None or not (followers or only_alerts):
            tell_of.enqueue(
                organisation_id=organisation_id,
                news_id=news_id,
                after=last or 0,
                followers=followers or last is None,
                only_alerts=only_alerts,
            )
