"""Pages as trees, and tiles of a map as a browser unpacks them."""

from typing import Any

from bs4 import BeautifulSoup


def soup(response: Any) -> Any:
    """The page as BeautifulSoup reads it. Of any type: what is not there fails a test anyhow."""
    return BeautifulSoup(response.content, "html.parser")


def pins(response: Any) -> list[dict[str, Any]]:
    """The cases of a tile: title, url, lat, lon, state and its words."""
    tile = response.json()
    return [
        {
            "title": title,
            "url": tile["url"].replace("{}", str(number)),
            "lat": lat,
            "lon": lon,
            "state": tile["states"][which][0],
            "words": tile["states"][which][1],
        }
        for title, number, lat, lon, which in tile["cases"]
    ]
