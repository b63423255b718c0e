"""What comes to staff, who enter it for the one who said it."""

from django.utils.translation import gettext_lazy as _

from lyhord.intake.channel import Channel


class Phone(Channel):
    """By telephone: somebody at the municipality writes what the caller says."""

    slug = "phone"
    order = 20
    by_staff = True
    label = _("Telefon")
