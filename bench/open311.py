"""What Open311's clients read: one request, a list of a thousand, what has changed, and the services.

Budget: 4 ms of CPU and 6 queries; 60 ms for a list of a thousand. Sending is measured by `register`.
"""

from typing import TYPE_CHECKING

from bench import _pages

if TYPE_CHECKING:
    from bench._product import Pages


def main() -> None:
    """Measure and print."""
    given = _pages.options("open311", __doc__, cases=20_000)
    _pages.main(given, _subjects, budget=4, most_queries=6, requests=200)


def _subjects() -> "list[Pages]":
    from bench import _product

    return _product.open311()


if __name__ == "__main__":
    main()
