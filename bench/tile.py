"""A map tile of at most 1,000 published cases, or of heaps where there are more.

Budget: 4 ms of CPU and one index range.
"""

from typing import TYPE_CHECKING

from bench import _pages

if TYPE_CHECKING:
    from bench._product import Pages


def main() -> None:
    """Measure and print."""
    given = _pages.options("tile", __doc__, cases=1_000_000)
    _pages.main(given, _subjects, budget=4, most_queries=3)


def _subjects() -> "list[Pages]":
    from bench import _product

    return _product.tiles()


if __name__ == "__main__":
    main()
