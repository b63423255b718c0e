"""Pages as trees."""

from typing import Any

from bs4 import BeautifulSoup


def soup(response: Any) -> Any:
    """The page as BeautifulSoup reads it. Of any type: what is not there fails a test anyhow."""
    return BeautifulSoup(response.content, "html.parser")
