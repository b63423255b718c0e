"""Which cases somebody takes along.

No events: a list of one's own changes nothing for anybody else.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.cases.models import Case, Shortlisted
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.tenancy import require_organisation_id

MOST = 100
"""On one person's list: more than a day's round, and no more than a telephone should hold."""


@transaction.atomic
def take_along(*, case_ids: Iterable[int], by: Actor) -> int:
    """Put cases on the person's own list; how many were not there already. Invalid when it would be too long."""
    if by.id is None:
        raise NotFound
    wanted = set(Case.objects.filter(pk__in=set(case_ids)).values_list("pk", flat=True))
    there = set(Shortlisted.objects.filter(user_id=by.id).values_list("case_id", flat=True))
    new = sorted(wanted - there)
    if len(there) + len(new) > MOST:
        raise Invalid({"": _("Listan har redan 100 ärenden. Ta bort några först.")})
    organisation_id = require_organisation_id()
    Shortlisted.objects.bulk_create(
        [Shortlisted(organisation_id=organisation_id, case_id=pk, user_id=by.id, at=now()) for pk in new],
        ignore_conflicts=True,
    )
    return len(new)


@transaction.atomic
def put_back(*, case_id: int, by: Actor) -> None:
    """Off the person's list; again changes nothing."""
    Shortlisted.objects.filter(case_id=case_id, user_id=by.id or 0).delete()


@transaction.atomic
def put_all_back(*, by: Actor, closed: bool = False) -> int:
    """Empty the person's list, or take away what is `closed`; returns how many."""
    rows = Shortlisted.objects.filter(user_id=by.id or 0)
    return (rows.filter(case__open=False) if closed else rows).delete()[0]
