"""Setting up a new organisation: each app that has something to add names it in its own `setup.py`.

A `setup.py` defines `set_up(organisation, preset, by)`. They run in the order of INSTALLED_APPS, which is the order
of the layers, inside the new organisation.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from lyhord.core.actor import Actor
from lyhord.organisations.models import Organisation
from lyhord.organisations.presets import Preset

type SetUp = Callable[[Organisation, Preset, Actor], None]


def set_ups() -> list[SetUp]:
    """Every app's `set_up`, in order; this module's own package is not among them."""
    found = []
    for config in apps.get_app_configs():
        name = f"{config.name}.setup"
        if config.name.startswith("lyhord.") and config.name != "lyhord.organisations" and find_spec(name):
            found.append(import_module(name).set_up)
    return found
