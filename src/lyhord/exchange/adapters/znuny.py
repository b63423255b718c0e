"""Znuny 6.5, by a web service of its Generic Interface (docs/case-systems.md says how it is set up)."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.core.clock import now
from lyhord.core.http import Answer, Limits, fetch
from lyhord.exchange.adapter import (
    URL,
    USER,
    Adapter,
    AdapterError,
    Attachment,
    Batch,
    Change,
    Connection,
    News,
    Setting,
)
from lyhord.exchange.faults import CLIENT_ERROR, SERVER_ERROR, code_of
from lyhord.exchange.models import ChangeKind

LIMITS = Limits(most_bytes=60_000_000, seconds=30)
OVERLAP = timedelta(minutes=1)  # whole seconds, and what is changed is written before it is shown
MOST = 2000  # errands read at once; only those changed since the last time
FIELD = "LyhordID"
SYSTEM = "system"
NO_STATE = "lyhord?"  # which no system has
HTML_BODIES = {"file-1", "file-2"}  # how an article in HTML lies beside its own text

EVENTS = (*("ArticleCreate", "TicketStateUpdate", "TicketPendingTimeUpdate", "TicketOwnerUpdate"),)
REQUESTER = """Requester:
  Transport:
    Type: HTTP::REST
    Config:
      Host: %(root)s
      DefaultCommand: POST
      Timeout: '10'
      Authentication: {AuthType: BasicAuth, BasicAuthUser: lyhord, BasicAuthPassword: %(secret)s}
      InvokerControllerMapping:
        knock: {Command: POST, Controller: %(path)s}
  Invoker:
    knock:
      Type: Ticket::Generic
      Description: Lyhörd
      Events:
%(events)s\
      MappingOutbound:
        Type: XSLT
        Config:
          Template: |
            <xsl:transform version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
              <xsl:template match="/"><RootElement><New>1</New></RootElement></xsl:template>
            </xsl:transform>
"""

_sessions: dict[tuple[int, str], str] = {}
"""By system and user: a password for each question would be checked each time."""


class Znuny(Adapter):
    """Tickets; articles are shown to the customer or not, and news is read by when a ticket was last changed."""

    slug = "znuny"
    label = "Znuny 6.5"
    settings = (
        URL,
        USER,
        Setting("customer", _("Kundanvändare för invånare"), _("Den kund i systemet som alla ärenden får.")),
    )
    states_out = {
        "received": "new",
        "assigned": "open",
        "in_progress": "open",
        "planned": "pending reminder",
        "waiting": "pending reminder",
        "resolved": "closed successful",
        "not_resolved": "closed unsuccessful",
        "refused": "closed unsuccessful",
        "duplicate": "closed unsuccessful",
    }
    states_in = {
        "new": "",
        "open": "in_progress",
        "pending reminder": "",
        "pending auto close+": "",
        "pending auto close-": "",
        "merged": "",
        "removed": "",
        "closed successful": "resolved",
        "closed unsuccessful": "not_resolved",
    }

    def check(self, connection: Connection, queues: list[str]) -> None:
        """Log in, look for the field that our id is kept in, and for each queue.

        Znuny leaves out a filter on a field that it does not have: who finds tickets by an id that nobody has, lacks
        the field. And it answers a ticket in a state that there is none of with the first thing that is wrong.
        """
        if _tickets(_ask(connection, "POST", "/TicketSearch", {FIELD_FILTER: {"Equals": "-"}, "Limit": 1})):
            raise AdapterError("field", FIELD, permanent=True)
        for queue in queues:
            asked = Change(key="-", kind=ChangeKind.CREATE, title="-", queue=queue)
            try:
                _ask(connection, "POST", "/Ticket", _new(connection, asked, state=NO_STATE))
            except AdapterError as error:
                if "Queue" in error.detail:
                    raise AdapterError("queue", queue, permanent=True) from error
                if "State" not in error.detail:
                    raise

    def create(self, connection: Connection, change: Change) -> str:
        """A ticket, unless there is one with our id in it."""
        found = _tickets(_ask(connection, "POST", "/TicketSearch", {FIELD_FILTER: {"Equals": change.key}}))
        if found:
            return min(found, key=int)
        return str(_ask(connection, "POST", "/Ticket", _new(connection, change))["TicketID"])

    def send(self, connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
        """An article, or other values. Our name for an article is its subject: by that it is found again."""
        if change.kind is ChangeKind.OWNER:
            _ask(connection, "PATCH", f"/Ticket/{remote_id}", {"Ticket": {"Owner": change.value}})
            return
        if change.kind is ChangeKind.STATE:
            _ask(connection, "PATCH", f"/Ticket/{remote_id}", {"Ticket": {"State": change.value, **_pending(change)}})
            return
        if again and any(one.get("Subject") == change.key for one in _articles(_ticket(connection, remote_id))):
            return
        sender = "customer" if change.kind is ChangeKind.RESIDENT else "agent"
        shown = change.kind is not ChangeKind.INTERNAL
        article = _article(change.key, change.text, sender=sender, shown=shown)
        _ask(connection, "PATCH", f"/Ticket/{remote_id}", {"Article": article, **_files(change)})

    def start(self, connection: Connection) -> str:
        """This very moment, when we may log in."""
        _ask(connection, "POST", "/TicketSearch", {FIELD_FILTER: {"Equals": "-"}, "Limit": 1})
        return _moment(now())

    def pull(self, connection: Connection, cursor: str) -> Batch:
        """What others did to our tickets that have changed since, a little of it again."""
        since = _read(cursor) - OVERLAP
        asked = {
            FIELD_FILTER: {"Like": "*-*"},
            "TicketLastChangeTimeNewerDate": _moment(since),
            "SortBy": "Changed",
            "OrderBy": "Up",
            "Limit": MOST,
        }
        news, newest = list[News](), _read(cursor)
        for remote_id in _tickets(_ask(connection, "POST", "/TicketSearch", asked)):
            ticket = _ticket(connection, remote_id)
            newest = max(newest, _read(str(ticket["Changed"])))
            news += [one for one in _said(remote_id, ticket) if one.at >= since]
            news += [one for one in _done(connection, remote_id, ticket) if one.at >= since]
        return Batch(tuple(sorted(news, key=lambda one: (one.at, one.key))), _moment(newest))

    def content(self, connection: Connection, news: News) -> News:
        """The text is there already; the files as they are."""
        if news.kind not in {ChangeKind.PUBLIC, ChangeKind.INTERNAL}:
            return news
        ticket = _ticket(connection, news.remote_id, Attachments=1, GetAttachmentContents=1)
        files = []
        for article in _articles(ticket):
            if f"a{article['ArticleID']}" == news.key:
                for held in _listed(article.get("Attachment")):
                    if held.get("Filename") not in HTML_BODIES:
                        sort = str(held.get("ContentType") or "").partition(";")[0]
                        files.append(Attachment(str(held["Filename"]), sort, base64.b64decode(held["Content"])))
        return news.with_content(news.text, tuple(files))

    def bell(self, settings: Mapping[str, str], address: str, secret: str) -> list[tuple[str | Promise, str]]:
        """An invoker of the same web service. Nothing of the ticket goes along."""
        read = urlsplit(address)
        root = f"{read.scheme}://{read.netloc}"
        events = "".join(f"        - {{Event: {one}, Asynchronous: '1'}}\n" for one in EVENTS)
        told = {"root": _yaml(root), "path": _yaml(read.path), "secret": _yaml(secret), "events": events}
        return [(_("Webbtjänsten, delen Requester"), REQUESTER % told)]

    def page(self, settings: Mapping[str, str], remote_id: str) -> str:
        """The ticket in Znuny's own pages."""
        root, found, _rest = settings["url"].partition("nph-genericinterface.pl")
        return f"{root}index.pl?Action=AgentTicketZoom;TicketID={remote_id}" if found else ""


