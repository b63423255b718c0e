"""Drafts: what came in and is no case until somebody says so."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.cases import actions as cases
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Message
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, NotFound
from lyhord.core.phone_number import takes_sms
from lyhord.core.tenancy import require_organisation_id
from lyhord.files.models import StoredDocument, StoredFile
from lyhord.intake.channel import CHANNELS
from lyhord.intake.models import Arrival, DraftCase, DraftFile, DraftState
from lyhord.intake.submission import MOST_PHOTOS, Receipt, Submission, SubmittedPhoto
from lyhord.notifications.contact_actions import contact_for, verify
from lyhord.organisations.models import Organisation, Unit

LONGEST = 10_000


@transaction.atomic
def add_draft(
    *,
    channel: str,
    reason: str,
    text: str,
    by: Actor,
    arrival: Arrival | None = None,
    linked: Case | None = None,
    unit_code: str = "",
    kind: str = "",
    name: str = "",
    email: str = "",
    phone: str = "",
    subject: str = "",
    language: str = "",
    photos: Sequence[StoredFile] = (),
    documents: Sequence[StoredDocument] = (),
) -> DraftCase:
    """Keep something for a person to look at; with `linked`, for those who may see that case."""
    unit = linked.unit if linked else _unit(unit_code)
    draft = DraftCase.objects.create(
        organisation_id=require_organisation_id(),
        channel=channel,
        reason=reason,
        arrival=arrival,
        linked=linked,
        unit=unit,
        confidential=unit.confidential or (linked is not None and linked.confidential),
        protected=linked is not None and linked.protected,
        name=name[:120],
        email=email[:254],
        phone=phone[:40],
        subject=subject[:200],
        text=text,
        kind=kind,
        language=language[:10] or "sv",
        created_at=now(),
    )
    DraftFile.objects.bulk_create(
        [
            *(DraftFile(organisation_id=draft.organisation_id, draft=draft, photo=photo) for photo in photos),
            *(DraftFile(organisation_id=draft.organisation_id, draft=draft, document=one) for one in documents),
        ]
    )
    StoredFile.objects.filter(pk__in=[photo.pk for photo in photos]).update(used=True, lat=None, lon=None)
    StoredDocument.objects.filter(pk__in=[one.pk for one in documents]).update(used=True)
    _log(draft, "added", by, channel=channel, reason=reason)
    if linked is not None:
        data = {"draft": draft.pk, "channel": channel}
        record(verb="case.mentioned", subject_type="case", subject_id=linked.pk, by=by, data=data, level=1)
    return draft


@transaction.atomic
def write_on(*, draft_id: int, text: str, by: Actor) -> DraftCase:
    """Add what the same person goes on to say. Conflict when somebody has decided what it is."""
    draft = _waiting(draft_id)
    draft.text = f"{draft.text}\n\n{text}"
    draft.save(update_fields=["text"])
    _log(draft, "written_on", by)
    return draft


def _unit(code: str) -> Unit:
    """Whose the way in is, else the unit that takes what nobody else does."""
    found = Unit.objects.by_code(code) if code else None
    fallback = found or Unit.objects.filter(fallback=True).first() or Unit.objects.order_by("pk").first()
    if fallback is None:
        raise RuntimeError("an organisation without units")
    return fallback


@transaction.atomic
def accept_draft(
    *, draft_id: int, text: str, kind: str, by: Actor, case_type: str | None = None, answer: bool = True
) -> Receipt:
    """Make a case of it, in the words given; with `answer` its sender is told, and of what happens.

    Raises Conflict when somebody has decided otherwise, Invalid as `receive` does.
    """
    draft = _waiting(draft_id)
    photos, documents = _files(draft)
    organisation = Organisation.objects.get(pk=draft.organisation_id)
    by_text = draft.channel == "sms" and takes_sms(draft.phone)
    if by_text:  # who wrote from the number can be written to
        verify(contact_id=contact_for(sender="sms", address=draft.phone, language=draft.language).pk, by=by)
    submission = Submission(
        source="draft",
        external_id=str(draft.pk),
        channel=draft.channel,
        text=text,
        kind=kind,
        case_type=case_type,
        reporter=NewReporter(
            name=draft.name, email=draft.email, phone=draft.phone, tell_by=("sms",) if by_text else ("email",)
        ),
        wants_feedback=answer and bool(draft.email or draft.phone),
        photos=tuple(SubmittedPhoto(photo) for photo in photos[:MOST_PHOTOS]),
        language=draft.language if draft.language in organisation.languages else organisation.own_language,
        longest=LONGEST,
        unit_code="" if draft.linked_id else _own_unit(draft),
    )
    receipt = CHANNELS.get(draft.channel).receive(organisation=organisation, submission=submission, by=by)
    for photo in photos[MOST_PHOTOS:]:
        cases.add_late_photo(case_id=receipt.case.pk, file=photo, show=False, by=by)
    cases.add_documents(case_id=receipt.case.pk, files=documents, by=by)
    _decide(draft, DraftState.CASE, receipt.case, by)
    return receipt


@transaction.atomic
def join_draft(*, draft_id: int, case_id: int, by_reporter: bool, by: Actor) -> Message:
    """Put it into a case: as said by its reporter, or, when by anybody else, for staff only. Conflict, NotFound."""
    draft = _waiting(draft_id)
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise NotFound
    photos, documents = _files(draft)
    said = draft.text or draft.subject
    message = cases.resident_writes(
        case_id=case.pk,
        text=(said if by_reporter else f"{_sender(draft)}:\n\n{said}")[:LONGEST],
        by=by,
        channel=draft.channel,
        photos=tuple(photos),
        external_id=f"draft:{draft.pk}",
        reporter=by_reporter,
    )
    cases.add_documents(case_id=case.pk, files=documents, message_id=message.pk, by=by)
    _decide(draft, DraftState.JOINED, case, by)
    return message


@transaction.atomic
def dismiss_draft(*, draft_id: int, by: Actor) -> DraftCase:
    """It is no case: advertising, a mistake. It is kept, and can be taken back. Conflict."""
    draft = _waiting(draft_id)
    _decide(draft, DraftState.DISMISSED, None, by)
    return draft


@transaction.atomic
def restore_draft(*, draft_id: int, by: Actor) -> DraftCase:
    """It was something after all. Conflict when it was not dismissed."""
    draft = _locked(draft_id)
    if draft.state != DraftState.DISMISSED:
        raise Conflict(_("Någon annan har redan bestämt vad det är."))
    draft.state, draft.decided_at, draft.decided_by = DraftState.WAITING, None, ""
    draft.save(update_fields=["state", "decided_at", "decided_by"])
    _log(draft, "restored", by)
    return draft


def _own_unit(draft: DraftCase) -> str:
    """The unit of the way in, but not the fallback: then the rules say whose it is."""
    return "" if draft.unit.fallback else draft.unit.code


def _sender(draft: DraftCase) -> str:
    who = draft.name or draft.email or draft.phone or _("okänd avsändare")
    address = draft.email or draft.phone
    return f"{who} <{address}>" if address and address != who else who


def _files(draft: DraftCase) -> tuple[list[StoredFile], list[StoredDocument]]:
    rows = list(DraftFile.objects.filter(draft=draft).select_related("photo", "document").order_by("pk"))
    return [row.photo for row in rows if row.photo], [row.document for row in rows if row.document]


def _waiting(draft_id: int) -> DraftCase:
    draft = _locked(draft_id)
    if draft.state != DraftState.WAITING:
        raise Conflict(_("Någon annan har redan bestämt vad det är."))
    return draft


def _locked(draft_id: int) -> DraftCase:
    draft = DraftCase.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=draft_id).first()
    if draft is None:
        raise NotFound
    return draft


def _decide(draft: DraftCase, state: DraftState, case: Case | None, by: Actor) -> None:
    draft.state, draft.case, draft.decided_at, draft.decided_by = state, case, now(), by.label[:200]
    draft.save(update_fields=["state", "case", "decided_at", "decided_by"])
    _log(draft, str(state), by, number=case.number if case else "")


def _log(draft: DraftCase, verb: str, by: Actor, **data: object) -> None:
    record(verb=f"draft.{verb}", subject_type="draft", subject_id=draft.pk, by=by, data=data, level=1)
