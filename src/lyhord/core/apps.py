"""Registers the system checks."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """No tables; checks of the set-up."""

    name = "lyhord.core"

    def ready(self) -> None:
        from lyhord.core import checks  # noqa: F401  # importing registers them
