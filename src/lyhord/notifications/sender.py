"""The contract of a sender; each is one file in senders/."""

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import Invalid
from lyhord.core.registry import Registry
from lyhord.core.text import clean_text
from lyhord.notifications.models import Notice, Rhythm
from lyhord.organisations.models import Organisation


class SenderError(Exception):
    """The notice did not leave. `permanent` says that trying again would not help.

    `bounced` says that nobody is at the address any more: its contact is paused until somebody verifies it.
    The text is for staff and may repeat what the other end said.
    """

    def __init__(self, text: str, *, permanent: bool = False, bounced: bool = False) -> None:
        super().__init__(text)
        self.permanent = permanent or bounced
        self.bounced = bounced


class AddressGone(SenderError):
    """Nobody is at the address any longer, as it should be: the notice is dropped, and nobody is bothered."""

    def __init__(self, text: str) -> None:
        super().__init__(text, permanent=True)


class Sender(ABC):
    """Carries a notice to its address. Trying again, time and book-keeping belong to the caller (tasks.py)."""

    slug: ClassVar[str]
    label: ClassVar[str | Promise]
    order: ClassVar[int] = 100
    brief: ClassVar[bool] = False
    """Room for one line and a link only: `notice.body` is then the subject and the link."""
    quiet: ClassVar[bool] = False
    """Whether it makes a telephone buzz, so that its new contacts are left alone from 21 to 07."""
    news_rhythm: ClassVar[Rhythm] = Rhythm.DAY
    """How often new contacts hear of what they only follow."""
    least_news_level: ClassVar[int] = 1
    """What is less important than this never goes this way: it costs money, or is looked at wherever one is."""
    one_news_a_day: ClassVar[bool] = False
    """Whether one message of news is all for a day: what comes after it is told together the next morning."""
    proof: ClassVar[Literal["link", "code", "none"]] = "link"
    """How an owner shows that an address is theirs: by a link sent to it, by a code, or by its having been given."""
    written: ClassVar[bool] = True
    """Whether people write the address themselves, in a form; a browser hands its own over."""
    address_label: ClassVar[str | Promise] = ""
    input_type: ClassVar[str] = "text"
    autocomplete: ClassVar[str] = "off"

    @abstractmethod
    def send(self, notice: Notice) -> None:
        """Hand the notice over, or raise SenderError. No transaction is open, and none may be while others are called.

        `notice.organisation` is loaded. The same notice may come again after a crash: where the other end can
        recognise a message, it carries the notice's id.
        """

    @abstractmethod
    def check(self, address: str) -> None:
        """Raise a permanent SenderError when the address is none that this sender could reach."""

    def clean(self, written: str) -> str:
        """The address in the one form by which it is kept and compared; Invalid, for the field "address", if none."""
        address = clean_text(written, one_line=True)
        try:
            self.check(address)
        except SenderError as error:
            raise Invalid({"address": _("Den adressen går inte att använda.")}) from error
        return address

    def shy(self, address: str) -> str:
        """Enough of the address for its owner to know it; whoever holds a case's code must not learn the rest."""
        return f"…{address[-2:]}"

    def offered(self, organisation: Organisation) -> bool:
        """Whether residents of the organisation may choose it: it is set up and costs nobody by surprise."""
        return True


SENDERS: Registry[Sender] = Registry("lyhord.notifications.senders", Sender)  # type: ignore[type-abstract]  # a contract
