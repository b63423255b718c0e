"""Asking the owner of an address whether they want to hear of a case."""

from lyhord.cases.models import Case
from lyhord.cases.notices import FollowConfirm, ReporterConfirm
from lyhord.core.actor import Actor
from lyhord.following import asking
from lyhord.following.asking import purpose_of
from lyhord.following.models import Follow
from lyhord.organisations.models import Organisation

__all__ = ["ask_owner", "purpose_of"]


def ask_owner(case: Case, follow: Follow, question: type[FollowConfirm] | type[ReporterConfirm], *, by: Actor) -> None:
    """Send the question, or a code, as asking.ask_owner has it."""
    organisation = Organisation.objects.get(pk=case.organisation_id)
    asking.ask_owner(follow, question(organisation=organisation, case=case, follow=follow), by=by)
