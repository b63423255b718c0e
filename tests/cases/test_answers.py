"""From the texts of a form to typed answers."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases.answers import (
    Answer,
    acute_hit,
    answers_from_json,
    answers_in_words,
    answers_to_json,
    read_answers,
    validate_answers,
)
from lyhord.cases.description import CaseTypeDescription, parse_description
from lyhord.core.errors import Invalid


def question(code: str, datatype: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "label": {"sv": code}, "datatype": datatype, **more}


OPTIONS = [{"code": code, "label": {"sv": code.title(), "en": f"{code} (en)"}} for code in ("bil", "buss", "cykel")]

EVERYTHING = parse_description(
    {
        "code": "prov",
        "kind": "felanmalan",
        "name": {"sv": "Prov"},
        "questions": [
            question("rad", "text"),
            question("stycke", "textarea"),
            question("tal", "number", minimum=0, maximum=100, unit={"sv": "cm"}),
            question("dag", "date"),
            question("val", "singlechoice", options=OPTIONS),
            question("flera", "multichoice", options=OPTIONS),
            question("fara", "yesno", required=True),
            question("hur", "text", required=True, show_if={"question": "fara", "equals": ["yes"]}),
            question("djupare", "yesno", show_if={"question": "val", "equals": ["bil", "buss"]}),
            question("upplysning", "info"),
        ],
        "acute": [
            {"question": "val", "value": "buss", "message": {"sv": "Bra att veta."}, "stop": False},
            {"question": "fara", "value": "yes", "message": {"sv": "Ring 112."}, "phone": "112"},
        ],
    }
)


def sentence(code: str, *texts: str) -> str:
    with pytest.raises(Invalid) as invalid:
        validate_answers(EVERYTHING, {"fara": ["no"], code: list(texts)})
    assert set(invalid.value.errors) == {code}
    return str(invalid.value.errors[code])


@pytest.mark.parametrize(
    ("code", "texts", "answer"),
    [
        ("rad", ["  stolpe\n 12 "], "stolpe 12"),
        ("stycke", ["en\r\ntvå"], "en\ntvå"),
        ("tal", ["3"], 3),
        ("tal", ["1,5"], 1.5),
        ("dag", ["2026-11-24"], date(2026, 11, 24)),
        ("dag", ["2026-11-24T23:30:00Z"], date(2026, 11, 25)),
        ("val", ["buss"], "buss"),
        ("flera", ["cykel", "bil"], ("bil", "cykel")),
        ("fara", ["Ja"], True),
        ("fara", ["no"], False),
    ],
)
def test_texts_become_typed_answers(code: str, texts: list[str], answer: Answer) -> None:
    raw = {"fara": ["no"], code: texts}
    answers, _ = read_answers(EVERYTHING, raw)
    assert answers[code] == answer


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        ("tal", "tre", "siffror"),
        ("tal", "nan", "siffror"),
        ("tal", "inf", "siffror"),
        ("tal", "1_000", "siffror"),
        ("tal", "-1", "minst 0"),
        ("tal", "101", "högst 100"),
        ("dag", "i går", "2026-11-24"),
        ("val", "tåg", "listan"),
        ("flera", "tåg", "listan"),
        ("rad", "x" * 201, "1 tecken för lång"),
        ("fara", "kanske", "ja eller nej"),
    ],
)
def test_what_cannot_be_read_is_said_in_swedish(code: str, text: str, words: str) -> None:
    assert words in sentence(code, text)


def test_hidden_questions_are_neither_asked_nor_kept() -> None:
    answers = validate_answers(EVERYTHING, {"fara": ["no"], "hur": ["hemligt"], "djupare": ["yes"]})
    assert answers == {"fara": False}
    with pytest.raises(Invalid) as invalid:
        validate_answers(EVERYTHING, {"fara": ["yes"]})
    assert set(invalid.value.errors) == {"hur"}


def test_unknown_codes_are_dropped() -> None:
    assert validate_answers(EVERYTHING, {"fara": ["no"], "__proto__": ["x"], "upplysning": ["x"]}) == {"fara": False}


@pytest.mark.requirement("P2")
def test_an_answer_that_stops_is_heard_before_the_form_is_full() -> None:
    answers, errors = read_answers(EVERYTHING, {"fara": ["yes"], "val": ["buss"], "tal": ["tre"]})
    assert errors
    hit = acute_hit(EVERYTHING, answers)
    assert hit is not None
    assert hit.phone == "112"
    assert hit.stop


@pytest.mark.requirement("P2")
def test_a_warning_does_not_stop_and_calm_answers_hit_nothing() -> None:
    warning = acute_hit(EVERYTHING, {"val": "buss", "fara": False})
    assert warning is not None
    assert not warning.stop
    assert acute_hit(EVERYTHING, {"fara": False, "val": "bil"}) is None


@pytest.mark.requirement("P2")
def test_a_type_can_be_acute_whatever_is_answered() -> None:
    leak = parse_description(
        {"code": "lacka", "kind": "felanmalan", "name": {"sv": "Läcka"}, "acute": [{"message": {"sv": "Ring."}}]}
    )
    assert acute_hit(leak, {}) is not None


RAW = st.dictionaries(
    st.sampled_from([question.code for question in EVERYTHING.questions] + ["annat"]),
    st.lists(st.one_of(st.text(), st.sampled_from(["yes", "no", "bil", "buss", "3", "2026-11-24"])), max_size=4),
)


@given(RAW)
def test_any_texts_are_read_or_refused_and_what_is_read_survives_storage(raw: dict[str, list[str]]) -> None:
    answers, errors = read_answers(EVERYTHING, raw)
    assert not answers.keys() & errors.keys()
    if not errors:
        assert answers_from_json(EVERYTHING, answers_to_json(answers)) == answers
    for asked, answered in answers_in_words(EVERYTHING, answers, "sv"):
        assert asked
        assert answered


def test_answers_in_words() -> None:
    answers: dict[str, Answer] = {"tal": 12.5, "flera": ("bil", "cykel"), "fara": True, "dag": date(2026, 11, 24)}
    words = answers_in_words(EVERYTHING, answers, "en")
    assert words == [("tal", "12,5 cm"), ("dag", "24 november 2026"), ("flera", "bil (en), cykel (en)"), ("fara", "Ja")]


def test_a_description_without_questions_takes_anything() -> None:
    nothing = CaseTypeDescription.model_validate({"code": "x", "kind": "berom", "name": {"sv": "X"}})
    assert validate_answers(nothing, {"a": ["b"]}) == {}
