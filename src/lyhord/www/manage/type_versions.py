"""One version of a case type: what it says, what it would have done, publishing it, going back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.actions.case_types import discard_draft, publish_version, roll_back
from lyhord.cases.description_words import differences
from lyhord.cases.desk_choice import organisation_rules
from lyhord.cases.dry_run import try_description
from lyhord.cases.models import CaseType
from lyhord.cases.old_cases import MOST, newest_cases
from lyhord.core.errors import LyhordError, NotFound
from lyhord.www.manage.frame import page, settle
from lyhord.www.manage.trials import trial_rows
from lyhord.www.manage.type_rows import all_desks, one_type, sections_of

MANAGE = Permission.MANAGE_CASE_TYPES


@require_GET
@requires(MANAGE)
def type_version(request: StaffRequest, type_id: int, number: int) -> HttpResponse:
    """What a version says, and how it differs from the one that holds."""
    found = one_type(type_id)
    version = found.version(number)
    desks = all_desks()
    sections = sections_of(version.description, desks)
    current = found.current
    differs = differences(sections_of(current.description, desks), sections) if current else []
    context = {"type": found, "version": version, "sections_said": sections, "differences": differs}
    return page(request, "type_version", "arendetyper", context)


@require_GET
@requires(MANAGE)
def type_try(request: StaffRequest, type_id: int, number: int) -> HttpResponse:
    """What the version would have done with the newest cases of the type."""
    found = one_type(type_id)
    version = found.version(number)
    desks = all_desks()
    cases = newest_cases(request.organisation, case_type_id=type_id)
    changed = try_description(
        version.description,
        cases,
        rules=organisation_rules(),
        desks=desks,
        closed=request.organisation.free_days,
    )
    context = {
        "type": found,
        "version": version,
        "tried": len(cases),
        "capped": len(cases) == MOST,
        **trial_rows(request.staff, changed, desks),
    }
    return page(request, "type_try", "arendetyper", context)


@require_POST
@requires(MANAGE)
def type_publish(request: StaffRequest, type_id: int, number: int) -> HttpResponse:
    """Let a version hold."""
    _exists(type_id)
    return settle(
        request,
        lambda: publish_version(case_type_id=type_id, number=number, by=request.staff.actor),
        _("Version %(number)s gäller från nu.") % {"number": number},
        reverse("manage:type", args=[type_id]),
    )


@require_POST
@requires(MANAGE)
def type_roll_back(request: StaffRequest, type_id: int, number: int) -> HttpResponse:
    """Go back to an earlier version."""
    _exists(type_id)
    return settle(
        request,
        lambda: roll_back(case_type_id=type_id, number=number, by=request.staff.actor),
        _("Nu gäller det som stod i version %(number)s.") % {"number": number},
        reverse("manage:type", args=[type_id]),
    )


@require_POST
@requires(MANAGE)
def type_discard(request: StaffRequest, type_id: int) -> HttpResponse:
    """Throw the draft away, and with it a type that was never published."""
    _exists(type_id)
    try:
        discard_draft(case_type_id=type_id, by=request.staff.actor)
    except LyhordError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Utkastet är borta."))
    left = CaseType.objects.filter(pk=type_id).exists()
    return redirect(reverse("manage:type", args=[type_id]) if left else "manage:types")


def _exists(type_id: int) -> None:
    if not CaseType.objects.filter(pk=type_id).exists():
        raise NotFound
