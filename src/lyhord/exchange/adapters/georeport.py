"""Open311 GeoReport v2 and nothing more: servers that know requests only, as most cities' do.

A report goes there; what becomes of it is read from the request itself, by its id, since there is no list of changes.
Nothing that we or the resident say afterwards can go there. Some tell a finer state (`detailed_status`): it counts
where it means something to us.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from lyhord.core.clock import now
from lyhord.exchange.adapter import URL, Adapter, AdapterError, Batch, Change, Connection, News, Setting
from lyhord.exchange.georeport import get, moment, read_moment, requested
from lyhord.exchange.models import ChangeKind

EVERY = timedelta(minutes=10)
AT_ONCE = 50  # ids in one address
CLOSED = "closed"


class GeoReport(Adapter):
    """A report there is a service request."""

    slug = "georeport"
    label = lazy("Open311 utan uppdateringar")
    settings = (
        URL,
        Setting("jurisdiction", "jurisdiction_id", lazy("Om den andra sidan kräver det."), required=False),
    )
    queue_label = "service_code"
    carries_documents = False
    asks_by_id = True
    takes = frozenset({ChangeKind.CREATE})
    states_out = {
        "received": "open",
        "assigned": "open",
        "in_progress": "open",
        "planned": "open",
        "waiting": "open",
        "resolved": CLOSED,
        "not_resolved": CLOSED,
        "refused": CLOSED,
        "duplicate": CLOSED,
    }
    states_in = {
        "open": "",
        CLOSED: "resolved",
        # What some servers call them: Helsinki's, and our own.
        "received": "",
        "assigned": "in_progress",
        "in_process": "in_progress",
        "in_progress": "in_progress",
        "planned": "in_progress",
        "waiting": "in_progress",
        "processed": "resolved",
        "archived": "resolved",
        "resolved": "resolved",
        "rejected": "not_resolved",
        "not_resolved": "not_resolved",
        "duplicate": "not_resolved",
        "refused": "refused",
    }

    def check(self, connection: Connection, queues: list[str]) -> None:
        """Look for each service."""
        codes = {str(row.get("service_code")) for row in get(connection, "services.json", {})}
        for queue in queues:
            if queue not in codes:
                raise AdapterError("queue", queue, permanent=True)

    def create(self, connection: Connection, change: Change) -> str:
        """A request."""
        return requested(connection, change)

    def send(self, connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
        """Nothing can be said about a request that is there: none of it is sent (`takes`)."""
        raise AdapterError("refused", change.kind, permanent=True)

    def start(self, connection: Connection) -> str:
        """This very moment."""
        return moment(now())

    def pull(self, connection: Connection, cursor: str) -> Batch:
        """Where our requests are now, asked by their ids, now and then."""
        if now() - datetime.fromisoformat(cursor) < EVERY:
            return Batch((), cursor)
        asked, news = moment(now()), list[News]()
        for ids in batched(connection.errands, AT_ONCE):
            rows = get(connection, "requests.json", {"service_request_id": ",".join(ids), "extensions": "true"})
            news += [one for row in rows if str(row.get("service_request_id")) in ids for one in self._news(row)]
        return Batch(tuple(news), asked)

    def content(self, connection: Connection, news: News) -> News:
        """There is no more to it."""
        return news

    def _news(self, row: Mapping[str, Any]) -> list[News]:
        """The state, once for each time that it changes; and what is said of it: to the resident when it is closed."""
        remote, at = str(row["service_request_id"]), read_moment(row)
        word, notes = self._word(row), str(row.get("status_notes") or "").strip()
        over = str(row.get("status") or "").strip().lower() == CLOSED
        found = []
        if notes:
            kind = ChangeKind.PUBLIC if over else ChangeKind.INTERNAL
            key = f"{kind}/{hashlib.sha256(notes.encode()).hexdigest()[:24]}"
            found.append(News(key=key, remote_id=remote, kind=kind, at=at or now(), text=notes))
        if word:
            key = f"state/{word}/{moment(at) if at else ''}"[:100]
            found.append(News(key=key, remote_id=remote, kind=ChangeKind.STATE, at=at or now(), value=word))
        return found

    def _word(self, row: Mapping[str, Any]) -> str:
        """The finer state where we know it, else open or closed."""
        more = row.get("extended_attributes")
        fine = str(more.get("detailed_status") or "") if isinstance(more, dict) else ""
        fine = (fine or str(row.get("detailed_status") or "")).strip().lower().replace(" ", "_")
        return fine if fine in self.states_in else str(row.get("status") or "").strip().lower()
