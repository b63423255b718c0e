"""Changes to areas and the street list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.places.addresses import search_key
from lyhord.places.area_plan import AreaPlan, Known, plan_areas
from lyhord.places.geojson import ParsedArea, to_geojson
from lyhord.places.models import Address, Area

AREA_KINDS = ("boundary", "district")


@dataclass(frozen=True, slots=True)
class Street:
    """One row of a street list."""

    street: str
    number: str
    locality: str
    lat: float
    lon: float
    postcode: str = ""


@transaction.atomic
def load_addresses(*, rows: Iterable[Street], by: Actor) -> int:
    """Replace the organisation's street list. Returns how many addresses there are now."""
    organisation_id = require_organisation_id()
    Address.objects.all().delete()
    made = Address.objects.bulk_create(
        (
            Address(
                organisation_id=organisation_id,
                street=clean_text(row.street, one_line=True),
                number=row.number.strip(),
                postcode=row.postcode.strip(),
                locality=clean_text(row.locality, one_line=True),
                lat=row.lat,
                lon=row.lon,
                search_key=search_key(f"{row.street} {row.number}"),
            )
            for row in rows
        ),
        batch_size=2000,
    )
    record(
        verb="addresses.loaded",
        subject_type="organisation",
        subject_id=organisation_id,
        by=by,
        data={"count": len(made)},
        level=1,
    )
    return len(made)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import of areas did, by name; `kept` were not in the file but cases lie in them."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]


def planned_areas(*, kind: str, areas: Sequence[ParsedArea]) -> AreaPlan:
    """What importing the areas would do; changes nothing. Raises Invalid when two areas have the same name."""
    known = [Known(area.pk, area.code, area.name) for area in Area.objects.filter(kind=kind).defer("geojson")]
    return plan_areas(areas, known)


@transaction.atomic
def import_areas(*, kind: str, areas: Sequence[ParsedArea], by: Actor) -> Imported:
    """Let the areas of a kind be those of a file: new ones are added, known ones (by code or name) get the new shape.

    Those that are not in the file go, unless cases lie in them: history keeps its places. Raises Invalid.
    """
    organisation_id = require_organisation_id()
    if kind not in AREA_KINDS:
        raise Invalid({"kind": _("Välj vad filen innehåller.")})
    list(Area.objects.select_for_update().filter(kind=kind).values_list("pk", flat=True))
    plan = planned_areas(kind=kind, areas=areas)
    for row in plan.rows:
        shape = to_geojson(row.area.geometry)
        if row.known is None:
            Area.objects.create(organisation_id=organisation_id, kind=kind, code=row.code, name=row.name, geojson=shape)
        else:
            Area(
                pk=row.known.pk,
                organisation_id=organisation_id,
                kind=kind,
                code=row.code,
                name=row.name,
                geojson=shape,
            ).save(force_update=True)
    gone = list(Area.objects.filter(pk__in=[known.pk for known in plan.missing]).defer("geojson"))
    kept = [area for area in gone if _used(area)]
    Area.objects.filter(pk__in=[area.pk for area in gone if area not in kept]).delete()
    done = Imported(
        added=tuple(row.name for row in plan.rows if row.known is None),
        changed=tuple(row.name for row in plan.rows if row.known is not None),
        removed=tuple(area.name for area in gone if area not in kept),
        kept=tuple(area.name for area in kept),
    )
    record(
        verb="areas.imported",
        subject_type="organisation",
        subject_id=organisation_id,
        by=by,
        data={"kind": kind, "added": done.added, "changed": done.changed, "removed": done.removed, "kept": done.kept},
    )
    return done


def _used(area: Area) -> bool:
    """Whether any row points at the area. Asked of every relation there is, so that apps above need not be known."""
    relations: list[Any] = [field for field in area._meta.get_fields(include_hidden=True) if field.one_to_many]
    for relation in relations:
        related: type[models.Model] = relation.related_model
        if related._default_manager.filter(**{relation.field.name: area}).exists():
            return True
    return False
