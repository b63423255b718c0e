"""What a mechanism is (one way to have one's say): the contract of the plug-ins in `mechanisms/`, and who loads them.

A mechanism only describes: what is asked, of whom, and what may be answered. Forms, counting, limits, reading through
and showing are the same for all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import Text
from lyhord.core.registry import Registry


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer among several."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing more that whoever opens it says: a field of its form, many lines when `lines`."""

    name: str
    label: Text
    hint: Text = ""
    lines: bool = False


class Mechanism:
    """One way to have one's say. Nothing here reads the database."""

    slug: ClassVar[str] = ""
    order: ClassVar[int] = 100
    label: ClassVar[Text]
    help: ClassVar[Text]
    """When it fits, for whoever opens it."""
    icon: ClassVar[str] = "say"
    button: ClassVar[Text] = _("Skicka")
    """What leads to it, and sends it."""
    by_choice: ClassVar[bool] = False
    """One press among `choices`, once from each device; no words."""
    text_label: ClassVar[Text] = _("Vad vill du säga?")
    most_letters: ClassVar[int] = 2000
    asks_place: ClassVar[bool] = False
    asks_who: ClassVar[bool] = False
    """A name and where the sender is reached must be given: they go to the officer, and are never shown."""
    may_be_formal: ClassVar[bool] = False
    """Whoever opens it may demand that people log in."""
    supported: ClassVar[bool] = False
    """Others may say by one press that they agree with what is shown."""
    becomes_case: ClassVar[bool] = False
    """It is answered as a case, at the desk."""
    settings: ClassVar[tuple[Setting, ...]] = ()

    def choices(self, given: Mapping[str, Any]) -> Sequence[Choice]:
        """What can be answered, by the opening's settings; () where one writes."""
        return ()

    def read_settings(self, written: Mapping[str, str]) -> dict[str, Any]:
        """What is kept of what was written at `settings`. Raises Invalid."""
        return {}

    def written(self, given: Mapping[str, Any]) -> dict[str, str]:
        """The reverse: what stands in the fields of `settings`."""
        return {}


MECHANISMS: Registry[Mechanism] = Registry("lyhord.engagement.mechanisms", Mechanism)
