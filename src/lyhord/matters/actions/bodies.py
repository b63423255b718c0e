"""The bodies that papers name, and their meetings."""

from datetime import date

from django.db import transaction
from django.utils.text import slugify

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.core.text import clean_text
from lyhord.matters.models import Body, Document, Meeting

_C = Body.Classification


def classification_of(name: str) -> str:
    """What kind of body has such a name."""
    said = name.casefold()
    for ending, kind in (
        ("utskott", _C.COMMITTEE),
        (" au", _C.COMMITTEE),
        ("-au", _C.COMMITTEE),
        ("beredning", _C.COMMITTEE),
        ("presidium", _C.COMMITTEE),
        ("fullmäktige", _C.COUNCIL),
        ("styrelsen", _C.EXECUTIVE),
        ("styrelse", _C.EXECUTIVE),
        ("nämnden", _C.BOARD),
        ("nämnd", _C.BOARD),
    ):
        if said.endswith(ending):
            return kind.value
    return _C.OTHER.value


@transaction.atomic
def body_named(*, name: str, by: Actor) -> Body | None:
    """The body of that name or alias; a new one where there is none. None for no name."""
    name = clean_text(name, one_line=True)[:120]
    if not name:
        return None
    wanted = name.casefold()
    for body in Body.objects.all():
        if wanted in {body.name.casefold(), *(alias.casefold() for alias in body.aliases)}:
            return body
    code = (slugify(name) or "organ")[:80]
    taken = set(Body.objects.values_list("code", flat=True))
    number = 2
    while code in taken:
        code, number = f"{code[:74]}-{number}", number + 1
    body = Body.objects.create(code=code, name=name, classification=classification_of(name))
    record(verb="body.added", subject_type="body", subject_id=body.pk, by=by, data={"name": name}, level=1)
    return body


@transaction.atomic
def change_body(*, body_id: int, name: str, classification: str, aliases: list[str], by: Actor) -> Body:
    """What a body is called, what kind it is and which other names papers have for it."""
    body = Body.objects.select_for_update(of=("self",)).filter(pk=body_id).first()
    if body is None:
        raise NotFound
    before = {"name": body.name, "classification": body.classification, "aliases": body.aliases}
    body.name = clean_text(name, one_line=True)[:120] or body.name
    body.classification = Body.Classification(classification).value
    body.aliases = [alias for each in aliases if (alias := clean_text(each, one_line=True)[:120])]
    body.save()
    after = {"name": body.name, "classification": body.classification, "aliases": body.aliases}
    if before != after:
        data = {"before": before, "after": after}
        record(verb="body.changed", subject_type="body", subject_id=body.pk, by=by, data=data)
    return body


def meeting_on(*, body: Body | None, held_on: date | None, kind: str) -> Meeting | None:
    """The meeting that a paper is of; minutes say that it has been held."""
    if body is None or held_on is None or kind not in {Document.Kind.AGENDA, Document.Kind.MINUTES}:
        return None
    meeting, _new = Meeting.objects.get_or_create(body=body, held_on=held_on)
    if kind == Document.Kind.MINUTES and meeting.state != Meeting.State.HELD:
        meeting.state = Meeting.State.HELD
        meeting.save(update_fields=["state"])
    return meeting
