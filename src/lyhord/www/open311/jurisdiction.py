"""Which organisation a call is about.

On an organisation's own host it is that one: `jurisdiction_id` may be left out, and must name it when it is there
(its slug, or a host name of its own, with or without "www."). On a host for several (several.py) it must be there.
"""

from django.utils.translation import gettext as _

from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import organisation_by_host, organisation_by_slug
from lyhord.www.open311.failures import Failure

_LONGEST = 253  # as host names are


def check(organisation: Organisation, jurisdiction_id: str) -> None:
    """Failure 404 unless the id is empty or names the organisation: whoever else it names is not told apart."""
    if not jurisdiction_id:
        return
    found = named(jurisdiction_id)
    if found is None or found.pk != organisation.pk:
        raise unknown(jurisdiction_id)


def named(jurisdiction_id: str) -> Organisation | None:
    """The organisation that an id names, or None."""
    given = jurisdiction_id.lower()
    if len(given) > _LONGEST:
        return None
    return (
        organisation_by_slug(given) or organisation_by_host(given) or organisation_by_host(given.removeprefix("www."))
    )


def unknown(jurisdiction_id: str) -> Failure:
    """What to say of an id that names nobody here."""
    return Failure(404, _("jurisdiction_id: %(id)s finns inte här.") % {"id": jurisdiction_id[:60]})
