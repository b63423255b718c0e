"""Reading one case: as published, and by its code. Budget: 4 ms of CPU and 6 queries."""

from typing import TYPE_CHECKING

from bench import _pages

if TYPE_CHECKING:
    from bench._product import Pages


def main() -> None:
    """Measure and print."""
    _pages.main(_pages.options("read", __doc__, cases=20_000), _subjects, budget=4, most_queries=6)


def _subjects() -> "list[Pages]":
    from bench import _product

    return [_product.public_cases(), _product.followed_cases()]


if __name__ == "__main__":
    main()
