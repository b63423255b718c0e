"""A peer that behaves as FixMyStreet's Open311 client does, written from its documented and observed behaviour.

XML only. The base address ends with a slash and paths are put straight after it. Whatever is not exactly what it waits
for counts as failed and is sent again, for as long as it takes. Updates are polled by overlapping windows, those
outside the window asked for are dropped, and an `update_id` that it has had is passed over.
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

LOCAL = ZoneInfo("Europe/Stockholm")
HIDDEN = ("private", "inactive", "staff")
"""Keywords that mean something to it."""

INCOMING = {
    "open": "confirmed",
    "investigating": "investigating",
    "in progress": "in progress",
    "planned": "planned",
    "action scheduled": "action scheduled",
    "for triage": "for triage",
    "fixed": "fixed - council",
    "closed": "closed",
    "no further action": "unable to fix",
    "not councils responsibility": "not responsible",
    "duplicate": "duplicate",
    "internal referral": "internal referral",
    "cancelled": "cancelled",
}
OUTGOING = {
    "confirmed": "OPEN",
    "investigating": "INVESTIGATING",
    "in progress": "IN_PROGRESS",
    "action scheduled": "ACTION_SCHEDULED",
    "fixed - user": "FIXED",
    "fixed - council": "FIXED",
    "closed": "CLOSED",
    "duplicate": "DUPLICATE",
}


class SendFailed(Exception):
    """The report or the update counts as not sent."""


@dataclass
class Contact:
    """What it calls a service."""

    code: str
    name: str
    groups: list[str]
    flags: set[str]
    questions: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Comment:
    """What was said or done about a report."""

    text: str
    state: str
    at: datetime
    id: int = 0
    media: list[str] = field(default_factory=list)
    photos: list[bytes] = field(default_factory=list)
    external_id: str = ""


@dataclass
class Report:
    """A report of one of its users."""

    id: int
    category: str
    title: str = "Trasig bänk"
    detail: str = "Ryggstödet är av."
    lat: float = 58.5371
    lon: float = 15.0365
    name: str = "Eva Ek"
    email: str = "eva@exempel.se"
    extra: dict[str, Any] = field(default_factory=dict)
    photos: list[bytes] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    pinpointed: bool = True
    external_id: str = ""
    state: str = "confirmed"
    sent_at: datetime | None = None
    comments: list[Comment] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def last_update(self) -> datetime:
        """When it last changed, as far as is known there."""
        return max([comment.at for comment in self.comments], default=datetime.min.replace(tzinfo=UTC))


class FixMyStreet:
    """One of its bodies: what is configured for a council, and what it does with it."""

    def __init__(self, base: str, *, api_key: str, jurisdiction: str = "", host: str = "") -> None:
        assert base.endswith("/")
        self.base = base
        self.api_key = api_key
        self.jurisdiction = jurisdiction
        self.contacts: dict[str, Contact] = {}
        self.reports: dict[str, Report] = {}
        self._http = httpx.Client(headers={"Host": host} if host else {}, timeout=60)

    def close(self) -> None:
        """It has no more to say."""
        self._http.close()

    # Categories

    def populate(self) -> None:
        """The hourly reading of the services; those that are gone are gone here too."""
        root = self._get("services.xml")
        found = root.findall("service")
        if not found:
            raise SendFailed("no services")
        self.contacts = {}
        for service in found:
            contact = self._contact(service)
            if _text(service, "metadata").lower() == "true":
                contact.questions = self._questions(contact.code)
            self.contacts[contact.name] = contact

    @staticmethod
    def _contact(service: ET.Element) -> Contact:
        groups = [each.text or "" for each in service.findall("groups/group")] or [_text(service, "group")]
        words = {word.strip() for word in _text(service, "keywords").split(",")}
        name = _text(service, "service_name").strip()
        return Contact(_text(service, "service_code"), name, groups, words.intersection(HIDDEN))

    def _questions(self, code: str) -> dict[str, dict[str, Any]]:
        root = self._get(f"services/{code}.xml")
        found = {}
        for attribute in root.findall("attributes/attribute"):
            asked: dict[str, Any] = {child.tag: child.text or "" for child in attribute if child.tag != "values"}
            asked["values"] = {_text(value, "key"): value for value in attribute.findall("values/value")}
            found[asked["code"]] = asked
        return found

    # Reports

    def send(self, report: Report, *, lose: int = 0) -> int:
        """Send until it has arrived; the first `lose` answers get lost on the way. How often it was sent."""
        for tries in range(1, 10):
            try:
                external = self._post_report(report)
                if tries <= lose:
                    raise SendFailed("timed out")
            except SendFailed as failed:
                report.failures.append(str(failed))
            else:
                report.external_id = external
                report.sent_at = datetime.now(UTC)
                self.reports[external] = report
                return tries
        raise SendFailed(report.failures[-1])

    def _post_report(self, report: Report) -> str:
        contact = self.contacts[report.category]
        given: dict[str, Any] = {
            "service_code": contact.code,
            "description": _described(report),
            "deviceid": "FixMyStreet",
            **_named(report.name),
            "email": report.email,
        }
        if report.pinpointed:
            given |= {"lat": f"{report.lat:.6f}", "long": f"{report.lon:.6f}"}
        else:
            given["address_id"] = "#NOTPINPOINTED#"
        for code, asked in contact.questions.items():
            if asked.get("automated") == "server_set" and code == "fixmystreet_id":
                given[f"attribute[{code}]"] = str(report.id)
            elif code in report.extra:
                given[f"attribute[{code}]"] = report.extra[code]
        if report.media and not report.photos:
            given["media_url"] = report.media
        root = self._post("requests.xml", given, report.photos)
        request = next(iter(root.iter("request")), None)
        if request is None:
            raise SendFailed("no request in the answer")
        token = _plain(request.find("token"))
        return self._behind(token) if token else _plain(request.find("service_request_id"))

    def _behind(self, token: str) -> str:
        """It asks five times for what a token stands for."""
        for _n in range(5):
            root = self._get(f"tokens/{token}.xml")
            if found := _plain(root.find("request/service_request_id")):
                return found
        raise SendFailed("the token stays a token")

    # Updates

    def fetch(self, *, start: datetime | None = None, end: datetime | None = None) -> int:
        """Poll the last two hours, or another window; how many comments were new."""
        end = end or datetime.now(UTC)
        start = start or end - timedelta(hours=2)
        window = {"start_date": _utc(start), "end_date": _utc(end)}
        root = self._get("servicerequestupdates.xml", **window, api_key=self.api_key)
        return sum(self._take(update, start, end) for update in root.findall("request_update"))

    def _take(self, update: ET.Element, start: datetime, end: datetime) -> bool:
        report = self.reports.get(_text(update, "service_request_id"))
        update_id, said_at = _text(update, "update_id"), _text(update, "updated_datetime")
        if report is None or not update_id or not said_at:
            return False
        at = datetime.fromisoformat(said_at)
        if at.tzinfo is None or not start.replace(microsecond=0) <= at <= end:
            return False
        if any(comment.external_id == update_id for comment in report.comments):
            return False
        if report.sent_at and at < report.sent_at:
            at = report.sent_at + timedelta(seconds=1)
        said = _text(update, "status").lower().replace("_", " ")
        state = INCOMING.get(said, "")
        late = at < report.last_update
        media = [each.text for each in update.findall("media_url") if each.text]
        report.comments.append(Comment(_text(update, "description"), state, at, media=media, external_id=update_id))
        if state and not late:
            report.state = state
        if (category := update.findtext("extras/category")) and category in self.contacts:
            report.category = category
        return True

    def push(self, report: Report, comment: Comment, *, lose: int = 0) -> int:
        """Send what a user said about a report, as often as it takes."""
        report.comments.append(comment)
        given: dict[str, Any] = {
            "service_request_id": report.external_id,
            "update_id": str(comment.id),
            "status": OUTGOING[comment.state],
            "updated_datetime": comment.at.astimezone(LOCAL).isoformat(timespec="seconds"),
            "description": comment.text,
            **_named(report.name),
            "email": report.email,
        }
        if comment.media:
            given["media_url"] = comment.media
        for tries in range(1, 10):
            try:
                root = self._post("servicerequestupdates.xml", given, comment.photos)
                comment.external_id = _plain(root.find("request_update/update_id"))
                if not comment.external_id or tries <= lose:
                    raise SendFailed("timed out")
            except SendFailed as failed:
                report.failures.append(str(failed))
            else:
                report.state = comment.state
                return tries
        raise SendFailed(report.failures[-1])

    # On the wire

    def _get(self, path: str, **parameters: str) -> ET.Element:
        if self.jurisdiction:
            parameters["jurisdiction_id"] = self.jurisdiction
        return _read(self._http.get(f"{self.base}{path}", params=parameters))

    def _post(self, path: str, given: dict[str, Any], photos: list[bytes]) -> ET.Element:
        given = {**given, "api_key": self.api_key}
        if self.jurisdiction:
            given["jurisdiction_id"] = self.jurisdiction
        files = [(f"photo{n}", (f"{n}.jpeg", data, "image/jpeg")) for n, data in enumerate(photos, 1)]
        return _read(self._http.post(f"{self.base}{path}", data=given, files=files or None))


def _read(answer: httpx.Response) -> ET.Element:
    try:
        root = ET.fromstring(answer.content)
    except ET.ParseError as error:
        raise SendFailed(f"no XML: {answer.content[:200]!r}") from error
    if not answer.is_success:
        said = [f"{_text(error, 'code')}: {_text(error, 'description')}" for error in root.iter("error")]
        raise SendFailed("; ".join(said) or str(answer.status_code))
    return root


def _plain(element: ET.Element | None) -> str:
    """A text; an element with attributes or children is read as a structure, which is no id."""
    if element is None or not (element.text or "").strip():
        return ""
    if element.attrib or len(element):
        raise SendFailed("an id that is no text")
    return str(element.text)


def _text(element: ET.Element, name: str) -> str:
    return element.findtext(name) or ""


def _named(name: str) -> dict[str, str]:
    first, _blank, last = name.partition(" ")
    return {"first_name": first, "last_name": last or "-"}


def _described(report: Report) -> str:
    link = f"https://fixamingata.se/report/{report.id}"
    return (
        f"Titel: {report.title}\n\nBeskrivning: {report.detail}\n\nLänk till ärendet: {link}\n\nSkickad via FixaMinGata"
    )


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
