"""Files in folders on a SiteVision site: each keeps its node when it is put up anew, and only its time changes."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from django.utils.translation import gettext_lazy as _

from lyhord.core.http import Limits
from lyhord.matters.linked_papers import Listed, fresh_papers
from lyhord.matters.selectors import parse, select
from lyhord.matters.source import Batch, Errand, MatterSource, Setting, SourceFailed

_PAGE = Limits(most_bytes=5_000_000, seconds=60, redirects=3)
_FILE = re.compile(r"/download/(?P<node>\d+\.[0-9a-f]+)/(?P<time>\d+)/(?P<name>[^/?#]+)", re.IGNORECASE)
_FOLDER = re.compile(r"[?&]folder=(?P<node>\d+\.[0-9a-f]+)", re.IGNORECASE)
_MOST_FOLDERS = 40


class SiteVision(MatterSource):
    """The file archive of a municipality whose web site is SiteVision."""

    slug = "sitevision"
    order = 50
    label = _("Filarkiv i SiteVision")
    help = _("En sida med mappar av kallelser och protokoll. Undermapparna läses också.")
    settings = (
        Setting("url", _("Sidans adress"), _("Börjar med https://. Sidan där mapparna visas.")),
        Setting("body", _("Vem som beslutar"), _("Namnet, om alla filerna hör till ett organ."), required=False),
    )

    def fetch(self, errand: Errand) -> Batch:
        listed = list(_listed(errand))
        if not listed:
            raise SourceFailed(_("Sidan har inga filer som SiteVision brukar visa dem."), "files")
        return fresh_papers(errand, listed)


def _listed(errand: Errand) -> Iterator[Listed]:
    """The files of the page and of the folders that it leads to, on the same page."""
    start = errand.config.get("url", "")
    waiting, visited = [start], {_folder(start)}
    while waiting and len(visited) <= _MOST_FOLDERS:
        url = waiting.pop(0)
        answer = errand.web.get(url, limits=_PAGE)
        if not answer.fine:
            raise SourceFailed(_("Sidan svarade inte som det ska (%(status)s).") % {"status": answer.status}, "status")
        for link in select(parse(answer.body.decode("utf-8", "replace")), "a[href]"):
            address = urljoin(url, link.attributes["href"])
            file = _FILE.search(address)
            folder = _folder(address)
            if file:
                name = unquote(file["name"])
                yield Listed(
                    key=file["node"],
                    mark=file["time"],
                    url=address,
                    name=name,
                    body=errand.config.get("body", "").strip(),
                )
            elif folder and folder not in visited and _page(address) == _page(start):
                visited.add(folder)
                waiting.append(address)


def _folder(url: str) -> str:
    found = _FOLDER.search(url)
    return found["node"] if found else ""


def _page(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc, parts.path
