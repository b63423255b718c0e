"""A matter with openings."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lyhord.core.tenancy import organisation_scope
from lyhord.engagement import actions
from lyhord.engagement.actions import OpeningValues, Said
from lyhord.engagement.models import Act, Opening
from lyhord.matters.actions import make_matter
from lyhord.matters.models import Matter
from lyhord.organisations.models import Organisation
from tests import factories

TEST = factories.TEST
POLL = "Lekplats\nUtegym\nFler träd"
type Open = Callable[..., Opening]
type Speak = Callable[..., Act]


@pytest.fixture
def motala(db: None) -> Iterator[Organisation]:
    """Motala, in scope, with the switch on."""
    organisation = factories.make_organisation(features={"engagement": True})
    with organisation_scope(organisation.pk):
        yield organisation


@pytest.fixture
def matter(motala: Organisation) -> Matter:
    """Made by hand: no paper, no source."""
    return make_matter(title="En ny park", kind="general", by=TEST)


@pytest.fixture
def opened(matter: Matter) -> Open:
    """Open a mechanism on the matter."""

    def make(mechanism: str, *, state: str = "open", on: Matter | None = None, **values: Any) -> Opening:
        given = {"question": "Vad tycker du?", **({"settings": {"options": POLL}} if mechanism == "poll" else {})}
        row = actions.save_opening(
            matter_id=(on or matter).pk, mechanism=mechanism, values=OpeningValues(**{**given, **values}), by=TEST
        )
        return row if state == "draft" else actions.switch_opening(opening_id=row.pk, state=state, by=TEST)

    return make


@pytest.fixture
def speak() -> Speak:
    """Say something at an opening, each time from another device or form."""
    told = iter(range(10_000))

    def say(opening: Opening, **said: Any) -> Act:
        given = {"key": next(told).to_bytes(16), **said}
        return actions.take_part(opening_id=opening.pk, said=Said(**given), by=TEST)

    return say
