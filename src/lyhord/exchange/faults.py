"""Why something did not come to a case system, or from it: kept as a code and what the system said, shown in words."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from lyhord.core.http import SENTENCES as NETWORK

SENTENCES = {
    **NETWORK,
    "login": _("Systemet släppte inte in oss. Se över namnet och hemligheten."),
    "denied": _("Vi har inte rätt att göra det där. Den som sköter systemet kan ge oss den rätten."),
    "gone": _("Systemet hittar inte ärendet."),
    "refused": _("Systemet sa nej."),
    "busy": _("Systemet hinner inte med just nu."),
    "answer": _("Systemet svarade något som vi inte förstår."),
    "queue": _("Kön finns inte där, eller så får vi inte se den."),
    "field": _("Ett fält som vi behöver finns inte där."),
    "settings": _("Uppgifterna om systemet räcker inte."),
    "files": _("Filerna som ska följa med går inte att läsa just nu."),
    "crashed": _("Något gick fel hos oss."),
}
CLIENT_ERROR, SERVER_ERROR = 400, 500
_BY_STATUS = {401: "login", 403: "denied", 404: "gone", 408: "slow", 425: "busy", 429: "busy"}


class Fault(NamedTuple):
    """A sentence for staff, and what the other system said, "" when nothing."""

    sentence: str
    detail: str


def code_of(status: int) -> str:
    """What an HTTP status says."""
    return _BY_STATUS.get(status, "busy" if status >= SERVER_ERROR else "refused")


def fault_of(stored: str) -> Fault:
    """What was kept, in words. What no code begins is shown as it stands."""
    code, _colon, detail = stored.partition(": ")
    if code in SENTENCES:
        return Fault(str(SENTENCES[code]), detail)
    return Fault(stored, "")
