"""Everything that can be allowed, in one enum."""

from enum import StrEnum


class Permission(StrEnum):
    """What a member of an organisation may do; roles.py says who may."""

    SEE_CASES = "see_cases"  # the cases of one's own units
    SEE_ALL_CASES = "see_all_cases"  # of every unit that is not confidential
    SEE_PROTECTED = "see_protected"  # who the reporter with protected identity is; each reading is logged
    HANDLE_CASES = "handle_cases"  # reply, note, plan, wait, resolve, refuse
    ASSIGN_CASES = "assign_cases"  # to others, and to other units
    CONVERT_CASES = "convert_cases"
    REGISTER_FOR_OTHERS = "register_for_others"  # phone, visit, letter
    REVIEW_PUBLICATION = "review_publication"
    SEE_OUTBOX = "see_outbox"
    RESEND = "resend"
    SEE_LOG = "see_log"
    MANAGE_ORGANISATION = "manage_organisation"
    MANAGE_CASE_TYPES = "manage_case_types"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_ISSUERS = "manage_issuers"  # whose tokens let people in by the API: they speak for everybody here
