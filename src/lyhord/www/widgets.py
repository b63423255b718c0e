"""The inputs of forms, written at once. Django asks several templates for each of them, which costs as much as a query.

They come out as Django writes them, letter by letter; a test compares. A widget that is not named here is Django's.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

type Widget = Mapping[str, Any]

_INPUTS = "text number email url password hidden date datetime time file input checkbox search tel color"


class Renderer(DjangoTemplates):
    """Named in the settings."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        write = _WRITERS.get(template_name)
        return write(context["widget"]) if write else super().render(template_name, context, request)


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{value}{_attributes(widget)}>'


def _option(widget: Widget) -> str:
    """One of several to tick, with its label around it unless the page has its own."""
    if not widget["wrap_label"]:
        return _input(widget)
    name = widget["attrs"].get("id")
    return f"<label{f' for="{_text(name)}"' if name else ''}>{_input(widget)} {_text(widget['label'])}</label>"


def _textarea(widget: Widget) -> str:
    return f'<textarea name="{_text(widget["name"])}"{_attributes(widget)}>\n{_text(widget["value"] or "")}</textarea>'


def _attributes(widget: Widget) -> str:
    """As in a tag, with a space before each: those that are False are left out, those that are True have no value."""
    return "".join(
        f" {name}" if value is True else f' {name}="{_text(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _text(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


_WRITERS: dict[str, Callable[[Widget], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS.split()},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/radio_option.html": _option,
    "django/forms/widgets/checkbox_option.html": _option,
}


class Select(forms.Select):
    """A list to choose from, written without a dict and a template for every choice: there may be hundreds."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        inside = "".join(_choice(one, label, chosen) for one, label in self.choices)
        own = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return SafeString(f"<select{own}>{inside}</select>")


def _choice(value: Any, label: Any, chosen: str) -> str:
    """One choice, or a group of them when the label is a list."""
    if isinstance(label, list | tuple):
        inside = "".join(_choice(one, text, chosen) for one, text in label)
        return f'<optgroup label="{_text(value)}">{inside}</optgroup>'
    mark = " selected" if str(value) == chosen else ""
    return f'<option value="{_text(value)}"{mark}>{_text(label)}</option>'
