"""What importing a file of areas would do, worked out before anything is changed: for the preview and the import."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext as _

from lyhord.core.errors import Invalid
from lyhord.places.geojson import ParsedArea


@dataclass(frozen=True, slots=True)
class Known:
    """An area that the organisation has already."""

    pk: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PlannedArea:
    """One area of the file: what it will be called, and the area it replaces (None: it is new)."""

    area: ParsedArea
    code: str
    name: str
    known: Known | None


@dataclass(frozen=True, slots=True)
class AreaPlan:
    """The areas of the file in its order, and the known ones that it lacks."""

    rows: tuple[PlannedArea, ...]
    missing: tuple[Known, ...]


def plan_areas(areas: Sequence[ParsedArea], known: Iterable[Known]) -> AreaPlan:
    """Match the areas of a file with those that are known: by code first, then by name.

    An area without a name is "Område 1" after its place in the file. Raises Invalid when two have the same name.
    """
    left = {area.pk: area for area in known}
    taken = {area.code for area in left.values()}
    rows: list[PlannedArea] = []
    names: set[str] = set()
    for number, area in enumerate(areas, start=1):
        name = area.name or _("Område %(number)s") % {"number": number}
        if name.casefold() in names:
            raise Invalid(_("Två områden i filen heter %(name)s. Ge dem olika namn.") % {"name": name})
        names.add(name.casefold())
        wanted = slugify(area.code)[:60]
        match = next((old for old in left.values() if wanted and old.code == wanted), None) or next(
            (old for old in left.values() if old.name.casefold() == name.casefold()), None
        )
        if match:
            del left[match.pk]
        code = match.code if match else _free(wanted or slugify(name)[:54] or f"omrade-{number}", taken)
        taken.add(code)
        rows.append(PlannedArea(area, code, name, match))
    return AreaPlan(tuple(rows), tuple(left.values()))


def _free(code: str, taken: set[str]) -> str:
    wanted, number = code, 2
    while code in taken:
        code, number = f"{wanted[:54]}-{number}", number + 1
    return code
