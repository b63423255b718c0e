"""Folded templates say the same as Django's, whatever they are made of; and only what may differ is worked out anew."""

from datetime import date
from typing import Any

import pytest
from django.template import Context, Engine, TemplateDoesNotExist, TemplateSyntaxError
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, override

from lyhord.core.folded.nodes import Extended

FRAME = (
    "{# a frame #}<title>{% block title %}T{% endblock %}</title>"
    "{% block head %}<b>{% block inner %}I{% endblock %}</b>{% endblock %}{{ label }}{% block foot %}{% endblock %}"
)
ICON = "{% load look %}{% icon 'say' %}"
TEMPLATES = {
    "frame.html": FRAME,
    "between.html": "{% extends 'frame.html' %}{% block head %}({{ block.super }}){% endblock %}",
    "page.html": "{% extends 'frame.html' %}{% block title %}{{ word }}{% endblock %}",
    "far.html": "{% extends 'between.html' %}"
    "{% block head %}[{{ block.super }}]{% endblock %}{% block inner %}i{% endblock %}",
    "label.html": "{% extends 'frame.html' %}{% load i18n %}"
    "{% block head %}{% translate 'Sök' as label %}{{ label }}{% endblock %}",
    "deep.html": "{% extends 'frame.html' %}{% block head %}{% if word %}{{ block.super }}{% endif %}{% endblock %}",
    "row.html": "<i>{{ word }}{{ more }}</i>",
    "tree.html": "{{ node.name }}{% for node in node.below %}{% include 'tree.html' %}{% endfor %}",
    "cycling.html": "{% for x in many %}{% cycle 'a' 'b' %}{% endfor %}",
    "parts.html": "{% load i18n %}{% partialdef one %}{% translate 'Sök' %} {{ word }}{% endpartialdef %}"
    "<{% partial one %}>",
    "choosing.html": "{% if nothing %}{% block none %}N{% endblock %}{% elif word %}"
    "<p>{% block one %}1{% endblock %}</p>{% if number %}{% block two %}2{% endblock %}{% endif %}"
    "{% else %}{{ word }}{% endif %}",
    "chosen.html": "{% extends 'choosing.html' %}{% block one %}[{{ block.super }}]{{ word }}{% endblock %}"
    "{% block none %}n{% endblock %}",
    "chosen too.html": "{% extends 'choosing.html' %}{% block two %}<{{ block.super }}>{% endblock %}",
    "wrong.html": "{% if %}",
}
PLAIN = [
    "{{ word }}|{{ safe }}|{{ number }}|{{ nothing }}|{{ missing }}|{{ missing.further }}|{{ many.1 }}",
    "{{ call }}|{{ thing.call }}|{{ thing.manager.all }}|{{ day }}|{{ day|date:'Y' }}|{{ word|upper }}|{{ lazy }}",
    "{{ thing.items }}|{{ table.items }}|{{ table.values|length }}|{{ table.key }}|{{ autoescape }}",
    "{{ thing.name }}",
    "{{ thing.no }}|{{ table.no }}|{{ thing.no.no }}|{{ word.no }}|{{ many.7 }}|{{ thing.no|default:'d' }}",
    "{{ nothing.no }}|{{ thing.manager.no }}|{{ number.no }}",
    "{% if thing.no %}a{% elif not table.no %}b{% endif %}{% with x=thing.no %}[{{ x }}]{% endwith %}",
    "{% if missing %}a{% elif thing.name == 'x&y' %}b{% else %}c{% endif %}{% if not undo %}d{% endif %}",
    "{% for x in many %}{{ forloop.counter }}{{ x }}{% if not forloop.last %},{% endif %}{% empty %}-{% endfor %}",
    "{% for name, value in table.items %}{{ name }}={{ value }}{% endfor %}",
    "{% with a=word b=number %}{{ a }}{{ b }}{% endwith %}{{ a }}",
    "{% load i18n %}{% translate 'Sök' %}{% translate 'Sök' as label %}[{{ label }}]{% translate word %}",
    "{% load i18n %}{% get_current_language as x %}{{ x }}",
    "{% load i18n %}{% blocktranslate %}Sök{% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate with number=word %}Markera {{ number }}{% endblocktranslate %}|{{ number }}",
    "{% load i18n %}{% blocktranslate %}Vi mejlar {{ email }} när något händer.{% endblocktranslate %} 100 %",
    (
        "{% load i18n %}{% blocktranslate count n=number %}{{ n }} ärende{% plural %}{{ n }} ärenden"
        "{% endblocktranslate %}"
    ),
    "{% load look %}{% icon 'say' %}{% tag 'info' 'say' word %}{% state 'received' 'Ny' %}{% state name 'Ny' 'say' %}",
    "{% load look %}{% tag 'info' 'say' 'a&b' as chip %}{{ chip }}",
    "{% load static %}{% static 'lyhord/tokens.css' %}{% static 'lyhord/tokens.css' as sheet %}{{ sheet }}",
    "{% url 'public:start' %}{% url 'public:case' number2 %}{% url 'public:list' as there %}{{ there }}",
    "{% url 'nowhere' as gone %}[{{ gone }}]",
    "{% autoescape off %}{{ word }}{% load look %}{% tag 'info' '' 'a&b' %}{% endautoescape %}{{ word }}",
    "{% include 'row.html' %}{% include 'row.html' with more=number %}{{ more }}",
    "{% include 'row.html' with more=number only %}{{ more }}",
    "{% include row %}{% include 'tree.html' with node=tree %}{% include 'tree.html' with node=tree only %}",
    "{% include 'cycling.html' %}{% include 'cycling.html' %}{% include 'page.html' %}{{ word }}",
    "{% comment %}{{ word }}{% endcomment %}{# nothing #}{% verbatim %}{{ word }}{% endverbatim %}",
    "{% include 'parts.html' %}{% include 'parts.html#one' %}",
]


