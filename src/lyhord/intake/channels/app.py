"""The organisation's own app: the same pages, installed on a phone or a tablet."""

from django.utils.translation import gettext_lazy as _

from lyhord.intake.channel import Channel


class App(Channel):
    """The installed app, which also sends what was written where there was no network."""

    slug = "app"
    order = 12
    label = _("Appen")
