"""A page that lists papers, told apart by selectors that an administrator writes and tries."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from django.utils.translation import gettext_lazy as _

from lyhord.core.http import Limits
from lyhord.matters.facts import day_written, facts_of
from lyhord.matters.linked_papers import Listed, fresh_papers
from lyhord.matters.selectors import BadSelector, Element, parse, select
from lyhord.matters.source import Batch, Errand, MatterSource, Setting, SourceFailed

_PAGE = Limits(most_bytes=5_000_000, seconds=60, redirects=3)
_MOST_PAGES = 10
_SAYS_KIND = re.compile(r"kallelse|protokoll|dagordning|föredragningslista", re.IGNORECASE)


class HtmlList(MatterSource):
    """A web page with links to agendas and minutes."""

    slug = "html_list"
    order = 40
    label = _("Lista på en webbsida")
    help = _("En sida med länkar till kallelser och protokoll. Du säger med selektorer (CSS) vad på sidan som är vad.")
    settings = (
        Setting("url", _("Sidans adress"), _("Börjar med https://.")),
        Setting("rows", _("En rad i listan"), _("Selektor, till exempel: ul.protokoll > li, eller table tr.")),
        Setting("link", _("Länken till filen"), _("Selektor inne i raden. Tomt: radens första länk."), required=False),
        Setting("heading", _("Filens namn"), _("Selektor inne i raden. Tomt: länkens text."), required=False),
        Setting("day", _("Mötets dag"), _("Selektor inne i raden. Tomt: en dag i namnet."), required=False),
        Setting("body", _("Vem som beslutar"), _("Namnet, om hela sidan hör till ett organ."), required=False),
        Setting("onward", _("Länk till nästa sida"), _("Selektor. Tomt: listan har en sida."), required=False),
    )

    def fetch(self, errand: Errand) -> Batch:
        return fresh_papers(errand, list(_listed(errand)))


def _listed(errand: Errand) -> Iterator[Listed]:
    """Every row of every page."""
    url, found = errand.config.get("url", ""), 0
    visited: set[str] = set()
    while url and url not in visited and len(visited) < _MOST_PAGES:
        visited.add(url)
        answer = errand.web.get(url, limits=_PAGE)
        if not answer.fine:
            raise SourceFailed(_("Sidan svarade inte som det ska (%(status)s).") % {"status": answer.status}, "status")
        page = parse(answer.body.decode("utf-8", "replace"))
        for row in _chosen(errand, page, "rows"):
            one = _row(errand, row, url)
            if one is not None:
                found += 1
                yield one
        onward = _chosen(errand, page, "onward") if errand.config.get("onward") else []
        href = onward[0].attributes.get("href", "") if onward else ""
        url = urljoin(url, href) if href else ""
    if not found:
        raise SourceFailed(_("Ingen rad med en länk stämmer med selektorerna. Se efter hur sidan ser ut nu."), "rows")


def _row(errand: Errand, row: Element, base: str) -> Listed | None:
    links = _chosen(errand, row, "link") if errand.config.get("link") else select(row, "a[href]")
    if row.name == "a" and not links:
        links = [row]
    href = links[0].attributes.get("href", "").strip() if links else ""
    address = urljoin(base, href) if href else ""
    if not address.startswith(("http://", "https://")):
        return None
    named = _chosen(errand, row, "heading") if errand.config.get("heading") else links
    name = (named[0].text if named else links[0].text)[:200]
    dated = _chosen(errand, row, "day") if errand.config.get("day") else []
    held_on = day_written(dated[0].text if dated else name)
    body = errand.config.get("body", "").strip()
    return Listed(
        key=address.partition("#")[0],
        mark=f"{name} {held_on or ''}",
        url=address,
        name=name or address.rsplit("/", 1)[-1],
        kind=facts_of(name, "").kind if _SAYS_KIND.search(name) else "",
        body=body,
        held_on=held_on,
    )


def _chosen(errand: Errand, within: Element, setting: str) -> list[Element]:
    selector = errand.config.get(setting, "")
    try:
        return select(within, selector)
    except BadSelector as error:
        said = {"selector": selector[:60]}
        raise SourceFailed(_("Selektorn %(selector)s går inte att läsa.") % said, "selector") from error
