"""Where case systems knock when there is news: /in/system/<id>/ (exchange/knocks.py)."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lyhord.core.errors import NotFound
from lyhord.exchange import knocks
from lyhord.exchange.models import System
from lyhord.organisations.middleware import OrganisationRequest

MOST_BYTES = 1_000_000
"""Of what is signed; whoever shows the secret itself may send what they like, since nobody reads it."""


@csrf_exempt  # machines have secrets, not cookies
@require_POST
def knock(request: OrganisationRequest, system_id: int) -> HttpResponse:
    """202: it is read soon. 401 for somebody else, 413."""
    system = System.objects.filter(pk=system_id).first()
    if system is None:
        raise NotFound
    headers = {name.lower(): value for name, value in request.headers.items()}
    if "webhook-signature" in headers and int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    if not knocks.known(system, headers, lambda: request.body):
        return JsonResponse({"read": "no"}, status=401)
    knocks.knocked(system)
    return JsonResponse({"read": "soon"}, status=202)
