"""Plug-ins are found by looking: one file each, checked at start."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import ClassVar

import pytest

from lyhord.core.registry import Registry
from tests.dropping import DROPPED, dropped


class Animal:
    """The contract of the test's own plug-ins."""

    slug: ClassVar[str] = ""


PLUGIN = """
    from tests.core.test_registry import Animal

    class {name}(Animal):
        slug = "{slug}"
        {more}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty package `animals`."""
    package = tmp_path / "animals"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    yield package
    for name in [name for name in sys.modules if name == "animals" or name.startswith("animals.")]:
        del sys.modules[name]


def write(folder: Path, file: str, name: str = "Cat", slug: str = "cat", more: str = "pass") -> None:
    (folder / f"{file}.py").write_text(dedent(PLUGIN.format(name=name, slug=slug, more=more)), encoding="utf-8")
    importlib.invalidate_caches()


def animals() -> Registry[Animal]:
    return Registry("animals", Animal)


def test_an_empty_folder_has_no_plugins(folder: Path) -> None:
    assert animals().all() == []


def test_order_then_slug(folder: Path) -> None:
    write(folder, "a", "Cat", "cat", "label = 'Katt'")
    write(folder, "b", "Dog", "dog", "order = 1")
    write(folder, "c", "Ape", "ape")
    found = animals()
    assert found.slugs() == ["dog", "ape", "cat"]
    assert found.choices() == [("dog", "dog"), ("ape", "ape"), ("cat", "Katt")]
    assert found.get("cat").slug == "cat"
    assert found.find("cow") is None
    with pytest.raises(KeyError):
        found.get("cow")


def test_a_new_file_is_found_on_the_next_look(folder: Path) -> None:
    write(folder, "a")
    found = animals()
    assert found.slugs() == ["cat"]
    write(folder, "b", "Dog", "dog")
    assert found.slugs() == ["cat"]
    found.forget()
    assert found.slugs() == ["cat", "dog"]


def test_a_module_without_a_plugin_stops_the_start(folder: Path) -> None:
    (folder / "empty.py").write_text("x = 1\n")
    with pytest.raises(RuntimeError, match="exactly one Animal"):
        animals().all()


def test_a_module_with_two_stops_the_start(folder: Path) -> None:
    write(folder, "a", more="pass\n\n    class Dog(Animal):\n        slug = 'dog'")
    with pytest.raises(RuntimeError, match="exactly one Animal"):
        animals().all()


def test_a_missing_slug_stops_the_start(folder: Path) -> None:
    write(folder, "a", slug="")
    with pytest.raises(RuntimeError, match="missing or taken"):
        animals().all()


def test_a_slug_used_twice_stops_the_start(folder: Path) -> None:
    write(folder, "a")
    write(folder, "b", "Dog")
    with pytest.raises(RuntimeError, match="missing or taken"):
        animals().all()


def test_what_a_plugin_imports_is_not_taken_for_one(folder: Path) -> None:
    write(folder, "a")
    (folder / "b.py").write_text("from animals.a import Cat\n\nclass Lion(Cat):\n    slug = 'lion'\n")
    importlib.invalidate_caches()
    assert animals().slugs() == ["cat", "lion"]


@pytest.mark.requirement("N1")
@pytest.mark.parametrize("name", DROPPED)
def test_one_file_dropped_into_a_plugin_folder_is_all_it_takes(name: str) -> None:
    registry, _source = DROPPED[name]
    before = registry.slugs()
    with dropped(name):
        assert registry.get("dropped").slug == "dropped"
        assert ("dropped", "Släppt") in registry.choices()
        assert set(registry.slugs()) == {*before, "dropped"}
    assert registry.slugs() == before
