"""What cases do when something else changes: a unit becomes confidential, a mail comes back, somebody stops working."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from lyhord.accounts.models import Membership
from lyhord.accounts.permissions import Permission
from lyhord.audit.models import Event
from lyhord.audit.reactions import reacts_to
from lyhord.cases.actions.assignment import assign
from lyhord.cases.actions.follow import ask_to_renew, count_followers
from lyhord.cases.actions.messages import note
from lyhord.cases.actions.secrecy import close_unit
from lyhord.cases.actions.tell import SUBJECT
from lyhord.cases.models import Case
from lyhord.core.actor import Actor
from lyhord.notifications.models import Notice, NoticeState
from lyhord.organisations.models import Unit

SYSTEM = Actor.system("cases")


@reacts_to("unit.changed")
def close_with_the_unit(event: Event) -> None:
    """A unit that has become confidential takes its cases with it."""
    became = event.data["after"]["confidential"] and not event.data["before"]["confidential"]
    if became and Unit.objects.filter(pk=event.subject_id, confidential=True).exists():
        close_unit(unit_id=event.subject_id, by=SYSTEM)


@reacts_to("notice.bounced")
def say_that_it_came_back(event: Event) -> None:
    """Whoever handles the case learns that the reporter has not heard of it."""
    if event.subject_type != "case":
        return
    notice = Notice.objects.filter(pk=event.data["notice"], state=NoticeState.FAILED).first()
    case = Case.objects.filter(pk=event.subject_id).first()
    if notice is None or case is None or not notice.dedupe_key.startswith("case-"):
        return  # of a follower nobody need know
    with translation.override(settings.LANGUAGE_CODE):
        text = _("Meddelandet till invånaren kom tillbaka: %(reason)s") % {"reason": notice.last_error or "?"}
    note(case_id=case.pk, text=text, by=SYSTEM, external_id=f"bounced-{notice.pk}")
    Case.objects.filter(pk=case.pk).update(unread=True)


@reacts_to("member.removed", "member.changed")
def give_back(event: Event) -> None:
    """The open cases of somebody who no longer handles any go back to their units, so that they are not forgotten."""
    member = Membership.objects.filter(pk=event.subject_id).first()
    if member is None or (member.active and Permission.HANDLE_CASES in member.permissions):
        return
    for case_id in Case.objects.open().filter(officer_id=member.user_id).order_by("pk").values_list("pk", flat=True):
        assign(case_id=case_id, officer_id=None, by=SYSTEM)


@reacts_to("following.ending")
def ask_to_go_on(event: Event) -> None:
    """Somebody's time of following a case is nearly up."""
    if event.subject_type == SUBJECT:
        ask_to_renew(follow_id=event.data["follow"], by=SYSTEM)


@reacts_to("following.stopped")
def count_again(event: Event) -> None:
    """Whoever stopped, the number of followers that is shown is right again."""
    if event.subject_type == SUBJECT:
        count_followers(case_id=event.subject_id, by=SYSTEM)
