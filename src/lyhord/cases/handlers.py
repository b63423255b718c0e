"""Who may be given a case."""

from lyhord.accounts.models import Membership
from lyhord.accounts.permissions import Permission
from lyhord.accounts.roles import ROLES
from lyhord.cases.models import Case
from lyhord.core.kept import kept
from lyhord.organisations.queries import units_in_order

MOST_PEOPLE = 500


def members_who_see(case: Case) -> list[Membership]:
    """Those who handle cases and may see this one: members of its unit or of one above; where nothing is secret, those
    who see every unit too.
    """
    name = ("handlers", case.unit_id, case.confidential)
    return kept(name, lambda: _members(case.unit_id, confidential=case.confidential))


def _members(unit: int, *, confidential: bool) -> list[Membership]:
    parents = {unit.pk: unit.parent_id for unit in units_in_order()}
    above: list[int] = []
    unit_id: int | None = unit
    while unit_id and unit_id not in above:
        above.append(unit_id)
        unit_id = parents.get(unit_id)
    handlers = {slug for slug, role in ROLES.items() if Permission.HANDLE_CASES in role.permissions}
    everywhere = {slug for slug in handlers if Permission.SEE_ALL_CASES in ROLES[slug].permissions}
    active = Membership.objects.filter(active=True, user__is_active=True, role__in=handlers).select_related("user")
    members = active.filter(in_units__unit_id__in=above)
    if not confidential:
        members = members | active.filter(role__in=everywhere)
    return list(members.distinct().order_by("sort_key", "pk")[:MOST_PEOPLE])
