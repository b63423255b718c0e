"""The one clock."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest

from lyhord.core import clock
from tests.factories import at


def test_now_is_aware_and_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_pretending_nests_and_ends() -> None:
    first, second = at("2024-02-29 12:00"), at("2025-07-01 08:00")
    with clock.pretend(first):
        assert clock.now() == first
        assert clock.now().tzinfo is UTC
        with clock.pretend(second):
            assert clock.now() == second
        assert clock.now() == first
    assert clock.now() > second


def test_an_error_ends_the_pretending() -> None:
    with pytest.raises(ZeroDivisionError), clock.pretend(at("2024-02-29 12:00")):
        raise ZeroDivisionError
    assert clock.now().year >= 2025


def test_other_threads_keep_the_real_time() -> None:
    seen: list[datetime] = []
    with clock.pretend(at("2024-02-29 12:00")):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0].year >= 2025


@pytest.mark.requirement("X11")
def test_the_date_is_swedish_also_around_midnight_and_when_the_clocks_change() -> None:
    with clock.pretend(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 7, 1)
    with clock.pretend(datetime(2026, 12, 31, 22, 59, tzinfo=UTC)):
        assert clock.today() == date(2026, 12, 31)
    assert clock.local(datetime(2026, 3, 29, 1, 0, tzinfo=UTC)).hour == 3
    assert clock.local(datetime(2026, 10, 25, 1, 0, tzinfo=UTC)).hour == 2


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        clock.local(datetime(2026, 1, 1))
