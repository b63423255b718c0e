"""What others may read. Somebody always reads it through first; what was published can be taken back."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.cases.actions.changes import lock, log, save
from lyhord.cases.masking import Sensitive, find
from lyhord.cases.models import Case, Photo, Publication
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text


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
) -> Publication:
    """Publish a case as reviewed: the texts given here, and the photos chosen.

    Personal numbers always stop it. Phone numbers, addresses and the like stop it until the reviewer has seen the
    warning (`warned`). Raises Invalid.
    """
    case = lock(case_id)
    if case.confidential or case.protected or case.publication_state == Case.Published.CLOSED:
        raise Invalid({"": _("Det här ärendet får inte visas för andra.")})
    title, text, answer = clean_text(title, one_line=True), clean_text(text), clean_text(answer)
    if not title or not text:
        raise Invalid({"text": _("Rubrik och text behövs.")})
    _check_personal({"title": title, "text": text, "answer": answer}, warned=warned)
    publication, _new = Publication.objects.update_or_create(
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
    Photo.objects.filter(case=case).update(published=False)
    if photo_ids and case.version.description.publication.photos:
        Photo.objects.filter(case=case, pk__in=photo_ids, internal=False).update(published=True)
    case.publication_state = Case.Published.PUBLISHED
    save(case, "publication_state")
    log(case, "published", by, photos=sorted(photo_ids))
    return publication


def _check_personal(texts: dict[str, str], *, warned: bool) -> None:
    errors = {}
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
def decline_publication(*, case_id: int, by: Actor, reason: str = "") -> Case:
    """Keep a case between the resident and the municipality."""
    return _unpublish(case_id, Case.Published.DECLINED, "publication_declined", by, reason)


@transaction.atomic
def withdraw(*, case_id: int, by: Actor, reason: str = "") -> Case:
    """Take back what was published: the page answers 410 and the case leaves list, map and feeds at once."""
    return _unpublish(case_id, Case.Published.WITHDRAWN, "withdrawn", by, reason)


def _unpublish(case_id: int, to: Case.Published, verb: str, by: Actor, reason: str) -> Case:
    case = lock(case_id)
    case.publication_state = to
    save(case, "publication_state")
    Photo.objects.filter(case=case).update(published=False)
    Publication.objects.filter(case=case).delete()
    log(case, verb, by, reason=clean_text(reason))
    return case
