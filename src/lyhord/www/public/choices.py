"""What somebody has chosen to see of what is published, read from the address: for list, map, feed and file alike."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from lyhord.cases.kind import KINDS
from lyhord.cases.public_filter import PublicFilter
from lyhord.cases.public_queries import categories_of_published, types_of_published
from lyhord.cases.states import CLOSED, OPEN, State
from lyhord.core.clock import today
from lyhord.core.text import clean_text
from lyhord.places.queries import named_areas

STAGES: dict[str, tuple[Any, frozenset[State]]] = {
    "": (gettext_lazy("Pågår"), OPEN),
    "planerat": (gettext_lazy("Planerat"), frozenset({State.PLANNED})),
    "klart": (gettext_lazy("Klart"), CLOSED),
    "alla": (gettext_lazy("Alla"), frozenset()),
}
GOING = "pagar"
"""The first stage by its own name, for addresses that mean all stages when they say none."""
YEARS = 6
"""So many years can be chosen, this one among them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The choice and the address that says it. What makes no sense in the address is nothing."""

    filter: PublicFilter
    given: dict[str, str]
    language: str

    @classmethod
    def read(cls, request: HttpRequest, *, everything: bool = False) -> Self:
        """From q, kategori, typ, sort, omrade, lage, ar, fran and till.

        Without lage the cases that are open, or `everything`.
        """

        def text(name: str, length: int = 80) -> str:
            return clean_text(request.GET.get(name, ""), one_line=True)[:length]

        stage = text("lage")
        if stage not in STAGES and stage != GOING:
            stage = ""
        kind, year = text("sort"), text("ar")
        given = {
            "q": text("q", 200),
            "kategori": text("kategori"),
            "typ": text("typ"),
            "sort": kind if kind in KINDS.slugs() else "",
            "omrade": text("omrade"),
            "lage": stage,
            "ar": year if year in _years() else "",
            "fran": _day(text("fran")),
            "till": _day(text("till")),
        }
        wanted = PublicFilter(
            words=given["q"],
            category=given["kategori"],
            type_code=given["typ"],
            kind=given["sort"],
            area=given["omrade"],
            states=_states(stage or ("alla" if everything else "")),
            year=int(given["ar"]) if given["ar"] else None,
            first=date.fromisoformat(given["fran"]) if given["fran"] else None,
            last=date.fromisoformat(given["till"]) if given["till"] else None,
        )
        return cls(wanted, given, str(getattr(request, "LANGUAGE_CODE", "sv")))

    @property
    def query(self) -> str:
        """The query string that says the same."""
        return urlencode({name: value for name, value in self.given.items() if value})

    @property
    def data_query(self) -> str:
        """The same for files and the like, which mean all stages when they say none."""
        said = {**self.given, "lage": self.given["lage"] or GOING}
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def narrowed(self) -> bool:
        """Whether more than the stage is chosen."""
        return any(value for name, value in self.given.items() if name not in {"lage", "q"})

    def context(self) -> dict[str, Any]:
        """What public/parts/choices.html shows: q, states, categories, types, areas, years, narrowed."""
        given = self.given
        return {
            "q": given["q"],
            "states": [
                {
                    "value": value,
                    "label": label,
                    "count": None,
                    "selected": (value or GOING) == (given["lage"] or GOING),
                }
                for value, (label, _states) in STAGES.items()
            ],
            "categories": _options(categories_of_published(self.language), given["kategori"]),
            "types": _options(types_of_published(self.language), given["typ"]),
            "areas": _options(named_areas(), given["omrade"]),
            "years": _options([(year, year) for year in _years()], given["ar"]),
            "category": given["kategori"],
            "narrowed": self.narrowed,
            "query": self.query,
            "data_query": self.data_query,
        }


def _states(stage: str) -> frozenset[State]:
    return STAGES["" if stage == GOING else stage][1]


def _options(choices: list[tuple[str, str]], chosen: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": label, "selected": value == chosen} for value, label in choices]


def _years() -> list[str]:
    this = today().year
    return [str(year) for year in range(this, this - YEARS, -1)]


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
