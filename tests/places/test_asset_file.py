"""Lists of what has a sign, as other registers save them."""

import pytest

from lyhord.core.errors import Invalid
from lyhord.places.asset_file import MOST, read_assets

TYPES = frozenset({"belysning.lampa"})
LIST = (
    "Littera;Benämning;Ärendetyp;N;E\r\n"
    "L-114;Lyktstolpe 114 på Ågatan;belysning.lampa;58,5371;15,0365\r\n"
    ";;;;\r\n"
    "PK.7;Papperskorg vid Strandvägen;;6488672;502124\r\n"
)


@pytest.mark.requirement("P15")
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_list_as_a_register_saves_it(charset: str) -> None:
    lamp, bin_ = read_assets(LIST.encode(charset), TYPES)
    assert (lamp.code, lamp.name, lamp.type_code) == ("L-114", "Lyktstolpe 114 på Ågatan", "belysning.lampa")
    assert (lamp.lat, lamp.lon) == (58.5371, 15.0365)
    assert (bin_.code, bin_.type_code) == ("PK.7", "")
    assert 58.5 < bin_.lat < 58.6
    assert 15.0 < bin_.lon < 15.1


def test_the_sort_may_be_left_out_altogether() -> None:
    [row] = read_assets(b"kod,namn,lat,lon\nA1,Bryggan,58.5,15.0\n", TYPES)
    assert row.type_code == ""


@pytest.mark.requirement("P15")
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("A 1;Stolpe;;58,5;15", "Koden ska vara högst 40 tecken"),
        ("<b>;Stolpe;;58,5;15", "Koden ska vara högst 40 tecken"),
        (f"{'A' * 41};Stolpe;;58,5;15", "Koden ska vara högst 40 tecken"),
        ("Å1;Stolpe;;58,5;15", "Koden ska vara högst 40 tecken"),
        (";Stolpe;;58,5;15", "Koden ska vara högst 40 tecken"),
        ("A1;;;58,5;15", "Namnet saknas"),
        (f"A1;{'x' * 121};;58,5;15", "längre än 120 tecken"),
        ("A1;Stolpe;finns.inte;58,5;15", "ingen ärendetyp med koden finns.inte"),
        ("OK;Stolpe;;58,5;15", "finns redan högre upp"),
        ("A1;Stolpe;;norr;15", ""),
        ("A1;Stolpe;;8,5;15", ""),
    ],
)
def test_a_wrong_row_says_what_is_wrong_and_where(line: str, sentence: str) -> None:
    data = f"kod;namn;typ;lat;lon\nOK;Rätt;;58,5;15\n{line}\n".encode()
    with pytest.raises(Invalid) as caught:
        read_assets(data, TYPES)
    [(number, said)] = caught.value.errors.items()
    assert number == "3"
    assert sentence in str(said)


@pytest.mark.parametrize("data", [b"", b"gata;hus\na;b\n", b"kod;namn;typ;lat;lon\n", b"\x00\xff\xfe", b"GIF89a"])
def test_what_is_no_list_says_so(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_assets(data, TYPES)


def test_a_list_without_end_is_refused() -> None:
    rows = "".join(f"A{number};Stolpe;;58,5;15\n" for number in range(MOST + 1))
    with pytest.raises(Invalid):
        read_assets(f"kod;namn;typ;lat;lon\n{rows}".encode(), TYPES)
