"""What is published, as feeds that a reader or another site subscribes to: RSS 2.0, Atom 1.0 and JSON Feed 1.1."""

import json
import re
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
    body = _json(organisation, rows, about) if ending == "json" else _xml(organisation, rows, about, _XML[ending])
    return whole(request, body, TYPES[ending])


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


def _xml(
    organisation: Organisation, rows: list[ExportRow], about: dict[str, str], kind: type[SyndicationFeed]
) -> bytes:
    made = kind(
        title=about["title"],
        link=about["home"],
        description=about["description"],
        language=about["language"],
        feed_url=about["own"],
        feed_guid=uuid5(NAMESPACE_URL, about["own"]).urn,
        author_name=organisation.name,
        since=organisation.created_at,
    )
    for row in rows:
        made.add_item(
            title=_clean(row.title, one_line=True),
            link=_case_url(organisation, row),
            description=linebreaks(_said(row), autoescape=True),
            unique_id=case_id(organisation, row.number),
            unique_id_is_permalink=False,
            pubdate=row.published_at.replace(microsecond=0),
            updateddate=_updated(row),
            categories=_tags(row),
        )
    return made.writeString("utf-8").encode()


def _json(organisation: Organisation, rows: list[ExportRow], about: dict[str, str]) -> bytes:
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
                "id": case_id(organisation, row.number),
                "url": _case_url(organisation, row),
                "title": _clean(row.title, one_line=True),
                "content_text": _said(row),
                "date_published": moment(row.published_at),
                "date_modified": moment(_updated(row)),
                "tags": _tags(row),
            }
            for row in rows
        ],
    }
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def _case_url(organisation: Organisation, row: ExportRow) -> str:
    return _address(organisation, reverse("public:case", args=[row.number]))
