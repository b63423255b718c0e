"""What routing, deadlines and titles need to know about a case that is about to be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lyhord.cases.answers import Answers
from lyhord.cases.models import CaseType, Category
from lyhord.core.actor import Actor
from lyhord.files.models import StoredFile
from lyhord.places.point import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReporter:
    """Who says it; every field may be empty."""

    name: str = ""
    email: str = ""
    phone: str = ""
    sender_kind: str = "person"
    organisation_name: str = ""
    organisation_number: str = ""
    protected: bool = False
    tell_by: tuple[str, ...] = ("email",)
    """Slugs of the senders by which they want to hear from us: those for which they gave an address count."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "email", self.email.lower())  # as `mail_address` has it, whatever way it came in

    @property
    def ways(self) -> list[tuple[str, str]]:
        """(sender, address) of each way by which they are told."""
        given = {"email": self.email, "sms": self.phone}
        return [(sender, given[sender]) for sender in self.tell_by if given.get(sender)]

    @property
    def nobody(self) -> bool:
        """True when nothing at all is known, so that no row is kept."""
        said = self.name or self.email or self.phone or self.organisation_name or self.organisation_number
        return not said and not self.protected and self.sender_kind == "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """Everything `register` needs, checked and cleaned by intake."""

    case_type: CaseType
    text: str
    channel: str
    category: Category | None = None
    answers: Answers = field(default_factory=dict)
    language: str = "sv"
    point: Point | None = None
    place_text: str = ""
    reporter: NewReporter = field(default_factory=NewReporter)
    wants_feedback: bool = False
    publish: bool = False
    shown_by: Actor | None = None
    """Who lets it be shown to others without somebody reading it through first, where it may be shown at all."""
    photos: tuple[StoredFile, ...] = ()
    unit_code: str = ""
    """Whose it is, where the way that it came says so."""
    message_id: str = ""
    """Of the mail by which it came, without brackets."""


class Claim(NamedTuple):
    """What only one case may have: an insert that returns a row where nobody had it, and none where somebody had.

    `drawn.keys[1]` is the id of the case to be, in a select that has `from drawn`.
    """

    sql: str
    values: Sequence[Any]
