"""What the pages about case types read: the types with where they go, one type with its versions."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language

from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.description_words import Section, summary
from lyhord.cases.desks import Desks
from lyhord.cases.kind import KINDS
from lyhord.cases.models import CaseType, CaseTypeVersion, Category
from lyhord.core.clock import today
from lyhord.core.errors import NotFound
from lyhord.organisations.models import Unit


@dataclass(frozen=True, slots=True)
class GoesTo:
    """The unit that a type's cases reach when no rule says else; `found` is False when nobody has the task."""

    name: str
    found: bool


def goes_to(description: CaseTypeDescription, category: Category | None, desks: Desks) -> GoesTo:
    """Where cases of the type go without rules."""
    code = desks.own(description, today()) or desks.code_of(category.unit_id if category else None)
    if code:
        return GoesTo(desks.names[code], True)
    return GoesTo(desks.fallback.name, False)


def all_desks() -> Desks:
    """The units of the organisation."""
    return Desks(list(Unit.objects.order_by("sort_key")))


def type_groups(kind: str = "") -> list[dict[str, Any]]:
    """All types (of a kind) under their categories, with unit, promise and whether a draft waits."""
    language = get_language() or "sv"
    desks = all_desks()
    newest = CaseTypeVersion.objects.filter(case_type=OuterRef("pk")).order_by("-number")
    types = CaseType.objects.select_related("current", "category").annotate(
        newest_number=Subquery(newest.values("number")[:1]),
        newest_published=Subquery(newest.values("published_at")[:1]),
        newest_name=Subquery(newest.values("content__name")[:1]),
    )
    if kind:
        types = types.filter(kind=kind)
    groups: dict[Any, dict[str, Any]] = {}
    for case_type in types.order_by("category__for_faults", "category__position", "category__code", "position", "code"):
        key = case_type.category_id or case_type.kind
        group = groups.setdefault(key, _group(case_type, language))
        group["rows"].append(_row(case_type, desks, language))
    return list(groups.values())


def _group(case_type: CaseType, language: str) -> dict[str, Any]:
    category = case_type.category
    label = category.name(language) if category else KINDS.get(case_type.kind).label
    return {"label": label, "category_id": category.pk if category else None, "rows": []}


def _row(case_type: CaseType, desks: Desks, language: str) -> dict[str, Any]:
    current = case_type.current
    description = current.description if current else None
    names: dict[str, str] = case_type.newest_name if current is None else current.content["name"]  # type: ignore[attr-defined]  # annotated
    target = goes_to(description, case_type.category, desks) if description else None
    days = None
    if description:
        days = description.deadline.answer_days
        days = KINDS.get(case_type.kind).answer_days if days is None else days
    asks_area = case_type.category_id is None and bool(target and not target.found)
    return {
        "id": case_type.pk,
        "code": case_type.code,
        "name": names.get(language) or names.get("sv", case_type.code),
        "kind_label": KINDS.get(case_type.kind).label,
        "unit_name": target.name if target else "",
        "by_area": asks_area,
        "uncovered": bool(target and not target.found and not asks_area),
        "days": days,
        "days_unit": description.deadline.unit if description else "working_days",
        "public": bool(description and description.publication.allowed),
        "active": case_type.active and current is not None,
        "draft": case_type.newest_published is None,  # type: ignore[attr-defined]  # annotated
    }


@dataclass(frozen=True, slots=True)
class TypeWithVersions:
    """One type, its versions with the newest first, and the draft if there is one."""

    case_type: CaseType
    versions: list[CaseTypeVersion]

    @property
    def newest(self) -> CaseTypeVersion:
        """The draft if there is one, else what was published last."""
        return self.versions[0]

    @property
    def draft(self) -> CaseTypeVersion | None:
        """The version that is not published yet."""
        return self.newest if self.newest.published_at is None else None

    @property
    def current(self) -> CaseTypeVersion | None:
        """The version that holds."""
        return next((version for version in self.versions if version.pk == self.case_type.current_id), None)

    def version(self, number: int) -> CaseTypeVersion:
        """The version with that number; NotFound."""
        found = next((version for version in self.versions if version.number == number), None)
        if found is None:
            raise NotFound
        return found

    @property
    def name(self) -> str:
        """The type's name, of what holds or else of the draft."""
        shown = self.current or self.newest
        return shown.description.title(get_language() or "sv")


def one_type(type_id: int) -> TypeWithVersions:
    """A type with all its versions; NotFound."""
    case_type = CaseType.objects.select_related("category").filter(pk=type_id).first()
    if case_type is None:
        raise NotFound
    versions = CaseTypeVersion.objects.filter(case_type=case_type).select_related("created_by").order_by("-number")
    found = list(versions)
    if not found:
        raise NotFound
    return TypeWithVersions(case_type, found)


def sections_of(description: CaseTypeDescription, desks: Desks) -> list[Section]:
    """The description in plain words, with the unit it leads to."""
    category = Category.objects.filter(code=description.category).first() if description.category else None
    target = goes_to(description, category, desks)
    return summary(description, language=get_language() or "sv", unit_names=desks.names, goes_to=target.name)
