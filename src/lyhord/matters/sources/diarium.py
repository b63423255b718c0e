"""A diary with plain JSON behind its pages (as in Norrköping): boards, and each meeting's agenda and minutes."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext_lazy as _

from lyhord.core.clock import today
from lyhord.core.http import Limits
from lyhord.core.text import clean_text
from lyhord.matters.facts import day_written
from lyhord.matters.linked_papers import Listed, fresh_papers
from lyhord.matters.models import Document
from lyhord.matters.source import Batch, Errand, MatterSource, Setting, SourceFailed

_ANSWER = Limits(most_bytes=5_000_000, seconds=60, redirects=3)
_BACK, _AHEAD, _PER_PAGE = timedelta(days=400), timedelta(days=60), 100
_SORTS = {"notes": ("note", Document.Kind.MINUTES), "agendas": ("agenda", Document.Kind.AGENDA)}
_CANCELLED = re.compile(r"inst[äa]ll", re.IGNORECASE)


class Diarium(MatterSource):
    """The diary's own JSON: /api/boards/, /api/agendas/ and /api/notes/."""

    slug = "diarium"
    order = 70
    label = _("Diarium med JSON (som Norrköpings)")
    help = _("Kallelser och protokoll ur ett webbdiarium som svarar på /api/boards/ och /api/notes/.")
    settings = (
        Setting("url", _("Diariets adress"), _("Börjar med https://. Till exempel https://diariet.exempel.se.")),
        Setting("boards", _("Bara de här organen"), _("Namn med kommatecken emellan. Tomt: alla."), required=False),
    )

    def fetch(self, errand: Errand) -> Batch:
        base = errand.config.get("url", "").rstrip("/")
        return fresh_papers(errand, _listed(errand, base))


def _listed(errand: Errand, base: str) -> Iterator[Listed]:
    wanted = {name.strip().casefold() for name in errand.config.get("boards", "").split(",") if name.strip()}
    period = {"from": (today() - _BACK).isoformat(), "to": (today() + _AHEAD).isoformat()}
    known = errand.cursor.get("seen", {})
    for board in _rows(_asked(errand, f"{base}/api/boards/"), "boards"):
        name = clean_text(str(board.get("name") or board.get("title") or ""), one_line=True)[:120]
        if not name or (wanted and name.casefold() not in wanted):
            continue
        for plural, (single, kind) in _SORTS.items():
            query = urlencode({**period, "board": board.get("id"), "offset": 0, "limit": _PER_PAGE})
            for row in _rows(_asked(errand, f"{base}/api/{plural}/?{query}"), plural):
                label = str(row.get("board") or "")
                if _CANCELLED.search(label):
                    continue
                key = f"{plural}/{row.get('id')}"
                if key in known:  # a file of theirs is never changed: a new one has a new number
                    continue
                detail = _asked(errand, f"{base}/api/{plural}/{row.get('id')}", may_be_missing=True)
                file = (detail.get(single) or {}).get("file") if isinstance(detail, dict) else None
                if not isinstance(file, dict) or file.get("id") is None or not file.get("name"):
                    continue
                said = clean_text(str(file.get("comment") or file["name"]), one_line=True)
                yield Listed(
                    key=key,
                    mark=str(file["id"]),
                    url=f"{base}/api/{plural}/{file['id']}/{quote(str(file['name']))}",
                    name=said[:200],
                    kind=kind.value,
                    body=name,
                    held_on=day_written(said) or day_written(label) or day_written(str(row.get("date") or "")),
                )


def _asked(errand: Errand, url: str, *, may_be_missing: bool = False) -> Any:
    answer = errand.web.get(url, limits=_ANSWER)
    if may_be_missing and answer.status in {404, 410}:  # cancelled, or not put up yet
        return {}
    if not answer.fine:
        raise SourceFailed(_("Diariet svarade inte som det ska (%(status)s).") % {"status": answer.status}, "status")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise SourceFailed(_("Adressen leder inte till ett sådant diarium."), "json") from error


def _rows(answer: Any, name: str) -> list[dict[str, Any]]:
    found = answer.get(name) if isinstance(answer, dict) else answer
    if not isinstance(found, list):
        raise SourceFailed(_("Adressen leder inte till ett sådant diarium."), "shape")
    return [row for row in found if isinstance(row, dict)]
