"""What would have happened: pure, over made-up old cases."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases.description import CaseTypeDescription, parse_description
from lyhord.cases.desks import Desks
from lyhord.cases.dry_run import OldCase, try_description, try_rules
from lyhord.cases.routing import RoutingFacts, Rule
from tests.factories import at


@dataclass
class Desk:
    """A unit."""

    pk: int
    code: str
    name: str
    roles: list[str] = field(default_factory=list)
    fallback: bool = False
    active_from: date | None = None


DESKS = Desks(
    [
        Desk(1, "gata", "Gata", ["gata_park"]),
        Desk(2, "jour", "Jour"),
        Desk(3, "kundcenter", "Kundcenter", fallback=True),
    ]
)
START = at("2026-11-02 10:00")  # a Monday


def described(**changes: object) -> CaseTypeDescription:
    content = {"code": "gata.hal", "kind": "felanmalan", "name": {"sv": "Hål"}, "routing": {"role": "gata_park"}}
    return parse_description({**content, **changes})


def old(hours: float = 0, area: str = "", description: CaseTypeDescription | None = None) -> OldCase:
    moment = START + timedelta(hours=hours)
    facts = RoutingFacts("felanmalan", "gata.hal", "Hål", None, moment, areas={area: area} if area else {})
    return OldCase(1, "26-1", "Hål", facts, description or described(), None)


@pytest.mark.requirement("N2", "P10")
def test_only_those_that_would_go_elsewhere_are_told() -> None:
    rules = [Rule.model_validate({"unit": "jour", "hours": [{"start": "17:00", "end": "07:00"}]})]
    cases = [old(0), old(10), old(12, "varamon")]
    changed = try_rules([], rules, cases, desks=DESKS)
    assert [row.case for row in changed] == cases[1:]
    assert [(row.before.unit_code, row.after.unit_code) for row in changed] == [("gata", "jour")] * 2
    assert not try_rules(rules, rules, cases, desks=DESKS)


@pytest.mark.requirement("N2")
def test_a_description_changes_unit_day_and_publicity_each_by_itself() -> None:
    [moved] = try_description(described(routing={"unit": "jour"}), [old()], rules=[], desks=DESKS)
    assert (moved.moves, moved.days, moved.publicity) == (True, False, False)
    [later] = try_description(described(deadline={"answer_days": 30}), [old()], rules=[], desks=DESKS)
    assert (later.moves, later.days, later.publicity) == (False, True, False)
    [closed] = try_description(described(publication={"allowed": False}), [old()], rules=[], desks=DESKS)
    assert (closed.moves, closed.days, closed.publicity) == (False, False, True)
    assert not try_description(described(name={"sv": "Grop"}), [old()], rules=[], desks=DESKS)


def test_free_days_count() -> None:
    new = described(deadline={"answer_days": 1})
    [plain] = try_description(new, [old()], rules=[], desks=DESKS)
    [free] = try_description(new, [old()], rules=[], desks=DESKS, closed=[date(2026, 11, 3)])
    assert plain.answer_after is not None
    assert free.answer_after == plain.answer_after + timedelta(days=1)


def test_the_organisation_s_rules_come_before_the_type() -> None:
    rules = [Rule(unit="jour")]
    assert not try_description(described(routing={"unit": "kundcenter"}), [old()], rules=rules, desks=DESKS)


@given(
    hours=st.lists(st.floats(0, 10_000), max_size=20),
    units=st.lists(st.sampled_from(["gata", "jour", "kundcenter", "borta"]), max_size=5),
)
def test_nothing_changes_when_nothing_is_changed(hours: list[float], units: list[str]) -> None:
    cases, rules = [old(hour) for hour in hours], [Rule(unit=unit) for unit in units]
    assert not try_rules(rules, rules, cases, desks=DESKS)
    assert not try_description(described(), cases, rules=rules, desks=DESKS)


def test_a_unit_that_has_not_begun_gets_nothing() -> None:
    desks = Desks([Desk(1, "ny", "Ny", ["gata_park"], active_from=date(2027, 1, 1)), *DESKS.units])
    facts = old().facts
    assert desks.choose(facts, described(), [Rule(unit="ny")], category_unit_id=None).unit_code == "gata"
    assert desks.choose(facts, described(routing={"unit": "ny"}), [], category_unit_id=2).unit_code == "jour"
    assert desks.choose(facts, described(routing={}), [], category_unit_id=99).unit_code == "kundcenter"
