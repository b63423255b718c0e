"""What others may read. Somebody always reads it through first; what was published can be taken back."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.cases.actions.changes import close_publication, lock, log, save
from lyhord.cases.masking import Sensitive, find
from lyhord.cases.models import Case, Photo, Publication
from lyhord.cases.news import What, tell_alerts
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, Text
from lyhord.core.text import clean_text
from lyhord.organisations.models import Organisation

TITLE_LENGTH = 200
TEXT_LENGTH = 10_000


@transaction.atomic
def publish(
    *,
    case_id: int,
    title: str,
    text: str,
    by: Actor,
    answer: str = "",
    photo_ids: Collection[int] = (),
    warned: bool = False,
    revision: int | None = None,
) -> Publication:
    """Publish a case as reviewed: the texts given here, and the photos chosen.

    Personal numbers always stop it. Phone numbers, addresses and the like stop it until the reviewer has seen the
    warning (`warned`). Nothing is ever shown that its reporter, type, category or organisation does not allow, whatever
    it was when it came in. Raises Invalid with a sentence per field.
    """
    case = lock(case_id, revision=revision)
    if not _allowed(case):
        raise Invalid({"": _("Det här ärendet får inte visas för andra.")})
    title, text, answer = clean_text(title, one_line=True), clean_text(text), clean_text(answer)
    _check_lengths(title, text, answer)
    _check_personal({"title": title, "text": text, "answer": answer}, warned=warned)
    news = _news(case, answer)
    publication, _made = Publication.objects.update_or_create(
        organisation_id=case.organisation_id,
        case=case,
        defaults={
            "title": title,
            "text": text,
            "answer": answer,
            "published_at": now(),
            "published_by_id": by.id,
        },
    )
    shown = Photo.objects.filter(case=case, pk__in=photo_ids, internal=False)
    if not case.version.description.publication.photos:
        shown = shown.none()
    photos = sorted(shown.values_list("pk", flat=True))
    Photo.objects.filter(case=case).exclude(pk__in=photos).update(published=False)
    Photo.objects.filter(pk__in=photos).update(published=True)
    case.publication_state = Case.Published.PUBLISHED
    save(case, "publication_state")
    event = log(case, "published", by, photos=photos)
    tell_alerts(event, news)
    return publication


def _news(case: Case, answer: str) -> What:
    """What it is to those with alerts that this is published: the case, or an answer in it; else a correction."""
    if case.publication_state != Case.Published.PUBLISHED:
        return What.PUBLISHED
    answered = Publication.objects.filter(case=case).exclude(answer="").exists()
    return What.ANSWERED if answer and not answered else What.CORRECTED


def _allowed(case: Case) -> bool:
    if case.confidential or case.protected or case.publication_state == Case.Published.CLOSED:
        return False
    for version in (case.version, case.case_type.current):  # as it was when it came in, and as the type is today
        if version and (version.description.confidential or not version.description.publication.allowed):
            return False
    if case.category is not None and not case.category.publishable:
        return False
    return Organisation.objects.filter(pk=case.organisation_id, publishes=True).exists()


def _check_lengths(title: str, text: str, answer: str) -> None:
    errors: dict[str, Text] = {}
    if not title:
        errors["title"] = _("Skriv en rubrik.")
    elif len(title) > TITLE_LENGTH:
        errors["title"] = _("Rubriken är för lång. Den får vara högst 200 tecken.")
    for name, said in (("text", text), ("answer", answer)):
        if len(said) > TEXT_LENGTH:
            errors[name] = _("Texten är för lång. Den får vara högst 10 000 tecken.")
    if not text:
        errors["text"] = _("Skriv den text som ska visas.")
    if errors:
        raise Invalid(errors)


def _check_personal(texts: dict[str, str], *, warned: bool) -> None:
    errors: dict[str, Text] = {}
    for name, text in texts.items():
        found = find(text)
        if any(span.kind is Sensitive.PERSONAL_NUMBER for span in found):
            errors[name] = _("Här står ett personnummer. Ta bort det, det får aldrig visas.")
        elif found and not warned:
            errors[name] = _("Här står något som kan peka ut en person: %(what)s. Ta bort det eller visa ändå.") % {
                "what": ", ".join(sorted({str(span.label) for span in found}))
            }
    if errors:
        raise Invalid(errors, "personal")


@transaction.atomic
def decline_publication(*, case_id: int, by: Actor, reason: str = "", revision: int | None = None) -> Case:
    """Keep a case that waits for review between the resident and the municipality; again changes nothing."""
    states = Case.Published
    return _take_away(
        lock(case_id, revision=revision),
        before=states.REVIEW,
        after=states.DECLINED,
        verb="publication_declined",
        by=by,
        reason=reason,
    )


@transaction.atomic
def withdraw(*, case_id: int, by: Actor, reason: str = "", revision: int | None = None) -> Case:
    """Take back what was published: the page answers 410 and the case leaves list, map and feeds at once."""
    states = Case.Published
    case = lock(case_id, revision=revision)
    return _take_away(case, before=states.PUBLISHED, after=states.WITHDRAWN, verb="withdrawn", by=by, reason=reason)


def _take_away(case: Case, *, before: Case.Published, after: Case.Published, verb: str, by: Actor, reason: str) -> Case:
    """Only from the state it belongs to: a case whose reporter never said yes to being read stays closed for good."""
    if case.publication_state == after:
        return case
    if case.publication_state != before:
        raise Invalid({"": _("Det går inte att ändra. Ladda om sidan och se hur ärendet visas nu.")})
    save(case, *close_publication(case, after, by=by))
    log(case, verb, by, reason=clean_text(reason))
    return case
