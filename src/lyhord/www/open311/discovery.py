"""Where the server is and what it speaks."""

from django.utils.translation import gettext as _

from lyhord.www.open311.call import Call
from lyhord.www.open311.formats import Answer, Children, Value

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
"""Exactly so, without the s: clients compare."""
CHANGESET = "2026-11-23T00:00:00Z"
"""When what this document says was last changed."""


def discovery(call: Call) -> Answer:
    """The discovery document; under /open311 and beside the services, since clients look in both places."""
    organisation = call.organisation
    contact = ", ".join(said for said in (organisation.name, organisation.phone, organisation.email) if said)
    key_service = _("En nyckel (api_key) behövs för att skicka. Be %(name)s om en: %(contact)s.") % {
        "name": organisation.name,
        "contact": organisation.email or organisation.phone or call.page("/"),
    }
    return _document(
        call.url("/open311/v2" if call.pictures else "/open311/v2-text"), contact, key_service, test=organisation.demo
    )


def shared_discovery(root: str) -> Answer:
    """The document of an endpoint for several organisations, before one of them is named."""
    key_service = _("En nyckel (api_key) behövs för att skicka. Varje kommun ger ut sina egna.")
    contact = _("jurisdiction_id säger vilken kommun det gäller. Vänd dig till den.")
    return _document(f"{root}/open311/v2", contact, key_service, test=False)


def _document(url: str, contact: str, key_service: str, *, test: bool) -> Answer:
    endpoint: dict[str, Value] = {
        "specification": SPECIFICATION,
        "url": url,
        "changeset": CHANGESET,
        "type": "test" if test else "production",
        "formats": Children("format", ["text/xml", "application/json"]),
    }
    row: dict[str, Value] = {
        "changeset": CHANGESET,
        "contact": contact,
        "key_service": key_service,
        "endpoints": Children("endpoint", [endpoint]),
    }
    return Answer("discovery", "", [row])
