"""Whether it became good, by the one who said that it was not: closed by us is not the same as solved for them."""

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.cases.actions.changes import lock, log, save
from lyhord.cases.actions.messages import resident_writes
from lyhord.cases.models import Case
from lyhord.cases.queries import asks_outcome
from lyhord.core.actor import Actor
from lyhord.core.text import clean_text


@transaction.atomic
def say_good(*, case_id: int, by: Actor, revision: int | None = None) -> Case:
    """It became good. Said twice is said once; said about a case that has been taken up again, nothing."""
    case = lock(case_id, revision=revision)
    if asks_outcome(case) and not case.became_good:
        case.became_good = True
        save(case, "became_good")
        log(case, "became_good", by)
    return case


@transaction.atomic
def say_not_good(
    *, case_id: int, text: str, by: Actor, channel: str, external_id: str, revision: int | None = None
) -> None:
    """It did not become good: the case is taken up again, by its officer where it has one, with the words as a message.

    Without words it says just that. `external_id` makes a double click one message. When the case is open already,
    what was written is a message like any other, and nothing is said without words. Raises Invalid for a text too long.
    """
    case = lock(case_id, revision=revision)
    text = clean_text(text)
    asked = asks_outcome(case)
    if not asked and not text:
        return
    if asked:
        log(case, "not_good", by)
    resident_writes(
        case_id=case.pk,
        text=text or _("Nej, det blev inte bra."),
        by=by,
        channel=channel,
        external_id=external_id,
    )
