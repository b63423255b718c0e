import csv
import re
from dataclasses import dataclass
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.places.addresses import rank, search_key
from lyhord.places.municipalities import municipalities_near


@dataclass
class Row:
    street: str
    number: str = ""
    locality: str = "Motala"
    lat: float = 58.54
    lon: float = 15.03


def street_list(code: str) -> list[Row]:
    text = files("lyhord.places.data").joinpath(f"streets_{code}.csv").read_text(encoding="utf-8")
    return [
        Row(row["street"], row["number"], row["locality"], float(row["lat"]), float(row["lon"]))
        for row in csv.DictReader(text.splitlines())
    ]


MOTALA = street_list("0583")


def labels(text: str, rows: list[Row] | None = None) -> list[str]:
    return [match.label for match in rank(text, MOTALA if rows is None else rows)]


@pytest.mark.requirement("2.25", "0.5")
@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Vintergatan 12", "Vintergatan 12, Motala"),
        ("vintergatan 12", "Vintergatan 12, Motala"),
        ("  VINTERGATAN   12 ", "Vintergatan 12, Motala"),
        ("Vintergatan 12, Motala", "Vintergatan 12, Motala"),
        ("Vintergatan 12, 591 30 Motala", "Vintergatan 12, Motala"),
        ("Vintergatan 12 59130 Motala", "Vintergatan 12, Motala"),
        ("vinterg 12", "Vintergatan 12, Motala"),
        ("Vintegatan 12", "Vintergatan 12, Motala"),
        ("Vintergtan", "Vintergatan, Motala"),
        ("Östermalmsgatan 3", "Östermalmsgatan 3, Motala"),
        ("ostermalmsgatan 3", "Östermalmsgatan 3, Motala"),
        ("Storgatan 3, Borensberg", "Storgatan 3, Borensberg"),
        ("Storgatan 3 Borensberg", "Storgatan 3, Borensberg"),
        ("Storgatan Borensberg", "Storgatan, Borensberg"),
        ("Storgatan, borens", "Storgatan, Borensberg"),
        ("torget 4", "Stora torget 4, Motala"),
        ("Göta kanals väg 2", "Göta kanals väg 2, Borensberg"),
    ],
)
def test_what_people_type_finds_the_address(typed: str, label: str) -> None:
    assert labels(typed)[0] == label


def test_an_exact_number_is_sure_and_the_nearest_one_less_so() -> None:
    rows = [Row("Vintergatan", str(number), lat=58.5 + number / 10_000) for number in (1, 5, 9, 31)]
    (exact,) = rank("Vintergatan 9", rows)
    (near,) = rank("Vintergatan 12", rows)
    (far,) = rank("Vintergatan 90", rows)
    assert (exact.lat, exact.accuracy_m) == (58.5009, 15)
    assert (near.label, near.lat) == ("Vintergatan 12, Motala", 58.5009)
    assert far.lat == 58.5031
    assert exact.accuracy_m < near.accuracy_m < far.accuracy_m


def test_letters_after_the_number() -> None:
    rows = [Row("Åsgatan", number) for number in ("3", "3A", "3 B", "4")]
    assert labels("Åsgatan 3", rows) == ["Åsgatan 3, Motala"]
    assert labels("åsgatan 3a", rows) == ["Åsgatan 3A, Motala"]
    assert labels("Åsgatan 3 b", rows) == ["Åsgatan 3 B, Motala"]
    assert labels("Åsgatan 3C", rows) == ["Åsgatan 3, Motala"]
    assert labels("Åsgatan 4 Motala", rows) == ["Åsgatan 4, Motala"]


def test_without_a_number_the_whole_street_is_meant() -> None:
    rows = [Row("Vintergatan", str(number), lat=58.5 + number / 1000) for number in (10, 2, 1, 3, 11)]
    (match,) = rank("Vintergatan", rows)
    assert match.label == "Vintergatan, Motala"
    assert match.lat == 58.503
    assert match.accuracy_m == pytest.approx(890, abs=2)
    assert rank("Åsgatan", [Row("Åsgatan")])[0].accuracy_m == 50


def test_the_whole_name_comes_before_its_beginning_then_a_word_then_a_likeness() -> None:
    rows = [Row(name) for name in ("Gamla Skolgatan", "Skolgatans gränd", "Skålgatan", "Skolgatan", "Metallvägen")]
    assert labels("Skolgatan", rows) == [
        "Skolgatan, Motala",
        "Skolgatans gränd, Motala",
        "Gamla Skolgatan, Motala",
    ]
    assert labels("Skolgtan", rows) == ["Skolgatan, Motala", "Gamla Skolgatan, Motala"]


def test_dots_matter_but_only_for_the_order() -> None:
    rows = [Row("Angsvägen"), Row("Ängsvägen"), Row("Ångsvägen")]
    assert labels("Ängs", rows)[0] == "Ängsvägen, Motala"
    assert labels("angs", rows)[0] == "Angsvägen, Motala"
    assert len(labels("ÅNGS", rows)) == 3


def test_a_name_with_a_number_in_it() -> None:
    rows = [Row("Väg 50", ""), Row("Vägen", "50")]
    assert set(labels("Väg 50", rows)) == {"Väg 50, Motala", "Vägen 50, Motala"}
    assert labels("Väg 50", rows)[0] == "Väg 50, Motala"


def test_the_same_name_in_two_places_gives_both_and_the_named_one_first() -> None:
    assert labels("Storgatan 1") == ["Storgatan 1, Borensberg", "Storgatan 1, Motala"]
    assert labels("Storgatan 1 motala")[0] == "Storgatan 1, Motala"


@pytest.mark.parametrize("typed", ["", " ", ",", "12", "xq", "Qwzxville 4", "\x00", "591 30"])
def test_nothing_to_find(typed: str) -> None:
    assert labels(typed) == []


def test_no_more_than_asked_for() -> None:
    rows = [Row(f"Skolgatan {letter}") for letter in "abcdefghijklmn"]
    assert len(rank("Skolgatan", rows)) == 8
    assert len(rank("Skolgatan", rows, most=3)) == 3


def test_a_row_without_a_place_is_shown_without() -> None:
    assert labels("Åsgatan", [Row("Åsgatan", locality="")]) == ["Åsgatan"]


def test_the_key_of_the_index() -> None:
    assert search_key("  Östra   ÅSGATAN 3 B ") == "ostra asgatan 3 b"


@given(st.text(max_size=200))
def test_any_text_gives_proposals_from_the_list(text: str) -> None:
    matches = rank(text, MOTALA[:60])
    places = {(row.lat, row.lon) for row in MOTALA}
    assert all((match.lat, match.lon) in places for match in matches)
    assert len(matches) <= 8


@given(st.sampled_from(MOTALA))
def test_every_address_of_the_list_is_found_by_its_own_name(row: Row) -> None:
    first = rank(f"{row.street} {row.number}, {row.locality}", MOTALA)[0]
    assert (first.lat, first.lon, first.accuracy_m) == (row.lat, row.lon, 15)


@pytest.mark.parametrize("code", ["0583", "0586"])
def test_the_demo_lists_are_in_their_municipality(code: str) -> None:
    rows = street_list(code)
    assert len({row.street for row in rows}) >= 20
    for row in rows:
        assert re.fullmatch(r"\d{1,3}", row.number)
        assert code in {found.code for found in municipalities_near(row.lat, row.lon)}
