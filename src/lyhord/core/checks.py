"""What is wrong with the set-up, said before anybody is served; each with a hint."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Warned
from django.db import connections


@register(Tags.security, deploy=True)
def secret_key(**options: Any) -> list[CheckMessage]:
    """Follow codes, sessions and signatures all hang on the secret key."""
    if settings.SECRET_KEY != settings.NO_SECRET_KEY:
        return []
    return [
        Error(
            "No secret key is set.",
            hint="Set LYHORD_SECRET_KEY, or LYHORD_SECRET_KEY_FILE to a file that only the service can read.",
            id="lyhord.E001",
        )
    ]


@register(Tags.database)
def separate_roles(databases: Sequence[str] | None = None, **options: Any) -> list[CheckMessage]:
    """The walls hold only for a role that neither owns the tables nor bypasses them."""
    if not databases or "default" not in databases:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        row = cursor.fetchone()
    if row and not row[0]:
        return []
    return [
        Warned(
            "The application's database role passes through the walls between organisations.",
            hint="Let LYHORD_DATABASE_URL connect as a role without SUPERUSER and BYPASSRLS that owns nothing, and"
            " LYHORD_OWNER_DATABASE_URL as the owner.",
            id="lyhord.W001",
        )
    ]


@register(Tags.files)
def storage_keys(**options: Any) -> list[CheckMessage]:
    """Without its own keys the storage's library would ask other machines for some, and pictures could not be shown."""
    if settings.S3 is None or (settings.S3.access_key and settings.S3.secret_key):
        return []
    return [
        Error(
            "A bucket is set, and no keys to it.",
            hint="Set LYHORD_S3_ACCESS_KEY, and LYHORD_S3_SECRET_KEY or LYHORD_S3_SECRET_KEY_FILE.",
            id="lyhord.E002",
        )
    ]


@register(Tags.security, deploy=True)
def virus_scanner(**options: Any) -> list[CheckMessage]:
    """Photos are drawn anew either way; a scanner is a second lock."""
    if settings.LYHORD_VIRUS_SCANNER:
        return []
    return [
        Warned("No virus scanner is set.", hint="Set LYHORD_VIRUS_SCANNER, for example to clamdscan.", id="lyhord.W002")
    ]
