"""Checking and cleaning a submission, and finding out what sort of errand it is."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lyhord.cases.answers import Answers, read_answers
from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.facts import NewCase, NewReporter
from lyhord.cases.kind import KINDS, Kind
from lyhord.cases.models import CaseType, Category
from lyhord.cases.public_queries import category_by_code, generic_type, type_by_code
from lyhord.cases.type_guess import suggest_type
from lyhord.core.errors import Invalid, Text
from lyhord.core.mail_address import mail_address
from lyhord.core.organisation_number import organisation_number
from lyhord.core.phone_number import phone_number
from lyhord.core.text import clean_text
from lyhord.intake.submission import MOST_PHOTOS, PLACE_LENGTH, TEXT_LENGTH, Submission
from lyhord.places.queries import nearest_address

_SENDERS = {"person", "company", "association", "visitor"}
_ORGANISATIONS = {"company", "association"}


def check(submission: Submission) -> NewCase:
    """The submission as a case that can be registered. Raises Invalid with one sentence per field.

    Only the text must be there, or a picture of what is broken. The type is the sender's choice, else what the words
    suggest when they do so clearly, else the kind's general one, so that nobody has to know how the municipality sorts
    things.
    """
    errors: dict[str, Text] = {}
    kind = KINDS.find(submission.kind)
    if kind is None:
        raise Invalid({"kind": _("Den sorten finns inte.")})
    text = clean_text(submission.text)
    if not text and submission.photos and kind.photo_suffices:
        with translation.override(submission.language):
            text = _("Se bilden.")
    if problem := text_problem(kind, text, submission.longest):
        errors["text"] = problem
    place_text = clean_text(submission.place_text, one_line=True)
    if len(place_text) > PLACE_LENGTH:
        errors["place_text"] = _("Beskriv platsen kortare, med högst %(limit)s tecken.") % {"limit": PLACE_LENGTH}
    reporter = _reporter(submission.reporter, errors)
    if len(submission.photos) > MOST_PHOTOS:
        errors["photos"] = _("Du kan skicka högst %(limit)s bilder.") % {"limit": MOST_PHOTOS}
    case_type = _case_type(submission, text, errors)
    category = _category(submission, errors)
    answers = _answers(submission, case_type.current.description, errors) if case_type and case_type.current else {}
    if errors or case_type is None:
        raise Invalid(errors)
    return NewCase(
        case_type=case_type,
        text=text,
        channel=submission.channel,
        category=category,
        answers=answers,
        language=submission.language[:10],
        point=submission.point,
        place_text=place_text or (nearest_address(submission.point) if submission.point else ""),
        reporter=reporter,
        wants_feedback=submission.wants_feedback,
        publish=submission.publish,
        shown_by=submission.shown_by,
        photos=tuple(photo.file for photo in submission.photos),
        unit_code=submission.unit_code,
        message_id=submission.message_id,
    )


def text_problem(kind: Kind, text: str, longest: int = TEXT_LENGTH) -> Text | None:
    """What is wrong with a cleaned text, or None."""
    if not text:
        return kind.text_missing
    over = len(text) - longest
    if over > 0 and longest != TEXT_LENGTH:
        return _("Texten är för lång. Den får vara högst %(limit)s tecken.") % {"limit": longest}
    if over > 0:
        return ngettext(
            "Texten är %(over)s tecken för lång. Den får vara högst 2 000 tecken. Det du skrev finns kvar.",
            "Texten är %(over)s tecken för lång. Den får vara högst 2 000 tecken. Det du skrev finns kvar.",
            over,
        ) % {"over": over}
    return None


def resolve_type(submission: Submission, text: str) -> tuple[CaseType | None, bool]:
    """The type and whether the sender chose it; None when the kind has no type at all or the chosen one is unknown."""
    if submission.case_type:
        chosen = type_by_code(submission.case_type)
        return (chosen if chosen and chosen.kind == submission.kind else None), True
    if submission.guess:
        guessed = suggest_type(text, kind=submission.kind)
        if guessed is not None:
            return guessed, False
    return generic_type(submission.kind), False


def _case_type(submission: Submission, text: str, errors: dict[str, Text]) -> CaseType | None:
    case_type, chosen = resolve_type(submission, text)
    if case_type is None:
        errors["case_type" if chosen else "kind"] = (
            _("Välj något i listan.") if chosen else _("Vi tar inte emot sådant här just nu. Ring oss i stället.")
        )
    return case_type


def _category(submission: Submission, errors: dict[str, Text]) -> Category | None:
    if not submission.category:
        return None
    category = category_by_code(submission.category)
    if category is None:
        errors["category"] = _("Välj något i listan.")
    return category


def _answers(submission: Submission, description: CaseTypeDescription, errors: dict[str, Text]) -> Answers:
    """The answers that can be used; where the sender never saw the questions, none is missing."""
    answers, wrong = read_answers(description, submission.answers)
    for code, sentence in wrong.items():
        given = any(clean_text(text) for text in submission.answers.get(code, ()))
        if given or submission.ask_all:
            errors[f"q_{code}"] = sentence
    return answers


def _reporter(given: NewReporter, errors: dict[str, Text]) -> NewReporter:
    name = clean_text(given.name, one_line=True)
    email = clean_text(given.email, one_line=True)
    try:
        email = mail_address(email) if email else ""
    except Invalid as wrong:
        errors |= wrong.errors
    phone = clean_text(given.phone, one_line=True)
    sender = given.sender_kind if given.sender_kind in _SENDERS else "person"
    company, number = _organisation(given, sender, errors)
    if len(name) > 120:
        errors["name"] = _("Skriv namnet kortare, med högst %(limit)s tecken.") % {"limit": 120}
    if len(phone) > 40:
        errors["phone"] = _("Skriv telefonnumret kortare, med högst %(limit)s tecken.") % {"limit": 40}
    elif "sms" in given.tell_by:
        try:
            phone = phone_number(phone)
        except Invalid as wrong:
            errors |= wrong.errors
    return NewReporter(
        name=name,
        email=email,
        phone=phone,
        sender_kind=sender,
        organisation_name=company,
        organisation_number=number,
        protected=given.protected,
        tell_by=given.tell_by,
    )


def _organisation(given: NewReporter, sender: str, errors: dict[str, Text]) -> tuple[str, str]:
    """Name and number of a company or an association; neither must be said, and of others neither is kept."""
    if sender not in _ORGANISATIONS:
        return "", ""
    name = clean_text(given.organisation_name, one_line=True)
    if len(name) > 120:
        errors["organisation_name"] = _("Skriv namnet kortare, med högst %(limit)s tecken.") % {"limit": 120}
    number = clean_text(given.organisation_number, one_line=True)
    try:
        number = organisation_number(number) if number else ""
    except Invalid as wrong:
        errors |= wrong.errors
    return name, number
