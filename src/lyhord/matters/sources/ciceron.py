"""Ciceron Sökning: JSON-RPC at /json. A session, a search for meetings, and each meeting's papers."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from lyhord.core.clock import today
from lyhord.core.http import Limits
from lyhord.core.text import clean_text
from lyhord.matters.linked_papers import Listed, fresh_papers
from lyhord.matters.models import Document
from lyhord.matters.source import Batch, Errand, MatterSource, Setting, SourceFailed

_ANSWER = Limits(most_bytes=10_000_000, seconds=60, redirects=0)
_BACK, _AHEAD, _MOST = timedelta(days=400), timedelta(days=60), 100
_SETTLED = timedelta(days=45)
"""So long after a meeting whose minutes have been read, nothing more comes of it: it is not asked for again."""
_MEETING = 1  # its number for meetings among what it can search for
_TITLE = re.compile(r"^(?P<body>.*?)\s*(?P<day>20\d\d-\d\d-\d\d)")
_AGENDA = re.compile(r"kallelse|föredragningslista|dagordning|ärendelista", re.IGNORECASE)
_MINUTES = re.compile(r"protokoll", re.IGNORECASE)
_PART = re.compile(r"bilag|utdrag|handlingar|reservation", re.IGNORECASE)
_SEARCH = "lyhord"


class Ciceron(MatterSource):
    """The meetings of a web diary of the make Ciceron."""

    slug = "ciceron"
    order = 60
    label = _("Ciceron Sökning")
    help = _("Kallelser och protokoll ur ett webbdiarium av märket Ciceron.")
    settings = (
        Setting("url", _("Webbdiariets adress"), _("Börjar med https://. Till exempel https://diariet.exempel.se.")),
        Setting("diary", _("Diarium"), _("Kort namn, till exempel KS. Tomt: alla."), required=False),
        Setting("board", _("Bara det här organet"), _("Till exempel Kommunfullmäktige. Tomt: alla."), required=False),
    )

    def fetch(self, errand: Errand) -> Batch:
        line = _Line(errand, errand.config.get("url", "").rstrip("/"))
        line.ask("Test")
        param = {
            "diary": errand.config.get("diary", "").strip(),
            "board": errand.config.get("board", "").strip(),
            "from_date": (today() - _BACK).isoformat(),
            "to_date": (today() + _AHEAD).isoformat(),
            "hasFiles": False,
        }
        # `param` is JSON in a string, which the server reads for itself
        line.ask("Search", search_id=_SEARCH, doctype=_MEETING, text="", param=json.dumps(param))
        read = line.ask("ReadItems", search_id=_SEARCH, offset=0, limit=_MOST)
        meetings = _rows(read, "results", "items")
        return fresh_papers(errand, (one for meeting in meetings for one in _papers(line, meeting)))


@dataclass(slots=True)
class _Line:
    """One session with a server."""

    errand: Errand
    base: str
    session: str = ""

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """What it answers. The session stands in the question and, for older servers, among the parameters."""
        given = {"session_id": self.session} if self.session else {}
        question = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": f"CiceronsokServer:{method}",
            "params": {**params, **given},
            **given,
        }
        answer = self.errand.web.post_json(f"{self.base}/json", question, limits=_ANSWER)
        if not answer.fine:
            said = _("Webbdiariet svarade inte som det ska (%(status)s).") % {"status": answer.status}
            raise SourceFailed(said, "status")
        try:
            told = json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise SourceFailed(_("Adressen leder inte till Ciceron Sökning."), "json") from error
        if not isinstance(told, dict) or told.get("error"):
            raise SourceFailed(_("Ciceron Sökning förstod inte frågan."), "error")
        result = told.get("result")
        result = result if isinstance(result, dict) else {}
        self.session = str(told.get("session_id") or result.get("session_id") or self.session)
        return result

    def address(self, paper: dict[str, Any]) -> str:
        """Where a paper lies. Its file name is sent back exactly as it came: it is encoded as only the server knows."""
        query = {"filename": paper.get("filename_b64", ""), "id": paper.get("id", "")}
        return f"{self.base}/download/document?{urlencode({**query, 'session_id': self.session})}"


def _papers(line: _Line, meeting: dict[str, Any]) -> Iterator[Listed]:
    """The agenda and the minutes of a meeting; not their parts, and not the papers behind each matter."""
    title = _TITLE.match(clean_text(str(meeting.get("title") or ""), one_line=True))
    if title is None:
        return
    try:
        held_on = date.fromisoformat(title["day"])
    except ValueError:
        return
    begins = f"{title['body']} {held_on} {Document.Kind.MINUTES.value} "
    if held_on < today() - _SETTLED and any(key.startswith(begins) for key in line.errand.cursor.get("seen", {})):
        return
    detail = line.ask("ReadObjectDetails", search_id=_SEARCH, id=meeting.get("id"))
    value = detail.get("value", detail)
    try:
        told = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return
    for paper in _rows(told, "documents") if isinstance(told, dict) else []:
        name = clean_text(str(paper.get("name") or paper.get("title") or ""), one_line=True)
        kind = (
            Document.Kind.AGENDA if _AGENDA.search(name) else Document.Kind.MINUTES if _MINUTES.search(name) else None
        )
        if kind is None or _PART.search(name) or not paper.get("filename_b64"):
            continue
        number = str(paper.get("dok_id") or paper.get("id"))
        yield Listed(
            key=f"{title['body']} {held_on} {kind.value} {number}",
            mark=f"{number} {paper.get('filename_b64')}",
            url=line.address(paper),
            name=name[:200],
            kind=kind.value,
            body=title["body"][:120],
            held_on=held_on,
        )


def _rows(answer: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    for name in names:
        found = answer.get(name)
        if isinstance(found, list):
            return [row for row in found if isinstance(row, dict)]
    return []
