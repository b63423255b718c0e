"""Changes to how an organisation's Facebook page is tied to it."""

import re
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid
from lyhord.core.sealed import seal
from lyhord.core.tenancy import require_organisation_id
from lyhord.intake.facebook_page import SECRET, TOKEN
from lyhord.intake.models import FacebookPage

_PAGE = re.compile(r"[0-9]{5,32}", re.ASCII)
_APP_SECRET = re.compile(r"[0-9a-f]{32}", re.ASCII | re.IGNORECASE)


@transaction.atomic
def set_page(*, page_id: str, secret: str, active: bool, by: Actor) -> FacebookPage:
    """Tie a page; `secret` "" keeps the one there is. Raises Invalid with a sentence per field."""
    row = FacebookPage.objects.select_for_update().first()
    known = row is not None
    row = row or FacebookPage(
        organisation_id=require_organisation_id(), token=seal(secrets.token_urlsafe(24), purpose=TOKEN)
    )
    page_id, secret = page_id.strip(), secret.strip()
    errors = {}
    if not _PAGE.fullmatch(page_id):
        errors["page_id"] = _("Skriv sidans nummer, bara siffror.")
    if (secret or not known) and not _APP_SECRET.fullmatch(secret):
        errors["secret"] = _("Skriv appens hemlighet: 32 tecken, siffror och a till f.")
    if errors:
        raise Invalid(errors)
    before = {"page": row.page_id, "active": row.active} if known else {}
    row.page_id, row.active, row.changed_at = page_id, active, now()
    if secret:
        row.secret = seal(secret.lower(), purpose=SECRET)
    row.save()
    data = {"before": before, "after": {"page": page_id, "active": active}, "new_secret": bool(secret)}
    record(verb="facebook_page.set", subject_type="facebook_page", subject_id=row.pk, by=by, data=data)
    return row
