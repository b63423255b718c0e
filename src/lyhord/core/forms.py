"""Forms whose text is plain before anything looks at it."""

from collections.abc import Mapping
from typing import Any, overload

from django import forms
from django.http import QueryDict

from lyhord.core.text import clean_text


class Plain(forms.BaseForm):
    """Takes away what no page may hold (control characters, halves of letters) from all that was sent but passwords.

    The fields, what they say is wrong, and the page that comes back then see the same text. Goes before the form's
    other bases.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        first, rest = args[:1], args[1:]
        if first and isinstance(first[0], Mapping):
            first = (plain(first[0]),)
        if "data" in options:
            options["data"] = plain(options["data"])
        super().__init__(*first, *rest, **options)


class PlainForm(Plain, forms.Form):
    """The base of our own forms."""


@overload
def plain(data: QueryDict) -> QueryDict: ...
@overload
def plain(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None: ...
def plain(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The same with every text cleaned; passwords are nobody's to change."""
    if isinstance(data, QueryDict):
        cleaned = QueryDict(mutable=True)
        for name in data:
            cleaned.setlist(name, [_cleaned(name, value) for value in data.getlist(name)])
        return cleaned
    return data and {name: _cleaned(name, value) for name, value in data.items()}


def _cleaned(name: str, value: Any) -> Any:
    return clean_text(value) if isinstance(value, str) and "password" not in name else value
