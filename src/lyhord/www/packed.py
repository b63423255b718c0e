"""Long answers, packed the quickest way: what packs all others (GZipMiddleware) takes three times the CPU."""

import gzip

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

LONG = 10_000  # bytes; what is shorter costs next to nothing either way


def squeezed(request: HttpRequest, made: HttpResponse, long: int = LONG) -> HttpResponse:
    """The answer, packed for who takes it so when it is longer than that; a third more bytes than packed tightest."""
    takes = "gzip" in request.headers.get("Accept-Encoding", "")
    if takes and not made.streaming and len(made.content) > long:
        made.content = gzip.compress(made.content, 1)
        made["Content-Encoding"] = "gzip"
        made["Content-Length"] = str(len(made.content))
        patch_vary_headers(made, ["Accept-Encoding"])
        if made.get("ETag", "").startswith('"'):
            made["ETag"] = f"W/{made['ETag']}"  # the same, but not byte by byte
    return made
