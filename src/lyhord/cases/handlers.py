"""Who may be given a case."""

from collections.abc import Sequence

from lyhord.accounts.models import Membership
from lyhord.accounts.permissions import Permission
from lyhord.accounts.roles import ROLES
from lyhord.cases.models import Case
from lyhord.organisations.models import Unit

MOST_PEOPLE = 500


def members_who_see(case: Case, units: Sequence[Unit]) -> list[Membership]:
    """Those who handle cases and may see this one: members of its unit or of one above; where nothing is secret, those
    who see every unit too.
    """
    parents = {unit.pk: unit.parent_id for unit in units}
    above: list[int] = []
    unit_id: int | None = case.unit_id
    while unit_id and unit_id not in above:
        above.append(unit_id)
        unit_id = parents.get(unit_id)
    handlers = {slug for slug, role in ROLES.items() if Permission.HANDLE_CASES in role.permissions}
    everywhere = {slug for slug in handlers if Permission.SEE_ALL_CASES in ROLES[slug].permissions}
    active = Membership.objects.filter(active=True, user__is_active=True, role__in=handlers).select_related("user")
    members = active.filter(in_units__unit_id__in=above)
    if not case.confidential:
        members = members | active.filter(role__in=everywhere)
    return list(members.distinct().order_by("sort_key", "pk")[:MOST_PEOPLE])
