"""What happens after an opening has opened or its outcome is told: those who follow the matter hear of it."""

from django.utils import translation
from django.utils.translation import gettext as _

from lyhord.audit.models import Event
from lyhord.audit.reactions import reacts_to
from lyhord.core.actor import Actor
from lyhord.engagement.actions import join
from lyhord.engagement.models import Opening
from lyhord.following.news_actions import publish
from lyhord.matters.interest import interest_of
from lyhord.organisations.models import Organisation

SYSTEM = Actor.system("engagement")


@reacts_to("matter.opening_opened", "matter.outcome_told")
def tell_who_follows(event: Event) -> None:
    """News of the matter; nothing of one that was hidden meanwhile."""
    opening = Opening.objects.select_related("matter__body").filter(pk=event.data["opening"]).first()
    organisation = Organisation.objects.get(pk=event.organisation_id)
    if opening is None or opening.matter.hidden or not organisation.has("engagement"):
        return
    with translation.override(organisation.own_language):
        what = (
            _("Säg vad du tycker: %(question)s")
            if event.verb == "matter.opening_opened"
            else _("Så här blev det: %(question)s")
        )
        said = what % {"question": opening.question}
    publish(
        event=event,
        title=opening.matter.shown_title,
        what=said,
        path=f"/delta/{opening.matter_id}/{opening.pk}/",
        facts=interest_of(opening.matter),
        by=SYSTEM,
    )


@reacts_to("matter.merged")
def move_along(event: Event) -> None:
    """What was opened on a matter is opened on the one that it is now part of."""
    join(matter_id=event.subject_id, into_id=event.data["into"], by=SYSTEM)
