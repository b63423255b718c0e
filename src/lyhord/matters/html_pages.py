"""HTML as the lines that a reader sees, with links and the cells of tables, by the standard library's parser alone."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

LONGEST = 5_000_000
_UNREAD = {"head", "style", "script", "template", "svg", "noscript", "nav", "footer", "select", "textarea", "form"}
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figure", "h1", "h2", "h3", "h4", "h5"),
    *("h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tbody", "thead", "ul"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link and its words."""

    href: str
    text: str


@dataclass(slots=True)
class Read:
    """A page: its title, its text and its links."""

    title: str = ""
    text: str = ""
    links: list[Link] = field(default_factory=list)


def read_html(source: str) -> Read:
    """The page; rows of tables become lines "| a | b |", as items.py reads them. Never raises for bad HTML."""
    reader = _Reader()
    reader.feed(source[:LONGEST])
    reader.close()
    reader.end_line()
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(reader.lines)).strip()
    return Read(" ".join(reader.title.split()), text, reader.links)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.links: list[Link] = []
        self.title = ""
        self._line = ""
        self._skipped: list[str] = []
        self._in_title = False
        self._cells: list[str] | None = None
        self._link: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._in_title = True
        if tag in _UNREAD:
            self._skipped.append(tag)
        if self._skipped:
            return
        if tag == "br":
            self._line += " " if self._cells is not None else "\n"
        elif tag == "tr":
            self.end_line()
            self._cells = []
        elif tag in {"td", "th"}:
            self._line = ""
        elif tag in _BLOCKS and self._cells is None:
            self.end_line()
        if tag == "a":
            self._link = (dict(attrs).get("href") or "", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if self._skipped and tag in self._skipped:
            while self._skipped.pop() != tag:
                pass
            return
        if self._skipped:
            return
        if tag == "a" and self._link:
            href, words = self._link
            self._link = None
            if href:
                self.links.append(Link(href, " ".join(words.split())))
        elif tag in {"td", "th"} and self._cells is not None:
            self._cells.append(" ".join(self._line.split()))
            self._line = ""
        elif tag == "tr" and self._cells is not None:
            self.lines.append(f"| {' | '.join(self._cells)} |")
            self._cells, self._line = None, ""
        elif tag in _BLOCKS and self._cells is None:
            self.end_line()
            if tag in {"p", "table", "ul", "ol", "h1", "h2", "h3"}:
                self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        if self._in_title or self._skipped:
            return
        data = re.sub(r"[ \t\r\n\f]+", " ", data)
        self._line += data
        if self._link:
            self._link = (self._link[0], self._link[1] + data)

    def end_line(self) -> None:
        for line in self._line.split("\n"):
            if said := line.strip():
                self.lines.append(said)
        self._line = ""
