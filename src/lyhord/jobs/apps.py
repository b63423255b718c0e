"""Finds the tasks of all apps when they are ready."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """The queue and the schedule."""

    name = "lyhord.jobs"

    def ready(self) -> None:
        autodiscover_modules("tasks")  # their decorators declare the schedule
