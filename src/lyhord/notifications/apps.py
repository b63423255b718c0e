"""Finds the notice kinds of all apps when they are ready."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The outbox."""

    name = "lyhord.notifications"

    def ready(self) -> None:
        from lyhord.notifications.kind import discover

        discover()
