"""Roles as data: a word for people, and what it allows."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.accounts.permissions import Permission as P


@dataclass(frozen=True, slots=True)
class Role:
    """What a member is in an organisation."""

    slug: str
    label: str | Promise
    permissions: frozenset[P]


_OFFICER = frozenset({P.SEE_CASES, P.HANDLE_CASES, P.ASSIGN_CASES, P.CONVERT_CASES, P.REGISTER_FOR_OTHERS})

ROLES: dict[str, Role] = {
    role.slug: role
    for role in (
        Role("resident", _("Invånare"), frozenset()),
        Role("case_officer", _("Handläggare"), _OFFICER),
        Role(
            "unit_manager", _("Enhetschef"), _OFFICER | {P.REVIEW_PUBLICATION, P.SEE_OUTBOX, P.RESEND, P.SEE_PROTECTED}
        ),
        Role(
            "contact_centre",
            _("Kundcenter"),
            _OFFICER | {P.SEE_ALL_CASES, P.REVIEW_PUBLICATION, P.SEE_OUTBOX, P.RESEND},
        ),
        Role(
            "administrator",
            _("Administratör"),
            _OFFICER
            | {
                P.SEE_ALL_CASES,
                P.REVIEW_PUBLICATION,
                P.SEE_OUTBOX,
                P.RESEND,
                P.SEE_LOG,
                P.MANAGE_ORGANISATION,
                P.MANAGE_CASE_TYPES,
                P.MANAGE_PEOPLE,
                P.MANAGE_ISSUERS,
            },
        ),
        Role("auditor", _("Granskare"), frozenset({P.SEE_CASES, P.SEE_ALL_CASES, P.SEE_LOG, P.SEE_OUTBOX})),
    )
}
