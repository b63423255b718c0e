"""Files that lie with another machine: the browser is sent there, by an address that holds for some minutes."""

from django.http import HttpResponse, HttpResponseRedirect

from lyhord.files.storage import Elsewhere


def lies_elsewhere(found: Elsewhere, *, everybody: bool = False) -> HttpResponse:
    """302 to the file, for whoever may see it; kept no longer than the address is sure to hold."""
    response = HttpResponseRedirect(found.url)
    seconds = int(found.holds.total_seconds()) - 60
    response["Cache-Control"] = f"{'public' if everybody else 'private'}, max-age={seconds}"
    response["Referrer-Policy"] = "no-referrer"
    return response
