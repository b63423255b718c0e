"""What we have promised, beside the case: kept, kept too late, broken, or still time."""

from datetime import timedelta
from typing import Any

import pytest

from lyhord.cases.lateness import due
from lyhord.cases.models import Case
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.www.desk.about import promises
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("4.4")]
HOUR = timedelta(hours=1)
LIMITS: list[tuple[str, dict[str, Any], bool | None, bool, str]] = [
    ("still time", {"answer_by": HOUR}, None, False, ""),
    ("done in time", {"answer_by": -HOUR, "answered_at": -2 * HOUR}, True, True, "gjort i tid"),
    ("done at the last moment", {"answer_by": -HOUR, "answered_at": -HOUR}, True, True, "gjort i tid"),
    ("done early", {"answer_by": HOUR, "answered_at": -HOUR}, True, True, "gjort i tid"),
    ("done too late", {"answer_by": -2 * HOUR, "answered_at": -HOUR}, False, True, "gjort, men för sent"),
    ("not done, too late", {"answer_by": -HOUR}, False, False, "tiden har gått ut"),
    ("closed in time", {"answer_by": HOUR, "closed_at": -HOUR, "state": "resolved"}, True, True, "gjort i tid"),
    (
        "closed too late",
        {"answer_by": -2 * HOUR, "closed_at": -HOUR, "state": "refused"},
        False,
        True,
        "gjort, men för sent",
    ),
    (
        "answered in time, closed later",
        {"answer_by": -2 * HOUR, "answered_at": -3 * HOUR, "closed_at": -HOUR, "state": "resolved"},
        True,
        True,
        "gjort i tid",
    ),
    ("a day was named", {"answer_by": -HOUR, "state": "planned", "state_until": 24 * HOUR}, None, False, ""),
]


@pytest.mark.parametrize("limit", LIMITS, ids=[limit[0] for limit in LIMITS])
def test_kept_or_not(cast: Cast, limit: tuple[str, dict[str, Any], bool | None, bool, str]) -> None:
    _name, values, met, done, words = limit
    case, at = factories.make_case(cast.motala).case, now()
    given = {key: at + value if isinstance(value, timedelta) else value for key, value in values.items()}
    if "state_until" in given:
        given["state_until"] = given["state_until"].date()
    with organisation_scope(cast.motala.pk):
        Case.objects.filter(pk=case.pk).update(**given)
        case.refresh_from_db()
        assert [(row["met"], row["done"]) for row in promises(case)] == [(met, done)]
        if case.open and met is False and not done:
            assert (due(case) or at) < at  # the chip says the same
    headings = {
        heading.text: heading.parent for heading in soup(browser(cast.sara).get(f"/desk/{case.pk}/")).select("h2")
    }
    section = headings["Vad vi har lovat"]
    assert section is not None
    said = section.select_one("dd")
    assert said is not None
    marks = " ".join(mark.get_text() for mark in said.select(".vh, .hot"))
    assert marks == words


def test_where_nothing_was_promised_nothing_is_said(cast: Cast) -> None:
    case = factories.make_case(cast.motala).case
    case.answer_by = None
    assert promises(case) == []
