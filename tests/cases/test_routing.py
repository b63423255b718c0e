"""Routing: the first rule that holds wins, there is always a unit, and the reason says why."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases.routing import RoutingFacts, Rule, dry_run, explain, route

TUESDAY_NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
TUESDAY_EVENING = datetime(2026, 11, 24, 18, 42, tzinfo=UTC)

NAMES = {"gata": "Gata och park", "jour": "Jouren", "va": "Vatten och avlopp", "kc": "Kundcenter"}
CATEGORY_UNITS = {"belysning": "gata", "gata": "gata", "va": "va", "park": "gata", "skola": "bildning"}


def facts(type_code: str = "belysning.slackt", **more: Any) -> RoutingFacts:
    known: dict[str, Any] = {
        "kind": "felanmalan",
        "type_code": type_code,
        "type_name": "Släckt lampa",
        "category": type_code.split(".", maxsplit=1)[0],
        "at": TUESDAY_NOON,
    }
    return RoutingFacts(**{**known, **more})


def rule(unit: str, **conditions: Any) -> Rule:
    return Rule.model_validate({"unit": unit, **conditions})


RULES = [
    rule("jour", name="Fara", answers=[{"question": "fara", "values": ["yes"]}]),
    rule("jour", name="Kvällar", categories=["va"], hours=[{"start": "16:00", "end": "07:00"}]),
    rule("varamon", types=["belysning"], areas=["varamon"]),
    rule("vinter", types=["snohalka"], season={"first": "11-01", "last": "04-30"}),
    rule("trafikverket", kinds=["felanmalan"], assets=["statlig"], categories=["gata", "snohalka"]),
]

VARAMON = {"varamon": "Varamon"}
TABLE = [
    ("belysning.slackt", {}, "gata"),
    ("belysning.slackt", {"areas": VARAMON}, "varamon"),
    ("belysning.stolpe", {"areas": VARAMON}, "varamon"),
    ("belysning.stolpe", {"areas": {"centrum": "Centrum"}}, "gata"),
    ("belysning.slackt", {"answers": {"fara": ("yes",)}}, "jour"),
    ("belysning.slackt", {"answers": {"fara": ("yes",)}, "areas": VARAMON}, "jour"),
    ("belysning.slackt", {"answers": {"fara": ("no",)}}, "gata"),
    ("belysning.slackt", {"answers": {"fara": True}}, "jour"),
    ("belysning.slackt", {"answers": {"fara": False}}, "gata"),
    ("belysning.slackt", {"answers": {"fara": ["yes", "x"]}}, "jour"),
    ("belysning.slackt", {"answers": {"fara": 3}}, "gata"),
    ("belysning.slackt", {"at": TUESDAY_EVENING}, "gata"),
    ("va.lacka", {}, "va"),
    ("va.lacka", {"at": TUESDAY_EVENING}, "jour"),
    ("va.lacka", {"at": datetime(2026, 11, 24, 5, 59, tzinfo=UTC)}, "jour"),
    ("va.lacka", {"at": datetime(2026, 11, 24, 6, 0, tzinfo=UTC)}, "va"),
    ("va.tryck", {"at": datetime(2026, 11, 24, 15, 0, tzinfo=UTC)}, "jour"),
    ("va.tryck", {"at": datetime(2026, 7, 1, 14, 0, tzinfo=UTC)}, "jour"),
    ("va.tryck", {"at": datetime(2026, 7, 1, 13, 59, tzinfo=UTC)}, "va"),
    ("va.stopp", {"areas": VARAMON}, "va"),
    ("snohalka.halka", {}, "vinter"),
    ("snohalka.halka", {"at": datetime(2026, 6, 1, tzinfo=UTC)}, "kc"),
    ("snohalka.halka", {"at": datetime(2026, 6, 1, tzinfo=UTC), "assets": frozenset({"statlig"})}, "trafikverket"),
    ("snohalka.vall", {"assets": frozenset({"statlig"})}, "vinter"),
    ("gata.hal", {}, "gata"),
    ("gata.hal", {"assets": frozenset({"statlig"})}, "trafikverket"),
    ("gata.hal", {"assets": frozenset({"kommunal"})}, "gata"),
    ("gata.hal", {"assets": frozenset({"statlig"}), "kind": "fraga"}, "gata"),
    ("gata.hal", {"assets": frozenset({"statlig"}), "answers": {"fara": ("yes",)}}, "jour"),
    ("park.trad", {}, "gata"),
    ("park.trad", {"areas": VARAMON}, "gata"),
    ("park.trad", {"answers": {"fara": ("maybe", "yes")}}, "jour"),
    ("skola.mat", {}, "kc"),
    ("okand", {}, "kc"),
    ("gatan", {"assets": frozenset({"statlig"})}, "kc"),
    ("klagomal", {"category": None, "kind": "klagomal"}, "kc"),
]


@pytest.mark.requirement("0.7", "P10")
@pytest.mark.parametrize(("type_code", "more", "unit"), TABLE)
def test_every_case_reaches_its_desk(type_code: str, more: dict[str, Any], unit: str) -> None:
    case = facts(type_code, **more)
    found = route(
        case,
        RULES,
        category_unit=CATEGORY_UNITS.get(case.category or ""),
        fallback_unit="kc",
        active_units={"gata", "jour", "va", "kc", "varamon", "vinter", "trafikverket"},
    )
    assert found.unit_code == unit


@pytest.mark.requirement("P10")
@pytest.mark.parametrize(
    ("rules", "more", "category_unit", "reason"),
    [
        (
            [rule("va", types=["va"]), rule("gata", areas=["varamon"])],
            {"areas": VARAMON},
            None,
            "Släckt lampa i Varamon går till Gata och park, regel 2.",
        ),
        (
            RULES,
            {"answers": {"fara": ("yes",)}},
            None,
            "Släckt lampa går till Jouren, regel 1 (Fara): svaret på ”fara” är ja.",
        ),
        (
            [rule("jour", name="Kvällar", hours=[{"start": "16:00", "end": "07:00"}])],
            {"at": TUESDAY_EVENING},
            None,
            "Släckt lampa går till Jouren, regel 1 (Kvällar): det kom in en tisdag klockan 19.42.",
        ),
        (
            [rule("jour", season={"first": "11-01", "last": "04-30"})],
            {},
            None,
            "Släckt lampa går till Jouren, regel 1: det kom in den 24 november.",
        ),
        (
            [],
            {"category_name": "Gatubelysning"},
            "gata",
            "Släckt lampa går till Gata och park, som har hand om Gatubelysning.",
        ),
        ([], {}, None, "Ingen regel passar Släckt lampa. Det går till Kundcenter, som skickar det vidare."),
    ],
)
def test_the_reason_is_a_sentence(
    rules: list[Rule], more: dict[str, Any], category_unit: str | None, reason: str
) -> None:
    found = route(facts(**more), rules, category_unit=category_unit, fallback_unit="kc", unit_names=NAMES)
    assert found.reason == reason


@pytest.mark.requirement("P10")
def test_the_rules_above_say_why_they_did_not_hold() -> None:
    case = facts("va.lacka", type_name="Läcka")
    traces = explain(case, RULES)
    assert [trace.held for trace in traces] == [False] * 5
    assert traces[0].misses == ("svaret på ”fara” är ett annat",)
    assert traces[1].misses == ("det kom in en tisdag klockan 12.00, utanför regelns tider",)
    assert traces[2].misses == ("det gäller något annat", "platsen ligger utanför området")
    stopped = explain(facts(answers={"fara": ("yes",)}), RULES)
    assert [trace.held for trace in stopped] == [True]


def test_a_unit_that_is_gone_is_passed_over_and_said_so() -> None:
    rules = [rule("nedlagd"), rule("gata")]
    found = route(facts(), rules, category_unit=None, fallback_unit="kc", active_units={"gata", "kc"})
    assert (found.unit_code, found.rule) == ("gata", 1)
    assert explain(facts(), rules, active_units={"gata"})[0].misses == ("enheten finns inte längre",)


def test_a_holiday_is_a_sunday_to_the_rules_and_named_in_the_reason() -> None:
    sundays = [rule("jour", hours=[{"days": ["sun"]}])]
    case = facts(at=datetime(2026, 12, 25, 10, tzinfo=UTC), holidays=frozenset({date(2026, 12, 25)}))
    found = route(case, sundays, category_unit="gata", fallback_unit="kc", unit_names=NAMES)
    assert found.reason == "Släckt lampa går till Jouren, regel 1: det kom in en helgdag klockan 11.00."


CODES = st.sampled_from(["belysning", "belysning.slackt", "va", "va.lacka", "gata"])
CONDITIONS = st.fixed_dictionaries(
    {"unit": st.sampled_from(["gata", "va", "jour"])},
    optional={
        "types": st.lists(CODES, max_size=2),
        "categories": st.lists(CODES, max_size=2),
        "areas": st.lists(st.sampled_from(["varamon", "centrum"]), max_size=2),
        "hours": st.just([{"start": "16:00", "end": "07:00"}]),
        "season": st.just({"first": "11-01", "last": "04-30"}),
        "answers": st.just([{"question": "fara", "values": ["yes"]}]),
    },
)
MANY_RULES = st.lists(CONDITIONS.map(Rule.model_validate), max_size=6)
MANY_FACTS = st.builds(
    facts,
    CODES,
    at=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    areas=st.sampled_from([{}, VARAMON, {"centrum": "Centrum"}]),
    answers=st.sampled_from([{}, {"fara": ("yes",)}, {"fara": ("no",)}]),
)


@pytest.mark.requirement("0.7", "P10")
@given(MANY_FACTS, MANY_RULES, st.sampled_from([None, "gata"]))
def test_there_is_always_a_unit_and_the_first_rule_that_holds_wins(
    case: RoutingFacts, rules: list[Rule], category_unit: str | None
) -> None:
    found = route(case, rules, category_unit=category_unit, fallback_unit="kc")
    holding = [index for index, one in enumerate(rules) if one.holds(case)]
    assert found.rule == (holding[0] if holding else None)
    assert found.unit_code == (rules[holding[0]].unit if holding else category_unit or "kc")
    assert found.reason.endswith(".")
    traces = explain(case, rules)
    assert [trace.rule for trace in traces if trace.held] == holding[:1]


@given(MANY_FACTS, MANY_RULES, MANY_RULES)
def test_rules_added_below_the_one_that_hits_change_nothing(
    case: RoutingFacts, rules: list[Rule], below: list[Rule]
) -> None:
    found = route(case, rules, category_unit=None, fallback_unit="kc")
    if found.rule is not None:
        assert route(case, rules + below, category_unit=None, fallback_unit="kc") == found
    missing = [one for one in below if not one.holds(case)]
    with_more_above = route(case, missing + rules, category_unit=None, fallback_unit="kc")
    assert with_more_above.unit_code == found.unit_code


@pytest.mark.requirement("P10")
@given(st.lists(MANY_FACTS, max_size=8), MANY_RULES, MANY_RULES)
def test_a_dry_run_names_exactly_the_cases_that_would_move(
    cases: list[RoutingFacts], old: list[Rule], new: list[Rule]
) -> None:
    moved = dry_run(old, new, cases, category_units=CATEGORY_UNITS, fallback_unit="kc")
    assert all(one.before.unit_code != one.after.unit_code for one in moved)
    assert dry_run(old, old, cases, category_units=CATEGORY_UNITS, fallback_unit="kc") == []
    back = dry_run(new, old, cases, category_units=CATEGORY_UNITS, fallback_unit="kc")
    assert [one.facts for one in back] == [one.facts for one in moved]
