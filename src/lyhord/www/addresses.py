"""Addresses that pages name many times over, worked out once.

    CASE = Address("public:case", "26-1")
    CASE("26-4817")

Django looks each address up anew, which for a map or a long list costs more than reading the rows.
"""

from collections.abc import Callable
from functools import cached_property

from django.urls import reverse


class Address:
    """An address whose parts are numbers or ids, which stand in it as they are. `like`: one of each sort."""

    def __init__(self, name: str, *like: object) -> None:
        self._name = name
        self._like = like

    def __call__(self, *parts: object) -> str:
        return self.written(*parts)

    @cached_property
    def written(self) -> Callable[..., str]:
        """What writes it, for loops. Looked up when first needed: the addresses are not there before."""
        pattern, rest = "", reverse(self._name, args=self._like)
        for part in self._like:
            head, _found, rest = rest.partition(f"/{part}")
            pattern += f"{head}/{{}}"
        return (pattern + rest).format


CASE = Address("public:case", "26-1")
DESK_CASE = Address("desk:case", 1)
IMAGE = Address("public:image", "00000000-0000-0000-0000-000000000000", "large")
OWN_IMAGE = Address("public:own_image", "0" * 26, "00000000-0000-0000-0000-000000000000", "large")
BOUNDARY = Address("public:boundary")
