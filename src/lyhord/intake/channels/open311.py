"""Other people's apps and systems, by GeoReport v2."""

from django.utils.translation import gettext_lazy as _

from lyhord.intake.channel import Channel


class Open311(Channel):
    """A client with a key sends for somebody. The source is "open311:<key id>"; the client follows its reports itself.

    `www/open311` reads the request; who left a mail address is answered there as well.
    """

    slug = "open311"
    order = 60
    label = _("Annan app eller tjänst")
