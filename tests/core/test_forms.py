"""Text is plain before a form looks at it."""

from django import forms
from django.http import QueryDict
from django.urls import get_resolver

from lyhord.core.forms import Plain, PlainForm
from tests.classes import subclasses

DIRTY = "\x00 Anna\x0b\u202e\r\nEk \x08"


class Who(PlainForm):
    name = forms.CharField(max_length=9, widget=forms.Textarea)
    password = forms.CharField(strip=False)
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)


def test_what_no_page_may_hold_is_gone_from_fields_and_page() -> None:
    data = QueryDict(mutable=True)
    data["name"], data["password"] = DIRTY, " hem\x0blig "
    data.setlist("several", ["a\x00", "b"])
    form = Who(data)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"name": "Anna\nEk", "password": " hem\x0blig ", "several": ["a", "b"]}
    assert ">\nAnna\nEk</textarea>" in str(form["name"])
    assert data["name"] == DIRTY  # what was sent is left as it was


def test_plain_data_and_none() -> None:
    form = Who({"name": DIRTY, "password": "x", "several": ["a"]})
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Anna\nEk"
    assert not Who().is_bound
    assert Who({}).is_bound


def test_every_form_of_ours_is_plain() -> None:
    assert get_resolver().url_patterns  # all that can be reached has been imported
    ours = [form for form in subclasses(forms.BaseForm) if form.__module__.startswith("lyhord.")]
    assert len(ours) > 30
    assert not [form for form in ours if not issubclass(form, Plain)]
