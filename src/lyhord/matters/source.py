"""What a source of papers is: the contract of the plug-ins in `sources/`, and the one place that loads them.

A source only gets and reads. Whose turn it is, what is new, what has gone wrong and who is told belong to the caller.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from lyhord.core.errors import LyhordError, Text
from lyhord.core.registry import Registry
from lyhord.matters.papers import Taken
from lyhord.matters.polite import Web


class SourceFailed(LyhordError):
    """Nothing could be got; the sentence is for whoever can mend it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that an administrator says about a source."""

    name: str
    label: Text
    hint: Text = ""
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """A file that came by mail, or a link to one."""

    id: int
    name: str
    content_type: str = ""
    data: bytes = field(default=b"", repr=False)
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One turn of a source."""

    organisation: str
    """Its slug."""
    config: Mapping[str, str]
    cursor: Mapping[str, Any]
    """What the last turn's Batch said; empty the first time, and when a source is tried out."""
    web: Web
    most: int = 20
    """How many papers at most; the next turn goes on."""
    mailed: tuple[Mailed, ...] = ()
    """What has been mailed to it and waits, for a source that takes mail; so many as may be read in one turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one turn came to. `more`: there is more at once. `gone`: keys of papers that are no longer there."""

    papers: tuple[Taken, ...] = ()
    cursor: Mapping[str, Any] = field(default_factory=dict)
    more: bool = False
    gone: tuple[str, ...] = ()
    read: tuple[int, ...] = ()
    """Ids of what had been mailed and is read now."""


class MatterSource(ABC):
    """One way to get papers. Nothing here reads the database."""

    slug: ClassVar[str] = ""
    order: ClassVar[int] = 100
    label: ClassVar[Text]
    help: ClassVar[Text]
    settings: ClassVar[tuple[Setting, ...]] = ()
    by_mail: ClassVar[bool] = False
    """Whether it has an address of its own that papers are mailed to (mailbox.py); it then asks for `senders`."""

    @abstractmethod
    def fetch(self, errand: Errand) -> Batch:
        """What is new since the cursor. Outside any scope. Raises SourceFailed, OutwardError or Unreadable."""


SOURCES: Registry[MatterSource] = Registry("lyhord.matters.sources", MatterSource)  # type: ignore[type-abstract]  # a contract
