"""What comes to staff, who enter it for the one who said it."""

from django.utils.translation import gettext_lazy as _

from lyhord.intake.channel import Channel


class Visit(Channel):
    """In person: somebody at the municipality writes what the visitor says."""

    slug = "visit"
    order = 30
    by_staff = True
    label = _("Besök")
