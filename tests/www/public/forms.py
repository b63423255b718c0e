"""Reading pages as a browser without scripts does."""

from typing import Any

from bs4 import Tag
from django.test import Client

from tests.www.soup import soup


def fields(response: Any, selector: str = "form[data-report]") -> dict[str, Any]:
    """What a browser would send if the button of the form were pressed now."""
    form = soup(response).select_one(selector)
    assert form is not None
    sent: dict[str, Any] = {}
    for control in form.select("input, textarea, select"):
        if control.get("name") and not control.has_attr("disabled") and not control.find_parent("template"):
            _add(sent, control)
    return sent


def _add(sent: dict[str, Any], control: Tag) -> None:
    name, kind = str(control["name"]), control.get("type", "")
    if control.name == "textarea":
        sent[name] = control.text.removeprefix("\n")
    elif control.name == "select":
        chosen = control.select_one("option[selected]")
        sent[name] = chosen["value"] if chosen else ""
    elif kind in {"radio", "checkbox"}:
        if control.has_attr("checked"):
            sent[name] = control.get("value", "on")
    elif kind != "file":
        sent.setdefault(name, []).append(control.get("value", ""))


def send(web: Client, url: str = "/beratta/felanmalan/", **values: Any) -> Any:
    """Open the form, fill in, press."""
    return web.post(url, {**fields(web.get(url)), **values})
