"""What a channel is: the contract of the plug-ins in `channels/`, and the one place that loads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lyhord.cases.actions.messages import resident_writes
from lyhord.cases.models import Case, Message
from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound, Text
from lyhord.core.registry import Registry
from lyhord.files.models import StoredFile
from lyhord.intake.models import ApiKey
from lyhord.intake.receive import receive
from lyhord.intake.submission import Receipt, Submission
from lyhord.organisations.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Another service calls us, in its own way and not in ours."""

    method: str
    headers: Mapping[str, str]
    """By name in small letters."""
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """What it is told: a status, and what it wants to read."""

    status: int
    text: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class Channel:
    """One way to reach the municipality. A subclass translates; taking in is the same for all."""

    slug: ClassVar[str] = ""
    order: ClassVar[int] = 100
    label: ClassVar[Text]
    by_staff: ClassVar[bool] = False
    """Whether staff enter what comes this way, on behalf of the one who said it."""
    scope: ClassVar[str] = ""
    """What a key must allow for a machine to post JSON to /in/<slug>/; "" where no machine may."""

    hooked: ClassVar[bool] = False
    """Whether another service calls /in/<slug>/krok/ in its own way, and `hook` checks by itself who it is."""
    most_bytes: ClassVar[int] = 100_000
    """How much it may say in one call."""

    def receive(self, *, organisation: Organisation, submission: Submission, by: Actor) -> Receipt:
        """Take a submission in; idempotent on its source and external id. Raises Invalid."""
        if submission.channel != self.slug:
            raise ValueError(f"a submission by {submission.channel} came to {self.slug}")
        return receive(organisation=organisation, submission=submission, by=by)

    def write(
        self,
        *,
        case: Case,
        text: str,
        external_id: str,
        by: Actor,
        photos: tuple[StoredFile, ...] = (),
        reporter: bool = True,
        reopens: bool = True,
    ) -> Message:
        """Add what the resident, or another, says later to a case; idempotent on the external id. Raises Invalid."""
        return resident_writes(
            case_id=case.pk,
            text=text,
            by=by,
            channel=self.slug,
            photos=photos,
            external_id=external_id,
            reporter=reporter,
            reopens=reopens,
        )

    def incoming(self, *, organisation: Organisation, given: Mapping[str, Any], key: ApiKey) -> Mapping[str, Any]:
        """Take in what a machine posted, and what to answer it; the key has been checked. Raises Invalid, NotFound."""
        raise NotFound

    def hook(self, *, organisation: Organisation, call: Call) -> Answered:
        """Check who calls, keep what it says, and answer at once: what is to be done with it is a job's affair."""
        raise NotFound

    def reply(self, *, message: Message) -> bool:
        """Carry an answer back the way the resident came; False when notices and the follow page do it."""
        return False


CHANNELS: Registry[Channel] = Registry("lyhord.intake.channels", Channel)
