"""The service worker of field work: it reaches /desk/falt/ and nothing else of the desk."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.www.desk.frame import desk_page, frame
from lyhord.www.style import sheet_version
from lyhord.www.templatetags.brand_logo import logo_url

SCRIPTS = ("app", "fieldqueue", "field", "desk", "asked", "open")
"""Of static/lyhord/js: what the pages need."""
_FOLDER = Path(settings.BASE) / "static" / "lyhord" / "js"


@require_safe
@requires(Permission.SEE_CASES)
def worker(request: StaffRequest) -> HttpResponse:
    """What to keep of files, and the scripts that do the work. Pages are kept by them, by their own rules."""
    files = [
        reverse("public:brand", args=[sheet_version(request.organisation)]),
        static("lyhord/desk.css"),
        static("lyhord/mark.svg"),
        *(static(f"lyhord/js/{name}.js") for name in SCRIPTS),
    ]
    if logo := logo_url(request.organisation):
        files.append(logo)
    told = {"files": files, "home": reverse("desk:field"), "offline": reverse("desk:field_offline")}
    told["version"] = hashlib.sha256(f"{json.dumps(told)} {_content()}".encode()).hexdigest()[:12]
    code = [static(f"lyhord/js/{name}.js") for name in ("app", "fieldqueue", "fieldworker")]
    body = f"self.LYHORD_FIELD = {json.dumps(told)};\nimportScripts({', '.join(map(json.dumps, code))});\n"
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_safe
@requires(Permission.SEE_CASES)
def offline(request: StaffRequest) -> HttpResponse:
    """What is shown instead of a page that is not on the device."""
    return desk_page(request, "desk/field_offline.html", {"staff": request.staff, **frame(request.staff, "falt")})


@cache
def _content() -> str:
    """A fingerprint of the scripts, for where their addresses do not hold one."""
    names = (*SCRIPTS, "fieldworker")
    return hashlib.sha256(b"".join((_FOLDER / f"{name}.js").read_bytes() for name in names)).hexdigest()
