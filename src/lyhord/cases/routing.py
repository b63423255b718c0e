"""Which unit a case goes to, and why, in words.

Pure: the same facts and rules give the same answer, so rules can be tried on old cases before they are published.
The reason is stored with the case and shown to staff; it is always in Swedish, whatever language the resident uses.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lyhord.cases.routing_rules import RoutingFacts, Rule

__all__ = ["Difference", "Route", "RoutingFacts", "Rule", "RuleTrace", "dry_run", "explain", "route"]


@dataclass(frozen=True, slots=True)
class Route:
    """The unit, the reason in a sentence, and the index of the rule that hit (0 is the first)."""

    unit_code: str
    reason: str
    rule: int | None
    kind: Literal["rule", "category", "fallback", "address"]


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """What one rule said: it held, or why it did not."""

    rule: int
    name: str
    held: bool
    misses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that would go elsewhere under the new rules."""

    facts: RoutingFacts
    before: Route
    after: Route


def route(
    facts: RoutingFacts,
    rules: Sequence[Rule],
    *,
    category_unit: str | None,
    fallback_unit: str,
    unit_names: Mapping[str, str] | None = None,
    active_units: Collection[str] | None = None,
) -> Route:
    """Where the case goes: the first rule that holds, else the category's unit, else the fallback. Always somewhere.

    With `active_units`, a rule or category whose unit is not among them is passed over; the fallback never is.
    `unit_names` gives the names that the reason uses instead of codes.
    """
    names = unit_names or {}
    subject = facts.type_name or facts.type_code
    for index, rule in enumerate(rules):
        if _usable(rule.unit, active_units) and rule.holds(facts):
            unit = names.get(rule.unit, rule.unit)
            label = f" ({rule.name})" if rule.name else ""
            because = rule.because(facts)
            reason = f"{subject}{rule.place_in_words(facts)} går till {unit}, regel {index + 1}{label}"
            return Route(rule.unit, f"{reason}: {because}." if because else f"{reason}.", index, "rule")
    if category_unit is not None and _usable(category_unit, active_units):
        unit = names.get(category_unit, category_unit)
        about = facts.category_name or subject
        return Route(category_unit, f"{subject} går till {unit}, som har hand om {about}.", None, "category")
    unit = names.get(fallback_unit, fallback_unit)
    return Route(
        fallback_unit, f"Ingen regel passar {subject}. Det går till {unit}, som skickar det vidare.", None, "fallback"
    )


def explain(
    facts: RoutingFacts, rules: Sequence[Rule], *, active_units: Collection[str] | None = None
) -> list[RuleTrace]:
    """What each rule said, down to and including the one that hit: why the earlier ones did not."""
    traces = []
    for index, rule in enumerate(rules):
        misses = rule.misses(facts)
        if not _usable(rule.unit, active_units):
            misses.append("enheten finns inte längre")
        traces.append(RuleTrace(index, rule.name, not misses, tuple(misses)))
        if not misses:
            break
    return traces


def dry_run(
    rules_old: Sequence[Rule],
    rules_new: Sequence[Rule],
    facts: Iterable[RoutingFacts],
    *,
    category_units: Mapping[str, str],
    fallback_unit: str,
    unit_names: Mapping[str, str] | None = None,
    active_units: Collection[str] | None = None,
) -> list[Difference]:
    """The cases that the new rules would send to another unit, in the order given.

    `category_units` maps category codes to unit codes. Cases that reach the same unit by another rule are left out.
    """
    differences = []
    for case in facts:
        before, after = (
            route(
                case,
                rules,
                category_unit=category_units.get(case.category or ""),
                fallback_unit=fallback_unit,
                unit_names=unit_names,
                active_units=active_units,
            )
            for rules in (rules_old, rules_new)
        )
        if before.unit_code != after.unit_code:
            differences.append(Difference(case, before, after))
    return differences


def _usable(unit: str, active_units: Collection[str] | None) -> bool:
    return active_units is None or unit in active_units
