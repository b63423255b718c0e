"""What depends on the organisation alone is worked out once for it, and never holds anything of a visit."""

from typing import Any

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.utils.translation import override

from lyhord.core.folded import lasting
from tests.core.folded.test_fold import engines

ENGINE = engines()[1]


class House:
    """Counts how often its name is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.asked = 0

    @property
    def name(self) -> str:
        self.asked += 1
        return self._name


def said(text: str, **values: Any) -> str:
    return str(template(text).render(Context(values)))


def template(text: str) -> Any:
    return ENGINE.from_string("{% load look %}" + text)


def test_it_is_worked_out_once_for_each() -> None:
    motala, mjolby = House("Motala"), House("Mjölby")
    compiled = template("<{% lasting house %}{{ house.name }}{% endlasting %}{{ n }}>")
    shown = [compiled.render(Context({"house": house, "n": n})) for n in (1, 2) for house in (motala, mjolby)]
    assert shown == ["<Motala1>", "<Mjölby1>", "<Motala2>", "<Mjölby2>"]
    assert (motala.asked, mjolby.asked) == (1, 1)


def test_nothing_else_of_the_page_is_seen_within() -> None:
    text = "{% lasting house %}{{ house.name }}{{ request }}{{ secret }}{{ block }}{% endlasting %}{{ secret }}"
    assert said(text, house=House("A"), secret="s", request="r") == "As"


def test_what_it_is_given_is_part_of_what_it_is() -> None:
    house = House("A")
    compiled = template("{% lasting house with shown=flag word='w' %}{{ shown }}{{ word }}{% endlasting %}")
    assert [compiled.render(Context({"house": house, "flag": flag})) for flag in (True, False, True)] == [
        "Truew",
        "Falsew",
        "Truew",
    ]
    assert house.asked == 0


def test_it_is_escaped_as_around_it() -> None:
    part = "{% lasting house %}{{ house.name }}{% endlasting %}"
    assert said(part, house=House("<a>")) == "&lt;a&gt;"
    assert said("{% autoescape off %}" + part + "{% endautoescape %}", house=House("<a>")) == "<a>"


@pytest.mark.parametrize("engine", engines())
def test_each_language_has_its_own(engine: Engine) -> None:
    house = House("A")
    text = "{% load look i18n %}{% lasting house with word='Sök' %}{% translate word %}{% endlasting %}"
    compiled = engine.from_string(text)
    shown = []
    for language in ("sv", "en", "sv"):
        with override(language):
            shown.append(compiled.render(Context({"house": house})))
    assert shown == ["Sök", "Search", "Sök"]


@pytest.mark.parametrize("house", [None, "a word", 3, {"name": "of a table"}])
def test_without_anything_to_keep_it_on(house: Any) -> None:
    compiled = template("{% lasting house %}[{{ house.name }}]{% endlasting %}")
    expected = "[of a table]" if isinstance(house, dict) else "[]"
    assert [compiled.render(Context({"house": house})) for _ in range(2)] == [expected, expected]
    assert said("{% lasting house %}[{{ house.name }}]{% endlasting %}") == "[]"


def test_values_that_never_come_again_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting, "MOST", 3)
    house = House("A")
    compiled = template("{% lasting house with n=n %}{{ n }}{% endlasting %}")
    assert [compiled.render(Context({"house": house, "n": n})) for n in range(9)] == [str(n) for n in range(9)]
    assert len(vars(house)[lasting.MEMORY]) == 3


@pytest.mark.parametrize(
    "wrong",
    ["{% lasting %}", "{% lasting house.name %}", "{% lasting house shown=1 %}", "{% lasting house with 1 %}"],
)
def test_it_says_what_is_wrong(wrong: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="lasting"):
        template(wrong + "{% endlasting %}")
