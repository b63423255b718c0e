"""What a mail is to become, by who sent it, where it came and what it refers to. Reads only.

Two things lead into a case: an address that was made for it, and the Message-ID of a mail of ours about it. Neither
can be guessed. Both count only when the sender is the one who reported the case: whoever else has come by them, by a
copy, a forwarded mail or a list, does not speak for that person. A number that somebody writes leads nowhere: it
makes a draft, which a person looks at.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum

from django.conf import settings

from lyhord.cases.models import Case, Reporter
from lyhord.cases.numbers import numbers_in
from lyhord.cases.parties import party
from lyhord.cases.reply_address import case_of, is_reply_address
from lyhord.core.errors import Invalid
from lyhord.core.mail_address import mail_address
from lyhord.intake.mail.authenticity import vouched_for
from lyhord.intake.mail.letter import Letter, Sort
from lyhord.matters.actions.mailed import brings
from lyhord.matters.mailbox import Box, Claims, box_of, refusal
from lyhord.matters.source import Mailed
from lyhord.notifications.models import Notice
from lyhord.notifications.names import notice_of
from lyhord.organisations.models import Inlet, Organisation

MOST_HOPS = 50
_READ = 3000
"""So much of the text is looked through for a number."""


class What(StrEnum):
    """What to do with it."""

    JOIN = "join"
    CASE = "case"
    DRAFT = "draft"
    PARTY = "party"
    NOTE = "note"
    BOUNCE = "bounce"
    PAPER = "paper"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, why (a code), and with which case or notice."""

    what: What
    reason: str = ""
    case: Case | None = None
    notice: Notice | None = None
    party: str = ""
    """Who wrote, when it is somebody else who works with the case."""
    box: Box | None = None
    """Of which source the address is, when papers are mailed; `reason` says why it is not taken."""


@dataclass(frozen=True, slots=True)
class _Key:
    """How a mail refers to a case: by what was made for it, or by what only looks like it."""

    case: Case | None = None
    genuine: bool = False
    notice: Notice | None = None
    looked_like_one: bool = False


def decide(letter: Letter, inlet: Inlet, recipients: Iterable[str]) -> Decision:
    """The decision, in the organisation of this scope."""
    if _is_ours(letter):
        return Decision(What.IGNORE, "own")
    whom = [*recipients, *letter.recipients]
    if box := next((found for name in whom if (found := box_of(name))), None):
        return Decision(What.PAPER, _why_not(box, letter), box=box)
    key = _key(letter, whom)
    match letter.sort:
        case Sort.BOUNCE | Sort.COMPLAINT:
            notice = key.notice or _first_notice(letter.our_ids)
            return Decision(What.BOUNCE, letter.sort, notice=notice) if notice else Decision(What.IGNORE, letter.sort)
        case Sort.DELAYED | Sort.DELIVERED | Sort.RECEIPT:
            return Decision(What.IGNORE, letter.sort)
        case Sort.AUTO_REPLY:
            known = key.case if key.genuine else None
            return Decision(What.NOTE, letter.sort, known) if known else Decision(What.IGNORE, letter.sort)
    if letter.looks_automatic and key.genuine and (key.notice or _is_party(key.case, letter)):
        return Decision(What.NOTE, "auto_reply", key.case)
    return _of_a_person(letter, inlet, key)


def _of_a_person(letter: Letter, inlet: Inlet, key: _Key) -> Decision:
    """What was not certainly written by a machine."""
    if key.genuine:
        name = party(key.case, letter.from_address) if key.case else ""
        if not name and not _is_party(key.case, letter):
            return Decision(What.DRAFT, "other_sender", key.case)
        if letter.sort is not Sort.PERSON or letter.spam:
            return Decision(What.DRAFT, _reason(letter) or str(letter.sort), key.case)
        return Decision(What.PARTY if name else What.JOIN, case=key.case, party=name)
    if key.looked_like_one:
        return Decision(What.DRAFT, "forged", key.case or _mentioned(letter))
    mentioned = _mentioned(letter)
    if mentioned is not None:
        return Decision(What.DRAFT, "number", mentioned)
    reason = _reason(letter)
    if not reason and not letter.text and not letter.subject and not letter.attachments:
        reason = "empty"
    if reason or inlet.review:
        return Decision(What.DRAFT, reason or "review")
    return Decision(What.CASE)


