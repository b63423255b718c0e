"""The one way in: every channel's submission becomes a case here, once."""

from django.db import connection, transaction

from lyhord.audit.actions import record
from lyhord.cases.actions.photos import describe_photos
from lyhord.cases.actions.register import register_once
from lyhord.cases.actions.tell import code_of
from lyhord.cases.facts import Claim, NewCase
from lyhord.cases.models import Case
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid
from lyhord.intake.checks import check
from lyhord.intake.submission import Receipt, Submission
from lyhord.organisations.models import Organisation

# Of two at the same time the second waits here until the first has committed (and then finds its case)
# or has been rolled back (and then takes its place).
_CLAIM = """
insert into intake_reception (organisation_id, source, external_id, received_at, submitted_at, seconds, case_id)
select %s, %s, %s, %s, %s, %s, drawn.keys[1] from drawn
on conflict (organisation_id, source, external_id) do nothing
returning case_id
"""
_KNOWN = "select case_id from intake_reception where organisation_id = %s and source = %s and external_id = %s"


def receive(*, organisation: Organisation, submission: Submission, by: Actor) -> Receipt:
    """Make a case of the submission, or find the case that it already is.

    The same (organisation, source, external id) gives the same receipt however often and however simultaneously it
    comes; nothing else about a repeated submission is looked at. Number, routing, acknowledgement and log row are
    written in one transaction with it. Raises Invalid with one sentence per field ("text", "place_text", "email",
    "case_type", "q_<code>" …); then nothing is kept.
    """
    try:
        new = check(submission)
    except Invalid:  # the form, or what it was about, may have changed since it was taken in
        known = find(organisation=organisation, source=submission.source, external_id=submission.external_id)
        if known is None:
            raise
        return known
    with transaction.atomic(savepoint=False):  # what was wrong has been said by now
        registered = register_once(organisation=organisation, new=new, by=by, claim=_claim(organisation, submission))
        if registered is not None:
            _note(registered.case, submission, new, by)
            return Receipt(registered.case, registered.case.number, registered.code, created=True)
    known = find(organisation=organisation, source=submission.source, external_id=submission.external_id)
    if known is None:
        raise RuntimeError("a reception without its case")
    return known


def find(*, organisation: Organisation, source: str, external_id: str) -> Receipt | None:
    """The receipt of a submission that has already been taken in, or None."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [organisation.pk, source, external_id])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    case = Case.objects.get(pk=row[0])
    return Receipt(case, case.number, code_of(case), created=False)


def _claim(organisation: Organisation, submission: Submission) -> Claim:
    """That nobody else has taken the submission in."""
    name = (organisation.pk, submission.source, submission.external_id)
    return Claim(_CLAIM, (*name, now(), submission.submitted_at, submission.seconds))


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
