"""What a webhook can tell of, by the names that subscribers know: stored and sent, so never rename one."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENTS: dict[str, Promise] = {
    "case.registered": _("Ett ärende kommer in"),
    "case.state_changed": _("Läget ändras"),
    "case.replied": _("Vi svarar"),
    "case.reopened": _("Ett ärende öppnas igen"),
    "case.converted": _("Sorten ändras"),
    "case.merged": _("Ett ärende slås ihop med ett annat"),
    "case.published": _("Ett ärende visas för andra"),
    "case.withdrawn": _("Ett ärende visas inte längre för andra"),
}
PING = "ping"

TEXTS = "texts"
PLACES = "places"
SHARED: dict[str, Promise] = {
    TEXTS: _("Rubrik, text och svar, så som de visas för andra"),
    PLACES: _("Platsen även för ärenden som inte visas för andra"),
}
"""What a subscriber may get beyond the usual. Never anything about the person who reported."""

# What of the log's data goes along as `change`.
CHANGES: dict[str, tuple[str, ...]] = {
    "case.state_changed": ("before", "after"),
    "case.converted": ("before", "after"),
    "case.merged": ("into",),
}
