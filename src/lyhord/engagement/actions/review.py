"""Words are read before others see them."""

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.text import clean_text
from lyhord.engagement.actions.openings import LONGEST_TEXT, SUBJECT
from lyhord.engagement.models import Act


@transaction.atomic
def review(*, act_id: int, show: bool, by: Actor, text: str = "", answer: str = "") -> Act:
    """Show it in these words, with the municipality's answer if there is one; or do not show it.

    What was written stays as it was, for the document. Raises Invalid; NotFound for what has no words.
    """
    act = Act.objects.select_for_update(of=("self",)).select_related("opening").filter(pk=act_id).first()
    if act is None or act.state == Act.State.COUNTED:
        raise NotFound
    text, answer = clean_text(text), clean_text(answer)
    if show and not text:
        raise Invalid({"text": _("Skriv texten som ska visas.")})
    if len(text) > len(act.text) + LONGEST_TEXT or len(answer) > LONGEST_TEXT:
        raise Invalid({"answer": _("Svaret får vara högst 5000 tecken.")})
    act.state = Act.State.SHOWN if show else Act.State.HIDDEN
    act.shown_text, act.answer = (text, answer) if show else ("", "")
    act.save(update_fields=["state", "shown_text", "answer"])
    data = {"opening": act.opening_id, "act": act.pk}
    verb = "matter.words_shown" if show else "matter.words_hidden"
    record(verb=verb, subject_type=SUBJECT, subject_id=act.opening.matter_id, by=by, data=data, level=1)
    return act
