"""Rules in words."""

import pytest

from lyhord.cases.routing_rules import Rule
from lyhord.cases.rule_words import Names, hours_in_words, rule_in_words, season_in_words
from lyhord.cases.windows import Hours, Season

NAMES = Names(
    units={"gata": "Gata"},
    categories={"ljus": "Belysning"},
    types={"ljus.lampa": "Belysning: Släckt", "ljus.stolpe": "Belysning: Stolpe"},
    areas={"varamon": "Varamon"},
    answers={"fara=no": "Fara? nej"},
)


@pytest.mark.requirement("P10")
def test_every_condition_has_its_sentence() -> None:
    rule = Rule.model_validate(
        {
            "unit": "gata",
            "kinds": ["felanmalan", "fraga"],
            "categories": ["ljus"],
            "types": ["ljus.lampa", "ljus.stolpe", "borta"],
            "areas": ["varamon"],
            "assets": ["stolpe-7"],
            "answers": [{"question": "fara", "values": ["no"]}],
            "hours": [{"days": ["sat", "sun"]}],
            "season": {"first": "11-01", "last": "04-30"},
        }
    )
    assert rule_in_words(rule, NAMES) == [
        "Sort: Felanmälan eller Fråga",
        "Kategori: Belysning",
        "Gäller: Belysning: Släckt, Belysning: Stolpe eller borta (finns inte)",
        "Plats i Varamon",
        "Anläggning: stolpe-7",
        "Svar: Fara? nej",
        "Kommer in lördag, söndag och helgdag hela dygnet",
        "Kommer in 1 november–30 april",
    ]
    assert rule_in_words(Rule(unit="gata"), NAMES) == ["Alla ärenden"]


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ({}, "alla dagar hela dygnet"),
        ({"start": "16:30", "end": "07:00"}, "alla dagar 16.30–07.00"),
        ({"days": ["fri", "mon", "tue", "thu", "wed"], "end": "12:00"}, "måndag–fredag 00.00–12.00"),
        ({"days": ["mon", "wed", "fri"]}, "måndag, onsdag, fredag hela dygnet"),
    ],
)
def test_hours(window: dict[str, object], words: str) -> None:
    assert hours_in_words(Hours.model_validate(window)) == words


def test_a_leap_day() -> None:
    assert season_in_words(Season(first="02-29", last="03-01")) == "29 februari–1 mars"
