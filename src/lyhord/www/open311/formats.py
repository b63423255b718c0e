"""Writing answers as XML and as JSON, from one description of them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast

from django.http import HttpRequest, HttpResponse

type Format = Literal["xml", "json"]
type Value = str | bool | int | float | "Children" | Mapping[str, "Value"] | None
type Row = Mapping[str, Value]
"""Elements by name, in order. None is an empty element and null; what is left out is left out of both."""

CONTENT_TYPES: dict[Format, str] = {
    "xml": "text/xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
# What XML 1.0 cannot hold at all, not even escaped.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# One look is enough for nearly every text, and one class of characters is looked through fastest: & < > are not in it.
_NOT_AS_IT_IS = re.compile("[^\t\n\r\x20-\x25\x27-\x3b\x3d\x3f-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SUFFIX = re.compile(r"\.(xml|json)/?$")


@dataclass(frozen=True, slots=True)
class Children:
    """A repeated element: a wrapper with children in XML, always a list in JSON."""

    child: str
    rows: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole document: a root with children of one name, or with `child` "" one row alone."""

    root: str
    child: str
    rows: Sequence[Row]


class FormattedResponse(HttpResponse):
    """An answer that is already in the client's format; all others are made so by the middleware."""


def format_of(request: HttpRequest) -> Format:
    """What the client asked for: by the path's ending, else by its Accept header, else XML, which all must read."""
    found = _SUFFIX.search(request.path_info)
    if found:
        return cast(Format, found[1])
    accepted = request.headers.get("Accept", "")
    return "json" if "json" in accepted and "xml" not in accepted else "xml"


def response(answer: Answer, wanted: Format, status: int = 200) -> FormattedResponse:
    """The answer, written. Any page may read it: nothing in it is personal, and no cookie counts."""
    text = to_json(answer) if wanted == "json" else to_xml(answer)
    made = FormattedResponse(text.encode(), content_type=CONTENT_TYPES[wanted], status=status)
    made["Access-Control-Allow-Origin"] = "*"
    made["X-Content-Type-Options"] = "nosniff"
    return made


def errors(problems: Sequence[tuple[int, str]]) -> Answer:
    """(code, sentence for the one who sent it), as the errors of a document."""
    return Answer("errors", "error", [{"code": code, "description": said} for code, said in problems])


def to_json(answer: Answer) -> str:
    """The "Spark" way: the root of a list vanishes, a repeated child is always a list."""
    data = answer.rows if answer.child else answer.rows[0]
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_list)


def _list(value: object) -> Sequence[Value]:
    if isinstance(value, Children):
        return value.rows
    raise TypeError(f"{type(value)} has no place in an answer")


def to_xml(answer: Answer) -> str:
    """Plain elements without attributes or namespaces: some clients trip over either."""
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n<', answer.root, ">"]
    for row in answer.rows:
        if answer.child:
            _element(out, answer.child, row)
        else:
            _elements(out, row)
    out += ("</", answer.root, ">\n")
    return "".join(out)


def _elements(out: list[str], row: Row) -> None:
    texts = [value for value in row.values() if type(value) is str]  # by far the most
    as_it_is = not _NOT_AS_IT_IS.search("".join(texts))  # and a whole row of them is looked through at once
    for name, value in row.items():
        if type(value) is str:
            out.append(f"<{name}>{value}</{name}>" if as_it_is else f"<{name}>{escaped(value)}</{name}>")
        elif value is None:
            out.append(f"<{name}/>")
        elif type(value) is float:
            out.append(f"<{name}>{value}</{name}>")
        else:
            _element(out, name, value)


def _element(out: list[str], name: str, value: Value) -> None:
    if value is None:
        out.append(f"<{name}/>")
    elif isinstance(value, bool):
        out.append(f"<{name}>{'true' if value else 'false'}</{name}>")
    elif isinstance(value, Children):
        out.append(f"<{name}>")
        for row in value.rows:
            _element(out, value.child, row)
        out.append(f"</{name}>")
    elif isinstance(value, Mapping):
        out.append(f"<{name}>")
        _elements(out, value)
        out.append(f"</{name}>")
    else:
        out.append(f"<{name}>{escaped(str(value))}</{name}>")


def escaped(text: str) -> str:
    """Text as it may stand between two tags."""
    if not _NOT_AS_IT_IS.search(text):
        return text
    return _IMPOSSIBLE.sub("", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def moment(at: datetime) -> str:
    """ "2026-11-23T15:42:00Z": UTC, whole seconds, since some clients refuse fractions."""
    return f"{at.astimezone(UTC).isoformat()[:19]}Z"
