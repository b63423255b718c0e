"""The service worker's beginning: what it is to keep on the device, by the addresses of this very version."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from lyhord.cases.kind import KINDS
from lyhord.organisations.models import Organisation
from lyhord.www.app.manifest import icon_url
from lyhord.www.style import sheet_version
from lyhord.www.templatetags.brand_logo import logo_url

SCRIPTS = ("app", "report", "photos", "address", "asked", "open", "mine")
"""Of static/lyhord/js: all that the form and the app's first page need; not the map."""
_FOLDER = Path(settings.BASE) / "static" / "lyhord"


def worker_of(organisation: Organisation) -> str:
    """The script: what to keep, and the two files that do the work."""
    kept = _kept(organisation)
    kept["version"] = hashlib.sha256(f"{json.dumps(kept)} {_content()}".encode()).hexdigest()[:12]
    code = [static("lyhord/js/app.js"), static("lyhord/js/worker.js")]
    return f"self.LYHORD = {json.dumps(kept)};\nimportScripts({', '.join(map(json.dumps, code))});\n"


def _kept(organisation: Organisation) -> dict[str, Any]:
    home = reverse("app:home")
    fault = fault_kind()
    files = [
        reverse("public:brand", args=[sheet_version(organisation)]),
        static("lyhord/mark.svg"),
        *(static(f"lyhord/js/{name}.js") for name in SCRIPTS),
        icon_url(organisation, "192"),
        icon_url(organisation, "badge-96"),
    ]
    if logo := logo_url(organisation):
        files.append(logo)
    return {
        "name": organisation.service_name,
        "files": files,
        "first": [home, reverse("public:report", args=[fault])],  # kept at once; other forms when they have been opened
        "pages": [home, *(reverse("public:report", args=[slug]) for slug in KINDS.slugs())],
        "offline": reverse("app:offline"),
        "home": home,
        "share": reverse("app:share"),
        "fault": fault,
        "icon": icon_url(organisation, "192"),
        "badge": icon_url(organisation, "badge-96"),
    }


def fault_kind() -> str:
    """What a picture is about: the first kind of which one is enough."""
    return next(kind.slug for kind in KINDS.all() if kind.photo_suffices)


@cache
def _content() -> str:
    """A fingerprint of the scripts, for where their addresses do not hold one."""
    names = [f"js/{name}.js" for name in (*SCRIPTS, "worker")]
    return hashlib.sha256(b"".join((_FOLDER / name).read_bytes() for name in names)).hexdigest()
