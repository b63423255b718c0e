"""The organisation's own programs and others', by the REST API."""

from django.utils.translation import gettext_lazy as _

from lyhord.intake.channel import Channel


class Api(Channel):
    """A program sends for somebody, with or without a key. Answers are read by the code or told by mail."""

    slug = "api"
    order = 70
    label = _("Annat program (API)")
