"""CSS selectors for the pages of others, as an administrator writes them: "ul.files > li a[href$=.pdf]".

Only what such pages need: names, classes, ids, attributes (=, ^=, $=, *=, ~=), blanks for "somewhere inside" and ">"
for "directly inside"; several alternatives with commas.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from lyhord.matters.html_pages import LONGEST

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_ENDS_ITSELF = {"li": {"li"}, "tr": {"tr", "td", "th"}, "td": {"td", "th"}, "th": {"td", "th"}, "p": {"p"}}
_MOST_ELEMENTS, _MOST_PARTS = 200_000, 20
_PIECE = re.compile(
    r"""(?P<name>[a-zA-Z][\w-]*|\*) | \.(?P<class>[\w-]+) | \#(?P<id>[\w-]+)
    | \[\s*(?P<attribute>[\w-]+)\s*(?:(?P<how>[~^$*]?=)\s*(?P<quote>["']?)(?P<value>[^"'\]]*)(?P=quote))?\s*\]""",
    re.VERBOSE,
)


class BadSelector(ValueError):
    """It cannot be read."""


@dataclass(slots=True)
class Element:
    """One element of a page."""

    name: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """All its words in one line."""
        return " ".join(" ".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        waiting: list[Element | str] = [self]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                yield node
            elif node.name not in {"script", "style", "template"}:
                waiting += reversed(node.children)

    def inside(self) -> "Iterator[Element]":
        """Itself and all elements in it, in the page's order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [child for child in reversed(node.children) if isinstance(child, Element)]


type _Test = Callable[[Element], bool]


@dataclass(frozen=True, slots=True)
class _Step:
    tests: tuple[_Test, ...]
    directly: bool
    """Whether the step before it must be its parent."""


def parse(source: str) -> Element:
    """The page as a tree. Never raises for bad HTML; what is too large is cut."""
    tree = _Tree()
    tree.feed(source[:LONGEST])
    tree.close()
    return tree.root


def compiled(selector: str) -> tuple[tuple[_Step, ...], ...]:
    """The selector's alternatives, each from left to right. Raises BadSelector."""
    return tuple(_steps(part) for part in selector.split(","))


def select(within: Element, selector: str) -> list[Element]:
    """The elements in the page's order, without `within` itself. Raises BadSelector."""
    ways = compiled(selector)
    found = within.inside()
    next(found)
    return [element for element in found if any(_fits(element, steps, within) for steps in ways)]


def _steps(selector: str) -> tuple[_Step, ...]:
    said = selector.strip()
    if not said or len(said) > 300:
        raise BadSelector(selector)
    steps: list[_Step] = []
    directly = False
    for word in re.sub(r"\s*>\s*", " > ", said).split():
        if word == ">":
            if directly or not steps:
                raise BadSelector(selector)
            directly = True
            continue
        steps.append(_Step(tuple(_tests(word)), directly))
        directly = False
    if directly or not 0 < len(steps) <= _MOST_PARTS:
        raise BadSelector(selector)
    return tuple(steps)


def _tests(word: str) -> Iterator[_Test]:
    at = 0
    while at < len(word):
        piece = _PIECE.match(word, at)
        if piece is None or (piece["name"] and at):
            raise BadSelector(word)
        yield _test(piece)
        at = piece.end()


def _test(piece: "re.Match[str]") -> _Test:
    if piece["name"]:
        name = piece["name"].lower()
        return lambda element: name in {"*", element.name}
    if piece["class"]:
        return lambda element: piece["class"] in element.attributes.get("class", "").split()
    if piece["id"]:
        return lambda element: element.attributes.get("id") == piece["id"]
    attribute, how, value = piece["attribute"].lower(), piece["how"] or "", piece["value"] or ""
    compare: dict[str, Callable[[str], bool]] = {
        "": lambda _held: True,
        "=": lambda held: held == value,
        "^=": lambda held: bool(value) and held.startswith(value),
        "$=": lambda held: bool(value) and held.endswith(value),
        "*=": lambda held: bool(value) and value in held,
        "~=": lambda held: value in held.split(),
    }
    return lambda element: attribute in element.attributes and compare[how](element.attributes[attribute])


def _fits(element: Element, steps: tuple[_Step, ...], top: Element) -> bool:
    """Whether it is what the last step says, inside what the others say, all below `top`."""
    *before, last = steps
    if not all(test(element) for test in last.tests):
        return False
    if not before:
        return True
    above = element.parent
    while above is not None and above is not top:
        if _fits(above, tuple(before), top):
            return True
        if last.directly:
            return False
        above = above.parent
    return False


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._here = self.root
        self._depth = self._count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._count += 1
        if self._count > _MOST_ELEMENTS:
            return
        if self._here.name in _ENDS_ITSELF.get(tag, set()):
            self._up()
        made = Element(tag, {name: value or "" for name, value in attrs}, self._here)
        self._here.children.append(made)
        if tag not in _VOID and self._depth < 500:
            self._here, self._depth = made, self._depth + 1

    def handle_endtag(self, tag: str) -> None:
        above: Element | None = self._here
        steps = 0
        while above is not None and above.name != tag:
            above, steps = above.parent, steps + 1
        if above is not None and above is not self.root:
            for _ in range(steps + 1):
                self._up()

    def handle_data(self, data: str) -> None:
        self._here.children.append(data)

    def _up(self) -> None:
        if self._here.parent is not None:
            self._here, self._depth = self._here.parent, self._depth - 1
