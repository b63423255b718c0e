"""The contract of a case system; each is one file in adapters/."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.core.clock import zone
from lyhord.core.registry import Registry
from lyhord.exchange.models import ChangeKind


class AdapterError(Exception):
    """The other system did not do it. `code` is one of faults.py, `detail` what the system said, for staff.

    `permanent` says that trying again would not help.
    """

    def __init__(self, code: str, detail: str = "", *, permanent: bool = False) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a system is and who we are there."""

    system: int
    settings: Mapping[str, str]
    secret: str
    zone: ZoneInfo = field(default_factory=zone)
    errands: tuple[str, ...] = ()
    """What our open cases are called there, for an adapter that asks about each (`asks_by_id`)."""

    def day(self, at: datetime) -> date:
        """The day that a moment is, where the organisation is."""
        return at.astimezone(self.zone).date()


NOON = "12:00:00"
"""When a day is said as a moment: it stays the same day in whatever zone the other system reads it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that an administrator says about a system, beside its secret."""

    name: str
    label: str | Promise
    help: str | Promise = ""
    required: bool = True
    address: bool = False
    """Whether it is an address of a machine that is sent the secret."""
    mail: bool = False
    """Whether it is a mail address."""


URL = Setting("url", _("Adress till systemet"), _("Den börjar med https://"), address=True)
USER = Setting("user", _("Vad heter vi där?"), _("Den användare som Lyhörd är i systemet."))


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along, byte for byte."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be done there. `key` names it for ever: the same key twice must be done once.

    For CREATE `queue`, `title`, the position and `value`, their word for what has just come in, are set; for STATE and
    OWNER `value`, in their words, and `until` where a state has a date: planned for, or waiting until.
    """

    key: str
    kind: ChangeKind
    text: str = ""
    title: str = ""
    queue: str = ""
    lat: float | None = None
    lon: float | None = None
    value: str = ""
    until: date | None = None
    files: tuple[Attachment, ...] = ()
    office: str = ""
    """What we call ourselves."""
    reply_to: str = ""
    """Where answers by mail about the case come in; "" where none are taken in."""
    thread: str = ""
    """The Message-ID that all mail about the case refers to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that somebody did there. `key` is its own name in that system; `value` is in their words.

    A STATE with `until` has a date there: what is open is then planned for that day.
    """

    key: str
    remote_id: str
    kind: ChangeKind
    at: datetime
    value: str = ""
    until: date | None = None
    text: str = ""
    files: tuple[Attachment, ...] = ()

    def with_content(self, text: str, files: tuple[Attachment, ...]) -> "News":
        """The same with what was said."""
        return replace(self, text=text, files=files)


@dataclass(frozen=True, slots=True)
class Batch:
    """A page of news in their order, and from where to read on. With `more` there is another page at once."""

    news: tuple[News, ...]
    cursor: str
    more: bool = False


class Adapter(ABC):
    """Speaks one system's language. Order, trying again, echoes and conflicts belong to the caller.

    Every method calls another machine: outside any scope, raising AdapterError or OutwardError.
    """

    slug: ClassVar[str]
    label: ClassVar[str | Promise]
    settings: ClassVar[tuple[Setting, ...]]
    """What an administrator gives, beside the secret."""
    queue_label: ClassVar[str | Promise] = _("kö")
    """What the system calls that which our sorts of case are mapped to."""
    states_out: ClassVar[Mapping[str, str]]
    """Our states in their words, where the organisation says nothing else."""
    states_in: ClassVar[Mapping[str, str]]
    """Theirs in ours; a word that is missing is unknown, "" changes nothing."""

    takes: ClassVar[frozenset[ChangeKind]] = frozenset(ChangeKind)
    """What can be said there. What is left out never leaves: notes, where all that is said is for everybody."""

    has_secret: ClassVar[bool] = True
    carries_documents: ClassVar[bool] = True
    """Whether other files than pictures can go along."""

    asks_by_id: ClassVar[bool] = False
    """Whether `pull` needs to know what to ask about: the system has no list of what has changed."""

    @abstractmethod
    def check(self, connection: Connection, queues: list[str]) -> None:
        """Raise with a sentence when we cannot log in, or a queue is not there."""

    @abstractmethod
    def create(self, connection: Connection, change: Change) -> str:
        """The errand's id there; the one that it already has, if there is one by our key."""

    @abstractmethod
    def send(self, connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
        """Do it. With `again` it may have been done already, and must not be done twice."""

    @abstractmethod
    def start(self, connection: Connection) -> str:
        """The cursor after which all is new from now on."""

    @abstractmethod
    def pull(self, connection: Connection, cursor: str) -> Batch:
        """What others than we have done since; some of it again."""

    @abstractmethod
    def content(self, connection: Connection, news: News) -> News:
        """The news with its text and files."""

    def bell(self, settings: Mapping[str, str], address: str, secret: str) -> list[tuple[str | Promise, str]]:
        """What is put into the system so that it knocks when there is news (knocks.py): where, and the text that goes
        there. Empty for those that cannot."""
        return []

    def page(self, settings: Mapping[str, str], remote_id: str) -> str:
        """Where those who work there read the errand in a browser; "" when there is no such place. Calls nobody."""
        return ""


ADAPTERS: Registry[Adapter] = Registry("lyhord.exchange.adapters", Adapter)  # type: ignore[type-abstract]  # a contract
