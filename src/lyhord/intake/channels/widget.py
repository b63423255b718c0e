"""The form in a frame on another of the organisation's own sites."""

from django.utils.translation import gettext_lazy as _

from lyhord.intake.channel import Channel


class Widget(Channel):
    """The report form, shown on the municipality's site or intranet (www/embed)."""

    slug = "widget"
    order = 14
    label = _("Inbäddat formulär")
