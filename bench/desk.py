"""The desk's list of 50 by view, for somebody who sees all units and for an officer of one; and search.

Budget: 12 ms of CPU and 8 queries, of 1,000,000 cases. A case opened beside the list may cost as much as both: 16 ms
and 14 queries.
"""

from typing import TYPE_CHECKING

from bench import _pages

if TYPE_CHECKING:
    from bench._product import Pages


def main() -> None:
    """Measure and print."""
    given = _pages.options("desk", __doc__, cases=1_000_000)
    _pages.main(given, _subjects, budget=12, most_queries=8, requests=150)


def _subjects() -> "list[Pages]":
    from bench import _product

    return [*_product.desk_lists(), _product.desk_cases()]


if __name__ == "__main__":
    main()
