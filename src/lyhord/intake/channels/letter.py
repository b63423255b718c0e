"""What comes to staff, who enter it for the one who said it."""

from django.utils.translation import gettext_lazy as _

from lyhord.intake.channel import Channel


class Letter(Channel):
    """By post: somebody at the municipality writes down what the letter says."""

    slug = "letter"
    order = 40
    by_staff = True
    label = _("Brev")
