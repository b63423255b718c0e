"""What is being written, kept on the server: it is there on the next device and after the session has ended.

No events: a draft changes nothing for anybody but the one who writes, and is saved many times a minute.
"""

from datetime import timedelta

from django.db import transaction

from lyhord.cases.actions.messages import LONGEST
from lyhord.cases.models import Case, Draft, Message
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import NotFound
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text

KEPT = timedelta(days=90)
LONGEST_DRAFT = 2 * LONGEST  # what is too long to send is kept all the same, to be shortened


@transaction.atomic
def save_draft(*, case_id: int, text: str, internal: bool, by: Actor) -> Draft | None:
    """Keep what has been written so far, one draft a person and case; an empty text forgets it.

    A text that the person has just sent is no draft: saving may arrive after sending. None when nothing is kept.
    """
    case = Case.objects.filter(pk=case_id).first()
    if case is None or by.id is None:
        raise NotFound
    text = clean_text(text)[:LONGEST_DRAFT]
    last = Message.objects.filter(case=case, author_id=by.id).order_by("-pk").first()
    if not text or (last is not None and last.text == text):
        forget_draft(case_id=case_id, by=by)
        return None
    values = {"text": text, "internal": internal, "saved_at": now()}
    draft, _new = Draft.objects.update_or_create(
        organisation_id=require_organisation_id(), case=case, user_id=by.id, defaults=values
    )
    return draft


@transaction.atomic
def forget_draft(*, case_id: int, by: Actor) -> None:
    """Forget the person's draft in the case."""
    if by.id is not None:
        Draft.objects.filter(case_id=case_id, user_id=by.id).delete()


def forget_old_drafts() -> int:
    """Delete drafts that nobody has touched for KEPT, in the organisation of this scope; returns how many."""
    return Draft.objects.filter(saved_at__lt=now() - KEPT).delete()[0]
