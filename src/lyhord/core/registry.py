"""Plug-ins: one folder, one file each, found by looking and checked at start.

Nobody imports a plug-in by name (import-linter holds that); the registry loads the modules of a package and
keeps the one subclass of the contract that each defines.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar, Protocol


class Plugin(Protocol):
    """What the registry itself needs of a plug-in."""

    slug: ClassVar[str]


class Registry[T: Plugin]:
    """All plug-ins of one package, by slug, in the order (`order`, slug).

    Raises RuntimeError when a module has no plug-in or two share a slug: better at start than at night.
    """

    def __init__(self, package: str, contract: type[T]) -> None:
        self.package = package
        self.contract = contract

    @cached_property
    def _plugins(self) -> dict[str, T]:
        found: dict[str, T] = {}
        package = importlib.import_module(self.package)
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{self.package}.{info.name}")
            classes = [
                member
                for _, member in inspect.getmembers(module, inspect.isclass)
                if issubclass(member, self.contract)
                and member.__module__ == module.__name__
                and not inspect.isabstract(member)
            ]
            if len(classes) != 1:
                raise RuntimeError(f"{module.__name__} must define exactly one {self.contract.__name__}")
            slug = getattr(classes[0], "slug", "")
            if not slug or slug in found:
                raise RuntimeError(f"{module.__name__}: the slug {slug!r} is missing or taken")
            found[slug] = classes[0]()
        ordered = sorted(found.values(), key=lambda plugin: (getattr(plugin, "order", 100), plugin.slug))
        return {plugin.slug: plugin for plugin in ordered}

    def get(self, slug: str) -> T:
        """The plug-in with that slug; KeyError when there is none."""
        return self._plugins[slug]

    def find(self, slug: str) -> T | None:
        """The plug-in with that slug, or None."""
        return self._plugins.get(slug)

    def slugs(self) -> list[str]:
        """All slugs, in order."""
        return list(self._plugins)

    def choices(self) -> list[tuple[str, str]]:
        """(slug, label) pairs for a form; the label is the plug-in's `label`, else its slug."""
        return [(plugin.slug, str(getattr(plugin, "label", plugin.slug))) for plugin in self]

    def __iter__(self) -> Iterator[T]:
        return iter(self._plugins.values())

    def all(self) -> list[T]:
        """All plug-ins, in order."""
        return list(self)

    def forget(self) -> None:
        """Look again at next use; a test that drops a file into the folder needs it."""
        self.__dict__.pop("_plugins", None)
