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


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one turn came to. `more`: there is more at once. `gone`: keys of papers that are no longer there."""

    papers: tuple[Taken, ...] = ()
    cursor: Mapping[str, Any] = field(default_factory=dict)
    more: bool = False
    gone: tuple[str, ...] = ()


class MatterSource(ABC):
    """One way to get papers. Nothing here reads the database."""

    slug: ClassVar[str] = ""
    order: ClassVar[int] = 100
    label: ClassVar[Text]
    help: ClassVar[Text]
    settings: ClassVar[tuple[Setting, ...]] = ()

    @abstractmethod
    def fetch(self, errand: Errand) -> Batch:
        """What is new since the cursor. Outside any scope. Raises SourceFailed, OutwardError or Unreadable."""


SOURCES: Registry[MatterSource] = Registry("lyhord.matters.sources", MatterSource)  # type: ignore[type-abstract]  # a contract
