"""Changes to what cases are about: groups of faults and areas for feedback."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.cases.models import Category
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.organisations.models import Unit

_CODE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryValues:
    """What an administrator says about a category."""

    name_sv: str
    name_en: str = ""
    unit_id: int | None = None
    position: int = 100


@transaction.atomic
def add_category(*, values: CategoryValues, for_faults: bool, by: Actor) -> Category:
    """A new group of faults, or area for feedback. It is published unless its unit is confidential. Raises Invalid."""
    names, unit = _checked(values)
    taken = set(Category.objects.values_list("code", flat=True))
    category = Category.objects.create(
        organisation_id=require_organisation_id(),
        code=_free_code(names["sv"], taken),
        names=names,
        for_faults=for_faults,
        unit=unit,
        publishable=not (unit and unit.confidential),
        position=values.position,
    )
    _log("added", category, by, code=category.code, after=_state(category))
    return category


@transaction.atomic
def change_category(*, category_id: int, values: CategoryValues, by: Actor) -> Category:
    """Rename a category or give it to another unit. A confidential unit closes it to publication. Raises Invalid."""
    category = _locked(category_id)
    names, unit = _checked(values)
    before = _state(category)
    category.names = {**category.names, **names} if values.name_en.strip() else names
    category.unit = unit
    category.position = values.position
    category.publishable = category.publishable and not (unit and unit.confidential)
    after = _state(category)
    if before != after:
        category.save()
        _log("changed", category, by, code=category.code, before=before, after=after)
    return category


@transaction.atomic
def set_publishable(*, category_id: int, publishable: bool, by: Actor, reason: str = "") -> Category:
    """Whether cases about this may be published after review. Opening needs a reason, which the log keeps.

    A category whose unit is confidential stays closed: Invalid.
    """
    category = _locked(category_id)
    if category.publishable == publishable:
        return category
    reason = clean_text(reason, one_line=True)
    if publishable and category.unit is not None and category.unit.confidential:
        raise Invalid(
            {"": _("%(unit)s omfattas av sekretess. Därför kan det inte öppnas.") % {"unit": category.unit.name}}
        )
    if publishable and not reason:
        raise Invalid({"reason": _("Skriv vem som har bestämt det, eller beslutets nummer.")})
    before = _state(category)
    category.publishable = publishable
    category.save(update_fields=["publishable"])
    _log("changed", category, by, code=category.code, before=before, after=_state(category), reason=reason[:300])
    return category


def _locked(category_id: int) -> Category:
    category = Category.objects.select_for_update(of=("self",)).filter(pk=category_id).first()
    if category is None:
        raise NotFound
    return category


def _checked(values: CategoryValues) -> tuple[dict[str, str], Unit | None]:
    errors = {}
    names = {"sv": clean_text(values.name_sv, one_line=True), "en": clean_text(values.name_en, one_line=True)}
    if not names["sv"] or len(names["sv"]) > 80:
        errors["name_sv"] = _("Skriv ett namn på svenska, högst 80 tecken.")
    if len(names["en"]) > 80:
        errors["name_en"] = _("Namnet är för långt. Högst %(count)s tecken.") % {"count": 80}
    unit = Unit.objects.filter(pk=values.unit_id).first() if values.unit_id else None
    if values.unit_id and unit is None:
        errors["unit"] = _("Enheten finns inte.")
    if not 0 <= values.position <= 32_000:
        errors["position"] = _("Skriv ett tal från 0 till 32 000.")
    if errors:
        raise Invalid(errors)
    return {language: name for language, name in names.items() if name}, unit


def _free_code(name: str, taken: set[str]) -> str:
    """Letters, digits and underscores, so that case types can hang below it: "barn_utbildning"."""
    base = _CODE.sub("_", slugify(name).lower()).strip("_")[:50] or "kategori"
    base = base if base[0].isalpha() else f"k_{base}"
    code, number = base, 2
    while code in taken:
        code, number = f"{base}_{number}", number + 1
    return code


def _state(category: Category) -> dict[str, Any]:
    return {
        "names": category.names,
        "unit": category.unit_id,
        "publishable": category.publishable,
        "position": category.position,
    }


def _log(verb: str, category: Category, by: Actor, **data: Any) -> None:
    record(verb=f"category.{verb}", subject_type="category", subject_id=category.pk, by=by, data=data)
