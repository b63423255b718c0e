"""The door for machines: any channel that takes in JSON with a key has its address here, /in/<slug>/."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from lyhord.core.errors import Invalid
from lyhord.intake.channel import CHANNELS, Call
from lyhord.intake.clients import key_for, over_its_rate
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.sizes import without_length

MOST_BYTES = 100_000
_NO_OBJECT = gettext_lazy("Skicka ett JSON-objekt i UTF-8.")


@csrf_exempt  # machines have keys, not cookies
def incoming(request: OrganisationRequest, slug: str) -> JsonResponse:
    """200 what became of it. 400 {errors: a sentence per field}, 401 key, 404, 405, 411, 413, 429."""
    channel = CHANNELS.find(slug)
    if channel is None or not channel.scope:
        return _refused(404)
    if request.method != "POST":
        return _refused(405, Allow="POST")
    key = key_for(_key(request), channel.scope)
    if key is None:
        return _refused(401, **{"WWW-Authenticate": "Bearer"})
    if wait := over_its_rate(key):
        return _refused(429, **{"Retry-After": str(wait)})
    if without_length(request):
        return _refused(411)
    try:
        given = _body(request)
        return JsonResponse(dict(channel.incoming(organisation=request.organisation, given=given, key=key)))
    except RequestDataTooBig:
        return _refused(413)
    except Invalid as invalid:
        return JsonResponse({"errors": {name: str(said) for name, said in invalid.errors.items()}}, status=400)


@csrf_exempt  # services have keys and signatures, not cookies
def hook(request: OrganisationRequest, slug: str) -> HttpResponse:
    """The door for services that call in their own way: the channel reads it, and says who may."""
    channel = CHANNELS.find(slug)
    if channel is None or not channel.hooked:
        return _refused(404)
    if request.method not in {"GET", "POST"}:
        return _refused(405, Allow="GET, POST")
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > channel.most_bytes:
            raise RequestDataTooBig
        body = request.body
    except (RequestDataTooBig, ValueError):
        return _refused(413)
    call = Call(
        method=str(request.method),
        headers={name.lower(): value for name, value in request.headers.items()},
        query={name: str(value) for name, value in request.GET.items()},
        body=body,
    )
    answered = channel.hook(organisation=request.organisation, call=call)
    response = HttpResponse(answered.text, status=answered.status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    for name, value in answered.headers:
        response.headers[name] = value
    return response


def _key(request: HttpRequest) -> str:
    """From a header, never from the address, which is logged in many places."""
    kind, _blank, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if kind.lower() == "bearer" else request.headers.get("X-Api-Key", "").strip()


def _body(request: HttpRequest) -> Mapping[str, Any]:
    """The object that was sent; Invalid for whatever is none."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise RequestDataTooBig
        found = json.loads(request.body.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Invalid({"": _NO_OBJECT}) from None
    if not isinstance(found, dict):
        raise Invalid({"": _NO_OBJECT})
    return found


def _no_number(_text: str) -> NoReturn:
    """NaN and infinities are no JSON."""
    raise ValueError


def _refused(status: int, **headers: str) -> JsonResponse:
    return JsonResponse({"errors": {"": _said(status)}}, status=status, headers=headers)


def _said(status: int) -> str:
    words = {
        401: _("Nyckeln saknas eller gäller inte här."),
        404: _("Det finns inget på den här adressen."),
        405: _("Det går inte att göra så på den här adressen."),
        411: _("Skicka hur långt det är (Content-Length)."),
        413: _("Det som skickades är för stort."),
        429: _("Det kom för mycket på kort tid. Försök igen senare."),
    }
    return words[status]
