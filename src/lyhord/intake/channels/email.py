"""Mail: read by ourselves, or by somebody at the municipality who enters it."""

from django.utils.translation import gettext_lazy as _

from lyhord.intake.channel import Channel


class Email(Channel):
    """By mail to one of the organisation's addresses (`intake/handling.py`), or to somebody who enters it here.

    News of the case leaves by mail, and answers to that come back into it.
    """

    slug = "email"
    order = 50
    by_staff = True
    label = _("Mejl")
