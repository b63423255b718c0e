"""Changes to the organisation's routing rules: one draft at a time, published as a whole, with a way back."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from lyhord.audit.actions import record
from lyhord.cases.models import RuleSet
from lyhord.cases.routing_rules import Rule
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.organisations.models import Organisation, Unit

MOST_RULES = 200


def rules_of(rule_set: RuleSet | None) -> list[Rule]:
    """The rules of a version, typed; [] for none."""
    return [Rule.model_validate(rule) for rule in rule_set.rules] if rule_set else []


def fingerprint(rules: Sequence[Rule]) -> str:
    """Changes when the rules or their order do: a form carries it so that two people never mix theirs."""
    return hashlib.sha256(json.dumps(_to_json(rules), sort_keys=True).encode()).hexdigest()[:16]


def parse_rule(data: Mapping[str, Any]) -> Rule:
    """One rule, checked. Raises Invalid with a sentence by path."""
    try:
        return Rule.model_validate(data)
    except ValidationError as error:
        sentences = {}
        for fault in error.errors(include_url=False):
            path = ".".join(str(step) for step in fault["loc"])
            own = fault.get("ctx", {}).get("error") if fault["type"] == "value_error" else None
            sentences[path] = str(own) if own else _("Det här går inte att använda.")
        raise Invalid(sentences) from None


@transaction.atomic
def save_rules(*, rules: Sequence[Rule], base: str, by: Actor) -> RuleSet:
    """Keep the rules as the draft. `base` is the fingerprint of what the person saw; Conflict when it has changed.

    Raises Invalid when there are too many, or one names a unit that does not exist.
    """
    _lock()
    newest = RuleSet.objects.order_by("-number").first()
    if fingerprint(rules_of(newest)) != base:
        raise Conflict(_("Någon annan har ändrat reglerna. Läs dem som de är nu och gör om din ändring."))
    if len(rules) > MOST_RULES:
        raise Invalid(_("Det får vara högst %(count)s regler.") % {"count": MOST_RULES})
    units = set(Unit.objects.values_list("code", flat=True))
    known_before = {rule.unit for rule in rules_of(newest)}
    if unknown := [rule.unit for rule in rules if rule.unit not in units | known_before]:
        raise Invalid({"unit": _("Enheten %(code)s finns inte.") % {"code": unknown[0]}})
    if newest is not None and newest.published_at is None:
        draft = newest
        draft.rules, draft.created_at, draft.created_by_id = _to_json(rules), now(), _person(by)
        draft.save(update_fields=["rules", "created_at", "created_by"])
    else:
        draft = _add(newest, rules, "", by)
    _log("drafted", draft, by, rules=len(rules))
    return draft


@transaction.atomic
def publish_rules(*, base: str, by: Actor, note: str = "") -> RuleSet:
    """Let the draft hold from now on. Raises Conflict when it is no longer what the person saw."""
    _lock()
    draft = _draft()
    if fingerprint(rules_of(draft)) != base:
        raise Conflict(_("Någon annan har ändrat reglerna. Läs dem som de är nu och publicera sedan."))
    draft.published_at = now()
    draft.note = clean_text(note, one_line=True)[:200]
    draft.save(update_fields=["published_at", "note"])
    _log("published", draft, by, number=draft.number, note=draft.note)
    return draft


@transaction.atomic
def discard_rules(*, by: Actor) -> None:
    """Throw the draft away; what is published holds as before."""
    _lock()
    draft = _draft()
    pk = draft.pk
    draft.delete()
    record(verb="rules.discarded", subject_type="rules", subject_id=pk, by=by, data={"number": draft.number})


@transaction.atomic
def roll_back_rules(*, number: int, by: Actor) -> RuleSet:
    """Go back to an earlier version: a new one with its rules, which holds at once. A draft is thrown away."""
    _lock()
    old = RuleSet.objects.filter(number=number, published_at__isnull=False).first()
    if old is None:
        raise NotFound
    current = RuleSet.objects.filter(published_at__isnull=False).order_by("-number").first()
    if current is not None and current.pk == old.pk:
        raise Invalid(_("Den versionen gäller redan."))
    RuleSet.objects.filter(published_at__isnull=True).delete()
    made = _add(current, rules_of(old), _("Som version %(number)s") % {"number": number}, by)
    made.published_at = now()
    made.save(update_fields=["published_at"])
    _log("rolled_back", made, by, number=made.number, to=number)
    return made


def _lock() -> None:
    """One change at a time: an organisation without rules has no other row to lock."""
    Organisation.objects.select_for_update().get(pk=require_organisation_id())


def _draft() -> RuleSet:
    newest = RuleSet.objects.order_by("-number").first()
    if newest is None or newest.published_at is not None:
        raise Invalid(_("Det finns inget utkast."))
    return newest


def _add(newest: RuleSet | None, rules: Sequence[Rule], note: str, by: Actor) -> RuleSet:
    return RuleSet.objects.create(
        organisation_id=require_organisation_id(),
        number=newest.number + 1 if newest else 1,
        rules=_to_json(rules),
        note=note,
        created_at=now(),
        created_by_id=_person(by),
    )


def _to_json(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    return [rule.model_dump(mode="json", exclude_none=True) for rule in rules]


def _person(by: Actor) -> int | None:
    return by.id if by.kind == "person" else None


def _log(verb: str, rule_set: RuleSet, by: Actor, **data: Any) -> None:
    record(verb=f"rules.{verb}", subject_type="rules", subject_id=rule_set.pk, by=by, data=data)
