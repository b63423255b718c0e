"""The public list of published cases: as it is first shown, narrowed, and searched.

Budget: that of the desk's list, 12 ms of CPU and 8 queries, of 1,000,000 cases.
"""

from typing import TYPE_CHECKING

from bench import _pages

if TYPE_CHECKING:
    from bench._product import Pages


def main() -> None:
    """Measure and print."""
    given = _pages.options("published", __doc__, cases=1_000_000)
    _pages.main(given, _subjects, budget=12, most_queries=8, requests=150)


def _subjects() -> "list[Pages]":
    from bench import _product

    return _product.public_lists()


if __name__ == "__main__":
    main()
