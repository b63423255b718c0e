"""Changes to case types: a new version, publishing it, going back, turning a type on and off. Old cases keep theirs."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.cases.description import CaseTypeDescription, parse_description
from lyhord.cases.models import CaseType, CaseTypeVersion, Category
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.organisations.models import Unit

LONGEST_NOTE = 200


@transaction.atomic
def add_case_type(*, content: Mapping[str, Any], by: Actor, note: str = "") -> CaseType:
    """A new type with a first version that is not published: nobody can choose it yet. Raises Invalid by path."""
    description = parse_description(content)
    if CaseType.objects.filter(code=description.code).exists():
        raise Invalid({"code": _("Koden används redan av en annan ärendetyp.")})
    category = _check_references(description)
    last = CaseType.objects.filter(kind=description.kind).order_by("-position").first()
    case_type = CaseType.objects.create(
        organisation_id=require_organisation_id(),
        code=description.code,
        kind=description.kind,
        category=category,
        position=min(last.position + 1, 32_000) if last else 100,
    )
    version = _add_version(case_type, 1, description, note, by)
    _log("added", case_type, by, code=case_type.code, kind=case_type.kind, version=version.pk)
    return case_type


def mark_of(version: CaseTypeVersion | None) -> str:
    """Changes when a version does: a form carries it so that two people never overwrite each other. "" for none."""
    if version is None:
        return ""
    digest = hashlib.sha256(json.dumps(version.content, sort_keys=True).encode()).hexdigest()
    return f"{version.number}-{digest[:16]}"


@transaction.atomic
def create_version(
    *, case_type_id: int, content: Mapping[str, Any], by: Actor, note: str = "", base: str | None = None
) -> CaseTypeVersion:
    """The draft of the type: a new version that is not published, or the one there is, written anew.

    Raises Invalid by path; code and kind never change. `base` is the mark of the newest version that the person saw;
    Conflict when there is another one by now.
    """
    case_type = _locked(case_type_id)
    newest = _newest(case_type)
    if base is not None and mark_of(newest) != base:
        raise Conflict(_("Någon annan har sparat en ny version. Det du skrev finns kvar. Läs den nya och spara igen."))
    description = parse_description(content)
    if description.code != case_type.code or description.kind != case_type.kind:
        name = "code" if description.code != case_type.code else "kind"
        raise Invalid({name: _("Det här går inte att ändra. Skapa en ny ärendetyp i stället.")})
    _check_references(description)
    if newest is not None and newest.description == description:
        return newest
    if newest is not None and newest.published_at is None:
        version = newest
        version.content, version.note = description.to_json(), _note(note) or version.note
        version.created_at, version.created_by_id = now(), _person(by)
        version.save(update_fields=["content", "note", "created_at", "created_by"])
    else:
        version = _add_version(case_type, newest.number + 1 if newest else 1, description, note, by)
    _log("drafted", case_type, by, code=case_type.code, number=version.number, version=version.pk)
    return version


@transaction.atomic
def discard_draft(*, case_type_id: int, by: Actor) -> None:
    """Throw the draft away; what is published holds as before. A type that was never published goes with it."""
    case_type = _locked(case_type_id)
    newest = _newest(case_type)
    if newest is None or newest.published_at is not None:
        raise Invalid(_("Det finns inget utkast."))
    number = newest.number
    _log("discarded", case_type, by, code=case_type.code, number=number)
    newest.delete()
    if case_type.current_id is None:
        case_type.delete()


@transaction.atomic
def publish_version(*, case_type_id: int, number: int, by: Actor) -> CaseTypeVersion:
    """Let a version hold from now on: forms, desk and deadlines read it at once. Publishing it twice is once."""
    case_type = _locked(case_type_id)
    version = CaseTypeVersion.objects.filter(case_type=case_type, number=number).first()
    if version is None:
        raise NotFound
    if case_type.current_id == version.pk:
        return version
    if version.published_at is not None:
        raise Invalid(_("Versionen har gällt tidigare. Gå tillbaka till den i stället, så blir den en ny version."))
    _check_references(version.description)
    _publish(case_type, version)
    _log("published", case_type, by, code=case_type.code, number=version.number, note=version.note)
    return version


@transaction.atomic
def roll_back(*, case_type_id: int, number: int, by: Actor) -> CaseTypeVersion:
    """Go back to what an earlier version said: a new version with its content, which holds at once."""
    case_type = _locked(case_type_id)
    old = CaseTypeVersion.objects.filter(case_type=case_type, number=number).first()
    newest = _newest(case_type)
    if old is None or newest is None:
        raise NotFound
    if case_type.current_id == old.pk:
        raise Invalid(_("Den versionen gäller redan."))
    _check_references(old.description)
    note = _("Som version %(number)s") % {"number": number}
    version = _add_version(case_type, newest.number + 1, old.description, note, by)
    _publish(case_type, version)
    _log("rolled_back", case_type, by, code=case_type.code, number=version.number, to=number)
    return version


@transaction.atomic
def set_active(*, case_type_id: int, active: bool, by: Actor) -> CaseType:
    """Whether the type can be chosen. Its cases stay as they are. Raises Invalid when nobody could send anything."""
    case_type = _locked(case_type_id)
    if case_type.active == active:
        return case_type
    if active and case_type.current_id is None:
        raise Invalid(_("Publicera en version först."))
    others = CaseType.objects.filter(kind=case_type.kind, active=True, current__isnull=False).exclude(pk=case_type.pk)
    if not active and not others.exists():
        raise Invalid(_("Det är den enda ärendetypen av sin sort. Utan den kan ingen skicka något."))
    case_type.active = active
    case_type.save(update_fields=["active"])
    _log("activated" if active else "deactivated", case_type, by, code=case_type.code)
    return case_type


def _locked(case_type_id: int) -> CaseType:
    case_type = CaseType.objects.select_for_update(of=("self",)).filter(pk=case_type_id).first()
    if case_type is None:
        raise NotFound
    return case_type


def _newest(case_type: CaseType) -> CaseTypeVersion | None:
    return CaseTypeVersion.objects.filter(case_type=case_type).order_by("-number").first()


def _add_version(
    case_type: CaseType, number: int, description: CaseTypeDescription, note: str, by: Actor
) -> CaseTypeVersion:
    return CaseTypeVersion.objects.create(
        organisation_id=case_type.organisation_id,
        case_type=case_type,
        number=number,
        content=description.to_json(),
        note=_note(note),
        created_at=now(),
        created_by_id=_person(by),
    )


def _publish(case_type: CaseType, version: CaseTypeVersion) -> None:
    version.published_at = now()
    version.save(update_fields=["published_at"])
    code = version.description.category
    case_type.point_to(version)
    case_type.category = Category.objects.filter(code=code).first() if code else None
    case_type.save(update_fields=["current", "category", "opens_on", "closes_on"])


def _check_references(description: CaseTypeDescription) -> Category | None:
    """The type's category; Invalid when it names a category or unit that the organisation does not have."""
    errors = {}
    category = None
    if description.category:
        category = Category.objects.filter(code=description.category).first()
        if category is None:
            errors["category"] = _("Kategorin %(code)s finns inte.") % {"code": description.category}
    units = set(Unit.objects.values_list("code", flat=True))
    if description.routing.unit and description.routing.unit not in units:
        errors["routing.unit"] = _("Enheten %(code)s finns inte.") % {"code": description.routing.unit}
    for index, rule in enumerate(description.routing.rules):
        if rule.unit not in units:
            errors[f"routing.rules.{index}.unit"] = _("Enheten %(code)s finns inte.") % {"code": rule.unit}
    if errors:
        raise Invalid(errors)
    return category


def _note(note: str) -> str:
    return clean_text(note, one_line=True)[:LONGEST_NOTE]


def _person(by: Actor) -> int | None:
    return by.id if by.kind == "person" else None


def _log(verb: str, case_type: CaseType, by: Actor, **data: Any) -> None:
    record(verb=f"case_type.{verb}", subject_type="case_type", subject_id=case_type.pk, by=by, data=data)
