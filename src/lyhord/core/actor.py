"""Who does something: every action takes one as `by=`."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """A person of the staff, a resident, or a part of the system.

    `id` is the account's id for staff and None for residents, who stay anonymous in the log.
    `label` is what the history shows; it is copied so that the history outlives the account.
    """

    kind: Literal["person", "resident", "system"]
    id: int | None
    label: str
    via: str = ""
    """What they acted by where that was no page of ours: a program's key, somebody's signed token."""

    @classmethod
    def system(cls, label: str) -> "Actor":
        """A part of Lyhörd acting by itself, e.g. `Actor.system("intake")`."""
        return cls("system", None, label)

    @classmethod
    def resident(cls) -> "Actor":
        """Somebody outside, known by a follow code or not at all."""
        return cls("resident", None, "")
