"""What is read out of a mail. Standard library only: both sides of the limited process use it."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

SUBJECT_LENGTH = 200
NAME_LENGTH = 120
TEXT_LENGTH = 200_000
RESULT_LENGTH = 4000


class Sort(StrEnum):
    """What sort of mail it is, as far as the mail itself tells."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"  # a machine answers: away, thanks for your mail (RFC 3834)
    AUTOMATIC = "automatic"  # a machine writes by itself: an alarm, a web form, an order (RFC 3834)
    BULK = "bulk"  # to many: lists and newsletters
    BOUNCE = "bounce"  # ours did not get through, for good (RFC 3464, and what its forerunners write)
    DELAYED = "delayed"  # not yet, or not this time
    DELIVERED = "delivered"  # it did get through
    COMPLAINT = "complaint"  # the reader called ours spam (RFC 5965)
    RECEIPT = "receipt"  # ours was read, or thrown away unread (RFC 8098)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file that came along, or a picture in the text."""

    name: str
    content_type: str
    """As the mail says; nobody believes it."""
    inline: bool = False
    """Part of how the mail looks: most often a logotype."""
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a bounce, or another report about a mail of ours, says."""

    recipients: tuple[str, ...] = ()
    status: str = ""
    """As in RFC 3463: "5.1.1"; "" when nothing like it was said."""
    said: str = ""
    """The other server's own words, one line."""
    dead: bool = False
    """Whether it says that the address itself does not work, and not that the mailbox is full or the mail unwanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail, read. Everything in it is a claim by its sender, but for what the receiving server wrote on top."""

    sort: Sort = Sort.PERSON
    message_id: str = ""
    """Without angle brackets; "" when there is none."""
    refers_to: tuple[str, ...] = ()
    """Message-IDs from In-Reply-To and References, the nearest first."""
    from_name: str = ""
    from_address: str = ""
    """In small letters; "" when there is none, or several that claim to be it."""
    reply_to: str = ""
    recipients: tuple[str, ...] = ()
    """From To, Cc and what servers add about whom it was delivered to, in small letters."""
    subject: str = ""
    sent_at: datetime | None = None
    language: str = ""
    """What Content-Language says first: "sv"."""
    text: str = ""
    """All of it, plain, quoted mails and signature included."""
    own_words: str = ""
    """What is left of it without quoted mails and signature; never empty when `text` is not."""
    attachments: tuple[Attachment, ...] = ()
    report: Report | None = None
    our_ids: tuple[str, ...] = ()
    """Message-IDs that stand in the mail that a report gives back."""
    hops: int = 0
    """How many servers say that they passed it on."""
    looks_automatic: bool = False
    """The subject is one that answering machines use; a person may write it too."""
    no_reply: bool = False
    """The sender's address says that nobody reads it."""
    results: tuple[str, ...] = ()
    """What servers on the way have written of who sent it (Authentication-Results, RFC 8601), the last one first."""
    spam: bool = False
    """The receiving server took it for spam."""
    flaws: tuple[str, ...] = ()
    """What was wrong with it and could be lived with: codes, for the log."""


def to_json(letter: Letter) -> bytes:
    """All but the attachments' data."""
    facts = asdict(letter)
    facts["sent_at"] = letter.sent_at.isoformat() if letter.sent_at else None
    for attachment in facts["attachments"]:
        del attachment["data"]
    return json.dumps(facts).encode("ascii")
