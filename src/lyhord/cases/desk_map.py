"""The open cases that somebody at the desk may see on a map. What is secret or protected is on no map at all."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F

from lyhord.cases.models import Case, CaseQuerySet
from lyhord.places.morton import AXIS_BITS, Range

if TYPE_CHECKING:
    from lyhord.accounts.staff import Staff


@dataclass(frozen=True, slots=True)
class DeskMarker:
    """A case as a point on the desk's map."""

    pk: int
    number: str
    title: str
    kind: str
    state: str
    lat: float | None
    lon: float | None


def on_map(staff: "Staff", *, unit_ids: Collection[int] | None = None, kind: str = "") -> CaseQuerySet:
    """The open cases with a place that the person may see, of some units or of all; in no order.

    Cases of confidential units and of people with protected identity are left out even for those who may read them:
    a map is looked at by more than one.
    """
    cases = Case.objects.visible_to(staff).open().filter(confidential=False, protected=False, cell__isnull=False)
    if unit_ids is not None:
        cases = cases.filter(unit_id__in=unit_ids)
    return cases.filter(kind=kind) if kind else cases


def desk_markers(cases: CaseQuerySet, cells: Range, most: int) -> list[DeskMarker] | None:
    """Those within a half-open range of cells; None when there are more than `most`. One range of an index."""
    rows = _within(cases, cells).order_by("cell").values_list("pk", "number", "title", "kind", "state", "lat", "lon")
    found = [DeskMarker(*row) for row in rows[: most + 1]]
    return found if len(found) <= most else None


def desk_cell_counts(cases: CaseQuerySet, cells: Range, depth: int) -> list[tuple[int, int]]:
    """(cell shifted to `depth`, how many cases) within a range."""
    key = F("cell").bitrightshift(2 * (AXIS_BITS - depth))
    return list(_within(cases, cells).order_by().values_list(key).annotate(Count("pk")))


def _within(cases: CaseQuerySet, cells: Range) -> CaseQuerySet:
    low, high = cells
    return cases.filter(cell__gte=low, cell__lt=high)
