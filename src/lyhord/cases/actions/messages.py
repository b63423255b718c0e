"""What is said in a case: by the municipality, by the resident, among staff."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.accounts.models import User
from lyhord.cases.actions.changes import check_revision, lock, log, new_state, reopen, save
from lyhord.cases.actions.register import add_photos
from lyhord.cases.actions.tell import tell_followers, tell_reporter
from lyhord.cases.models import Case, Message, Outcome, Question, Side
from lyhord.cases.notices import CaseAnswered, CaseNotice
from lyhord.cases.states import REOPENABLE, State
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text
from lyhord.files.models import StoredFile

LONGEST = 10_000


def _text(text: str) -> str:
    cleaned = clean_text(text)
    if not cleaned:
        raise Invalid({"text": _("Skriv något först. En mening räcker.")})
    if len(cleaned) > LONGEST:
        raise Invalid({"text": _("Texten är för lång. Den får vara högst 10 000 tecken. Det du skrev finns kvar.")})
    return cleaned


def _say(case: Case, side: Side, text: str, by: Actor, *, channel: str, external_id: str = "") -> Message:
    author = User(pk=by.id) if by.kind == "person" and by.id else None
    return Message.objects.create(
        organisation_id=case.organisation_id,
        case=case,
        side=side,
        author=author,
        author_label=by.label,
        text=_text(text),
        channel=channel,
        at=now(),
        external_id=external_id,
    )


@transaction.atomic
def reply(
    *,
    case_id: int,
    text: str,
    by: Actor,
    channel: str = "desk",
    revision: int | None = None,
    photos: tuple[StoredFile, ...] = (),
    external_id: str = "",
    begins: bool = True,
    news: type[CaseNotice] = CaseAnswered,
) -> Message:
    """Answer the resident. They no longer wait for us; they and the followers are told that there is an answer.

    Those whose cases have been merged into this one get the same answer. With `external_id`, an answer that is sent
    twice (a double click, another system) is one answer, whatever the revision. It `begins` the work on a case that
    nobody has begun with, unless whoever answers puts the case into another state in the same step.
    """
    case = lock(case_id)
    if known := _known(case, external_id):
        return known
    check_revision(case, revision)
    message = _say(case, Side.OFFICE, text, by, channel=channel, external_id=external_id)
    add_photos(case, photos, message_id=message.pk)
    case.answered_at = case.answered_at or message.at
    case.waiting_since = None
    case.unread = False
    fields = ["answered_at", "waiting_since", "unread"]
    before = case.state
    if begins and case.state == State.RECEIVED:
        case.state = State.IN_PROGRESS
        fields.append("state")
    save(case, *fields)
    log(case, "replied", by, message=message.pk, **new_state(case, before))
    tell_reporter(case, news, key=f"message-{message.pk}")
    tell_followers(case, key=f"message-{message.pk}")
    _reply_to_merged(case, message, photos, by)
    return message


def _reply_to_merged(case: Case, message: Message, photos: tuple[StoredFile, ...], by: Actor) -> None:
    """The same answer in each case that was merged into this one; their rows stay as they are, closed."""
    for merged in Case.objects.filter(duplicate_of=case).order_by("pk"):
        copy = _say(merged, Side.OFFICE, message.text, by, channel=message.channel)
        add_photos(merged, photos, message_id=copy.pk)
        log(merged, "replied", by, message=copy.pk, through=case.number)
        tell_reporter(merged, CaseAnswered, key=f"message-{copy.pk}")


@transaction.atomic
def note(
    *,
    case_id: int,
    text: str,
    by: Actor,
    photos: tuple[StoredFile, ...] = (),
    external_id: str = "",
    revision: int | None = None,
) -> Message:
    """Write among staff; never shown to residents, nor told of in any message outward, and nor are its pictures."""
    case = lock(case_id)
    if known := _known(case, external_id):
        return known
    check_revision(case, revision)
    message = _say(case, Side.INTERNAL, text, by, channel="desk", external_id=external_id)
    add_photos(case, photos, message_id=message.pk, internal=True)
    save(case)
    log(case, "noted", by, level=1, message=message.pk)
    return message


@transaction.atomic
def resident_writes(
    *,
    case_id: int,
    text: str,
    by: Actor,
    channel: str,
    photos: tuple[StoredFile, ...] = (),
    external_id: str = "",
    reporter: bool = True,
    reopens: bool = True,
) -> Message:
    """The resident says more. A closed case opens again, and really reaches the desk.

    `external_id` makes a message that is sent twice (a double click, a mail fetched again) one message. Where it is
    not the `reporter` who says it, but somebody in another system, it is new at the desk all the same, and for staff
    only. It `reopens` nothing where that system says that the case may stay closed.
    """
    case = lock(case_id)
    if known := _known(case, external_id):
        return known
    side = Side.RESIDENT if reporter else Side.INTERNAL
    message = _say(case, side, text, by, channel=channel, external_id=external_id)
    add_photos(case, photos, message_id=message.pk, internal=not reporter)
    case.unread = case.resident_wrote = True
    before = case.state
    answered = _answered(case) if reporter else []
    fields = ["unread", "resident_wrote", *answered]
    if reopens or case.state not in REOPENABLE:
        case.waiting_since = case.waiting_since or message.at
        fields.append("waiting_since")
    if case.state in REOPENABLE and reopens:
        case.state = State.ASSIGNED if case.officer_id else State.RECEIVED
        fields += ["state", *reopen(case)]
        log(case, "reopened", by, reason="resident", after=case.state)
    save(case, *fields)
    log(case, "resident_wrote", by, message=message.pk, **(new_state(case, before) if answered else {}))
    return message


def _answered(case: Case) -> list[str]:
    """What was asked is answered, if anything was: the case waits no more. Returns the changed fields, for `save`."""
    if case.state != State.WAITING:
        return []
    asked = Question.objects.filter(case=case, settled_at=None)
    if not asked.update(settled_at=now(), outcome=Outcome.ANSWERED):
        return []
    case.state = State.IN_PROGRESS
    case.state_reason, case.state_until = "", None
    return ["state", "state_reason", "state_until"]


def already_said(case_id: int, external_id: str) -> bool:
    """Whether a message has come by that name. The case is locked, so that this holds until the transaction ends."""
    return _known(lock(case_id), external_id) is not None


def _known(case: Case, external_id: str) -> Message | None:
    """The message that has already come by that name."""
    return Message.objects.filter(case=case, external_id=external_id).first() if external_id else None


@transaction.atomic
def mark_read(*, case_id: int, by: Actor) -> None:
    """The officer has seen what is new; no event, since reading changes nothing for anybody else."""
    Case.objects.filter(pk=case_id, unread=True).update(unread=False)
