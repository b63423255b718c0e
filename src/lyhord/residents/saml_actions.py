"""Changes to who vouches for residents by SAML."""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.accounts.discovery import is_issuer
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.sealed import seal
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url
from lyhord.residents.models import Protocol, Provider
from lyhord.residents.provider_actions import SECRET
from lyhord.residents.provider_rows import fetch_soon, locked, log
from lyhord.residents.saml.key import make_key

PATH = "/logga-in/saml/"
NUMBERS = {"1.2.752.29.4.13", "1.2.752.201.3.15", "1.2.752.201.3.16"}
"""Personal numbers (Sweden Connect's attributes): own, previous, tied to a foreign one. No account is kept by any."""


@transaction.atomic
def set_saml_provider(
    *,
    provider_id: int | None,
    label: str,
    issuer: str,
    metadata_url: str,
    levels: str,
    subject_attribute: str,
    active: bool,
    by: Actor,
) -> Provider:
    """Let somebody vouch for residents by SAML, or change how. Raises Invalid per field.

    Its name stays as it is: accounts are known by it. What names the person stays too, for the same reason.
    """
    organisation_id = require_organisation_id()
    new = Provider(organisation_id=organisation_id, protocol=Protocol.SAML, about={}, keys=[])
    row = locked(provider_id) if provider_id else new
    before = _values(row) if provider_id else {}
    row.label, row.metadata_url = (clean_text(text, one_line=True) for text in (label, metadata_url))
    row.levels, row.active = " ".join(levels.split()), active
    if not provider_id:
        row.issuer, row.subject_attribute = (clean_text(text, one_line=True) for text in (issuer, subject_attribute))
    _check(row, new=not provider_id)
    if not provider_id:
        key, row.certificate = make_key(urlsplit(_own_name(organisation_id, 0)).hostname or "lyhord")
        row.secret = seal(key, purpose=SECRET)
        row.save()
        row.client_id = _own_name(organisation_id, row.pk)
    row.save()
    log("set", row, by, before=before, after=_values(row))
    fetch_soon(row.pk)
    return row


def _own_name(organisation_id: int, provider_id: int) -> str:
    """What it knows us by: where our metadata are when it is added. A name, which stays when the host changes."""
    return public_url(Organisation.objects.get(pk=organisation_id), f"{PATH}{provider_id}/")


def _check(row: Provider, *, new: bool) -> None:
    errors = {}
    if not 0 < len(row.label) <= 60:
        errors["label"] = _("Skriv vad invånare känner tjänsten som. Högst 60 tecken.")
    if not 0 < len(row.issuer) <= 300:
        errors["issuer"] = _("Skriv tjänstens namn precis som i dess metadata (entityID).")
    elif new and Provider.objects.filter(issuer=row.issuer).exists():
        errors["issuer"] = _("Den finns redan i listan.")
    if not is_issuer(row.metadata_url):
        errors["metadata_url"] = _("Skriv adressen till tjänstens metadata, den börjar med https://")
    if len(row.levels) > 500:
        errors["levels"] = _("Det är för långt. Högst 500 tecken.")
    if row.subject_attribute.removeprefix("urn:oid:") in NUMBERS:
        errors["subject_attribute"] = _("Personnummer är aldrig nyckeln till ett konto här. Välj något annat.")
    elif len(row.subject_attribute) > 200:
        errors["subject_attribute"] = _("Det är för långt. Högst 200 tecken.")
    if errors:
        raise Invalid(errors)


def _values(row: Provider) -> dict[str, object]:
    return {
        "label": row.label,
        "metadata_url": row.metadata_url,
        "levels": row.levels,
        "subject_attribute": row.subject_attribute,
        "active": row.active,
    }