FIELD_FILTER = f"DynamicField_{FIELD}"


def _new(connection: Connection, change: Change, state: str = "new") -> dict[str, Any]:
    fields = [{"Name": FIELD, "Value": change.key}]
    if change.lat is not None:
        fields += [
            {"Name": "Latitude", "Value": f"{change.lat:.6f}"},
            {"Name": "Longitude", "Value": f"{change.lon:.6f}"},
        ]
    return {
        "Ticket": {
            "Title": change.title[:250],
            "Queue": change.queue,
            "State": state,
            "Priority": "3 normal",
            "CustomerUser": connection.settings["customer"],
        },
        "Article": _article(change.title[:250], change.text, sender="customer", shown=True),
        "DynamicField": fields,
        **_files(change),
    }


def _said(remote_id: str, ticket: Mapping[str, Any]) -> list[News]:
    """Articles that others wrote: what an agent shows the customer is an answer, all else is for staff."""
    ours = str(ticket["CreateBy"])
    found = []
    for one in _articles(ticket):
        if str(one.get("CreateBy")) == ours or one.get("SenderType") == SYSTEM:
            continue
        shown = str(one.get("IsVisibleForCustomer")) == "1" and one.get("SenderType") == "agent"
        kind = ChangeKind.PUBLIC if shown else ChangeKind.INTERNAL
        at, text = _read(str(one["CreateTime"])), str(one.get("Body") or "")
        found.append(News(key=f"a{one['ArticleID']}", remote_id=remote_id, kind=kind, at=at, text=text))
    return found


