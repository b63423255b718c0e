"""Every form that anybody meets, found by visiting every page as everybody: a new form is found by being there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import resolve

from tests.www.every_address import addresses, values_for
from tests.www.hostile.asked import Asked
from tests.www.plant import Planted

_NUMBERED = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
MACHINES = ("api-v1:", "open311:")
"""Addresses without pages: they are tried as what they are."""


@dataclass(frozen=True)
class Control:
    """One field of a form as it stands on the page."""

    name: str
    kind: str
    """text, email, date and so on, textarea, select, hidden, checkbox, radio, file or submit."""
    values: tuple[str, ...] = ()
    """What it holds; nothing for a box that is not ticked."""
    choices: tuple[str, ...] = ()
    accepts: str = ""
    """Of a file: which ones."""
    required: bool = False

    @property
    def written(self) -> bool:
        """Whether a person writes in it."""
        return self.kind not in {"select", "hidden", "checkbox", "radio", "file", "submit", "password"}


@dataclass(frozen=True)
class Form:
    """One form on a page."""

    page: str
    action: str
    method: str
    multipart: bool
    controls: tuple[Control, ...]

    @property
    def view(self) -> str:
        """The name of the address that it is sent to."""
        return where(self.action)

    @property
    def key(self) -> tuple[Any, ...]:
        """Two forms with the same are the same form, about different things."""
        names = {_NUMBERED.sub("#", control.name) for control in self.controls}
        ways = [control.values for control in self.controls if control.name == "way"]
        return self.method, self.view, tuple(sorted(names)), *ways

    @property
    def buttons(self) -> list[tuple[str, str] | None]:
        """What each way to send it adds; None for a button without a name."""
        named = [(one.name, value) for one in self.controls if one.kind == "submit" for value in one.values]
        return list(named) or [None]

    def __str__(self) -> str:
        return f"{self.method} {self.view} of {self.page}"


def where(url: str) -> str:
    """The name of an address."""
    match = resolve(urlsplit(url).path)
    return match.view_name


def forms_on(page: str, html: str) -> Iterator[Form]:
    """The forms of a page."""
    for form in BeautifulSoup(html, "html.parser").select("form"):
        action = urljoin(page, str(form.get("action") or page))
        method = str(form.get("method", "get")).lower()
        multipart = form.get("enctype") == "multipart/form-data"
        controls = tuple(_controls(form))
        yield Form(page, action, method, multipart, controls)
        for button in form.select("button[formaction]"):  # one that sends it elsewhere
            fields = tuple(one for one in controls if one.kind != "submit")
            yield Form(page, urljoin(page, str(button["formaction"])), "post", multipart, fields)


def _controls(form: Tag) -> Iterator[Control]:
    boxes: dict[tuple[str, str], list[Tag]] = {}
    for one in form.select("input, textarea, select, button"):
        name, required = str(one.get("name") or ""), one.get("aria-required") == "true" or one.has_attr("required")
        kind = str(one.get("type") or {"input": "text", "button": "submit"}.get(one.name, one.name))
        if not name:
            continue
        if one.name == "textarea":
            hidden = one.has_attr("hidden")  # lines that go along unseen
            yield Control(name, "hidden" if hidden else "textarea", (one.text.removeprefix("\n"),), required=required)
        elif one.name == "select":
            yield _select(name, one)
        elif kind in {"checkbox", "radio"}:
            boxes.setdefault((name, kind), []).append(one)
        elif kind == "file":
            yield Control(name, kind, accepts=str(one.get("accept", "")))
        else:
            yield Control(name, kind, (str(one.get("value", "")),), required=required)
    for (name, kind), same in boxes.items():
        values = [(str(one.get("value", "on")), one.has_attr("checked")) for one in same]
        yield Control(name, kind, tuple(v for v, ticked in values if ticked), tuple(v for v, _ticked in values))


def _select(name: str, one: Tag) -> Control:
    options = [(str(option.get("value", option.text)), option.has_attr("selected")) for option in one.select("option")]
    chosen = [value for value, selected in options if selected] or [value for value, _selected in options[:1]]
    return Control(name, "select", tuple(chosen), tuple(value for value, _selected in options))


@dataclass
class Walk:
    """What somebody came upon."""

    forms: dict[tuple[Any, ...], Form]
    parameters: dict[str, set[str]]
    """By address: the parameters that its view asks for."""
    new: list[Form]
    """Those of the last walk that no walk before it had come upon."""

    def add(self, forms: Iterable[Form]) -> list[Form]:
        """Those that were not known."""
        new = []
        for form in forms:
            if self.forms.setdefault(form.key, form) is form:
                new.append(form)
        return new


def walk(
    client: Client, planted: Planted, asked: Asked, spaces: tuple[str, ...] = (), known: Walk | None = None
) -> Walk:
    """Visit every page that there is; only those of the address spaces named, if any are."""
    found = known or Walk({}, {}, [])
    found.new = []
    for url in _urls(planted):
        name = where(url)
        if name.startswith(MACHINES) or (spaces and not name.startswith(spaces)):
            continue
        asked.forget()
        response: Any = client.get(url)
        if asked.parameters:
            found.parameters.setdefault(urlsplit(url).path, set()).update(asked.parameters)
        if response.status_code == 200 and "html" in response.headers.get("Content-Type", ""):
            found.new += found.add(forms_on(url, response.content.decode()))
    return found


def _urls(planted: Planted) -> Iterator[str]:
    for address in addresses():
        for values in values_for(address, planted.ids):
            yield address.url(values)
    yield from planted.pages
