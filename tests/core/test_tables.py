"""Tables that people upload."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyhord.core.errors import Invalid
from lyhord.core.tables import Line, read_table

COLUMNS = {"name": ("namn",), "age": ("ålder", "år")}


def read(data: bytes, **options: object) -> list[Line]:
    return read_table(data, COLUMNS, **{"most_rows": 10, **options})  # type: ignore[arg-type]  # as each test says


@pytest.mark.parametrize(
    "data",
    [
        "name;age\nÅsa;7\n".encode(),
        "\ufeffNAMN,Ålder\r\nÅsa,7\r\n".encode(),
        "ålder\tnamn\textra\n7\t Åsa \tx\n".encode(),
        "namn;år\rÅsa;7\r".encode("cp1252"),
        'name;age\n\n"Åsa";"7"\n;;\n'.encode(),
    ],
)
def test_as_programs_save_it(data: bytes) -> None:
    [line] = read(data)
    assert line.values == {"name": "Åsa", "age": "7"}


def test_rows_keep_their_number_in_the_file() -> None:
    assert [line.number for line in read(b"name;age\n\na;1\n;\nb;2")] == [3, 5]


def test_short_rows_have_nothing_in_the_last_columns() -> None:
    [line] = read(b"name;age\na")
    assert line.values == {"name": "a", "age": ""}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Kolumnen name, age saknas"),
        (b"name\nx", "Kolumnen age saknas"),
        (b"name;age\n", "inga rader"),
        (b"name;age\n" + b"x;1\n" * 11, "för många rader"),
        (b"name;age\x00\nx;1", "går inte att läsa"),
        (b'name;age\n"' + b"x" * 200_000, "går inte att läsa"),
    ],
)
def test_what_cannot_be_used_says_why(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(data)
    assert sentence in str(refused.value.message)


def test_a_column_may_be_left_out_when_it_is_optional() -> None:
    [line] = read(b"name\nx", optional=frozenset({"age"}))
    assert line.values == {"name": "x", "age": ""}


def test_too_large() -> None:
    with pytest.raises(Invalid):
        read(b"name;age\nx;1\n", most_bytes=5)


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_sentence(data: bytes) -> None:
    try:
        lines = read(b"name;age\n" + data)
    except Invalid:
        return
    assert all(set(line.values) == set(COLUMNS) for line in lines)
