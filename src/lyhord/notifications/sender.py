"""The contract of a sender; each is one file in senders/."""

from abc import ABC, abstractmethod
from typing import ClassVar

from django.utils.functional import Promise

from lyhord.core.registry import Registry
from lyhord.notifications.models import Notice


class SenderError(Exception):
    """The notice did not leave. `permanent` says that trying again would not help.

    The text is for staff and may repeat what the other end said.
    """

    def __init__(self, text: str, *, permanent: bool = False) -> None:
        super().__init__(text)
        self.permanent = permanent


class AddressGone(SenderError):
    """Nobody is at the address any longer, as it should be: the notice is dropped, and nobody is bothered."""

    def __init__(self, text: str) -> None:
        super().__init__(text, permanent=True)


class Sender(ABC):
    """Carries a notice to its address. Trying again, time and book-keeping belong to the caller (tasks.py)."""

    slug: ClassVar[str]
    label: ClassVar[str | Promise]

    @abstractmethod
    def send(self, notice: Notice) -> None:
        """Hand the notice over, or raise SenderError. No transaction is open, and none may be while others are called.

        `notice.organisation` is loaded. The same notice may come again after a crash: where the other end can
        recognise a message, it carries the notice's id.
        """

    @abstractmethod
    def check(self, address: str) -> None:
        """Raise a permanent SenderError when the address is none that this sender could reach."""


SENDERS: Registry[Sender] = Registry("lyhord.notifications.senders", Sender)  # type: ignore[type-abstract]  # a contract
