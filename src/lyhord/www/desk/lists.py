"""A page of a list that goes on without page numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for a template; `next_url` leads to what comes after, "" on the last page."""

    object_list: list[dict[str, Any]]
    next_url: str = ""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)
