"""What every organisation starts with is complete, valid and said in three languages."""

import json
from collections.abc import Iterator

import pytest

from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.kind import KINDS
from lyhord.cases.presets import case_type_descriptions, fault_categories, feedback_areas
from lyhord.cases.questions import Datatype

ROLES = {"gata_park", "va", "renhallning", "fastighet", "miljo", "bygg", "kultur_fritid", "forskola", "skola", "omsorg"}
ROLES |= {"socialtjanst", "kommunledning", "naringsliv", "kundcenter", "raddning"}
BANNED = ("synpunkt", "ärendehantering", "dubblett", "avvisa", "registrera", "klicka här", "!")

ALL = case_type_descriptions()
TREE = [description for description in ALL if description.category]


def said(description: CaseTypeDescription) -> Iterator[dict[str, str]]:
    """Every text that a resident meets."""
    yield description.name
    yield description.help
    for question in description.questions:
        yield question.label
        yield question.hint
        yield from (option.label for option in question.options)
    for acute in description.acute:
        yield acute.message
    if description.owner:
        yield description.owner.name
        yield description.owner.text


@pytest.mark.requirement("N1", "4.13")
def test_the_tree_has_ten_groups_and_fifty_five_leaves_and_every_kind_has_a_type() -> None:
    assert len(fault_categories()) == 10
    assert len(TREE) == 55
    assert len({description.code for description in ALL}) == len(ALL) == 62
    assert {description.kind for description in ALL} == set(KINDS.slugs())
    for slug in KINDS.slugs():
        assert [description.kind for description in case_type_descriptions(slug)].count(slug) > 0


@pytest.mark.requirement("0.7")
def test_every_leaf_has_a_category_and_a_desk() -> None:
    categories = {category.code for category in fault_categories()}
    for description in TREE:
        assert description.category in categories
        assert description.code.startswith(f"{description.category}.")
        assert description.routing.role in ROLES
    for category in [*fault_categories(), *feedback_areas()]:
        assert category.role in ROLES


def test_feedback_is_about_an_area_the_resident_chooses() -> None:
    feedback = [description for description in ALL if description.category is None]
    assert [description.code for description in feedback] == [
        "klagomal",
        "berom",
        "forslag",
        "fraga",
        "fraga.handling",
        "tillganglighet",
        "annat",  # a fault that fits nowhere in the tree
    ]
    assert [description.kind for description in feedback[:4]] == [description.code for description in feedback[:4]]
    assert len(feedback_areas()) == 7
    closed = {area.code for area in feedback_areas() if not area.publishable}
    assert closed == {"barn_utbildning", "omsorg_hjalp"}


@pytest.mark.parametrize("description", ALL, ids=lambda description: description.code)
def test_every_text_is_said_in_each_language_and_plainly(description: CaseTypeDescription) -> None:
    for texts in said(description):
        if texts:
            assert set(texts) == {"sv", "en", "fi"}
            assert not any(word in texts["sv"].casefold() for word in BANNED), texts
            assert texts["sv"] != texts["en"] or len(texts["sv"]) < 12


@pytest.mark.requirement("P2")
def test_what_is_acute_says_whom_to_ring() -> None:
    acute = {description.code: description.acute for description in TREE if description.acute}
    for code in ("gata.brunn", "gata.signal", "belysning.stolpe", "park.lekplats", "park.trad", "va.lacka", "va.stopp"):
        assert any(answer.stop and answer.phone for answer in acute[code])
    for answers in acute.values():
        assert all(answer.phone for answer in answers)
        asked = {answer.question for answer in answers if answer.question}
        assert asked


def test_what_must_be_answered_is_never_hidden_behind_a_guess() -> None:
    """A required question in the presets is a yes or a no: nobody is sent home for want of a detail."""
    for description in ALL:
        for question in description.questions:
            assert not question.required or question.datatype is Datatype.YESNO


def test_a_description_survives_storage() -> None:
    for description in ALL:
        stored = json.loads(json.dumps(description.to_json()))
        assert CaseTypeDescription.model_validate(stored) == description


def test_every_leaf_can_be_suggested() -> None:
    assert all(description.words for description in TREE)
