"""Somebody turns out to have protected identity, or not to: from then on few may know who it is and where."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.cases.actions.changes import close_publication, lock, log, save
from lyhord.cases.actions.tell import tell_reporter
from lyhord.cases.models import Case, Reporter
from lyhord.cases.notices import CaseAnswered
from lyhord.cases.titles import shorten
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text
from lyhord.notifications.actions import make_private


@transaction.atomic
def protect(*, case_id: int, by: Actor, revision: int | None = None) -> Case:
    """Protect the reporter: what others could read is taken back, the title says only the sort, notices are hidden.

    Again it changes nothing. What has been sent before cannot be called back; in place of what was about to leave
    comes one message that says nothing of the case.
    """
    case = lock(case_id, revision=revision)
    if case.protected:
        return case
    case.protected = True
    case.title = shorten(case.version.description.title("sv"))
    fields = ["protected", "title", *close_publication(case, by=by)]
    Reporter.objects.update_or_create(organisation_id=case.organisation_id, case=case, defaults={"protected": True})
    taken_out = make_private(subject_type="case", subject_id=case.pk, by=by)
    save(case, *fields)
    log(case, "protected", by, level=3)
    if taken_out:
        tell_reporter(case, CaseAnswered, key=f"protected-{case.revision}")
    return case


@transaction.atomic
def unprotect(*, case_id: int, reason: str, by: Actor, revision: int | None = None) -> Case:
    """It was a mistake: with a reason, by somebody who may know who it is. Nothing is shown to others again by that."""
    said = clean_text(reason)
    if not said:
        raise Invalid({"reason": _("Skriv varför skyddet inte behövs.")})
    case = lock(case_id, revision=revision)
    if not case.protected:
        return case
    case.protected = False
    Reporter.objects.filter(case=case).update(protected=False)
    save(case, "protected")
    log(case, "unprotected", by, level=3, reason=said[:1000])
    return case
