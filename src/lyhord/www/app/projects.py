"""The shells for the app stores, filled in for an organisation: apps/android and apps/ios with its name, ids, icons.

They open the organisation's own site and hold nothing else. Building, signing and sending them in is done by whoever
publishes them: docs/app.md.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from lyhord.core.errors import Invalid
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import primary_host
from lyhord.www.app.icons import brand_colour, icon_of
from lyhord.www.app.manifest import GROUND, manifest_of, short_name
from lyhord.www.app.store_links import ANDROID_ID, store_apps
from lyhord.www.brand import DARK, derive, to_hex

PICTURES = {
    "android/app/src/main/res/mipmap-xxxhdpi/ic_launcher.png": "192",
    "android/app/src/main/res/mipmap-xxxhdpi/ic_launcher_foreground.png": "maskable-512",
    "android/app/src/main/res/mipmap-xxxhdpi/ic_launcher_monochrome.png": "monochrome-432",
    "android/app/src/main/res/drawable-xxxhdpi/ic_notification.png": "badge-96",
    "android/store/icon-512.png": "store-512",
    "ios/Lyhord/Assets.xcassets/AppIcon.appiconset/icon-1024.png": "store-1024",
}
LOCALES = {"sv": ("sv-SE", "sv"), "en": ("en-GB", "en-GB"), "fi": ("fi-FI", "fi")}
"""How Google Play and the App Store name the languages."""
TEXT_LENGTHS = {
    "title": 30,
    "short_description": 80,
    "full_description": 4000,
    "name": 30,
    "subtitle": 30,
    "keywords": 100,
    "description": 4000,
}
"""The most characters that the stores take."""


@dataclass(frozen=True, slots=True)
class Ids:
    """What the apps are called to machines, and which version this is."""

    android: str
    ios: str
    version: str = "1.0.0"

    @property
    def version_code(self) -> int:
        """A number that grows with the version: 1.2.3 is 10203."""
        major, minor, patch = (int(part) for part in self.version.split("."))
        return major * 10_000 + minor * 100 + patch


def ids_for(organisation: Organisation, *, version: str = "1.0.0") -> Ids:
    """The ids that the organisation has given, else its host name backwards ("dialog.motala.se": se.motala.dialog)."""
    given = store_apps(organisation)
    backwards = ".".join(reversed(primary_host(organisation).split("."))).lower().replace("-", "_")
    android = given.get("android", {}).get("id") or backwards
    if not ANDROID_ID.fullmatch(android):
        raise Invalid({"android": _("%(id)s kan inte vara namn på en Android-app.") % {"id": android}})
    ios = str(given.get("ios", {}).get("id", "")).partition(".")[2] or backwards.replace("_", "-")
    parts = version.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and int(part) < 100 for part in parts):
        raise Invalid({"version": _("Skriv versionen som 1.0.0.")})
    return Ids(android, ios, version)


def templates() -> Path:
    """Where the shells lie: beside the source, or in the package once it is installed."""
    packed = Path(settings.BASE) / "apps"
    return packed if packed.exists() else Path(settings.BASE).parents[1] / "apps"


def files_for(organisation: Organisation, ids: Ids) -> Iterator[tuple[str, bytes]]:
    """(path, content) of all files of both projects, in the organisation's own language, in order."""
    words = values_for(organisation, ids)
    root = templates()
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.parent != root:
            text = path.read_text(encoding="utf-8")
            yield path.relative_to(root).as_posix(), filled(text, words, path.suffix).encode()
    for name, icon in PICTURES.items():
        yield name, icon_of(organisation, icon)
    for code in organisation.languages:
        if code in LOCALES:
            yield from _texts(organisation, code)


def values_for(organisation: Organisation, ids: Ids) -> dict[str, str]:
    """What stands in place of @@NAME@@ and the like."""
    host = primary_host(organisation)
    site = f"https://{host}"
    with translation.override(organisation.own_language):
        return {
            "SLUG": organisation.slug,
            "NAME": organisation.service_name,
            "SHORT_NAME": short_name(organisation.service_name),
            "HOST": host,
            "START_URL": site + str(manifest_of(organisation)["start_url"]),
            "SHARE_URL": site + reverse("app:share"),
            "ANDROID_ID": ids.android,
            "IOS_ID": ids.ios,
            "IOS_PREFIX": ids.ios.rpartition(".")[0],
            "VERSION": ids.version,
            "VERSION_CODE": str(ids.version_code),
            "COLOUR": brand_colour(organisation),
            "GROUND": GROUND,
            "DARK_GROUND": to_hex(derive(organisation.colour, DARK)["bg"]),
            "LANGUAGE": organisation.own_language,
            "CAMERA_REASON": _("För att ta en bild av det du berättar om."),
            "LOCATION_REASON": _("För att säga var det är, när du väljer det."),
            "PHOTOS_REASON": _("För att välja en bild av det du berättar om."),
            "YES": _("Ja"),
            "NO": _("Nej"),
        }


def filled(text: str, words: dict[str, str], suffix: str) -> str:
    """The text with the words in it, written as the sort of file wants it: no name breaks out of its place."""
    for name, word in words.items():
        text = text.replace(f"@@{name}@@", _written(word, suffix))
    return text


def _written(word: str, suffix: str) -> str:
    if suffix in {".xml", ".plist", ".entitlements", ".xcprivacy"}:
        written = escape(word, quote=True)
        return written.replace("&#x27;", "\\'") if suffix == ".xml" else written  # Android's own way of an apostrophe
    if suffix in {".kts", ".swift", ".yml", ".json"}:
        return json.dumps(word, ensure_ascii=False)[1:-1].replace("$", "\\$" if suffix == ".kts" else "$")
    return word


def _texts(organisation: Organisation, language: str) -> Iterator[tuple[str, bytes]]:
    """What the stores ask for, in one language; each cut to what they take."""
    play, apple = LOCALES[language]
    with translation.override(language):
        short = _("Berätta för kommunen vad som är trasigt, bra eller kan bli bättre.")
        long = store_description(organisation)
        android = {"title": organisation.service_name, "short_description": short, "full_description": long}
        ios = {
            "name": organisation.service_name,
            "subtitle": _("Berätta för kommunen"),
            "keywords": _("felanmälan,kommun,synpunkt,trasig,gata,lampa,klotter"),
            "description": long,
            "privacy_url": f"https://{primary_host(organisation)}{reverse('public:about_data')}",
            "support_url": f"https://{primary_host(organisation)}/",
        }
    for folder, texts in ((f"android/store/{play}", android), (f"ios/store/{apple}", ios)):
        for name, text in texts.items():
            yield f"{folder}/{name}.txt", f"{text[: TEXT_LENGTHS.get(name, 500)]}\n".encode()


def store_description(organisation: Organisation) -> str:
    """What the app is, in the language that is active."""
    return _(
        "Ta en bild, tryck på Skicka. %(name)s ser till att det hamnar hos rätt person, och du kan följa det.\n"
        "\n"
        "• Du behöver inget konto och måste inte säga vem du är.\n"
        "• Det du skriver sparas och skickas av sig självt när nätet är tillbaka.\n"
        "• Få en avisering när det finns ett svar.\n"
        "• Beröm, förslag och frågor går lika bra.\n"
        "\n"
        "Vid fara för liv, ring 112."
    ) % {"name": organisation.name}
