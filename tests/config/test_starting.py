"""Who asks before a new database has been filled is told so, and comes in by itself."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from lyhord.config.starting import NOTE, once_started


def application(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"the page"]


def ask(served: Any) -> tuple[str, dict[str, str], str]:
    told: list[Any] = []
    body = b"".join(served({}, lambda *words: told.extend(words)))
    return told[0], dict(told[1]), body.decode()


def test_until_it_has_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = tmp_path / "starting"
    note.touch()
    monkeypatch.setenv(NOTE, str(note))
    served = once_started(application)
    status, headers, page = ask(served)
    assert status.startswith("503")
    assert headers["Retry-After"] == "2"
    assert "Lyhörd startar" in page
    assert 'http-equiv="refresh"' in page
    note.unlink()
    assert ask(served)[2] == "the page"
    note.touch()
    assert ask(served)[2] == "the page", "what has started has started"


def test_where_no_start_is_awaited_nothing_stands_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NOTE, raising=False)
    assert once_started(application) is application
