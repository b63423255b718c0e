"""The desk's forms as they are written."""

import pytest
from bs4 import BeautifulSoup
from django import forms

from lyhord.www.widgets import Select

CHOICES = [("", "Välj <en>"), ("a", "A & B"), ('Grupp "1"', [("b", "B"), (3, "Tre")])]


def elements(html: str) -> list[tuple[str, dict[str, object], str]]:
    """Every element with its attributes, and the words in it."""
    return [
        (tag.name, dict(tag.attrs), " ".join(tag.get_text(" ").split()))
        for tag in BeautifulSoup(html, "html.parser").find_all()
    ]


@pytest.mark.parametrize("value", ["", "a", "b", "3", 3, "saknas", None])
def test_a_list_is_written_as_django_writes_it(value: object) -> None:
    attrs = {"id": "id_x", "aria-describedby": "y"}
    ours, theirs = Select(choices=CHOICES), forms.Select(choices=CHOICES)
    assert elements(ours.render("x", value, attrs)) == elements(theirs.render("x", value, attrs))
