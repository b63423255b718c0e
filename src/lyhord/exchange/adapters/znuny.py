"""Znuny 6.5, by a web service of its Generic Interface (docs/case-systems.md says how it is set up)."""

import base64
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.core.clock import now
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
from lyhord.exchange.generic_interface import ask, listed, moment, read_moment, requester
from lyhord.exchange.models import ChangeKind

OVERLAP = timedelta(minutes=1)  # whole seconds, and what is changed is written before it is shown
MOST = 2000  # errands read at once; only those changed since the last time
FIELD = "LyhordID"
SYSTEM = "system"
NO_STATE = "lyhord?"  # which no system has
HTML_BODIES = {"file-1", "file-2"}  # how an article in HTML lies beside its own text


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
        if _tickets(ask(connection, "POST", "/TicketSearch", {FIELD_FILTER: {"Equals": "-"}, "Limit": 1})):
            raise AdapterError("field", FIELD, permanent=True)
        for queue in queues:
            asked = Change(key="-", kind=ChangeKind.CREATE, title="-", queue=queue)
            try:
                ask(connection, "POST", "/Ticket", _new(connection, asked, state=NO_STATE))
            except AdapterError as error:
                if "Queue" in error.detail:
                    raise AdapterError("queue", queue, permanent=True) from error
                if "State" not in error.detail:
                    raise

    def create(self, connection: Connection, change: Change) -> str:
        """A ticket, unless there is one with our id in it."""
        found = _tickets(ask(connection, "POST", "/TicketSearch", {FIELD_FILTER: {"Equals": change.key}}))
        if found:
            return min(found, key=int)
        return str(ask(connection, "POST", "/Ticket", _new(connection, change))["TicketID"])

    def send(self, connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
        """An article, or other values. Our name for an article is its subject: by that it is found again."""
        if change.kind is ChangeKind.OWNER:
            ask(connection, "PATCH", f"/Ticket/{remote_id}", {"Ticket": {"Owner": change.value}})
            return
        if change.kind is ChangeKind.STATE:
            ask(connection, "PATCH", f"/Ticket/{remote_id}", {"Ticket": {"State": change.value, **_pending(change)}})
            return
        if again and any(one.get("Subject") == change.key for one in _articles(_ticket(connection, remote_id))):
            return
        sender = "customer" if change.kind is ChangeKind.RESIDENT else "agent"
        shown = change.kind is not ChangeKind.INTERNAL
        article = _article(change.key, change.text, sender=sender, shown=shown)
        ask(connection, "PATCH", f"/Ticket/{remote_id}", {"Article": article, **_files(change)})

    def start(self, connection: Connection) -> str:
        """This very moment, when we may log in."""
        ask(connection, "POST", "/TicketSearch", {FIELD_FILTER: {"Equals": "-"}, "Limit": 1})
        return moment(now())

    def pull(self, connection: Connection, cursor: str) -> Batch:
        """What others did to our tickets that have changed since, a little of it again."""
        since = read_moment(cursor) - OVERLAP
        asked = {
            FIELD_FILTER: {"Like": "*-*"},
            "TicketLastChangeTimeNewerDate": moment(since),
            "SortBy": "Changed",
            "OrderBy": "Up",
            "Limit": MOST,
        }
        news, newest = list[News](), read_moment(cursor)
        for remote_id in _tickets(ask(connection, "POST", "/TicketSearch", asked)):
            ticket = _ticket(connection, remote_id)
            newest = max(newest, read_moment(str(ticket["Changed"])))
            news += [one for one in _said(remote_id, ticket) if one.at >= since]
            news += [one for one in _done(connection, remote_id, ticket) if one.at >= since]
        return Batch(tuple(sorted(news, key=lambda one: (one.at, one.key))), moment(newest))

    def content(self, connection: Connection, news: News) -> News:
        """The text is there already; the files as they are."""
        if news.kind not in {ChangeKind.PUBLIC, ChangeKind.INTERNAL}:
            return news
        ticket = _ticket(connection, news.remote_id, Attachments=1, GetAttachmentContents=1)
        files = []
        for article in _articles(ticket):
            if f"a{article['ArticleID']}" == news.key:
                for held in listed(article.get("Attachment")):
                    if held.get("Filename") not in HTML_BODIES:
                        sort = str(held.get("ContentType") or "").partition(";")[0]
                        files.append(Attachment(str(held["Filename"]), sort, base64.b64decode(held["Content"])))
        return news.with_content(news.text, tuple(files))

    def bell(self, settings: Mapping[str, str], address: str, secret: str) -> list[tuple[str | Promise, str]]:
        """An invoker of the same web service. Nothing of the ticket goes along."""
        return [(_("Webbtjänsten, delen Requester"), requester(address, secret))]

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
        at, text = read_moment(str(one["CreateTime"])), str(one.get("Body") or "")
        found.append(News(key=f"a{one['ArticleID']}", remote_id=remote_id, kind=kind, at=at, text=text))
    return found


def _done(connection: Connection, remote_id: str, ticket: Mapping[str, Any]) -> list[News]:
    """New states, dates and owners, from the history, which only grows: a place in it is a name for good."""
    ours = str(ticket["CreateBy"])
    answer = ask(connection, "GET", f"/TicketHistory/{remote_id}", {})
    found = []
    for place, one in enumerate(listed(listed(answer.get("TicketHistory"))[0].get("History"))):
        parts = [part for part in str(one.get("Name") or "").split("%%") if part]
        if str(one.get("CreateBy")) == ours or not parts:
            continue
        at, key = read_moment(str(one["CreateTime"])), f"h{place}"
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


def _ticket(connection: Connection, remote_id: str, **more: int) -> dict[str, Any]:
    answer = ask(connection, "GET", f"/Ticket/{remote_id}", {"AllArticles": 1, **more})
    return dict(listed(answer.get("Ticket"))[0])


def _articles(ticket: Mapping[str, Any]) -> list[dict[str, Any]]:
    return listed(ticket.get("Article"))


def _tickets(answer: Mapping[str, Any]) -> list[str]:
    return [str(one) for one in listed(answer.get("TicketID"))]


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
