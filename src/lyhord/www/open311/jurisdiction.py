"""Which organisation a call is about.

On an organisation's own host it is that one: `jurisdiction_id` may be left out, and must name it when it is there
(its slug, or a host name of its own, with or without "www."). An endpoint for several organisations would ask
`named` for the one to enter, and refuse a call without; nothing else here would change.
"""

from django.utils.translation import gettext as _

from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import organisation_by_host
from lyhord.www.open311.failures import Failure

_LONGEST = 253  # as host names are


def check(organisation: Organisation, jurisdiction_id: str) -> None:
    """Failure 404 unless the id is empty or names the organisation: whoever else it names is not told apart."""
    if jurisdiction_id and not _names(jurisdiction_id.lower(), organisation):
        raise Failure(404, _("jurisdiction_id: %(id)s finns inte här.") % {"id": jurisdiction_id[:60]})


def _names(given: str, organisation: Organisation) -> bool:
    if given == organisation.slug:
        return True
    if len(given) > _LONGEST:
        return False
    for host in {given, given.removeprefix("www.")}:
        found = organisation_by_host(host)
        if found is not None and found.pk == organisation.pk:
            return True
    return False
