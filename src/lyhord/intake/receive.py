"""The one way in: every channel's submission becomes a case here, once."""

from django.db import connection, transaction

from lyhord.audit.actions import record
from lyhord.cases.actions.photos import describe_photos
from lyhord.cases.actions.register import register
from lyhord.cases.actions.tell import code_of
from lyhord.cases.facts import NewCase
from lyhord.cases.models import Case
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.intake.checks import check
from lyhord.intake.submission import Receipt, Submission
from lyhord.organisations.models import Organisation

# Of two at the same time the second waits here until the first has committed (and then finds its case)
# or has been rolled back (and then takes its place).
_CLAIM = """
insert into intake_reception (organisation_id, source, external_id, received_at, submitted_at)
values (%s, %s, %s, %s, %s)
on conflict (organisation_id, source, external_id) do nothing
returning id
"""
_KNOWN = "select case_id from intake_reception where organisation_id = %s and source = %s and external_id = %s"
_TIE = "update intake_reception set case_id = %s where id = %s"


@transaction.atomic
def receive(*, organisation: Organisation, submission: Submission, by: Actor) -> Receipt:
    """Make a case of the submission, or find the case that it already is.

    The same (organisation, source, external id) gives the same receipt however often and however simultaneously it
    comes; nothing else about a repeated submission is looked at. Number, routing, acknowledgement and log row are
    written in one transaction with it. Raises Invalid with one sentence per field ("text", "place_text", "email",
    "case_type", "q_<code>" …); then nothing is kept.
    """
    known = find(organisation=organisation, source=submission.source, external_id=submission.external_id)
    if known is not None:
        return known
    new = check(submission)
    reception_id = _claim(organisation, submission)
    if reception_id is None:
        known = find(organisation=organisation, source=submission.source, external_id=submission.external_id)
        if known is None:
            raise RuntimeError("a reception without its case")
        return known
    registered = register(organisation=organisation, new=new, by=by)
    with connection.cursor() as cursor:
        cursor.execute(_TIE, [registered.case.pk, reception_id])
    _note(registered.case, submission, new, by)
    return Receipt(registered.case, registered.case.number, registered.code, created=True)


def find(*, organisation: Organisation, source: str, external_id: str) -> Receipt | None:
    """The receipt of a submission that has already been taken in, or None."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [organisation.pk, source, external_id])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    case = Case.objects.get(pk=row[0])
    return Receipt(case, case.number, code_of(case), created=False)


def _claim(organisation: Organisation, submission: Submission) -> int | None:
    """The id of the new reception; None when somebody else has taken the submission in."""
    values = (organisation.pk, submission.source, submission.external_id, now(), submission.submitted_at)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _note(case: Case, submission: Submission, new: NewCase, by: Actor) -> None:
    """What belongs to the case but is no part of registering it: words about pictures, a suspicion."""
    words = {photo.file.pk: photo.alt for photo in submission.photos if photo.alt and photo.file in new.photos}
    if words:
        describe_photos(case_id=case.pk, words=words, by=by)
    if submission.suspected:
        record(
            verb="case.suspected",
            subject_type="case",
            subject_id=case.pk,
            by=by,
            data={"reason": submission.suspected},
            level=1,
        )
