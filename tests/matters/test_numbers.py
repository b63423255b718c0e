"""Case numbers in all their forms."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lyhord.matters.numbers import CaseNumber, find_numbers, normalise

pytestmark = pytest.mark.requirement("3.1")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("BN-2016-00046", CaseNumber("BN", 2016, 46)),
        ("BN-2016-<br>00046", CaseNumber("BN", 2016, 46)),
        ("BN-2016-\n00046", CaseNumber("BN", 2016, 46)),
        ("Dnr BN-2024-000148", CaseNumber("BN", 2024, 148)),
        ("KS KF/2024:8", CaseNumber("KS KF", 2024, 8)),
        ("DNR: KU.2017.91", CaseNumber("KU", 2017, 91)),
        ("DNR KS 2024:8", CaseNumber("KS", 2024, 8)),
        ("2024.147 KS", CaseNumber("KS", 2024, 147)),
        ("Dnr 00123/20212.6.", CaseNumber("", 2021, 123)),
        ("Diarienummer 00322/2026", CaseNumber("", 2026, 322)),
        ("Diarienummer 7483-2023", CaseNumber("", 2023, 7483)),
        ("KS 353/2008", CaseNumber("KS", 2008, 353)),
        ("2024-00001", CaseNumber("", 2024, 1)),
        ("HEL 2025-001216", CaseNumber("HEL", 2025, 1216)),
        ("NKBY/660/10.04.00.01/2022", CaseNumber("NKBY", 2022, 660)),
        ("Saksnr 2012/9176", CaseNumber("", 2012, 9176)),
        ("2012/9176", CaseNumber("", 2012, 9176)),
    ],
)
def test_every_form_is_one_number(written: str, number: CaseNumber) -> None:
    assert normalise(written) == number


@pytest.mark.parametrize(
    "written",
    [
        "mål nr P 1234-2023",
        "SFS 2010:900",
        "prop. 1985/86:1 s.285",
        "kommunfullmäktige 2023-12-14 § 196",
        "Klockan 09.00–09.57",
        "0300-83 40 00",
        "plan- och bygglagen (2010:900)",
        "Varla 3:22",
    ],
)
def test_what_only_looks_like_one_is_none(written: str) -> None:
    assert find_numbers(written) == []


def test_the_evidence_is_what_stood_there() -> None:
    found = find_numbers("Se KS 2024/147 och BN-2016-00046.")
    assert [(each.text, str(each.number)) for each in found] == [
        ("KS 2024/147", "KS 2024-147"),
        ("BN-2016-00046", "BN 2016-46"),
    ]


@given(
    series=st.sampled_from(["KS", "BN", "KF", "SBN", "ÖN"]),
    year=st.integers(1950, 2049),
    serial=st.integers(1, 99_999),
    form=st.sampled_from(
        ["{s}-{y}-{n:06}", "{s} {y}:{n}", "{s}.{y}.{n}", "{s} {n}/{y}", "{y}.{n} {s}", "Dnr {s} {y}/{n}"]
    ),
)
def test_a_number_is_the_same_in_every_form(series: str, year: int, serial: int, form: str) -> None:
    assume(form != "{s} {n}/{y}" or not 1900 <= serial <= 2099)  # of KS 1950/1960, nobody knows which is the year
    assert normalise(form.format(s=series, y=year, n=serial)) == CaseNumber(series, year, serial)


@given(day=st.dates())
def test_a_date_is_never_a_number(day: object) -> None:
    assert find_numbers(f"Sammanträdet hölls {day}, § 12") == []


@given(text=st.text(alphabet="BKSND0123456789-/.: <br>\n§", max_size=60))
def test_no_text_breaks_it_and_no_two_finds_overlap(text: str) -> None:
    found = find_numbers(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
