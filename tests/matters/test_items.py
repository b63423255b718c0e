"""Agendas and minutes cut into their §, by a real pair."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.matters.items import cut
from lyhord.matters.measuring import read_paper
from lyhord.matters.numbers import CaseNumber
from lyhord.matters.properties import find_properties

PAIR = Path(__file__).parent / "data/kungsbacka"

pytestmark = pytest.mark.requirement("3.1")


def test_the_contents_list_makes_no_items_of_its_own() -> None:
    items = read_paper(PAIR / "protokoll.md").items
    assert [item.number for item in items] == list(range(71, 83))
    assert items[0].page == 3, "§ 71 stands in the contents on page 2 and itself on page 3"


def test_an_item_has_its_sections_and_none_of_the_pages_noise() -> None:
    item = read_paper(PAIR / "protokoll.md").items[0]
    assert item.heading == "Förändring av ärendelista"
    assert item.sections["decision"].strip() == "Byggnadsnämndens arbetsutskott godkänner ärendelistan utan förändring."
    assert set(item.sections) == {"decision", "summary", "procedure"}
    assert "Expedierat" not in item.text
    assert "(47)" not in item.text


def test_a_number_in_running_text_is_a_relation_only() -> None:
    item = read_paper(PAIR / "protokoll.md").items[2]
    assert item.identifier == CaseNumber("BN", 2016, 46)
    assert item.evidence == "BN-2016-00046"
    assert item.relations == [CaseNumber("", 2023, 7483)]


def test_the_rows_of_an_agenda_are_items_though_their_numbers_are_broken() -> None:
    items = read_paper(PAIR / "kallelse.md").items
    assert [item.number for item in items] == list(range(1, 13))
    assert str(items[3].identifier) == "BN 2024-148"
    assert (
        items[3].sections["proposal"].startswith("Förslag till beslut Byggnadsnämndens arbetsutskott lämnar negativt")
    )


def test_the_properties_of_the_agenda_are_found() -> None:
    headings = "\n".join(item.heading for item in read_paper(PAIR / "kallelse.md").items)
    assert find_properties(headings) == [
        "VARLA 3:22",
        "BUERA 16:24",
        "MOSSEN 3:15",
        "RÅGELUND 1:117",
        "FÄLARED 2:9",
        "GRESSELA 6:9",
        "HAMMERÖ 9:24",
        "MYRA 6:19",
        "SÄRÖ 1:486",
        "ÖLMANÄS 3:20",
    ]


def test_two_units_of_one_tract_are_two_properties_and_a_law_is_none() -> None:
    assert find_properties("Lomma 31:9 och 31:11, SFS 2010:900, Klockan 9:30") == ["LOMMA 31:9", "LOMMA 31:11"]


def test_an_item_goes_on_over_the_page() -> None:
    text = "§ 5 Dnr KS-2024-00010\nTaxa\n\nBeslut\nTaxan antas.\n\f\n"
    text += "§ 5 forts.\nDen gäller från maj.\n\f\n§ 6\nVal\n\nBeslut\nAnna väljs."
    first, second = cut(text)
    assert first.sections["decision"].split("\n")[-1] == "Den gäller från maj."
    assert (second.heading, second.page) == ("Val", 3)


@given(text=st.text(alphabet="§ 123|.\n\fBeslut", max_size=80))
def test_any_text_is_cut_and_no_item_comes_twice(text: str) -> None:
    numbers = [item.number for item in cut(text)]
    assert numbers == sorted(set(numbers))
