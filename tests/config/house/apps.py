"""The small project's only app, under the name in which the launcher looks for organisations."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """Stands in for the product's organisations."""

    name = "tests.config.house"
    label = "organisations"
