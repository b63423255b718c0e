"""Which matters somebody has chosen to see, as the address says: the same for the list and for feeds."""

from dataclasses import dataclass

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from lyhord.core.text import clean_text
from lyhord.matters.public_queries import Wanted
from lyhord.matters.stages import kinds
from lyhord.organisations.middleware import OrganisationRequest

NAMES = ("q", "organ", "amne", "omrade", "sort", "lage")
STAGES = {
    "": gettext_lazy("Alla"),
    "svara": gettext_lazy("Du kan svara nu"),
    "pagar": gettext_lazy("På gång"),
    "klart": gettext_lazy("Beslutat"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """What the address says, "" where nothing."""

    values: dict[str, str]

    @property
    def query(self) -> str:
        """The same choice as the query string of another address."""
        return urlencode({name: value for name, value in self.values.items() if value})


def read_choice(request: OrganisationRequest) -> tuple[Given, Wanted]:
    """What the address says, and what to look for."""
    given = {name: clean_text(request.GET.get(name, ""), one_line=True)[:100] for name in NAMES}
    given["lage"] = given["lage"] if given["lage"] in STAGES else ""
    wanted = Wanted(
        words=given["q"],
        body=given["organ"],
        topic=given["amne"],
        area=given["omrade"],
        kind=given["sort"] if given["sort"] in kinds() else "",
        stage=given["lage"],
    )
    return Given(given), wanted
