"""A post office, and a worker that runs what is due by Python's clock with no transaction around it."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from lyhord.core.clock import now
from lyhord.jobs import runner, store
from lyhord.organisations.models import Organisation
from tests.notifications.post_office import PostOffice


@pytest.fixture(autouse=True)
def _usual_links(settings: Settings) -> None:
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", ""


@pytest.fixture
def motala(motala_alone: Organisation) -> Organisation:
    """The organisation at motala.localhost, without people: nobody works in these tests."""
    return motala_alone


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    """A server that takes everything, used by the outbox."""
    office = PostOffice()
    office.open()
    settings.MAILERS = office.settings
    yield office
    office.close()


@pytest.fixture
def work() -> Callable[[], int]:
    """Runs the jobs that are due and returns how many; what fails waits for its time, as with a worker."""

    def ask[T](question: Callable[[store.Cursor], T]) -> T:
        with connection.cursor() as cursor:
            return question(cursor)

    def run() -> int:
        done = 0
        while batch := ask(lambda cursor: store.claim(cursor, worker="test", limit=1, moment=now())):
            runner.run(batch[0], ask, moment=now())
            done += 1
        return done

    return run
