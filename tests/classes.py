"""Finding what classes there are, so that one that nobody wrote a test for is found."""

from collections.abc import Iterator
from typing import Any


def subclasses(base: type[Any]) -> Iterator[type[Any]]:
    """All that build on a class, however far down."""
    for one in base.__subclasses__():
        yield one
        yield from subclasses(one)
