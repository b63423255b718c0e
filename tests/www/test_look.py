"""The small pieces that every page shares."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from lyhord.cases.states import WORDS
from lyhord.www.icons import ICONS
from lyhord.www.templatetags import look

NOW = datetime(2026, 11, 23, 15, 42, tzinfo=UTC)  # 16.42 in Sweden, a Monday


def render(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context(context))


def test_an_icon_is_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in look.icon("pin")
    assert ICONS["pin"] in look.icon("pin")


def test_an_unknown_icon_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        look.icon("no-such-icon")


@pytest.mark.parametrize("state", list(WORDS))
def test_every_state_has_a_word_and_an_icon(state: str) -> None:
    chip = look.state(state, "Ett ord")
    assert "Ett ord" in chip
    assert "<svg" in chip
    assert f'class="tag {state}"' in chip


def test_a_label_cannot_be_markup() -> None:
    assert "<b>" not in look.tag("info", "mail", "<b>Nytt</b>")


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "i dag 16.42"),
        (datetime(2026, 11, 22, 23, 5, tzinfo=UTC), "i dag 00.05"),  # after midnight in Sweden
        (datetime(2026, 11, 22, 8, 5, tzinfo=UTC), "i går 09.05"),
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), "i morgon 09.00"),
        (datetime(2026, 7, 1, 8, 0, tzinfo=UTC), "1 juli 10.00"),
        (datetime(2025, 12, 24, 14, 0, tzinfo=UTC), "24 december 2025 15.00"),
    ],
)
def test_times_as_people_say_them(moment: datetime, words: str) -> None:
    assert f">{words}</time>" in look.when(moment)


@time_machine.travel(NOW, tick=False)
def test_times_that_begin_a_line_name_the_day() -> None:
    assert ">Fredag 20 november 09.00</time>" in look.when(datetime(2026, 11, 20, 8, 0, tzinfo=UTC), "full")
    assert look.weekday(date(2026, 11, 30)) == "måndag 30 november"
    assert look.day(date(2026, 11, 23)) == "i dag"


@time_machine.travel(NOW, tick=False)
def test_machines_read_the_same_moment() -> None:
    assert 'datetime="2026-11-23T16:42+01:00"' in look.when(NOW)
    assert 'datetime="2026-11-30"' in look.when(date(2026, 11, 30))


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("0141-22 50 00", "tel:+46141225000"),
        ("112", "tel:112"),
        ("+46 141 22 50 00", "tel:+46141225000"),
        ("0046 141 225000", "tel:+46141225000"),
        ("1177", "tel:1177"),
    ],
)
def test_phone_numbers_can_be_pressed(number: str, address: str) -> None:
    assert look.tel(number) == address


def test_languages_are_named_in_their_own_words() -> None:
    assert look.language_name("sv") == "Svenska"
    assert look.language_name("fi") == "Suomi"
    assert look.language_name("se") == "Davvisámegiella"
    assert look.language_name("fit") == "Meänkieli"
    assert look.language_name("xx") == "xx"


def test_the_page_one_is_on_is_marked() -> None:
    source = '{% current "healthz" "/mina/" %}'
    factory = RequestFactory()
    assert render(source, request=factory.get("/healthz")).strip() == 'aria-current="page"'
    assert render(source, request=factory.get("/mina/sidor/")).strip() == 'aria-current="true"'
    assert render(source, request=factory.get("/")) == ""
    assert render(source) == ""


@time_machine.travel(NOW, tick=False)
def test_dates_follow_the_reader_s_language() -> None:
    with override("en"):
        assert "20 November" in look.when(datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
