"""What another municipality had, and this one has taken over."""

from django.utils.translation import gettext_lazy as _

from lyhord.intake.channel import Channel


class Collaboration(Channel):
    """Out of the common queue of a group. The source is "collaboration:<the giver's id>"; the id is the offer's."""

    slug = "collaboration"
    order = 70
    label = _("Annan kommun")
