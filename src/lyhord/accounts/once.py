"""A form of staff that is sent twice is done once.

A second press, an answer that was lost on the way and the browser's back button all send the same page's form again.
Each page that we make carries a CSRF token of its own (Django hides the secret anew on every page), so what comes to
the same address with the same token and the same content is the same press. It is written down in the transaction of
the deed; who comes second waits for that to end and is led where the first was. ADR 12 says why so.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from lyhord.accounts.form_actions import FROM_KEPT, forget_form
from lyhord.accounts.models import SentForm
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import require_organisation_id

TRACED_FOR = timedelta(days=1)
TRACED_FOR_KEY = timedelta(days=45)
"""Of what a device sends by a key of its own: longer than the device itself keeps what it has not got through with."""
KEY = "press"
"""The field with that key (a UUID): what waits on a device is sent until it is answered, from whatever page is open."""
AT_ONCE = timedelta(seconds=15)
"""What comes again within so little is a double click, of which nothing need be said."""
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field
_CLAIM = """
insert into accounts_sentform (organisation_id, user_id, digest, at, location, said, keyed)
values (%s, %s, %s, %s, '', '[]', %s) on conflict (organisation_id, user_id, digest) do nothing returning id
"""


def done_once(request: HttpRequest, do: Callable[[], HttpResponseBase], *, by: Actor) -> HttpResponseBase:
    """What `do` answers; to a form that has been sent before and done, what was answered then.

    Done is what led on to another page. What was refused, with whatever answer, can be sent again as it is.
    """
    digest = press_of(request)
    if not digest:
        return do()
    with transaction.atomic():  # an error takes the claim back along with all that was begun
        claim = _claim(by, digest, keyed=_key_of(request) is not None)
        if claim is None:
            return _again(request, SentForm.objects.get(user_id=by.id or 0, digest=digest))
        response = do()
        if isinstance(response, HttpResponseRedirect):
            SentForm.objects.filter(pk=claim).update(location=response.url, said=_said(request))
            _forget_kept(request, by)
        else:
            SentForm.objects.filter(pk=claim).delete()
    return response


def press_of(request: HttpRequest) -> bytes:
    """What tells this press from all others: a digest of the address and all that was sent, pictures included.

    With a key of the device's own, the address and the key alone. Empty when no page of ours sent it.
    """
    if not request.POST.get(_TOKEN):
        return b""
    if key := _key_of(request):
        return hashlib.sha256(repr([KEY, request.path, str(key)]).encode()).digest()
    digest = hashlib.sha256(repr([request.get_full_path(), sorted(request.POST.lists())]).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr([name, file.name, file.size]).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.digest()


def _key_of(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get(KEY, ""))
    except ValueError:
        return None


def _claim(by: Actor, digest: bytes, *, keyed: bool) -> int | None:
    """The id of the new row; None when the same form has been sent. Waits for one that is being done right now."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [require_organisation_id(), by.id, digest, now(), keyed])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _forget_kept(request: HttpRequest, by: Actor) -> None:
    """A form that was kept over a log-in has now been sent."""
    kept = request.POST.get(FROM_KEPT, "")
    if kept.isascii() and kept.isdecimal() and len(kept) < 18:
        forget_form(kept_id=int(kept), by=by)


def _said(request: HttpRequest) -> list[list[Any]]:
    """What the next page will tell; looking does not take it away."""
    waiting = messages.get_messages(request)
    said = [[message.level, str(message.message)] for message in waiting]
    waiting.used = False  # type: ignore[union-attr]  # a request that came through the middleware has a storage
    return said


def _again(request: HttpRequest, sent: SentForm) -> HttpResponseBase:
    for level, words in sent.said:
        messages.add_message(request, level, words)
    if now() - sent.at > AT_ONCE:
        messages.info(
            request, _("Det här hade du redan skickat, och det gjordes då. Ladda om sidan om du vill göra det igen.")
        )
    return HttpResponseRedirect(sent.location)
