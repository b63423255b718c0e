"""Browsers of those who work here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lyhord.accounts.models import User
from tests.conftest import Cast
from tests.www.soup import soup

HOST = "motala.localhost"
BACKEND = "lyhord.accounts.backend.Backend"
type As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def browser(user: User | None = None, host: str = HOST) -> Client:
    """A browser at a host, logged in as somebody or as nobody."""
    client = Client(headers={"host": host})
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def sara(cast: Cast) -> Client:
    """Case officer at Gata och park."""
    return browser(cast.sara)


@pytest.fixture
def maria(cast: Cast) -> Client:
    """Manager of Tekniska: may know of protected identities."""
    return browser(cast.maria)


@pytest.fixture
def kim(cast: Cast) -> Client:
    """Contact centre: sees all units that are not confidential."""
    return browser(cast.kim)


def fields(response: Any, action: str) -> dict[str, Any]:
    """What a browser would send if the form whose address holds `action` were sent now; its address under ""."""
    page = soup(response)
    forms = page.select("main form[method=post]") or page.select("form[method=post]")  # the header's log-out is none
    form = next(one for one in forms if action in str(one.get("action", "")))
    sent: dict[str, Any] = {"": form.get("action", "")}
    for control in form.select("input, textarea, select"):
        name, kind = control.get("name"), control.get("type", "")
        if not name or kind == "file":
            continue
        if control.name == "textarea":
            sent[str(name)] = control.text.removeprefix("\n")
        elif control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            sent[str(name)] = chosen["value"] if chosen else ""
        elif kind not in {"radio", "checkbox"}:
            sent[str(name)] = control.get("value", "")
        elif control.has_attr("checked"):
            sent[str(name)] = control.get("value", "on")
    return sent


def send(client: Client, page: str, action: str, **values: Any) -> Any:
    """Open a page, fill in the form whose address holds `action`, and press."""
    form = fields(client.get(page), action)
    return client.post(form.pop(""), {**form, **values})


def labels(response: Any) -> list[str]:
    """The titles of the rows in the list, in order."""
    return [row.get_text(strip=True).removeprefix("Nytt:") for row in soup(response).select(".rowcase b")]
