"""HTML of a mail as plain text, by a person's eye: what is hidden is left out, and quoted mail is marked as such.

Marks are characters for private use, which are taken out of what came in: QUOTE stands where a quoted mail begins,
SIGNATURE where the sender's signature does, and END where that ends.
"""

import re
from html.parser import HTMLParser

QUOTE, SIGNATURE, END = "\ue0f1", "\ue0f2", "\ue0f3"
MARKS = re.compile("[\ue0f1-\ue0f3]")
LONGEST = 1_000_000

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
_UNREAD = {"head", "style", "script", "title", "template", "svg", "object", "noframes", "select", "textarea"}
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure"),
    *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p"),
    *("pre", "section", "table", "tbody", "thead", "tr", "ul"),
}
_APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "pre"}
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$|!)",
    re.IGNORECASE,
)
_QUOTES = re.compile(
    r"\b(gmail_quote|gmail_attr|moz-cite-prefix|yahoo_quoted|protonmail_quote|WordSection_quoted|OutlookMessageHeader)\b"
)
_QUOTE_IDS = {"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "olk_src_body_section"}
_SIGNATURES = re.compile(r"\b(gmail_signature|moz-signature|protonmail_signature_block)\b")
_SIGNATURE_IDS = {"signature", "ms-outlook-mobile-signature", "ms-outlook-mobile-body-separator-line"}
_OUTLOOK_LINE = re.compile(r"border-top\s*:\s*solid\s+#(?:E1E1E1|B5C4DF)", re.IGNORECASE)


def html_text(source: str) -> str:
    """The text, with marks. Lines end in "\\n"; never raises for bad HTML, of which there is plenty."""
    source = MARKS.sub("", source[:LONGEST])
    reader = _Reader(hiding=True)
    reader.feed(source)
    reader.close()
    if reader.hidden:  # what was hidden never ended: then the end is missing, and it may all be meant to be seen
        reader = _Reader(hiding=False)
        reader.feed(source)
        reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self, *, hiding: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._hiding = hiding
        self._lines: list[str] = []
        self._line: list[str] = []
        self._skipped: list[str] = []
        self.hidden: list[str] = []
        self._signature = 0
        self._quotes: list[bool] = []
        self._pre = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipping(tag, begins=True):
            return
        given = {name: value or "" for name, value in attrs}
        if tag in _UNREAD:
            self._skipped.append(tag)
            return
        if self._hiding and tag not in _VOID and _HIDDEN.search(given.get("style", "")):
            self.hidden.append(tag)
            return
        if tag == "br":
            self._end_line(blank=True)
        elif tag in _BLOCKS:
            self._begin_block(tag, given)
        elif tag in {"td", "th"} and self._line:
            self._line.append(" ")
        if tag == "a":
            self._links.append((given.get("href", ""), len(self._line)))
        if self._begins_signature(tag, given) and not self._signature:
            self._end_line()
            self._lines.append(self._prefix() + SIGNATURE)
            self._signature = 1
        elif self._signature and tag == "div":
            self._signature += 1

    def handle_endtag(self, tag: str) -> None:
        if self._skipping(tag, begins=False) or tag in _VOID:
            return
        if tag == "a" and self._links:
            self._end_link(*self._links.pop())
        if tag in _BLOCKS:
            self._end_line()
            if tag in _APART:
                self._lines.append(self._prefix())
        if tag == "pre":
            self._pre = max(0, self._pre - 1)
        if tag == "blockquote" and self._quotes:
            self._quotes.pop()
        if tag == "div" and self._signature:
            self._signature -= 1
            if not self._signature:
                self._end_line()
                self._lines.append(self._prefix() + END)

    def handle_data(self, data: str) -> None:
        if self._skipped or self.hidden:
            return
        if self._pre:
            first, *more = data.split("\n")
            self._line.append(first)
            for line in more:
                self._end_line()
                self._line.append(line)
        else:
            self._line.append(re.sub(r"[ \t\r\n\f]+", " ", data))

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Word's <![if …]> and the like, which are comments in HTML; the library raises on those it does not know."""
        return int(self.parse_bogus_comment(i, report))

    def text(self) -> str:
        """All of it."""
        self._end_line()
        return "\n".join(self._lines)

    def _skipping(self, tag: str, *, begins: bool) -> bool:
        """Whether we are inside what is not read; keeps count of tags of the same name in it."""
        for stack in (self._skipped, self.hidden):
            if stack:
                if tag == stack[-1]:
                    if begins and tag not in _UNREAD:
                        stack.append(tag)
                    elif not begins:
                        stack.pop()
                return True
        return False

    def _begin_block(self, tag: str, given: dict[str, str]) -> None:
        self._end_line()
        if tag in _APART:
            self._lines.append(self._prefix())
        marks = f"{given.get('class', '')} {given.get('type', '')}"
        quoted = tag == "blockquote" and ("cite" in marks or "gmail_quote" in marks or "quote" in given.get("id", ""))
        begins = _QUOTES.search(marks) or given.get("id", "").lower() in _QUOTE_IDS
        if begins or (tag == "div" and _OUTLOOK_LINE.search(given.get("style", ""))):
            self._lines.append(self._prefix() + QUOTE)
        if tag == "blockquote":
            self._quotes.append(quoted)
        if tag == "li":
            self._line.append("- ")
        if tag == "pre":
            self._pre += 1

    @staticmethod
    def _begins_signature(tag: str, given: dict[str, str]) -> bool:
        if tag != "div":
            return False
        return bool(_SIGNATURES.search(given.get("class", ""))) or given.get("id", "").lower() in _SIGNATURE_IDS

    def _end_link(self, address: str, at: int) -> None:
        """The address behind the words, where it says more than they do."""
        said = "".join(self._line[at:]).strip()
        address = address.strip()
        bare = re.sub(r"^(https?://|mailto:|tel:)", "", address).rstrip("/")
        if re.match(r"https?://", address) and said and bare not in said and len(address) <= 300:
            self._line.append(f" ({address})")

    def _prefix(self) -> str:
        return "> " * min(sum(self._quotes), 20)

    def _end_line(self, *, blank: bool = False) -> None:
        line = "".join(self._line)
        line = line if self._pre else " ".join(line.split(" ")).strip(" ")
        self._line = []
        self._links = [(address, 0) for address, _at in self._links]
        if line.strip() or self._pre:
            self._lines.append(self._prefix() + line)
        elif blank:
            self._lines.append(self._prefix())
