"""OParl 1.1: meetings with their agenda items, and the papers that tie items of several bodies together.

Incremental as the standard has it: lists are asked for what was modified since the last time, and what is gone comes as
an object that says `deleted`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext_lazy as _

from lyhord.core.http import Limits
from lyhord.core.text import clean_text
from lyhord.matters.models import Document
from lyhord.matters.papers import Page, Taken
from lyhord.matters.source import Batch, Errand, MatterSource, Setting, SourceFailed

_LIST = Limits(most_bytes=20_000_000, seconds=120, redirects=3)
_MOST_PAGES = 20
_REMEMBERED = 5_000
_NUMBER = re.compile(r"(?:19|20)\d\d/\d{1,6}")
SERIES = "OP"
"""Stands before a paper's own number, which holds for the whole municipality: 2016/0134 is one paper everywhere."""


class OParl(MatterSource):
    """The council information system of a municipality that speaks OParl."""

    slug = "oparl"
    order = 30
    label = _("OParl")
    help = _("Möten och ärenden ur ett system som talar OParl 1.1.")
    settings = (
        Setting("url", _("Adressen till kommunen (Body)"), _("Börjar med https://.")),
        Setting("language", _("Språk"), _("Handlingarnas språk med två bokstäver. Tomt: sv."), required=False),
    )

    def fetch(self, errand: Errand) -> Batch:
        held = dict(errand.cursor)
        since, done = str(held.get("since", "")), set(held.get("done", []))
        ties: dict[str, str] = dict(held.get("ties", {}))
        names: dict[str, str] = dict(held.get("names", {}))
        body = _object(errand, errand.config.get("url", ""))
        papers_since = str(held.get("papers_since", ""))
        for paper in _all(errand, _address(body, "paper"), papers_since):
            ties |= _ties(paper)
            papers_since = max(papers_since, str(paper.get("modified", "")))
        found = [
            each
            for each in _all(errand, _address(body, "meeting"), since)
            if not (each.get("modified") == since and each.get("id") in done)
        ]
        turn = found[: errand.most]
        language = errand.config.get("language") or "sv"
        papers = [
            taken
            for each in turn
            if not each.get("deleted") and (taken := _taken(each, _name(errand, each, names), ties, language))
        ]
        gone = tuple(str(each.get("id", "")) for each in turn if each.get("deleted"))
        latest = str(turn[-1].get("modified", "")) if turn else since
        last = [str(each.get("id", "")) for each in turn if each.get("modified") == latest]
        cursor = {
            "since": latest,
            "done": last + (sorted(done) if latest == since else []),
            "papers_since": papers_since,
            "ties": dict(list(ties.items())[-_REMEMBERED:]),
            "names": names,
        }
        return Batch(papers=tuple(papers), cursor=cursor, more=len(found) > len(turn), gone=gone)


def _object(errand: Errand, url: str) -> dict[str, Any]:
    answer = errand.web.get(url, limits=_LIST)
    if not answer.fine:
        raise SourceFailed(_("OParl svarade inte som det ska (%(status)s).") % {"status": answer.status}, "status")
    try:
        read = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise SourceFailed(_("Adressen leder inte till OParl."), "json") from error
    if not isinstance(read, dict):
        raise SourceFailed(_("Adressen leder inte till OParl."), "json")
    return read


def _address(body: Mapping[str, Any], name: str) -> str:
    found = body.get(name)
    if not isinstance(found, str):
        raise SourceFailed(_("Adressen leder inte till en kommun (Body) i OParl."), "body")
    return found


def _all(errand: Errand, url: str, since: str) -> Iterator[dict[str, Any]]:
    """The objects of a list, oldest change first, page by page."""
    if since:
        parts = urlsplit(url)
        query = urlencode([*parse_qsl(parts.query), ("modified_since", since)])
        url = urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
    found: list[dict[str, Any]] = []
    for _page in range(_MOST_PAGES):
        read = _object(errand, url)
        found += [each for each in read.get("data") or [] if isinstance(each, dict)]
        onward = (read.get("links") or {}).get("next")
        if not isinstance(onward, str):
            break
        url = onward
    yield from sorted(found, key=lambda each: str(each.get("modified", "")))


def _ties(paper: Mapping[str, Any]) -> dict[str, str]:
    """Which agenda items a paper is treated in: item → the paper's number."""
    reference = str(paper.get("reference") or "")
    if not _NUMBER.fullmatch(reference):
        return {}
    treated = [each for each in paper.get("consultation") or [] if isinstance(each, dict)]
    keys = [str(each.get(name)) for each in treated for name in ("agendaItem", "id") if each.get(name)]
    return dict.fromkeys(keys, reference)


def _name(errand: Errand, meeting: Mapping[str, Any], names: dict[str, str]) -> str:
    """The body that meets, asked for once."""
    for url in meeting.get("organization") or []:
        if isinstance(url, str):
            if url not in names:
                names[url] = clean_text(str(_object(errand, url).get("name") or ""), one_line=True)[:120]
            if names[url]:
                return names[url]
    return clean_text(str(meeting.get("name") or ""), one_line=True)[:120]


def _taken(meeting: Mapping[str, Any], body: str, ties: Mapping[str, str], language: str) -> Taken | None:
    try:
        day = date.fromisoformat(str(meeting.get("start", ""))[:10])
    except ValueError:
        return None
    items = [each for each in meeting.get("agendaItem") or [] if isinstance(each, dict) and not each.get("deleted")]
    items = [each for each in items if each.get("public", True)]
    held = any(each.get("result") or each.get("resolutionText") for each in items)
    text = "\n\n".join(_item(number, each, ties) for number, each in enumerate(items, start=1))
    return Taken(
        key=str(meeting.get("id", "")),
        kind=(Document.Kind.MINUTES if held else Document.Kind.AGENDA).value,
        title=f"{body} {day}",
        body=body,
        held_on=day,
        url=str(meeting.get("web") or ""),
        language=language[:5],
        pages=(Page(text),),
    )


def _item(number: int, item: Mapping[str, Any], ties: Mapping[str, str]) -> str:
    reference = ties.get(str(item.get("id"))) or ties.get(str(item.get("consultation"))) or ""
    head = f"§ {number} {SERIES} {reference}" if reference else f"§ {number}"
    name = clean_text(str(item.get("name") or ""), one_line=True)
    said = [clean_text(str(item.get(part) or "")) for part in ("result", "resolutionText")]
    decision = "\n".join(part for part in said if part)
    return f"{head}\n{name}\n" + (f"\nBeslut\n{decision}\n" if decision else "")
