"""Fetching from others' web sites as a guest: by name, after asking robots.txt, and never faster than is fair.

One `Web` serves one turn of a source. A robots.txt that cannot be read means that nothing is fetched there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import LyhordError
from lyhord.core.http import Answer, Limits, fetch

USER_AGENT = "Lyhord-matters/1"
NAME = "Lyhord-matters"
_ROBOTS = Limits(most_bytes=500_000, cut=True, seconds=20, redirects=3)
_LONGEST_PAUSE = 30.0


class NotWelcome(LyhordError):
    """Their robots.txt says no, or cannot be read."""


@dataclass(slots=True)
class Web:
    """The polite way out. `pause` is the least time between two questions to the same host."""

    pause: float = 1.0
    _asked: dict[str, float] = field(default_factory=dict)
    _rules: dict[str, RobotFileParser] = field(default_factory=dict)

    def get(self, url: str, *, limits: Limits, etag: str = "", modified: str = "") -> Answer:
        """What lies there; 304 where it is as it was. Raises OutwardError, NotWelcome."""
        self._enter(url)
        headers = {"User-Agent": USER_AGENT}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        return fetch(url, limits=limits, headers=headers)

    def post_json(self, url: str, question: Mapping[str, Any], *, limits: Limits) -> Answer:
        """What a question gets for an answer, from those who answer no other. Raises OutwardError, NotWelcome."""
        self._enter(url)
        headers = {"User-Agent": USER_AGENT, "Content-Type": "application/json; charset=utf-8"}
        content = json.dumps(question, ensure_ascii=False).encode()
        return fetch(url, limits=limits, method="POST", headers=headers, content=content)

    def _enter(self, url: str) -> None:
        """Ask whether one may, and wait until it is fair."""
        rules = self._rules_of(url)
        if not rules.can_fetch(NAME, url):
            raise NotWelcome(_("Webbplatsen vill inte att program läser den adressen (robots.txt)."), "robots")
        delay = rules.crawl_delay(NAME)
        self._wait(url, max(self.pause, min(float(delay or 0), _LONGEST_PAUSE)))

    def _wait(self, url: str, pause: float) -> None:
        host = urlsplit(url).netloc
        if (since := self._asked.get(host)) is not None and (left := since + pause - monotonic()) > 0:
            sleep(left)
        self._asked[host] = monotonic()

    def _rules_of(self, url: str) -> RobotFileParser:
        parts = urlsplit(url)
        site = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        if site not in self._rules:
            self._rules[site] = self._read_rules(f"{site}/robots.txt")
        return self._rules[site]

    def _read_rules(self, url: str) -> RobotFileParser:
        rules = RobotFileParser()
        answer = fetch(url, limits=_ROBOTS, headers={"User-Agent": USER_AGENT})
        if answer.fine:
            rules.parse(answer.body.decode("utf-8", "replace").splitlines())
        elif answer.status in {404, 410}:
            rules.parse([])
        else:
            raise NotWelcome(_("Webbplatsens robots.txt gick inte att läsa. Då hämtar vi inget."), "robots")
        return rules
