"""What the rows need to know of an organisation, as plain data that other processes can be given."""

from dataclasses import dataclass

SHARES = (22, 13, 9, 7, 6, 5.5, 5, 4.5, 4, 3.5, 3, 3, 2.5, 2.5, 2, 2, 1.75, 1.5, 1.25, 1)
"""Percent of all cases in each organisation, the largest first."""
LARGEST = "motala"


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """A case type with one category and one unit. `weight` is how often it comes."""

    code: str
    name: str
    kind: str
    type_id: int
    version_id: int
    category_id: int | None
    unit_id: int
    publishable: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Town:
    """One organisation. `places` are (lat, lon, street) of address points; `officers` are user ids by unit."""

    organisation_id: int
    types: tuple[TypeFacts, ...]
    confidential_units: frozenset[int]
    officers: dict[int, tuple[int, ...]]
    areas: tuple[int, ...]
    places: tuple[tuple[float, float, str], ...]
