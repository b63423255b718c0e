"""Read once in a request, and anew in the next."""

from itertools import count

from lyhord.core.memo import remembered, remembering


def test_read_once_in_a_request_and_anew_in_the_next() -> None:
    numbers = count()

    def read() -> int:
        return next(numbers)

    with remembering():
        assert remembered("a", read) == remembered("a", read) == 0
        assert remembered("b", read) == 1
    with remembering():
        assert remembered("a", read) == 2


def test_nothing_is_remembered_outside_a_request() -> None:
    numbers = count()
    assert [remembered("a", lambda: next(numbers)) for _ in range(3)] == [0, 1, 2]


def test_nothing_read_is_something_read() -> None:
    asked = []
    with remembering():
        for _ in range(2):
            assert remembered("a", lambda: asked.append(1)) is None
    assert asked == [1]
