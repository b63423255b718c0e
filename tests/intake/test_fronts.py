"""By which fronts cases come in, and how long it takes to file one."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from lyhord.core.actor import Actor
from lyhord.core.clock import now, pretend, today
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.fronts import fronts
from lyhord.intake.receive import receive
from lyhord.intake.submission import Submission
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("4.26")]


@pytest.fixture(autouse=True)
def _scope(motala: Organisation) -> Iterator[None]:
    with organisation_scope(motala.pk):
        yield


def come(organisation: Organisation, channel: str, seconds: int | None) -> None:
    submission = Submission(
        source="web",
        external_id=uuid4().hex,
        channel=channel,
        text=f"Lampan {uuid4().hex}",
        case_type="belysning.lampa",
        kind="felanmalan",
        seconds=seconds,
    )
    with organisation_scope(organisation.pk):
        receive(organisation=organisation, submission=submission, by=Actor.resident())


def test_share_and_median_of_each(cast: Cast) -> None:
    for seconds in (20, 40, 60):
        come(cast.motala, "app", seconds)
    for other in (100, None):
        come(cast.motala, "web", other)
    factories.make_case(cast.motala, channel="phone")
    come(cast.mjolby, "app", 1)
    with pretend(now() - timedelta(days=10)):
        come(cast.motala, "widget", 5)
    found = {front.channel: front for front in fronts(today(), today())}
    assert {name: (front.cases, front.timed, front.median_seconds) for name, front in found.items()} == {
        "app": (3, 3, 40),
        "web": (2, 1, 100),
        "phone": (1, 0, None),
    }
    assert found["app"].share == 0.5
    assert found["app"].p90_seconds == 56
    assert fronts(today(), today())[0].channel == "app"
    assert len(fronts(today() - timedelta(days=89), today())) == 4


def test_nothing_at_all(cast: Cast) -> None:
    assert fronts(today(), today()) == []


def test_administrators_read_it_beside_the_app(cast: Cast) -> None:
    come(cast.motala, "app", 33)
    table = soup(browser(cast.admin).get("/installningar/app/")).select("table tbody tr")
    assert [row.get_text(" ", strip=True).split() for row in table] == [["Appen", "1", "100", "%", "33", "s"]]
