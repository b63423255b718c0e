"""What comes to staff, who enter it for the one who said it."""

from django.utils.translation import gettext_lazy as _

from lyhord.intake.channel import Channel


class Email(Channel):
    """By mail that somebody at the municipality has read and enters."""

    slug = "email"
    order = 50
    by_staff = True
    label = _("Mejl")
