"""What a browser must know to install the app (W3C Web Application Manifest), from the organisation's own settings."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lyhord.cases.kind import KINDS
from lyhord.organisations.models import Organisation
from lyhord.www.app.icons import ICONS, LISTED, brand_colour, icon_version

SHORT = 12
"""So many characters of a name stand under an icon; more may be cut off."""
GROUND = "#faf8f4"
"""What is shown while the app starts: --bg of tokens.css."""


def manifest_of(organisation: Organisation) -> dict[str, Any]:
    """The manifest, in the language that is active."""
    home = reverse("app:home")
    return {
        "id": home,
        "name": organisation.service_name,
        "short_name": short_name(organisation.service_name),
        "description": _("Berätta för kommunen vad som är trasigt, bra eller kan bli bättre, och följ vad som händer."),
        "lang": get_language(),
        "dir": "ltr",
        "start_url": f"{home}?start=app",
        "scope": "/",
        "display": "standalone",
        "orientation": "any",
        "background_color": GROUND,
        "theme_color": brand_colour(organisation),
        "categories": ["government", "utilities"],
        "prefer_related_applications": False,
        "icons": [
            {
                "src": icon_url(organisation, name),
                "sizes": f"{icon.size}x{icon.size}",
                "type": "image/png",
                "purpose": icon.purpose,
            }
            for name, icon in ((name, ICONS[name]) for name in LISTED)
        ],
        "shortcuts": [
            {
                "name": str(kind.title),
                "url": reverse("public:report", args=[kind.slug]),
                "icons": [{"src": icon_url(organisation, "192"), "sizes": "192x192", "type": "image/png"}],
            }
            for kind in KINDS.all()[:4]
        ],
        "share_target": {
            "action": reverse("app:share"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"title": "title", "text": "text", "files": [{"name": "photos", "accept": ["image/*"]}]},
        },
    }


def icon_url(organisation: Organisation, name: str) -> str:
    """Where an icon is."""
    return reverse("app:icon", args=[icon_version(organisation), name])


def short_name(name: str) -> str:
    """What stands under the icon: the name, or as many of its last words as fit ("Dialog Motala" is "Motala")."""
    if len(name) <= SHORT:
        return name
    words = name.split()
    while len(words) > 1 and len(" ".join(words)) > SHORT:
        words.pop(0)
    return " ".join(words)[:SHORT].strip()
