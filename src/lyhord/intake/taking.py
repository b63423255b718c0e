"""Doing what was decided about a mail, inside the caller's transaction."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.cases import actions as cases
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case
from lyhord.cases.parties import party
from lyhord.cases.type_guess import suggest_any
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.mail_address import mail_address
from lyhord.intake.channel import CHANNELS
from lyhord.intake.deciding import Decision, What, files_of
from lyhord.intake.draft_actions import add_draft
from lyhord.intake.enclosures import Enclosures
from lyhord.intake.mail.letter import Letter, Sort
from lyhord.intake.models import Arrival, Outcome
from lyhord.intake.submission import MOST_PHOTOS, Submission, SubmittedPhoto
from lyhord.matters.actions.mailed import Letter as SentPapers
from lyhord.matters.actions.mailed import take_letter
from lyhord.matters.mailbox import Box
from lyhord.matters.tasks import visit
from lyhord.notifications.actions import address_bounced, heard_from
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Inlet, Organisation

LONGEST = 9_500
"""Characters of a text in a case; what is longer is a file of its own, with its beginning in the case."""
USUAL_KIND = "fraga"
RESIDENT = Actor.resident()


@dataclass(frozen=True, slots=True)
class Coming:
    """A mail on its way in."""

    arrival: Arrival
    letter: Letter
    files: Enclosures
    inlet: Inlet
    by: Actor


def take(mail: Coming, decision: Decision) -> Outcome:
    """Act on the decision. What it became stands in the arrival and the drafts."""
    match decision.what:
        case What.CASE:
            _begin(mail)
            return Outcome.CASE
        case What.JOIN if decision.case is not None:
            _join(mail, decision.case)
            return Outcome.JOINED
        case What.PARTY if decision.case is not None:
            _party(mail, decision.case, decision.party)
            return Outcome.JOINED
        case What.DRAFT:
            _draft(mail, decision)
            return Outcome.DRAFT
        case What.NOTE if decision.case is not None:
            _note_answer(mail, decision.case)
            return Outcome.NOTED
        case What.BOUNCE if decision.notice is not None:
            _bounce(mail, decision.notice)
            return Outcome.BOUNCED
        case What.PAPER if decision.box is not None:
            return _papers(mail, decision.box, decision.reason)
    return Outcome.IGNORED


def _papers(mail: Coming, box: Box, refused: str) -> Outcome:
    """Political matters are made of it, by the source that it was sent to; or it stands there as refused."""
    letter, arrival = mail.letter, mail.arrival
    left = (_("Fler eller större filer än vi tar emot"),) if "many_files" in letter.flaws else ()
    sent = SentPapers(
        key=arrival.key,
        sender=letter.from_address,
        subject=letter.subject,
        received_at=arrival.received_at,
        files=files_of(letter),
        text=letter.text,
        left_out=left,
    )
    take_letter(source_id=box.source.pk, letter=sent, refused=refused, by=mail.by)
    if refused:
        return Outcome.REFUSED
    visit.enqueue(organisation_id=arrival.organisation_id, source_id=box.source.pk)
    return Outcome.PAPER


def _begin(mail: Coming) -> None:
    """A new case by the one way in, in the words of the whole mail."""
    arrival, letter, inlet = mail.arrival, mail.letter, mail.inlet
    organisation = Organisation.objects.get(pk=arrival.organisation_id)
    text = shortened(with_subject(letter.subject, letter.text)) or _no_text()
    guessed = suggest_any(text) if not inlet.kind else None
    submission = Submission(
        source="email",
        external_id=arrival.key,
        channel="email",
        text=text,
        kind=inlet.kind or (guessed.kind if guessed else USUAL_KIND),
        reporter=NewReporter(name=letter.from_name, email=_address(letter)),
        wants_feedback=True,
        photos=tuple(SubmittedPhoto(file) for file in mail.files.photos[:MOST_PHOTOS]),
        language=letter.language if letter.language in organisation.languages else organisation.own_language,
        longest=LONGEST + 500,
        submitted_at=letter.sent_at if letter.sent_at and letter.sent_at < arrival.received_at else None,
        unit_code=inlet.unit_code,
        message_id=letter.message_id,
    )
    receipt = CHANNELS.get("email").receive(organisation=organisation, submission=submission, by=RESIDENT)
    for photo in mail.files.photos[MOST_PHOTOS:]:
        cases.add_late_photo(case_id=receipt.case.pk, file=photo, show=False, by=mail.by)
    cases.add_documents(case_id=receipt.case.pk, files=mail.files.documents, by=mail.by)
    _hang(mail, receipt.case)


def _join(mail: Coming, case: Case) -> None:
    message = CHANNELS.get("email").write(
        case=case,
        text=shortened(mail.letter.own_words) or _no_text(),
        external_id=f"email:{mail.arrival.key}",
        photos=tuple(mail.files.photos),
        by=RESIDENT,
    )
    cases.add_documents(case_id=case.pk, files=mail.files.documents, message_id=message.pk, by=mail.by)
    _hang(mail, case)


def _party(mail: Coming, case: Case, name: str) -> None:
    """Somebody else who works with the case: a note for staff. What it leads to those decide who wrote to them."""
    by, letter = Actor.system(name), mail.letter
    message = cases.note(
        case_id=case.pk,
        text=shortened(letter.own_words) or _no_text(),
        by=by,
        photos=tuple(mail.files.photos),
        external_id=f"email:{mail.arrival.key}",
    )
    cases.add_documents(case_id=case.pk, files=mail.files.documents, message_id=message.pk, by=by)
    told = {"message": message.pk, "address": letter.from_address}
    record(verb="case.party_wrote", subject_type="case", subject_id=case.pk, by=by, data=told)
    _hang(mail, case)


def _hang(mail: Coming, case: Case) -> None:
    """What a mail in a case brings with it, whether it begins the case or not."""
    _belongs(mail.arrival, case)
    if mail.files.refused:
        cases.note(case_id=case.pk, text=_refused(mail.files), by=mail.by, external_id=f"refused:{mail.arrival.key}")
    if address := _address(mail.letter):  # who writes from an address can be written to
        heard_from(sender="email", address=address, by=mail.by)


def _belongs(arrival: Arrival, case: Case) -> None:
    arrival.case = case
    arrival.private = case.protected or case.confidential


def _draft(mail: Coming, decision: Decision) -> None:
    letter = mail.letter
    draft = add_draft(
        channel="email",
        reason=decision.reason,
        arrival=mail.arrival,
        linked=decision.case,
        unit_code=mail.inlet.unit_code,
        kind=mail.inlet.kind,
        name=letter.from_name,
        email=_address(letter),
        subject=letter.subject,
        text="\n\n".join(part for part in (shortened(letter.text), _refused(mail.files)) if part),
        language=letter.language,
        photos=mail.files.photos,
        documents=mail.files.documents,
        by=mail.by,
    )
    mail.arrival.private = draft.confidential or draft.protected


def _note_answer(mail: Coming, case: Case) -> None:
    """A machine's answer: staff may want to know that somebody is away. It answers nothing and opens nothing."""
    letter, name = mail.letter, party(case, mail.letter.from_address)
    with translation.override(settings.LANGUAGE_CODE):
        words = _("Autosvar från %(name)s: %(text)s") if name else _("Autosvar från invånarens mejl: %(text)s")
        said = words % {"name": name, "text": with_subject(letter.subject, letter.own_words)}
    cases.note(case_id=case.pk, text=shortened(said), by=mail.by, external_id=f"email:{mail.arrival.key}")
    _belongs(mail.arrival, case)


