"""The description of a case type: what it takes, what it refuses and in which words."""

import json
from typing import Any

import pytest

from lyhord.cases.description import CaseTypeDescription, parse_description
from lyhord.cases.questions import Datatype
from lyhord.core.errors import Invalid

LAMP: dict[str, Any] = {
    "schema": 1,
    "code": "belysning.slackt",
    "kind": "felanmalan",
    "category": "belysning",
    "name": {"sv": "Släckt lampa", "en": "Street light out"},
    "questions": [
        {
            "code": "antal",
            "label": {"sv": "Hur många lampor är släckta?"},
            "datatype": "singlechoice",
            "options": [
                {"code": "en", "label": {"sv": "En"}},
                {"code": "flera", "label": {"sv": "Flera i rad"}},
            ],
        },
        {
            "code": "hur_manga",
            "label": {"sv": "Ungefär hur många?"},
            "datatype": "number",
            "minimum": 2,
            "show_if": {"question": "antal", "equals": ["flera"]},
        },
        {"code": "kablar", "label": {"sv": "Syns kablar?"}, "datatype": "yesno", "required": True},
    ],
    "acute": [
        {"question": "kablar", "value": "yes", "message": {"sv": "Gå inte nära. Ring nu."}, "phone": "emergency"}
    ],
    "deadline": {"answer_days": 10, "unit": "working_days", "season": {"first": "11-01", "last": "04-30"}},
    "routing": {"role": "gata_park"},
    "duplicate_radius_m": 60,
}


def changed(**changes: Any) -> dict[str, Any]:
    return {**LAMP, **changes}


def refused(data: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Invalid) as invalid:
        parse_description(data)
    return {path: str(sentence) for path, sentence in invalid.value.errors.items()}


@pytest.mark.requirement("N1")
def test_a_description_goes_to_json_and_back() -> None:
    description = parse_description(LAMP)
    stored = json.loads(json.dumps(description.to_json()))
    assert stored["schema"] == 1
    assert CaseTypeDescription.model_validate(stored) == description
    assert description.title("en") == "Street light out"
    assert description.title("fi") == "Släckt lampa"


def test_nothing_in_it_changes_once_made() -> None:
    description = parse_description(LAMP)
    with pytest.raises(ValueError, match="frozen"):
        description.code = "annat"  # type: ignore[misc]  # frozen, which is what is tried


def test_every_datatype_has_a_word_in_open311() -> None:
    words = {datatype.open311 for datatype in Datatype}
    assert words == {"string", "text", "number", "datetime", "singlevaluelist", "multivaluelist"}


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"code": "Belysning!"}, "code", "små bokstäver"),
        ({"kind": "ansokan"}, "kind", "Sorten finns inte"),
        ({"name": {"en": "Lamp"}}, "name", "svenska saknas"),
        ({"name": {}}, "name", "svenska saknas"),
        ({"namn": "x"}, "namn", "känner vi inte till"),
        ({"schema": 2}, "schema", "Välj ett av dessa"),
        ({"duplicate_radius_m": -1}, "duplicate_radius_m", "Minst 0"),
        ({"deadline": {"answer_days": "snart"}}, "deadline.answer_days", "heltal"),
        ({"deadline": {"season": {"first": "31-12", "last": "01-01"}}}, "deadline.season.first", "11-01"),
        ({"automatic_answer": "decision"}, "", "delegationsbeslut"),
        ({"confidential": True}, "", "sekretess"),
        ({"acute": [{"question": "antal", "value": "tre", "message": {"sv": "Ring"}}]}, "", "har inte svaret ”tre”"),
        ({"acute": [{"question": "hur_manga", "value": "3", "message": {"sv": "Ring"}}]}, "", "inga svar att välja"),
        ({"acute": [{"question": "finns_inte", "value": "yes", "message": {"sv": "Ring"}}]}, "", "finns inte"),
    ],
)
def test_what_is_wrong_is_said_in_swedish_and_where(changes: dict[str, Any], path: str, words: str) -> None:
    errors = refused(changed(**changes))
    assert words in errors[path]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"datatype": "singlechoice", "options": [{"code": "a", "label": {"sv": "A"}}]}, "minst två svar"),
        ({"datatype": "text", "options": [{"code": "a", "label": {"sv": "A"}}] * 2}, "svarsalternativ"),
        ({"datatype": "singlechoice", "options": [{"code": "a", "label": {"sv": "A"}}] * 2}, "samma kod"),
        ({"datatype": "text", "maximum": 3}, "Bara tal"),
        ({"datatype": "number", "minimum": 3, "maximum": 2}, "större än"),
        ({"datatype": "info", "required": True}, "upplysning"),
        ({"datatype": "bild"}, "Välj ett av dessa"),
    ],
)
def test_a_question_fits_its_datatype(question: dict[str, Any], words: str) -> None:
    errors = refused(changed(questions=[{"code": "q", "label": {"sv": "?"}, **question}], acute=[]))
    assert any(path.startswith("questions.0") and words in said for path, said in errors.items())


def test_a_question_depends_on_one_above_it_only() -> None:
    upside_down = [LAMP["questions"][1], LAMP["questions"][0], LAMP["questions"][2]]
    assert "längre upp" in refused(changed(questions=upside_down))[""]


def test_two_questions_never_share_a_code() -> None:
    assert "koden ”kablar”" in refused(changed(questions=[LAMP["questions"][2]] * 2))[""]


def test_all_faults_are_named_at_once() -> None:
    assert len(refused(changed(code="", kind="x", name={}))) == 3
