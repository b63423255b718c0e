"""The register of what has come in, as anybody may read it: offentlighets- och sekretesslagen 5 kap. 1 and 2 §§.

Number, day, and what it is about by its type: never the text, the place or who sent it. Where that could say too much
(care, school, protected people) only number and day stand there, as 5 kap. 2 § lets a public register do.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from lyhord.cases.kind import KINDS
from lyhord.cases.numbers import format_number, parse_number
from lyhord.cases.questions import in_language
from lyhord.cases.states import State
from lyhord.core.tenancy import require_organisation_id

PAGE = 50

_ROWS = """
select c.id, c.number, c.registered_at, c.kind, c.state, v.content->'name',
    c.confidential or c.protected or u.confidential, u.name, c.publication_state = 'published'
from cases_case c
join cases_casetypeversion v on v.organisation_id = c.organisation_id and v.id = c.version_id
join organisations_unit u on u.organisation_id = c.organisation_id and u.id = c.unit_id
where c.organisation_id = %(organisation)s
    and (%(number)s::text is null or c.number = %(number)s)
    and (%(before)s::text is null or c.id < (
        select b.id from cases_case b where b.organisation_id = c.organisation_id and b.number = %(before)s
    ))
order by c.id desc limit %(most)s
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One case in the register. `matter`, `unit` and `state` are "" where the case is kept from others."""

    number: str
    at: datetime
    matter: str
    unit: str
    state: str
    published: bool

    @property
    def withheld(self) -> bool:
        """Whether only number and day are shown."""
        return not self.matter


def register(language: str, *, number: str = "", before: str = "") -> tuple[list[Entry], bool]:
    """A page, newest first, and whether there are more. `before` goes on from a number; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS,
            {
                "organisation": require_organisation_id(),
                "number": _number(number) if number else None,
                "before": _number(before) if before else None,
                "most": PAGE + 1,
            },
        )
        found = [_entry(row[1:], language) for row in cursor.fetchall()]
    return found[:PAGE], len(found) > PAGE


def _number(text: str) -> str:
    """What a number looks like; one that is none finds nothing."""
    parsed = parse_number(text)
    return format_number(*parsed) if parsed else "-"


def _entry(row: tuple[object, ...], language: str) -> Entry:
    number, at, kind, state, names, withheld, unit, published = row
    assert isinstance(at, datetime)  # noqa: S101  # what the column is
    if withheld:
        return Entry(str(number), at, "", "", "", published=False)
    words = KINDS.get(str(kind)).words(State(str(state)))
    return Entry(
        str(number), at, in_language(json.loads(str(names)), language), str(unit), str(words.resident), bool(published)
    )
