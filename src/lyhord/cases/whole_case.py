"""Everything about one case, as those who handle it see it: each part by one query that is worked out once."""

from functools import cache
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField

from lyhord.accounts.permissions import Permission
from lyhord.cases.models import Case, Draft, Message, Photo, Reporter
from lyhord.core.prepared import Prepared

if TYPE_CHECKING:
    from lyhord.accounts.staff import Staff

_PHOTOS = Prepared(
    lambda case_id: Photo.objects.filter(case=case_id).select_related("file").order_by("position", "id"), case_id=int
)
_REPORTERS = Prepared(lambda case_id: Reporter.objects.filter(case=case_id), case_id=int)
_MERGED = Prepared(lambda case_id: Case.objects.filter(duplicate_of=case_id).order_by("id"), case_id=int)
_SAID = Prepared(lambda case_id: Message.objects.filter(case=case_id).order_by("id"), case_id=int)
_DRAFTS = Prepared(lambda case_id, user_id: Draft.objects.filter(case=case_id, user=user_id), case_id=int, user_id=int)


def visible_case(staff: "Staff", case_id: int) -> Case | None:
    """The case, if the person may see it, with all that it names; None otherwise, as for one that does not exist."""
    if not staff.may(Permission.SEE_CASES) or case_id > BigIntegerField.MAX_BIGINT:
        return None
    query = _visible(everywhere=staff.may(Permission.SEE_ALL_CASES))
    return query.first(case_id=case_id, unit_ids=sorted(staff.unit_ids))


@cache
def _visible(*, everywhere: bool) -> Prepared[Case]:
    return Prepared(
        lambda case_id, unit_ids: (
            Case.objects.of_units(unit_ids, everywhere=everywhere)
            .select_related("case_type", "version", "category", "unit", "area", "officer", "duplicate_of")
            .filter(pk=case_id)
        ),
        case_id=int,
        unit_ids=list,
    )


def photos(case: Case) -> list[Photo]:
    """Every picture with its file, the internal ones too; the reporter's own first."""
    return _PHOTOS(case_id=case.pk)


def reporter_of(case: Case) -> Reporter | None:
    """Who reported it; None for nobody at all."""
    return _REPORTERS.first(case_id=case.pk)


def merged_into(case: Case) -> list[Case]:
    """The cases that were merged into this one, oldest first."""
    return _MERGED(case_id=case.pk)


def messages(case: Case) -> list[Message]:
    """What has been said after the report, oldest first, notes among staff included."""
    return _SAID(case_id=case.pk)


def draft_of(case: Case, staff: "Staff") -> Draft | None:
    """What the person has begun to write."""
    return _DRAFTS.first(case_id=case.pk, user_id=staff.user.pk)
