"""EvoInternet: GET /api/documents?page=&pageSize=&filter=, and whatever else lists documents in the same way.

How the makers name things in their answers differs, so the fields are said in the browser; trying the source shows
at once whether they are right.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from django.utils.translation import gettext_lazy as _

from lyhord.core.http import Limits
from lyhord.core.text import clean_text
from lyhord.matters.facts import day_written, kind_of
from lyhord.matters.linked_papers import Listed, fresh_papers
from lyhord.matters.models import Document
from lyhord.matters.source import Batch, Errand, MatterSource, Setting, SourceFailed

_ANSWER = Limits(most_bytes=10_000_000, seconds=60, redirects=3)
_PER_PAGE, _MOST_PAGES = 100, 20
_FIELD = re.compile(r"\{(\w+)\}")
_READ = {Document.Kind.AGENDA.value, Document.Kind.MINUTES.value}
_DEFAULTS = {"id": "id", "title": "title", "day": "date", "body": "", "changed": ""}


class EvoInternet(MatterSource):
    """A list of documents that answers page by page."""

    slug = "evointernet"
    order = 65
    label = _("EvoInternet")
    help = _("Kallelser och protokoll ur ett webbdiarium som svarar på /api/documents. Prova fälten med Testa källan.")
    settings = (
        Setting("url", _("Webbdiariets adress"), _("Börjar med https:// och slutar före /api/documents.")),
        Setting("file", _("Filens adress"), _("{fält} byts mot fältets värde, till exempel /api/documents/{id}/file.")),
        Setting("filter", _("Filter"), _("Skickas med frågan som det står. Tomt: allt."), required=False),
        Setting("id", _("Fält med handlingens nummer"), _("Tomt: id."), required=False),
        Setting("title", _("Fält med handlingens namn"), _("Tomt: title."), required=False),
        Setting("day", _("Fält med mötets dag"), _("Tomt: date."), required=False),
        Setting("body", _("Fält med organets namn"), _("Tomt: handlingen får säga det själv."), required=False),
        Setting("changed", _("Fält som ändras med filen"), _("Tomt: en ny fil har ett nytt nummer."), required=False),
        Setting("first", _("Första sidans nummer"), _("0 eller 1. Tomt: 1."), required=False),
    )

    def fetch(self, errand: Errand) -> Batch:
        fields = {name: errand.config.get(name) or usual for name, usual in _DEFAULTS.items()}
        base = errand.config.get("url", "").rstrip("/") + "/"
        found = (_listed(row, fields, base, errand.config.get("file", "")) for row in _rows(errand, base, fields))
        return fresh_papers(errand, (one for one in found if one is not None))


def _rows(errand: Errand, base: str, fields: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Every row, page by page, until a page says nothing new."""
    first = 0 if errand.config.get("first") == "0" else 1
    said: set[str] = set()
    for page in range(first, first + _MOST_PAGES):
        query = {"page": page, "pageSize": _PER_PAGE, "filter": errand.config.get("filter", "")}
        rows = _list_in(_asked(errand, f"{base}api/documents?{urlencode(query)}"))
        fresh = [row for row in rows if str(row.get(fields["id"])) not in said]
        said |= {str(row.get(fields["id"])) for row in fresh}
        yield from fresh
        if not fresh or len(rows) < _PER_PAGE:
            return


def _asked(errand: Errand, url: str) -> Any:
    answer = errand.web.get(url, limits=_ANSWER)
    if not answer.fine:
        said = _("Webbdiariet svarade inte som det ska (%(status)s).") % {"status": answer.status}
        raise SourceFailed(said, "status")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise SourceFailed(_("Adressen leder inte till EvoInternet."), "json") from error


def _list_in(answer: Any) -> list[dict[str, Any]]:
    """The rows: the answer itself, or the only list in it."""
    lists = [answer] if isinstance(answer, list) else []
    if isinstance(answer, dict):
        lists = [value for value in answer.values() if isinstance(value, list)]
    if len(lists) != 1:
        raise SourceFailed(_("Adressen leder inte till EvoInternet."), "shape")
    return [row for row in lists[0] if isinstance(row, dict)]


def _listed(row: dict[str, Any], fields: dict[str, str], base: str, pattern: str) -> Listed | None:
    """An agenda or minutes, by its name; None for all else."""
    key, name = row.get(fields["id"]), clean_text(str(row.get(fields["title"]) or ""), one_line=True)[:200]
    kind = kind_of(name)
    if key is None or kind not in _READ:
        return None
    path = _FIELD.sub(lambda found: quote(str(row.get(found[1], "")), safe=""), pattern)
    return Listed(
        key=str(key),
        mark=str(row.get(fields["changed"]) if fields["changed"] else key),
        url=urljoin(base, path.lstrip("/")),
        name=name,
        kind=kind,
        body=clean_text(str(row.get(fields["body"]) or ""), one_line=True)[:120] if fields["body"] else "",
        held_on=day_written(str(row.get(fields["day"]) or "")) or day_written(name),
    )
