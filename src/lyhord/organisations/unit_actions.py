"""Changes to the tree of units: departments (förvaltningar) and what lies below them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.organisations.models import Unit
from lyhord.organisations.unit_roles import UNIT_ROLES

DEEPEST = 6
_FIELDS = ("name", "email", "roles", "confidential", "fallback")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitValues:
    """What an administrator says about a unit."""

    name: str
    parent_id: int | None = None
    email: str = ""
    roles: tuple[str, ...] = ()
    confidential: bool = False
    fallback: bool = False


@transaction.atomic
def add_unit(*, values: UnitValues, by: Actor) -> Unit:
    """A new unit; its code is made of its name and never changes. Raises Invalid with a sentence per field."""
    units = _all_locked()
    name = _checked(values, units, None)
    unit = Unit(
        organisation_id=require_organisation_id(),
        code=free_code(name, {unit.code for unit in units.values()}),
    )
    after = _fill(unit, values, name)
    if values.fallback:
        _take_fallback(units, unit, by)
    unit.save()
    record(verb="unit.added", subject_type="unit", subject_id=unit.pk, by=by, data={"code": unit.code, "after": after})
    return unit


@transaction.atomic
def change_unit(*, unit_id: int, values: UnitValues, by: Actor) -> Unit:
    """Change a unit. Secrecy goes down to all units below it. Raises Invalid with a sentence per field."""
    units = _all_locked()
    unit = units.get(unit_id)
    if unit is None:
        raise NotFound
    name = _checked(values, units, unit)
    before = _state(unit)
    if unit.fallback and not values.fallback:
        raise Invalid(
            {"fallback": _("Någon enhet måste ta emot det som ingen annan har. Välj det på den enheten i stället.")}
        )
    if values.fallback and not unit.fallback:
        _take_fallback(units, unit, by)
    after = _fill(unit, values, name)
    if before == after:
        return unit
    unit.save()
    record(
        verb="unit.changed",
        subject_type="unit",
        subject_id=unit.pk,
        by=by,
        data={"code": unit.code, "before": before, "after": after},
    )
    if unit.confidential and not before["confidential"]:
        _close_below(units, unit, by)
    return unit


@transaction.atomic
def remove_unit(*, unit_id: int, by: Actor) -> None:
    """Delete a unit that nothing belongs to: no cases, categories, people or units. Raises Invalid otherwise."""
    units = _all_locked()
    unit = units.get(unit_id)
    if unit is None:
        raise NotFound
    if unit.fallback:
        raise Invalid(_("Enheten tar emot det som ingen annan har. Välj en annan enhet för det först."))
    if any(_refers(relation, unit) for relation in unit._meta.get_fields(include_hidden=True) if relation.one_to_many):
        raise Invalid(
            _("Enheten används. Flytta ärenden, kategorier, personer och underenheter till en annan enhet först.")
        )
    code, name = unit.code, unit.name
    pk = unit.pk
    unit.delete()
    record(verb="unit.removed", subject_type="unit", subject_id=pk, by=by, data={"code": code, "name": name})


def free_code(name: str, taken: Iterable[str], *, longest: int = 60) -> str:
    """A code made of a name ("Gata och park" → "gata-och-park") that is not among the taken ones."""
    base = slugify(name)[: longest - 4].strip("-_") or "namnlos"
    used, code, number = set(taken), base, 2
    while code in used:
        code, number = f"{base}-{number}", number + 1
    return code


def _all_locked() -> dict[int, Unit]:
    """The whole tree by primary key, locked: what is allowed for one unit depends on the others."""
    return {unit.pk: unit for unit in Unit.objects.select_for_update(of=("self",)).order_by("pk")}


def _checked(values: UnitValues, units: dict[int, Unit], unit: Unit | None) -> str:
    """The cleaned name; Invalid when something is wrong."""
    errors = {}
    name = clean_text(values.name, one_line=True)
    if not name or len(name) > 120:
        errors["name"] = _("Skriv enhetens namn, högst 120 tecken.")
    elif any(other.name.casefold() == name.casefold() and other != unit for other in units.values()):
        errors["name"] = _("Det finns redan en enhet som heter så.")
    if values.email:
        try:
            validate_email(values.email)
        except ValidationError:
            errors["email"] = _("Skriv en mejladress, till exempel namn@exempel.se")
    if unknown := [role for role in values.roles if role not in UNIT_ROLES]:
        errors["roles"] = _("Uppgiften %(role)s finns inte.") % {"role": unknown[0]}
    above = _line(units, values.parent_id)
    if above is None or (unit is not None and unit in above):
        errors["parent"] = _("Välj en enhet som inte ligger under den här.")
    elif len(above) >= DEEPEST:
        errors["parent"] = _("Trädet kan ha högst %(count)s nivåer.") % {"count": DEEPEST}
    elif above and above[0].confidential and not values.confidential:
        errors["confidential"] = _("Enheten ovanför omfattas av sekretess. Då gör den här det också.")
    if errors:
        raise Invalid(errors)
    return name


def _line(units: dict[int, Unit], unit_id: int | None) -> list[Unit] | None:
    """The unit and those above it, nearest first; None when one of them does not exist."""
    line: list[Unit] = []
    while unit_id is not None:
        unit = units.get(unit_id)
        if unit is None or unit in line:
            return None
        line.append(unit)
        unit_id = unit.parent_id
    return line


def _state(unit: Unit) -> dict[str, Any]:
    return {"parent": unit.parent_id, **{name: getattr(unit, name) for name in _FIELDS}}


def _fill(unit: Unit, values: UnitValues, name: str) -> dict[str, Any]:
    unit.parent_id = values.parent_id
    unit.name, unit.email = name, values.email
    unit.roles = [role for role in UNIT_ROLES if role in values.roles]
    unit.confidential, unit.fallback = values.confidential, values.fallback
    return _state(unit)


def _take_fallback(units: dict[int, Unit], to: Unit, by: Actor) -> None:
    """Only one unit takes what nobody else has."""
    for unit in units.values():
        if unit.fallback and unit != to:
            before = _state(unit)
            unit.fallback = False
            unit.save(update_fields=["fallback"])
            _record_change(unit, before, by)


def _close_below(units: dict[int, Unit], unit: Unit, by: Actor) -> None:
    for other in units.values():
        line = _line(units, other.parent_id)
        if line and unit in line and not other.confidential:
            before = _state(other)
            other.confidential = True
            other.save(update_fields=["confidential"])
            _record_change(other, before, by)


def _record_change(unit: Unit, before: dict[str, Any], by: Actor) -> None:
    record(
        verb="unit.changed",
        subject_type="unit",
        subject_id=unit.pk,
        by=by,
        data={"code": unit.code, "before": before, "after": _state(unit)},
    )


def _refers(relation: Any, unit: Unit) -> bool:
    """Whether any row points at the unit. Asked of every relation there is, so that apps above need not be known."""
    related: type[models.Model] = relation.related_model
    return related._default_manager.filter(**{relation.field.name: unit}).exists()
