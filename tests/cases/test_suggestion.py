"""The suggested type: good guesses from the first day, better with the organisation's own cases, silent when unsure."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases.description import CaseTypeDescription, parse_description
from lyhord.cases.presets import case_type_descriptions
from lyhord.cases.suggestion import LEARN_FROM, Suggester, build_model

TREE = [description for description in case_type_descriptions() if description.category]
SENTENCES: list[tuple[str, str]] = [
    (text, code) for text, code in json.loads(Path(__file__).with_name("report_sentences.json").read_text("utf-8"))
]
"""Made-up reports in the manner of real ones (subjects as in published lists), with the type a person would choose."""


def suggester(
    examples: list[tuple[str, str]] | None = None, types: list[CaseTypeDescription] | None = None
) -> Suggester:
    """Through JSON, as it is stored."""
    return Suggester(json.loads(json.dumps(build_model(types or TREE, examples or []))))


FROM_WORDS = suggester()


@pytest.mark.requirement("P11")
def test_word_lists_alone_find_the_type_of_most_reports() -> None:
    assert len(SENTENCES) > 200
    assert {code for _, code in SENTENCES} == {description.code for description in TREE}
    guesses = [(FROM_WORDS.suggest(text, threshold=0), code) for text, code in SENTENCES]
    first = sum(bool(found) and found[0].code == code for found, code in guesses)
    among_three = sum(any(one.code == code for one in found) for found, code in guesses)
    assert first / len(SENTENCES) > 0.85
    assert among_three / len(SENTENCES) > 0.94


@pytest.mark.requirement("P11")
def test_the_confidence_means_something() -> None:
    """What is called sure is right nine times of ten, and more often than what is called likely."""
    guesses = [(found[0], code) for text, code in SENTENCES if (found := FROM_WORDS.suggest(text))]
    sure = [one.code == code for one, code in guesses if one.confidence >= 0.8]
    likely = [one.code == code for one, code in guesses if one.confidence < 0.6]
    assert len(sure) > 60
    assert sum(sure) / len(sure) > 0.9
    assert sum(likely) / len(likely) < sum(sure) / len(sure)


@pytest.mark.requirement("P11")
@pytest.mark.parametrize(
    "text", ["", "Hej!", "Ring mig", "Jag vill prata med någon om en sak", "asdf qwer", "12345 !!"]
)
def test_no_guess_is_better_than_a_wrong_one(text: str) -> None:
    assert FROM_WORDS.suggest(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gatlyktan", "belysning.slackt"),
        ("Parklyktan har slocknat", "belysning.slackt"),
        ("Klätterställningsräcket och lekställningen", "park.lekplats"),
        ("Dagvattenbrunnarna", "gata.brunn"),
    ],
)
def test_a_compound_is_known_by_its_last_part(text: str, code: str) -> None:
    assert FROM_WORDS.suggest(text, threshold=0.2)[0].code == code


def test_where_it_is_is_not_what_it_is() -> None:
    assert FROM_WORDS.suggest("Hål i asfalten utanför biblioteket")[0].code == "gata.hal"


def test_only_the_types_asked_for_come() -> None:
    found = FROM_WORDS.suggest("Trasig gunga på lekplatsen", threshold=0, only=["gata.hal", "park.lekplats"])
    assert [one.code for one in found] == ["park.lekplats"]
    assert FROM_WORDS.suggest("Trasig gunga på lekplatsen", only=["gata.hal"]) == []


# Words that no list has: what the people of one town say.
LOCAL = [
    *((f"Kattebäcken har stigit igen, {place} är blött", "va.dagvatten") for place in ("ängen", "torpet", "backen")),
    *((f"Rattelbrädan {how} vid Folkets", "park.lekplats") for how in ("gnisslar", "har lossnat", "är sned")),
    *((f"Zinken tutar {when}", "gata.signal") for when in ("hela natten", "aldrig", "utan uppehåll")),
]


@pytest.mark.requirement("P11")
def test_the_organisations_own_cases_teach_it_local_words() -> None:
    assert FROM_WORDS.suggest("Kattebäcken har stigit") == []
    taught = suggester(LOCAL * 6)
    for text, code in [
        ("Nu är Kattebäcken hög igen", "va.dagvatten"),
        ("Rattelbrädan är trasig", "park.lekplats"),
        ("Zinken låter", "gata.signal"),
    ]:
        assert taught.suggest(text)[0].code == code
    assert taught.suggest("Krossat glas på cykelbanan")[0].code == "ren.glas"


@pytest.mark.requirement("P11")
def test_few_cases_teach_nothing_yet() -> None:
    few = (LOCAL * 6)[: LEARN_FROM - 1]
    assert "bayes" not in build_model(TREE, few)
    assert suggester(few).suggest("Kattebäcken har stigit") == []


@pytest.mark.requirement("P11")
def test_cases_decided_at_random_do_not_spoil_the_word_lists() -> None:
    codes = [description.code for description in TREE]
    random_cases = [(text, codes[(7 * index) % 55]) for index, (text, _) in enumerate(SENTENCES)]
    spoiled = suggester(random_cases)
    guesses = [(spoiled.suggest(text, threshold=0), code) for text, code in SENTENCES]
    right = sum(bool(found) and found[0].code == code for found, code in guesses)
    assert right / len(SENTENCES) > 0.8


@pytest.mark.requirement("P11")
def test_learning_from_its_own_reports_does_no_harm() -> None:
    """Each fifth is judged by a model that has learnt from the other four."""
    right = {True: 0, False: 0}
    for fold in range(5):
        known = [pair for index, pair in enumerate(SENTENCES) if index % 5 != fold]
        for learns in (True, False):
            judge = suggester(known) if learns else FROM_WORDS
            for text, code in SENTENCES[fold::5]:
                found = judge.suggest(text, threshold=0)
                right[learns] += bool(found) and found[0].code == code
    assert right[True] >= right[False] - 4


def test_what_one_person_wrote_is_not_in_the_model() -> None:
    secret = [("Anna-Lisa Ringqvist bor bredvid den trasiga lampan", "belysning.slackt")]
    stored = json.dumps(build_model(TREE, LOCAL * 6 + secret), ensure_ascii=False).casefold()
    assert "ringqvist" not in stored
    assert "kattebäck" in stored


def test_a_type_that_is_gone_is_never_suggested() -> None:
    remaining = [description for description in TREE if description.code != "va.dagvatten"]
    found = suggester(LOCAL * 6, remaining).suggest("Kattebäcken har stigit", threshold=0)
    assert "va.dagvatten" not in [one.code for one in found]


def test_a_type_without_words_is_known_by_its_name() -> None:
    own = parse_description({"code": "zip", "kind": "felanmalan", "name": {"sv": "Zipline i äventyrsparken"}})
    assert suggester(types=[*TREE, own]).suggest("ziplinen", threshold=0.1)[0].code == "zip"


@given(st.text(max_size=300), st.integers(0, 5))
def test_any_text_gives_ranked_shares(text: str, limit: int) -> None:
    found = FROM_WORDS.suggest(text, limit=limit, threshold=0)
    assert len(found) <= limit
    sure = [one.confidence for one in found]
    assert sure == sorted(sure, reverse=True)
    assert all(0 <= one <= 1 for one in sure)
    assert sum(sure) <= 1.01


def test_the_same_text_gives_the_same_answer() -> None:
    text = "Trasig lampa och hål i gatan"
    assert FROM_WORDS.suggest(text) == suggester().suggest(text)