class Thing:
    """With a name, a method and something like a manager."""

    name = "x&y"
    alters = "<b>"

    def call(self) -> str:
        return "<called>"

    def items(self) -> list[int]:
        return [1]

    class manager:  # noqa: N801  # as a manager is named
        """Django calls what it meets on the way."""

        @staticmethod
        def all() -> str:
            return "all"


def values() -> dict[str, Any]:
    """Of every sort."""
    return {
        "word": "a<b>&'\"",
        "number2": "26-4817",
        "safe": SafeString("<i>"),
        "number": 12345,
        "nothing": None,
        "many": ["<a>", 2, None],
        "table": {"key": "<k>", "items2": 1},
        "thing": Thing(),
        "call": lambda: "<c>",
        "day": date(2026, 11, 23),
        "lazy": gettext_lazy("Sök"),
        "name": "planned",
        "row": "row.html",
        "tree": {"name": "1", "below": [{"name": "2", "below": []}, {"name": "3", "below": []}]},
        "label": "outer",
        "email": "<a@b>",
    }


def engines() -> tuple[Engine, Engine]:
    """Django's and ours, over the same templates."""
    named = {**TEMPLATES, **{f"plain{place}": text for place, text in enumerate(PLAIN)}}
    libraries = {
        "i18n": "django.templatetags.i18n",
        "static": "django.templatetags.static",
        "look": "lyhord.www.templatetags.look",
    }
    inside = [("django.template.loaders.locmem.Loader", named)]
    plain = Engine(loaders=[("django.template.loaders.cached.Loader", inside)], libraries=libraries)
    return plain, Engine(loaders=[("lyhord.core.folded.loader.Loader", inside)], libraries=libraries)


NAMES = [
    "chosen.html",
    "chosen too.html",
    "choosing.html",
    "page.html",
    "far.html",
    "between.html",
    "label.html",
    "deep.html",
    "parts.html",
    "parts.html#one",
]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", [*NAMES, *(f"plain{place}" for place in range(len(PLAIN)))])
def test_the_same_is_said(name: str, language: str) -> None:
    plain, folded = engines()
    with override(language):
        said = plain.get_template(name).render(Context(values()))
        assert folded.get_template(name).render(Context(values())) == said
        assert folded.get_template(name).render(Context(values())) == said, "and again"


def test_a_page_is_one_text_where_nothing_varies() -> None:
    """So that a new sort of node cannot quietly undo what folding is for."""
    _plain, folded = engines()
    with override("sv"):
        page: Any = folded.get_template("page.html").nodelist[-1]
    shown = [type(node).__name__ for node in page.page]
    assert shown == ["TextNode", "QuickVariableNode", "TextNode", "QuickVariableNode"], shown


@pytest.mark.parametrize("name", ["page.html", "far.html", "chosen.html", "chosen too.html"])
def test_a_page_stands_in_its_frame(name: str) -> None:
    _plain, folded = engines()
    assert isinstance(folded.get_template(name).nodelist[-1], Extended)


def test_each_language_has_its_own() -> None:
    _plain, folded = engines()
    said = {}
    for language in ("sv", "en", "sv"):
        with override(language):
            said[language] = folded.get_template("parts.html").render(Context({"word": "x"}))
    assert said == {"sv": "<Sök x>", "en": "<Search x>"}


def test_mistakes_are_told_of_as_django_tells() -> None:
    plain, folded = engines()
    for engine in (plain, folded):
        with pytest.raises(TemplateSyntaxError, match=r"wrong\.html"):
            engine.get_template("wrong.html")
        with pytest.raises(TemplateDoesNotExist):
            engine.get_template("none.html")


def test_while_debugging_templates_are_djangos() -> None:
    inside = [("django.template.loaders.locmem.Loader", {"a": "a{# b #}c{{ d }}"})]
    engine = Engine(loaders=[("lyhord.core.folded.loader.Loader", inside)], debug=True)
    assert [type(node).__name__ for node in engine.get_template("a").nodelist] == [
        "TextNode",
        "TextNode",
        "VariableNode",
    ]


def test_a_fault_in_a_property_is_not_hidden() -> None:
    class Broken:
        @property
        def name(self) -> str:
            raise AttributeError("inside")

    for engine in engines():
        with pytest.raises(AttributeError, match="inside"):
            engine.get_template("plain3").render(Context({"thing": Broken()}))
