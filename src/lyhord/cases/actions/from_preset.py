"""Types that new organisations begin with, for one that began before there were such."""

from collections.abc import Collection

from django.db import transaction

from lyhord.cases.actions.case_types import add_case_type, publish_version
from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.models import CaseType, Category
from lyhord.cases.presets import case_type_descriptions
from lyhord.core.actor import Actor


def missing_presets() -> list[CaseTypeDescription]:
    """What new organisations have and the one of this scope has not: neither as it was nor changed, on or off.

    Types of a group of faults that is not there any more are left out: they would have nowhere to stand.
    """
    codes = set(CaseType.objects.values_list("code", flat=True))
    groups = set(Category.objects.values_list("code", flat=True))
    return [
        description
        for description in case_type_descriptions()
        if description.code not in codes and (not description.category or description.category in groups)
    ]


@transaction.atomic
def add_from_preset(*, codes: Collection[str], by: Actor) -> list[CaseType]:
    """Add those of the missing ones and let them hold at once, as in a new organisation. Others are passed over."""
    made = []
    for description in missing_presets():
        if description.code in codes:
            case_type = add_case_type(content=description.to_json(), by=by)
            publish_version(case_type_id=case_type.pk, number=1, by=by)
            made.append(case_type)
    return made
