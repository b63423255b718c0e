"""What matters do when something has happened to one: they tell those who asked to know."""

from lyhord.audit.models import Event
from lyhord.audit.reactions import reacts_to
from lyhord.core.actor import Actor
from lyhord.following.news_actions import publish
from lyhord.matters.actions.follow import SUBJECT, ask_to_renew_matter
from lyhord.matters.interest import interest_of
from lyhord.matters.models import Matter
from lyhord.matters.stages import Levels, events

SYSTEM = Actor.system("matters")


@reacts_to(*(f"matter.{code}" for code in events()))
def tell_who_asked(event: Event) -> None:
    """News of a matter that is shown. One that was merged meanwhile is told as the one it is now part of."""
    matter = Matter.objects.select_related("merged_into").filter(pk=event.subject_id).first()
    if matter is not None and matter.merged_into is not None:
        matter = matter.merged_into
    if matter is None or matter.hidden:
        return
    levels, (_matter, _dot, code) = Levels(), event.verb.partition(".")
    row = levels.row("", code)
    if code == "stage":
        row = levels.row(matter.kind, event.data.get("stage", "")) or row
    publish(
        event=event,
        title=matter.shown_title,
        what=row.name("sv") if row else "",
        path=f"/beslut/{matter.pk}/",
        facts=interest_of(matter),
        by=SYSTEM,
    )


@reacts_to("following.ending")
def ask_to_go_on(event: Event) -> None:
    """Somebody's time of following a matter is nearly up."""
    if event.subject_type == SUBJECT:
        ask_to_renew_matter(follow_id=event.data["follow"], by=SYSTEM)
