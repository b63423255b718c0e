"""That an app in a store and the site belong together, said by the site: Android's and Apple's own ways.

What belongs to the site stands in the organisation's settings under "store_apps" (the page Appen):
{"android": {"id": "se.motala.dialog", "fingerprints": ["AA:BB:…"]}, "ios": {"id": "TEAM123456.se.motala.dialog"}}.
"""

import re
from typing import Any

from lyhord.organisations.models import Organisation

SETTING = "store_apps"
ANDROID_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,9}")
FINGERPRINT = re.compile(r"[0-9A-F]{2}(:[0-9A-F]{2}){31}")
"""SHA-256 of the certificate that signs the app, as `keytool` and Google Play show it."""
IOS_ID = re.compile(r"[A-Z0-9]{10}\.[A-Za-z0-9-]+(\.[A-Za-z0-9-]+){1,9}")
"""The team's prefix and the bundle identifier."""
OPENED = ("/f/*", "/tack/*", "/beratta/*")
"""The pages that open in the app when a link to them is tapped: one's own case, and telling."""


def store_apps(organisation: Organisation) -> dict[str, Any]:
    """What the organisation has said of its apps in the stores."""
    found: dict[str, Any] = organisation.settings.get(SETTING, {})
    return found


def asset_links(organisation: Organisation) -> list[dict[str, Any]]:
    """Digital Asset Links for /.well-known/assetlinks.json; empty while there is no app."""
    android = store_apps(organisation).get("android", {})
    if not android.get("fingerprints"):
        return []
    return [
        {
            "relation": ["delegate_permission/common.handle_all_urls"],
            "target": {
                "namespace": "android_app",
                "package_name": android["id"],
                "sha256_cert_fingerprints": android["fingerprints"],
            },
        }
    ]


def app_site_association(organisation: Organisation) -> dict[str, Any]:
    """Apple's file for /.well-known/apple-app-site-association; without details while there is no app."""
    ios = store_apps(organisation).get("ios", {})
    details = [{"appIDs": [ios["id"]], "components": [{"/": path} for path in OPENED]}] if ios.get("id") else []
    return {"applinks": {"details": details}}
