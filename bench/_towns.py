"""The twenty municipalities of the measurements, made by `create_organisation` as any other. Needs Django set up."""

from random import Random

from bench._facts import LARGEST, SHARES, Town, TypeFacts
from lyhord.accounts.actions import Person, add_member
from lyhord.accounts.models import MembershipUnit
from lyhord.cases.models import CaseType, Category
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.actions import create_organisation
from lyhord.organisations.models import Organisation, Unit
from lyhord.organisations.presets import preset
from lyhord.places.demo_streets import demo_streets
from lyhord.places.models import Area
from lyhord.places.municipalities import all_municipalities, municipality

BENCH = Actor.system("bench")
OFFICERS_A_UNIT = 6
_CODES = ("0583", "0586")


def make_towns() -> list[Town]:
    """The organisations with their people, the largest first; those that are there already are kept."""
    others = [found.code for found in all_municipalities() if found.code not in _CODES]
    codes = [*_CODES, *Random(20).sample(others, len(SHARES) - len(_CODES))]
    return [made(code) for code in codes]


def made(code: str) -> Town:
    """One of them, by the code of the municipality, with its people."""
    found = municipality(code)
    name = {"0583": LARGEST, "0586": "mjolby"}.get(code, "standard")
    slug = name if name != "standard" else f"kommun-{code}"
    organisation = Organisation.objects.filter(slug=slug).first() or create_organisation(
        slug=slug,
        code=code,
        name=found.name,
        preset=preset(name),
        hosts=[f"{slug}.localhost"],
        by=BENCH,
        lat=found.lat,
        lon=found.lon,
    )
    with organisation_scope(organisation.pk):
        _people(slug)
        return _described(organisation)


def _people(slug: str) -> None:
    units = list(Unit.objects.order_by("pk"))
    if MembershipUnit.objects.exists():
        return
    for unit in units:
        for number in range(OFFICERS_A_UNIT):
            person = Person(
                f"{unit.code}-{number}@{slug}.example", f"{unit.name} {number}", "case_officer", (unit.code,)
            )
            add_member(person=person, by=BENCH)
    fallback = next(unit for unit in units if unit.fallback)
    contact = Person(f"kundcenter@{slug}.example", "Kim Berg", "contact_centre", (fallback.code,))
    add_member(person=contact, by=BENCH)
    streets = next(unit for unit in units if "gata_park" in unit.roles)
    above = (streets.parent or streets).code
    add_member(person=Person(f"chef@{slug}.example", "Maria Lund", "unit_manager", (above,)), by=BENCH)


def _described(organisation: Organisation) -> Town:
    units = list(Unit.objects.all())
    officers: dict[int, list[int]] = {}
    for unit_id, user_id in MembershipUnit.objects.filter(membership__role="case_officer").values_list(
        "unit_id", "membership__user_id"
    ):
        officers.setdefault(unit_id, []).append(user_id)
    return Town(
        organisation_id=organisation.pk,
        types=tuple(_types(units)),
        confidential_units=frozenset(unit.pk for unit in units if unit.confidential),
        officers={unit_id: tuple(sorted(users)) for unit_id, users in officers.items()},
        areas=tuple(Area.objects.filter(kind="district").values_list("pk", flat=True)),
        places=tuple(_places(organisation)),
    )


def _types(units: list[Unit]) -> list[TypeFacts]:
    by_role = {role: unit for unit in units for role in unit.roles}
    fallback = next(unit for unit in units if unit.fallback)
    areas = list(Category.objects.filter(for_faults=False).select_related("unit"))
    faults: list[TypeFacts] = []
    feedback: list[TypeFacts] = []
    for case_type in CaseType.objects.select_related("current", "category"):
        if case_type.current is None:
            continue
        description = case_type.current.description
        own = (description.title("sv"), case_type.kind, case_type.pk, case_type.current.pk)
        if case_type.kind == "felanmalan":
            unit = by_role.get(description.routing.role or "", fallback)
            open_to_all = description.publication.allowed and not unit.confidential
            weight = 75 / (len(faults) + 3)  # a few sorts make up most of what comes
            faults.append(TypeFacts(case_type.code, *own, case_type.category_id, unit.pk, open_to_all, weight))
            continue
        for area in areas:
            unit = area.unit or fallback
            open_to_all = area.publishable and not unit.confidential
            feedback.append(TypeFacts(case_type.code, *own, area.pk, unit.pk, open_to_all, 0.7))
    return faults + feedback


def _places(organisation: Organisation) -> list[tuple[float, float, str]]:
    """Address points: Motala's own, and for others the same pattern moved to their middle."""
    own = list(demo_streets(organisation.code))
    rows = own or list(demo_streets("0583"))
    lat = lon = 0.0
    if not own:
        middle = municipality("0583")
        lat, lon = (organisation.lat or 0.0) - middle.lat, (organisation.lon or 0.0) - middle.lon
    return [(row.lat + lat, row.lon + lon, f"{row.street} {row.number}, {row.locality}") for row in rows]