def _bounce(mail: Coming, notice: Notice) -> None:
    report, complaint = mail.letter.report, mail.letter.sort is Sort.COMPLAINT
    said = " ".join(part for part in (report.status, report.said) if part) if report else ""
    with translation.override(settings.LANGUAGE_CODE):
        said = _("mottagaren har sagt att det är skräp") if complaint else said or _("inget skäl gavs")
    dead = complaint or bool(report and report.dead)
    address_bounced(
        address=notice.address, sender=notice.sender, notice_id=notice.pk, reason=said, dead=dead, by=mail.by
    )
    case = (
        Case.objects.filter(pk=notice.subject_id).first()
        if notice.subject_type == "case" and notice.subject_id
        else None
    )
    if case is not None:
        _belongs(mail.arrival, case)
    mail.arrival.private = mail.arrival.private or notice.private


def _refused(files: Enclosures) -> str:
    if not files.refused:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        lines = [f"{name}: {why}" for name, why in files.refused]
        return "\n".join([_("Filer som vi inte tog emot:"), *lines])


def _address(letter: Letter) -> str:
    try:
        return mail_address(letter.from_address)
    except Invalid:
        return ""


def _no_text() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _("Mejlet hade ingen text.")


def with_subject(subject: str, text: str) -> str:
    """The subject is part of what is said, unless the text begins with it."""
    if not subject or text.startswith(subject):
        return text
    return f"{subject}\n\n{text}" if text else subject


def shortened(text: str) -> str:
    """The beginning of what is too long."""
    if len(text) <= LONGEST:
        return text
    with translation.override(settings.LANGUAGE_CODE):
        return f"{text[:LONGEST].rstrip()}…\n\n{_('Hela texten ligger i en bifogad fil.')}"
