"""Finds the reactions of all apps when they are ready."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The event log."""

    name = "lyhord.audit"

    def ready(self) -> None:
        from lyhord.audit.reactions import discover

        discover()
