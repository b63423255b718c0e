"""Ahjo, the decisions of Helsinki: meetings at /meetings/, and each meeting's agenda and minutes.

Only papers that it calls public are fetched, in the language that is asked for. An Ahjo that wants a key cannot be
read: settings of sources are no place for secrets.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext_lazy as _

from lyhord.core.clock import today
from lyhord.core.http import Limits
from lyhord.core.text import clean_text
from lyhord.matters.linked_papers import Listed, fresh_papers
from lyhord.matters.models import Document
from lyhord.matters.source import Batch, Errand, MatterSource, Setting, SourceFailed

_ANSWER = Limits(most_bytes=20_000_000, seconds=60, redirects=3)
_BACK, _AHEAD = timedelta(days=400), timedelta(days=60)
_SETTLED = timedelta(days=45)
"""So long after a meeting whose minutes have been read, nothing more comes of it: it is not asked for again."""
_SORTS = {
    "esityslista": Document.Kind.AGENDA,
    "föredragningslista": Document.Kind.AGENDA,
    "pöytäkirja": Document.Kind.MINUTES,
    "protokoll": Document.Kind.MINUTES,
}
_PUBLIC = {"julkinen", "offentlig", "public"}


class Ahjo(MatterSource):
    """The meetings of an Ahjo."""

    slug = "ahjo"
    order = 80
    label = _("Ahjo (Helsingfors)")
    help = _("Föredragningslistor och protokoll ur Helsingfors system Ahjo, eller en annan adress som svarar likadant.")
    settings = (
        Setting("url", _("Adressen till Ahjo"), _("Börjar med https:// och slutar före /meetings/.")),
        Setting("bodies", _("Bara de här organen"), _("Koder med kommatecken emellan. Tomt: alla."), required=False),
        Setting("language", _("Språk"), _("Handlingarnas språk: fi eller sv. Tomt: fi."), required=False),
    )

    def fetch(self, errand: Errand) -> Batch:
        base = errand.config.get("url", "").rstrip("/")
        return fresh_papers(errand, _listed(errand, base, errand.config.get("language") or "fi"))


def _listed(errand: Errand, base: str, language: str) -> Iterator[Listed]:
    wanted = {code.strip() for code in errand.config.get("bodies", "").split(",") if code.strip()}
    period = {"start": (today() - _BACK).isoformat(), "end": (today() + _AHEAD).isoformat(), "apireqlang": language}
    answer = _asked(errand, f"{base}/meetings/?{urlencode(period)}")
    meetings = answer.get("meetings")
    if not isinstance(meetings, list):
        raise SourceFailed(_("Adressen leder inte till Ahjo."), "shape")
    for meeting in meetings:
        if not isinstance(meeting, dict) or (wanted and str(meeting.get("DecisionMakerId")) not in wanted):
            continue
        number, held_on = str(meeting.get("MeetingID") or ""), _day(meeting.get("DateMeeting"))
        if not number or held_on is None or _is_settled(errand, number, held_on):
            continue
        detail = _asked(errand, f"{base}/meetings/{quote(number, safe='')}?{urlencode({'apireqlang': language})}")
        inner = detail.get("meetings")  # one meeting is a list of one, or stands by itself
        told = inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], dict) else detail
        yield from _papers(told, number, held_on, language)


def _is_settled(errand: Errand, number: str, held_on: date) -> bool:
    begins = f"{number} {Document.Kind.MINUTES.value} "
    return held_on < today() - _SETTLED and any(key.startswith(begins) for key in errand.cursor.get("seen", {}))


def _papers(meeting: dict[str, Any], number: str, held_on: date, language: str) -> Iterator[Listed]:
    body = clean_text(str(meeting.get("DecisionMaker") or ""), one_line=True)[:120]
    for paper in meeting.get("MeetingDocuments") or []:
        if not isinstance(paper, dict):
            continue
        kind = _SORTS.get(str(paper.get("Type") or "").casefold())
        public = str(paper.get("PublicityClass") or "").casefold() in _PUBLIC
        url, lasting = paper.get("FileURI"), paper.get("VersionSeriesId") or paper.get("NativeId")
        if kind is None or not public or not isinstance(url, str) or not lasting or paper.get("Language") != language:
            continue
        yield Listed(
            key=f"{number} {kind.value} {lasting}",
            mark=f"{paper.get('NativeId')} {paper.get('Issued')}",
            url=url,
            name=clean_text(str(paper.get("Title") or f"{body} {held_on}"), one_line=True)[:200],
            kind=kind.value,
            body=body,
            held_on=held_on,
            language=language[:5],
        )


def _asked(errand: Errand, url: str) -> dict[str, Any]:
    answer = errand.web.get(url, limits=_ANSWER)
    if not answer.fine:
        raise SourceFailed(_("Ahjo svarade inte som det ska (%(status)s).") % {"status": answer.status}, "status")
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise SourceFailed(_("Adressen leder inte till Ahjo."), "json") from error
    if not isinstance(told, dict):
        raise SourceFailed(_("Adressen leder inte till Ahjo."), "shape")
    return told


def _day(written: object) -> date | None:
    """The day of a meeting; its hours are those of the place."""
    try:
        return date.fromisoformat(str(written or "")[:10])
    except ValueError:
        return None
