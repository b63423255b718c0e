"""Browsers at motala.localhost, logged in as one of the cast."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from django.test import Client
from pytest_django import Settings

from lyhord.accounts.models import User
from tests.conftest import Cast
from tests.www.soup import soup


class Answer(Protocol):
    """What a test client gives: Django's stubs have a class of their own for it."""

    @property
    def content(self) -> bytes:
        """The page."""
        ...

    @property
    def status_code(self) -> int:
        """200 and so on."""
        ...


CHOOSE = "Välj något i listan."
"""What is said about a choice that does not exist."""

type Browse = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    """Uploads land in the test's own folder."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def browse() -> Browse:
    """A browser of somebody, or of a resident with None."""

    def logged_in(user: User | None) -> Client:
        client = Client(headers={"host": "motala.localhost"})
        if user is not None:
            client.force_login(user)
        return client

    return logged_in


@pytest.fixture
def admin(cast: Cast, browse: Browse) -> Client:
    """The administrator's browser."""
    return browse(cast.admin)


def text_of(response: Answer) -> str:
    """What one reads on the page, with single blanks."""
    return " ".join(soup(response).get_text(" ").split())


def filled_in(response: Answer, **changes: object) -> dict[str, object]:
    """What the main form of the page would send, with some fields changed; None leaves one out."""
    form = soup(response).select_one("main form[method=post]")
    assert form is not None
    sent: dict[str, object] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if field.name == "textarea":
            sent[name] = field.get_text().removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            sent[name] = str(chosen["value"]) if chosen else ""
        elif field.get("type") in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                already = sent.get(name)
                value = str(field.get("value", "on"))
                sent[name] = [*already, value] if isinstance(already, list) else [value]
        elif field.get("type") != "file":
            sent[name] = str(field.get("value", ""))
    sent.update(changes)
    sent.pop("csrfmiddlewaretoken", None)
    return {name: value for name, value in sent.items() if value is not None}
