"""The newest cases, read as dry runs need them."""

from lyhord.cases.calendar import holidays_around
from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.dry_run import OldCase
from lyhord.cases.models import Case
from lyhord.cases.routing import RoutingFacts
from lyhord.organisations.models import Organisation
from lyhord.places.models import Area
from lyhord.places.queries import area_index

MOST = 500


def newest_cases(organisation: Organisation, *, case_type_id: int | None = None, most: int = MOST) -> list[OldCase]:
    """The newest cases of a type, or of all, newest first; of every unit, so show titles only to who may see them."""
    cases = Case.objects.select_related("case_type__current", "category").filter(case_type__current__isnull=False)
    if case_type_id is not None:
        cases = cases.filter(case_type_id=case_type_id)
    districts = {area.pk: area for area in Area.objects.filter(kind="district").defer("geojson")}
    index = area_index("district")
    descriptions: dict[int, CaseTypeDescription] = {}
    found = []
    for case in cases.defer("text", "route_reason").order_by("-registered_at", "-pk")[:most]:
        current = case.case_type.current
        assert current is not None  # noqa: S101  # filtered above
        if current.pk not in descriptions:
            descriptions[current.pk] = current.description
        description = descriptions[current.pk]
        inside = index.containing(case.lat, case.lon) if case.lat is not None and case.lon is not None else []
        facts = RoutingFacts(
            kind=case.kind,
            type_code=case.case_type.code,
            type_name=description.title("sv"),
            category=case.category.code if case.category else None,
            category_name=case.category.name("sv") if case.category else "",
            areas={districts[pk].code: districts[pk].name for pk in inside if pk in districts},
            answers=case.answers,
            at=case.registered_at,
            holidays=holidays_around(case.registered_at, organisation.free_days),
        )
        unit_id = case.category.unit_id if case.category else None
        found.append(OldCase(case.pk, case.number, case.title, facts, description, unit_id))
    return found
