"""Personal data in a text is pointed out before anything is published."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases.masking import Sensitive, Span, find, masked
from lyhord.core.countries.sweden import is_personal_number
from lyhord.core.here import SWEDEN, Here, being, place

# Made up: the check digits are right, the people are not. 980.-numbers are those the tax agency gives for tests.
FOUND = [
    ("Mitt nummer är 850709-9805.", "850709-9805", Sensitive.PERSONAL_NUMBER),
    ("19850709-9805", "19850709-9805", Sensitive.PERSONAL_NUMBER),
    ("198507099805", "198507099805", Sensitive.PERSONAL_NUMBER),
    ("8507099805", "8507099805", Sensitive.PERSONAL_NUMBER),
    ("19 850709 9805", "19 850709 9805", Sensitive.PERSONAL_NUMBER),
    ("1985-07-09-9805", "1985-07-09-9805", Sensitive.PERSONAL_NUMBER),
    ("850709+9805", "850709+9805", Sensitive.PERSONAL_NUMBER),
    ("850709 – 9805", "850709 – 9805", Sensitive.PERSONAL_NUMBER),
    ("mamma (850709-T805) väntar", "850709-T805", Sensitive.PERSONAL_NUMBER),
    ("reservnummer 19850709-TF12", "19850709-TF12", Sensitive.PERSONAL_NUMBER),
    ("Ring 070-123 45 67 i kväll", "070-123 45 67", Sensitive.PHONE),
    ("0701234567", "0701234567", Sensitive.PHONE),
    ("0141-22 50 00", "0141-22 50 00", Sensitive.PHONE),
    ("+46 (0)70 123 45 67", "+46 (0)70 123 45 67", Sensitive.PHONE),
    ("0046701234567", "0046701234567", Sensitive.PHONE),
    ("+358 40 123 4567", "+358 40 123 4567", Sensitive.PHONE),
    ("tel: 22 50 00", "22 50 00", Sensitive.PHONE),
    ("Skriv till anna.svensson+kommun@exempel.se.", "anna.svensson+kommun@exempel.se", Sensitive.EMAIL),
    ("åsa@exempel.co.uk", "åsa@exempel.co.uk", Sensitive.EMAIL),
    ("anna (at) exempel.se", "anna (at) exempel.se", Sensitive.EMAIL),
    ("Bilen ABC 123 står kvar", "ABC 123", Sensitive.PLATE),
    ("ABC12D", "ABC12D", Sensitive.PLATE),
    ("en volvo, abc123, utan däck", "abc123", Sensitive.PLATE),
    ("Portkoden är 1379", "1379", Sensitive.DOOR_CODE),
    ("Jag bor på Storgatan 12 B", "Storgatan 12 B", Sensitive.ADDRESS),
    ("min granne på Norra Kyrkogatan 4 eldar", "Norra Kyrkogatan 4", Sensitive.ADDRESS),
    ("Kungsgatan 3 lgh 1102", "Kungsgatan 3 lgh 1102", Sensitive.ADDRESS),
    ("Min adress är Åvägen 7", "Åvägen 7", Sensitive.ADDRESS),
    ("Jag heter Anna Svensson och vill", "Anna Svensson", Sensitive.NAME),
    ("jag heter anna svensson", "anna svensson", Sensitive.NAME),
    ("jag heter anna och bor här", "anna", Sensitive.NAME),
    ("Med vänlig hälsning\nKarl-Erik von Post", "Karl-Erik von Post", Sensitive.NAME),
    ("Mvh Lisa", "Lisa", Sensitive.NAME),
    ("MVH LISA LARSSON", "LISA LARSSON", Sensitive.NAME),
    ("Min son Erik ramlade", "Erik", Sensitive.NAME),
]


@pytest.mark.requirement("4.11")
@pytest.mark.parametrize(("text", "piece", "kind"), FOUND)
def test_personal_data_is_pointed_out(text: str, piece: str, kind: Sensitive) -> None:
    spans = find(text)
    assert [(text[span.start : span.end], span.kind) for span in spans] == [(piece, kind)]
    assert piece not in masked(text, spans)
    assert str(spans[0].label)


@pytest.mark.parametrize(
    "text",
    [
        "Hål i gatan vid Storgatan 12, tre dagar sedan 2026-11-20.",
        "Ärende 26-4817 från klockan 08.00-16.00, kostade 1 200 kr.",
        "Stolpe 0123456 och BEL-1231 är släckta, väg 1234 och E4.",
        "Ring 112 eller 11414.",
        "Det var 2026-11-25 16.45 vid hus 123 och rum 204.",
        "850709-9806 har fel kontrollsiffra och 851309-9805 fel månad.",
        "Mvh\nJag är trött på det här. Hälsningar från en orolig förälder.",
        "Lampan på Vintergatan 8 är släckt.",
        "Leverantörens orgnummer är 212000-0142.",
        "",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert find(text) == []
    assert masked(text, []) == text


ICELAND, ESTONIA = place("IS", "Atlantic/Reykjavik"), place("EE", "Europe/Tallinn")
ELSEWHERE = [
    (ICELAND, "Bíllinn AB 123 er hér", "AB 123", Sensitive.PLATE),
    (ICELAND, "rauður bíll, abc12, án hjóla", "abc12", Sensitive.PLATE),
    (ICELAND, "Dyrakóðinn er 1379", "1379", Sensitive.DOOR_CODE),
    (ICELAND, "Ég bý á Laugavegi 12 B", "Laugavegi 12 B", Sensitive.ADDRESS),
    (ICELAND, "Skólavörðustígur 3, íbúð 201", "Skólavörðustígur 3, íbúð 201", Sensitive.ADDRESS),
    (ICELAND, "Ég heiti Þórunn Jónsdóttir og bý hér", "Þórunn Jónsdóttir", Sensitive.NAME),
    (ICELAND, "ég heiti jón og bý hér", "jón", Sensitive.NAME),
    (ICELAND, "Kær kveðja,\nÁsta Björk", "Ásta Björk", Sensitive.NAME),
    (ICELAND, "Sonur minn Ari datt", "Ari", Sensitive.NAME),
    (ICELAND, "sími: 55 12 345", "55 12 345", Sensitive.PHONE),
    (ESTONIA, "Auto 123 ABC seisab siin", "123 ABC", Sensitive.PLATE),
    (ESTONIA, "Uksekood on 1379", "1379", Sensitive.DOOR_CODE),
    (ESTONIA, "Elan Pärnu mnt 12-3", "Pärnu mnt 12-3", Sensitive.ADDRESS),
    (ESTONIA, "Minu nimi on Jüri Tamm ja elan siin", "Jüri Tamm", Sensitive.NAME),
    (ESTONIA, "Lugupidamisega\nÜlle Õunapuu", "Ülle Õunapuu", Sensitive.NAME),
    (ESTONIA, "helistage mulle 51 23 456", "51 23 456", Sensitive.PHONE),
    (SWEDEN, "My name is Anna Smith and I walk here", "Anna Smith", Sensitive.NAME),
    (SWEDEN, "I live at Storgatan 12", "Storgatan 12", Sensitive.ADDRESS),
    (SWEDEN, "Kind regards, John", "John", Sensitive.NAME),
    (SWEDEN, "The door code is 4711", "4711", Sensitive.DOOR_CODE),
    (SWEDEN, "Nimeni on Aino Virtanen", "Aino Virtanen", Sensitive.NAME),
    (SWEDEN, "Asun osoitteessa Storgatan 12", "Storgatan 12", Sensitive.ADDRESS),
]


@pytest.mark.requirement("4.11", "0.25")
@pytest.mark.parametrize(("there", "text", "piece", "kind"), ELSEWHERE)
def test_people_write_it_in_their_own_way(there: Here, text: str, piece: str, kind: Sensitive) -> None:
    with being(there):
        spans = find(text)
        assert [(text[span.start : span.end], span.kind) for span in spans] == [(piece, kind)]


@pytest.mark.requirement("0.25")
@pytest.mark.parametrize(
    ("there", "text"),
    [
        (ICELAND, "Ljósið á Laugavegi 12 er slökkt, kl 16 eða kl. 16:45, kostar kr 500. Hringið í 112."),
        (ICELAND, "Með kveðju\nÉg er þreytt. ABC 12D er ekki bílnúmer hér."),
        (ESTONIA, "Auk tänaval Pärnu mnt 12, maksab 100 EUR. Helistage 112."),
        (ESTONIA, "Lugupidamisega\nMina olen mures."),
    ],
)
def test_ordinary_text_elsewhere_is_left_alone(there: Here, text: str) -> None:
    with being(there):
        assert find(text) == []


@pytest.mark.requirement("0.25")
def test_what_stands_instead_is_in_the_countrys_language() -> None:
    with being(ICELAND):
        text = "Ég heiti Jón Jónsson."
        assert masked(text, find(text)) == "Ég heiti [name removed]."


def test_several_in_one_text() -> None:
    text = "Jag heter Anna Svensson, 850709-9805. Ring 070-123 45 67 om bilen ABC 123.\nMvh Anna"
    assert masked(text, find(text)) == (
        "Jag heter [namn borttaget], [personnummer borttaget]. Ring [telefonnummer borttaget] om bilen "
        "[registreringsnummer borttaget].\nMvh [namn borttaget]"
    )


def test_a_person_may_keep_some() -> None:
    text = "Mejla kommun@motala.se eller anna@exempel.se"
    assert masked(text, find(text)[1:]) == "Mejla kommun@motala.se eller [mejladress borttagen]"


def test_where_two_overlap_the_graver_keeps_the_whole() -> None:
    spans = [Span(0, 10, Sensitive.PHONE), Span(5, 12, Sensitive.PERSONAL_NUMBER)]
    assert masked("0123456789abcdef", spans) == "[personnummer borttaget]cdef"


def _luhn_by_the_book(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if position % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


@st.composite
def personal_numbers(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
    coordination = 60 if draw(st.booleans()) else 0
    nine = f"{born:%y%m}{born.day + coordination:02}{draw(st.integers(0, 999)):03}"
    check = next(digit for digit in "0123456789" if _luhn_by_the_book(nine + digit))
    century = draw(st.sampled_from(["", f"{born:%Y}"[:2]]))
    return century + nine[:6] + draw(st.sampled_from(["", "-", "+", " ", " - "])) + nine[6:] + check


PIECES = st.one_of(
    personal_numbers(),
    st.sampled_from([piece for _, piece, _ in FOUND]),
    st.sampled_from([" ", "-", "\n", "Mvh ", "jag heter ", "bor på ", "@", "+46", "0", "12", "lgh ", "."]),
    st.text(max_size=6),
    st.text("0123456789 -+", max_size=16),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)


@pytest.mark.requirement("4.11")
@given(TEXTS)
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    at = 0
    for span in find(text):
        assert at <= span.start < span.end <= len(text)
        at = span.end


@pytest.mark.requirement("4.11")
@given(TEXTS)
def test_no_personal_number_is_left_in_a_masked_text(text: str) -> None:
    left = masked(text, find(text))
    for digits in re.findall(r"(?<!\d)(?:18|19|20)?\d{6}[-+]?\d{4}(?!\d)", left):
        assert not is_personal_number(re.sub(r"\D", "", digits))
    assert not any(span.kind is Sensitive.PERSONAL_NUMBER for span in find(left))


@given(personal_numbers())
def test_every_personal_number_is_known(number: str) -> None:
    assert is_personal_number(re.sub(r"\D", "", number))
    text = f"Hej {number}!"
    assert [text[span.start : span.end] for span in find(text)] == [number]


@given(st.dates(date(1950, 1, 1), date(2020, 1, 1)), st.integers(0, 999))
def test_a_wrong_check_digit_is_no_personal_number(born: date, serial: int) -> None:
    nine = f"{born:%y%m%d}{serial:03}"
    right = [digit for digit in "0123456789" if is_personal_number(nine + digit)]
    assert len(right) == 1
    assert is_personal_number(f"{born:%Y}"[:2] + nine + right[0])


@given(st.text(), st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50), st.sampled_from(Sensitive)), max_size=5))
def test_masking_never_fails(text: str, wanted: list[tuple[int, int, Sensitive]]) -> None:
    masked(text, [Span(start, start + length, kind) for start, length, kind in wanted])
