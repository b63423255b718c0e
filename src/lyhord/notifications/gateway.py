"""The contract of a service that carries text messages; each is one file in gateways/.

A gateway only translates: what it is to be asked, and what its answers and its calls to us mean. The call itself, its
book-keeping and the checking of keys are the same for all (senders/sms.py, intake/channels/sms.py).
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from django.utils.functional import Promise

from lyhord.core.http import Answer
from lyhord.core.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who we are there."""

    url: str
    username: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One message on its way out."""

    sender: str
    """The number, or the short name, that it comes from."""
    number: str
    words: str
    report_url: str
    """Where it is told how it went; "" where nobody wants to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask the gateway."""

    url: str
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message that somebody sent us. `id` is the gateway's own name for it."""

    id: str
    sender: str
    to: str
    words: str


class Fate(StrEnum):
    """How a message of ours went."""

    ON_ITS_WAY = "on_its_way"
    DELIVERED = "delivered"
    LOST = "lost"


class Gateway(ABC):
    """Speaks one gateway's language."""

    slug: ClassVar[str]
    label: ClassVar[str | Promise]
    order: ClassVar[int] = 100
    url: ClassVar[str] = ""
    """Where it is, as its makers say; an organisation may say otherwise."""

    @abstractmethod
    def question(self, text: Text, who: Credentials) -> Question | None:
        """The POST that sends it; None where there is nobody to call."""

    @abstractmethod
    def sent(self, answer: Answer) -> str:
        """The gateway's name for what it has taken. Raises SenderError."""

    @abstractmethod
    def incoming(self, form: Mapping[str, str]) -> Incoming:
        """What a call of the gateway's says that somebody sent. ValueError when it says nothing of the kind."""

    @abstractmethod
    def fate(self, form: Mapping[str, str]) -> tuple[str, Fate]:
        """Of which message, by the gateway's name, a call tells how it went. ValueError when it does not."""


GATEWAYS: Registry[Gateway] = Registry("lyhord.notifications.gateways", Gateway)  # type: ignore[type-abstract]  # a contract
