"""What would have happened: old cases tried under a new description or new rules. Pure; nothing is read or changed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lyhord.cases.deadlines import deadlines
from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.desks import Desks
from lyhord.cases.routing import Route, RoutingFacts, Rule
from lyhord.core.clock import local


@dataclass(frozen=True, slots=True)
class OldCase:
    """What is known of an old case: what it was routed by, and its type as it is published today."""

    pk: int
    number: str
    title: str
    facts: RoutingFacts
    description: CaseTypeDescription
    category_unit_id: int | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A case for which something would have been different; what is the same on both sides has not changed."""

    case: OldCase
    before: Route
    after: Route
    answer_before: datetime | None = None
    answer_after: datetime | None = None
    public_before: bool = True
    public_after: bool = True

    @property
    def moves(self) -> bool:
        """Whether it would have gone to another unit."""
        return self.before.unit_code != self.after.unit_code

    @property
    def days(self) -> bool:
        """Whether its answer would have been promised for another day."""
        return _day(self.answer_before) != _day(self.answer_after)

    @property
    def publicity(self) -> bool:
        """Whether it could have been published under one of the two only."""
        return self.public_before != self.public_after


def try_description(
    new: CaseTypeDescription,
    cases: Iterable[OldCase],
    *,
    rules: Sequence[Rule],
    desks: Desks,
    closed: Collection[date] = (),
) -> list[Changed]:
    """The cases of a type for which unit, day of answer or publication would have been different under `new`.

    `closed` are the organisation's own free days.
    """
    found = []
    for case in cases:
        changed = Changed(
            case,
            _route(case, case.description, rules, desks),
            _route(case, new, rules, desks),
            deadlines(case.description, kind=case.facts.kind, at=case.facts.at, closed=closed).answer_by,
            deadlines(new, kind=case.facts.kind, at=case.facts.at, closed=closed).answer_by,
            _public(case.description),
            _public(new),
        )
        if changed.moves or changed.days or changed.publicity:
            found.append(changed)
    return found


def try_rules(old: Sequence[Rule], new: Sequence[Rule], cases: Iterable[OldCase], *, desks: Desks) -> list[Changed]:
    """The cases that the new rules would have sent to another unit than the old ones."""
    tried = (
        Changed(
            case,
            _route(case, case.description, old, desks),
            _route(case, case.description, new, desks),
        )
        for case in cases
    )
    return [changed for changed in tried if changed.moves]


def _route(case: OldCase, description: CaseTypeDescription, rules: Sequence[Rule], desks: Desks) -> Route:
    return desks.choose(case.facts, description, rules, category_unit_id=case.category_unit_id)


def _public(description: CaseTypeDescription) -> bool:
    return description.publication.allowed and not description.confidential


def _day(moment: datetime | None) -> object:
    return local(moment).date() if moment else None