def _why_not(box: Box, letter: Letter) -> str:
    """Why papers that are mailed are not taken; "" when they are."""
    organisation = Organisation.objects.get(pk=box.source.organisation_id)
    by_program = letter.sort not in {Sort.PERSON, Sort.AUTOMATIC, Sort.BULK}  # some send by lists and programs
    against = "automatic" if by_program else "spam" if letter.spam else "loop" if letter.hops > MOST_HOPS else ""
    vouched = vouched_for(letter.results, sender=letter.from_address, server=organisation.mail_server)
    claims = Claims(
        sender=letter.from_address,
        vouched=vouched,
        refused=against,
        brings=brings(files_of(letter), letter.text),
    )
    return refusal(box, claims)


def files_of(letter: Letter) -> list[Mailed]:
    """What came along, as a source takes it."""
    return [
        Mailed(id=0, name=one.name, content_type=one.content_type, data=one.data)
        for one in letter.attachments
        if not one.inline
    ]


def _reason(letter: Letter) -> str:
    """Why somebody should look at it first; "" for none."""
    if letter.spam:
        return "spam"
    if letter.hops > MOST_HOPS:
        return "loop"
    if letter.sort is not Sort.PERSON:
        return str(letter.sort)
    if _is_address_of_ours(letter.from_address):
        return "own_address"
    if letter.no_reply:
        return "no_reply"
    if letter.looks_automatic:
        return "automatic"
    try:
        mail_address(letter.from_address)
    except Invalid:
        return "no_sender"
    return ""


def _is_ours(letter: Letter) -> bool:
    """Whether we sent it ourselves, and it has come round."""
    return notice_of(letter.message_id) is not None or case_of(letter.message_id)[1]


def _is_address_of_ours(address: str) -> bool:
    own = {parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()}
    local, _at, domain = address.rpartition("@")
    bare = f"{local.partition('+')[0]}@{domain}"
    return address in own or Inlet.objects.filter(channel=Inlet.Channel.EMAIL, address=bare).exists()


def _key(letter: Letter, whom: list[str]) -> _Key:
    """The best that it has: an address made for a case, a notice's name, what only looks like one."""
    looked: _Key | None = None
    for name in whom:
        if (number := notice_of(name)) is not None and (notice := _notice(number)):
            return _Key(_case_of_notice(notice), True, notice)
        case, genuine = case_of(name)
        if genuine:
            return _Key(case, True)
        if is_reply_address(name) and looked is None:
            looked = _Key(case, looked_like_one=True)
    for name in letter.refers_to[:50]:
        if (number := notice_of(name)) is not None and (notice := _notice(number)):
            case = _case_of_notice(notice)
            if case is not None:
                return _Key(case, True)
        case, genuine = case_of(name)
        if genuine:
            return _Key(case, True)
    return looked or _Key()


def _first_notice(names: Iterable[str]) -> Notice | None:
    for name in names:
        number = notice_of(name)
        notice = _notice(number) if number is not None else None
        if notice is not None:
            return notice
    return None


def _notice(number: int) -> Notice | None:
    return Notice.objects.filter(pk=number).first()


def _case_of_notice(notice: Notice) -> Case | None:
    """The case that the notice told its reporter of; a follower's notice leads into no case."""
    if notice.subject_type != "case" or notice.subject_id is None or not notice.dedupe_key.startswith("case-"):
        return None
    return Case.objects.filter(pk=notice.subject_id).first()


def _is_party(case: Case | None, letter: Letter) -> bool:
    """Whether the sender is the one who reported the case, as far as a mail can tell."""
    if case is None or not letter.from_address:
        return False
    return Reporter.objects.filter(case=case, email=letter.from_address).exists()


def _mentioned(letter: Letter) -> Case | None:
    """The case whose number stands in the subject, or early in the text."""
    numbers = numbers_in(f"{letter.subject}\n{letter.own_words[:_READ]}")[:20]
    if not numbers:
        return None
    found = {case.number: case for case in Case.objects.filter(number__in=numbers)}
    return next((found[number] for number in numbers if number in found), None)
