"""A file as pages of text: PDF in a process that may use little and touch nothing, HTML and text here.

A page that says next to nothing may be a picture of one. It is marked so, and the document is shown all the same.
"""

import json
import logging
import re

from lyhord.core.errors import LyhordError
from lyhord.files import sandbox
from lyhord.matters.html_pages import read_html
from lyhord.matters.papers import GOOD, THIN, UNREAD, Page

log = logging.getLogger(__name__)

MOST_BYTES = 60_000_000
SHORTEST_PAGE = 40
_LIMITS = sandbox.Limits(input_bytes=MOST_BYTES, output_bytes=50_000_000, cpu_seconds=60, wall_seconds=120)
_PAGE_MARK = re.compile(r"(?m)^<!-- sida \d+ -->$")


class Unreadable(LyhordError):
    """It could not be read just now; trying again may help."""


def read_pages(data: bytes, name: str = "", content_type: str = "") -> tuple[Page, ...]:
    """The pages of a file. What it is is told by its beginning, then by its type and name.

    One page marked UNREAD for what is no text, or broken. Raises Unreadable where the fault is ours.
    """
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if b"\0" in data[:4000] or len(data) > MOST_BYTES:
        return (Page("", UNREAD),)
    text = _decoded(data)
    beginning = text[:1000].lstrip().lower()
    if (
        content_type.startswith("text/html")
        or name.lower().endswith((".html", ".htm"))
        or beginning.startswith("<!doc")
    ):
        return _marked(read_html(text).text)
    return _marked(text)


def _pdf(data: bytes) -> tuple[Page, ...]:
    try:
        answer = sandbox.run("lyhord.matters._pdf:read", data, _LIMITS)
        pages = json.loads(answer)
    except sandbox.SandboxFailure as failure:
        if failure.code == "unavailable":
            raise Unreadable(failure.code) from failure
        return (Page("", UNREAD),)
    except ValueError:
        log.warning("the answer about a PDF made no sense")
        return (Page("", UNREAD),)
    if not isinstance(pages, list) or not all(page is None or isinstance(page, str) for page in pages):
        return (Page("", UNREAD),)
    return tuple(_page(page) for page in pages) or (Page("", UNREAD),)


def _page(text: str | None) -> Page:
    if text is None:
        return Page("", UNREAD)
    return Page(text, GOOD if len("".join(text.split())) >= SHORTEST_PAGE else THIN)


def _marked(text: str) -> tuple[Page, ...]:
    """Text in pages where it says where they end: a form feed, or the mark of a converter."""
    parts = [part for part in re.split(r"\f", _PAGE_MARK.sub("\f", text)) if part.strip()]
    return tuple(Page(part) for part in parts) or (Page("", THIN),)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
