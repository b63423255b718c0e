"""The forms of the organisation's own site."""

from django.utils.translation import gettext_lazy as _

from lyhord.intake.channel import Channel


class Web(Channel):
    """The report form, and the reply form behind a follow code. Answers are read by the code or told by mail."""

    slug = "web"
    order = 10
    label = _("Webben")
