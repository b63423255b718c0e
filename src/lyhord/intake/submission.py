"""What every channel makes of what somebody said, and what they get back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case
from lyhord.core.actor import Actor
from lyhord.files.models import StoredFile
from lyhord.places.point import Point

TEXT_LENGTH = 2000
PLACE_LENGTH = 200
MOST_PHOTOS = 3


@dataclass(frozen=True, slots=True)
class SubmittedPhoto:
    """A picture that files has already cleaned and kept, with what the sender says it shows."""

    file: StoredFile
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One thing that somebody said, as it came: `receive` checks and cleans it.

    (`source`, `external_id`) is the sender's own name for it within the organisation: "web" and the id of the form,
    "open311:<key>" and the client's id, "email" and the Message-ID. The same pair is always the same case.
    """

    source: str
    external_id: str
    channel: str
    text: str
    kind: str = "felanmalan"
    case_type: str | None = None
    """Code of the type the sender chose; None lets the words decide."""
    guess: bool = True
    """False when the sender was asked and said "something else": then nothing is guessed."""
    category: str | None = None
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By question code, as a form sends them."""
    ask_all: bool = False
    """Whether the sender saw the type's questions, so that a required one without an answer is a mistake of theirs."""
    point: Point | None = None
    place_text: str = ""
    reporter: NewReporter = field(default_factory=NewReporter)
    wants_feedback: bool = False
    publish: bool = False
    shown_by: Actor | None = None
    """Who lets it be shown without somebody reading it through first (a key that may)."""
    photos: tuple[SubmittedPhoto, ...] = ()
    language: str = "sv"
    longest: int = TEXT_LENGTH
    """How long the text may be; other systems' clients are promised more than our own forms."""
    submitted_at: datetime | None = None
    """When the sender pressed the button, where that was long before it arrived (no coverage)."""
    seconds: int | None = None
    """From opening the form to pressing the button, where the sender's device has counted them."""
    unit_code: str = ""
    """Whose it is, where the way that it came says so: an address of a unit's own."""
    message_id: str = ""
    """Of the mail by which it came."""
    suspected: str = ""
    """Why a machine may have sent it ("honeypot"); it is kept all the same, and noted."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender may hold us to: the case, its number and the code to follow it by."""

    case: Case
    number: str
    code: str
    created: bool
    """False when this submission had already become a case."""
