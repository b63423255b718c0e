"""What is published, as feeds that a reader or another site subscribes to: RSS 2.0, Atom 1.0 and JSON Feed 1.1."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lyhord.cases.export import ExportRow, Names, newest
from lyhord.core.errors import NotFound
from lyhord.core.text import clean_text
from lyhord.opendata.columns import moment
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url
from lyhord.www.opendata.answers import open_to_all, whole
from lyhord.www.public.choices import Chosen

MOST = 50
_NOT_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")  # besides the control characters, which no text of ours keeps
TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, alike for all formats."""

    unique_id: str
    """What a reader knows it by: the same in all formats, whatever the host is called."""
    url: str
    title: str
    text: str
    published: datetime
    updated: datetime
    tags: tuple[str, ...] = ()


class _Steady:
    """The same while its cases are the same: an empty feed is as old as the organisation, not as the request."""

    def latest_post_date(self) -> datetime:
        """When the newest of its entries changed."""
        feed: Any = self
        found: datetime = max((item["updateddate"] for item in feed.items), default=feed.feed["since"])
        return found


class _Rss(_Steady, Rss201rev2Feed):
    pass


class _Atom(_Steady, Atom1Feed):
    pass


_XML: dict[str, type[SyndicationFeed]] = {"rss": _Rss, "atom": _Atom}


@require_safe
@open_to_all
def feed(request: OrganisationRequest, ending: str) -> HttpResponse:
    """The newest published cases of the choice in the address, with what was published of each; 304 while the same."""
    if ending not in TYPES:
        raise NotFound
    organisation = request.organisation
    chosen = Chosen.read(request, everything=True)
    names = Names.read(chosen.language)
    rows = newest(chosen.filter, names, MOST)
    about = {
        "title": _title(organisation, chosen, names),
        "description": _("Det som invånare har berättat och som har granskats och publicerats."),
        "home": _address(organisation, reverse("public:list"), chosen.query),
        "own": _address(organisation, reverse("opendata:feed", args=[ending]), chosen.query),
        "language": chosen.language,
    }
    entries = [_entry(organisation, row) for row in rows]
    return whole(request, written(organisation, entries, about, ending), TYPES[ending])


def _title(organisation: Organisation, chosen: Chosen, names: Names) -> str:
    """ "Dialog Motala: Belysning, Varamon"."""
    given = chosen.given
    found = [
        *(name for code, name in names.categories.values() if code == given["kategori"]),
        *(name for code, name in names.types.values() if code == given["typ"]),
        *(name for code, name in names.areas.values() if code == given["omrade"]),
        names.kinds.get(given["sort"], ""),
        given["q"],
    ]
    parts = ", ".join(part for part in found if part)
    return f"{organisation.service_name}: {parts}" if parts else organisation.service_name


def _address(organisation: Organisation, path: str, query: str = "") -> str:
    return public_url(organisation, f"{path}?{query}" if query else path)


def case_id(organisation: Organisation, number: str) -> str:
    """What a reader knows a case by: the same in all formats, whatever the host is called."""
    return uuid5(NAMESPACE_URL, f"lyhord/{organisation.slug}/{number}").urn


def _said(row: ExportRow) -> str:
    """Everything that was published, with where the case is first."""
    place = f"{row.state_name}. {row.place_text}".strip().rstrip(".")
    answer = [_("Svar:"), row.answer] if row.answer else []
    return _clean("\n\n".join([f"{place}.", row.text, *answer]))


def _clean(text: str, *, one_line: bool = False) -> str:
    return _NOT_XML.sub("", clean_text(text, one_line=one_line))


def _updated(row: ExportRow) -> datetime:
    return max(row.changed_at, row.published_at).replace(microsecond=0)


def _tags(row: ExportRow) -> list[str]:
    return [tag for tag in (row.kind_name, row.category_name, row.type_name, row.area_name) if tag]


def _entry(organisation: Organisation, row: ExportRow) -> Entry:
    return Entry(
        unique_id=case_id(organisation, row.number),
        url=_address(organisation, reverse("public:case", args=[row.number])),
        title=_clean(row.title, one_line=True),
        text=_said(row),
        published=row.published_at,
        updated=_updated(row),
        tags=tuple(_tags(row)),
    )


def written(organisation: Organisation, entries: Sequence[Entry], about: dict[str, str], ending: str) -> bytes:
    """The feed in the format of that ending. `about`: title, description, home, own, language."""
    return _json(organisation, entries, about) if ending == "json" else _xml(organisation, entries, about, ending)


def _xml(organisation: Organisation, entries: Sequence[Entry], about: dict[str, str], ending: str) -> bytes:
    made = _XML[ending](
        title=about["title"],
        link=about["home"],
        description=about["description"],
        language=about["language"],
        feed_url=about["own"],
        feed_guid=uuid5(NAMESPACE_URL, about["own"]).urn,
        author_name=organisation.name,
        since=organisation.created_at,
    )
    for entry in entries:
        made.add_item(
            title=entry.title,
            link=entry.url,
            description=linebreaks(entry.text, autoescape=True),
            unique_id=entry.unique_id,
            unique_id_is_permalink=False,
            pubdate=entry.published.replace(microsecond=0),
            updateddate=entry.updated,
            categories=list(entry.tags),
        )
    return made.writeString("utf-8").encode()


def _json(organisation: Organisation, entries: Sequence[Entry], about: dict[str, str]) -> bytes:
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": about["title"],
        "description": about["description"],
        "home_page_url": about["home"],
        "feed_url": about["own"],
        "language": about["language"],
        "authors": [{"name": organisation.name}],
        "items": [
            {
                "id": entry.unique_id,
                "url": entry.url,
                "title": entry.title,
                "content_text": entry.text,
                "date_published": moment(entry.published),
                "date_modified": moment(entry.updated),
                "tags": list(entry.tags),
            }
            for entry in entries
        ],
    }
    return json.dumps(made, ensure_ascii=False, indent=1).encode()