def _done(connection: Connection, remote_id: str, ticket: Mapping[str, Any]) -> list[News]:
    """New states, dates and owners, from the history, which only grows: a place in it is a name for good."""
    ours = str(ticket["CreateBy"])
    answer = _ask(connection, "GET", f"/TicketHistory/{remote_id}", {})
    found = []
    for place, one in enumerate(_listed(_listed(answer.get("TicketHistory"))[0].get("History"))):
        parts = [part for part in str(one.get("Name") or "").split("%%") if part]
        if str(one.get("CreateBy")) == ours or not parts:
            continue
        at, key = _read(str(one["CreateTime"])), f"h{place}"
        if one.get("HistoryType") == "StateUpdate":
            found.append(News(key=key, remote_id=remote_id, kind=ChangeKind.STATE, at=at, value=parts[-1]))
        elif one.get("HistoryType") == "SetPendingTime" and (day := _day(parts[0])):
            state = str(ticket.get("State"))
            found.append(News(key=key, remote_id=remote_id, kind=ChangeKind.STATE, at=at, value=state, until=day))
        elif one.get("HistoryType") == "OwnerUpdate":
            found.append(News(key=key, remote_id=remote_id, kind=ChangeKind.OWNER, at=at, value=parts[0]))
    return found


def _pending(change: Change) -> dict[str, Any]:
    """Until when, for the states that have a time: Znuny takes none for others."""
    if change.until is None or not change.value.startswith("pending"):
        return {}
    day = change.until
    return {"PendingTime": {"Year": day.year, "Month": day.month, "Day": day.day, "Hour": 12, "Minute": 0}}


def _day(text: str) -> date | None:
    """The day in the history's words; zeros where the time was taken away."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _ticket(connection: Connection, remote_id: str, **more: int) -> dict[str, Any]:
    answer = _ask(connection, "GET", f"/Ticket/{remote_id}", {"AllArticles": 1, **more})
    return dict(_listed(answer.get("Ticket"))[0])


def _articles(ticket: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _listed(ticket.get("Article"))


def _tickets(answer: Mapping[str, Any]) -> list[str]:
    return [str(one) for one in _listed(answer.get("TicketID"))]


def _listed(held: Any) -> list[Any]:
    """Znuny writes a list of one as the one itself."""
    return [] if held is None else held if isinstance(held, list) else [held]


def _article(subject: str, text: str, *, sender: str, shown: bool) -> dict[str, Any]:
    return {
        "CommunicationChannel": "Internal",
        "SenderType": sender,
        "IsVisibleForCustomer": int(shown),
        "Subject": subject,
        "Body": text or "-",
        "ContentType": "text/plain; charset=utf8",
        "NoAgentNotify": 1,
    }


def _files(change: Change) -> dict[str, Any]:
    if not change.files:
        return {}
    return {
        "Attachment": [
            {"Content": base64.b64encode(one.data).decode(), "ContentType": one.content_type, "Filename": one.name}
            for one in change.files
        ]
    }


def _ask(connection: Connection, method: str, path: str, body: Mapping[str, Any], code: str = "") -> dict[str, Any]:
    """One question with the session that we have; when it has ended, once more with a new one.

    Znuny says 200 to everything, and what went wrong in the body.
    """
    said = _asked(connection, method, path, body)
    if "AuthFail" in _error(said):
        _sessions.pop(_who(connection), None)
        said = _asked(connection, method, path, body)
    wrong = _error(said)
    if "AuthFail" in wrong:
        raise AdapterError("login", wrong)
    if "AccessDenied" in wrong:
        raise AdapterError("denied", wrong)
    if wrong:
        raise AdapterError(code or "refused", wrong, permanent=True)
    return said


def _error(said: Mapping[str, Any]) -> str:
    error = said.get("Error")
    return f"{error.get('ErrorCode')} {error.get('ErrorMessage')}"[:300] if isinstance(error, dict) else ""


def _asked(connection: Connection, method: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    who = _who(connection)
    if who not in _sessions:
        user = {"UserLogin": connection.settings["user"], "Password": connection.secret}
        answer = _read_answer(_fetch(connection, "POST", "/Session", user))
        if not answer.get("SessionID"):
            raise AdapterError("login", _error(answer))
        _sessions[who] = str(answer["SessionID"])
    return _read_answer(_fetch(connection, method, path, {"SessionID": _sessions[who], **body}))


def _fetch(connection: Connection, method: str, path: str, body: Mapping[str, Any]) -> Answer:
    url = f"{connection.settings['url'].rstrip('/')}{path}"
    if method == "GET":
        return fetch(f"{url}?{urlencode(body)}", limits=LIMITS)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return fetch(url, limits=LIMITS, method=method, headers=headers, content=json.dumps(body).encode())


def _read_answer(answer: Answer) -> dict[str, Any]:
    said = answer.body[:200].decode("utf-8", "replace")
    if not answer.fine:
        final = CLIENT_ERROR <= answer.status < SERVER_ERROR and answer.status not in {401, 403, 408, 429}
        raise AdapterError(code_of(answer.status), f"{answer.status} {said}", permanent=final)
    try:
        read = json.loads(answer.body or b"{}")
    except ValueError as error:
        raise AdapterError("answer", said) from error
    if not isinstance(read, dict):
        raise AdapterError("answer", said)
    return read


def _who(connection: Connection) -> tuple[int, str]:
    return connection.system, f"{connection.settings['url']} {connection.settings['user']}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
