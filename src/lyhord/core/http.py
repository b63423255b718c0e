"""The one way to other machines over HTTP: for jobs only, and never to where only we may go.

Anybody may choose the addresses that we fetch from, so each connection is made here and nowhere else: the name is
looked up, the addresses are checked, and the connection goes to one of those very addresses, so that a name which
answers differently the second time gains nothing. A redirect is a new connection under the same rules. Time, size and
content type are limited, and nothing is unpacked.

Proxies that the environment names are not used: a proxy would look up the name once more.
"""

import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from ipaddress import ip_address
from socket import SOCK_STREAM, getaddrinfo
from time import monotonic
from typing import Any

import certifi
import httpcore
import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import LyhordError
from lyhord.core.reachable import Address, may_reach
from lyhord.core.tenancy import current_organisation_id

LONGEST_URL = 2000
USER_AGENT = "Lyhord"

SENTENCES = {
    "address": _("Adressen går inte att använda. Den ska börja med https:// och ha ett namn."),
    "port": _("Adressen har en port som inte är tillåten."),
    "closed": _("Adressen leder till ett slutet nät. Dit får vi inte gå."),
    "unknown": _("Namnet i adressen finns inte."),
    "unreachable": _("Det gick inte att nå den andra datorn."),
    "certificate": _("Den andra datorns certifikat stämmer inte."),
    "slow": _("Den andra datorn svarade inte i tid."),
    "broken": _("Den andra datorns svar gick inte att förstå."),
    "too_big": _("Svaret var för stort."),
    "type": _("Svaret var av fel slag."),
    "redirects": _("Den andra datorn skickade oss vidare för många gånger."),
}
_PASSING = {"unknown", "unreachable", "slow", "broken", "certificate"}


class OutwardError(LyhordError):
    """It could not be fetched or sent. `code` is a key of SENTENCES; `permanent`: trying again would not help."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code], code)
        self.permanent = code not in _PASSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one call may take."""

    most_bytes: int
    """Of the answer's body."""
    cut: bool = False
    """Whether a longer answer is cut off there instead of refused."""
    seconds: float = 20
    """From the look-up to the last byte, redirects included."""
    types: tuple[str, ...] = ()
    """How the content type may begin: ("image/",). Empty: any."""
    redirects: int = 0
    """How many are followed; the next is an answer like others when none is, else an error."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other machine said, whichever status it has."""

    status: int
    content_type: str
    """In small letters, without parameters."""
    body: bytes = field(repr=False)
    url: str
    """Where it came from in the end."""
    cookies: tuple[str, ...] = field(default=(), repr=False)
    """What it asks us to remember, as "name=value"."""
    etag: str = ""
    modified: str = ""
    """What to ask with next time, so that it can say that nothing has changed (If-None-Match, If-Modified-Since)."""
    location: str = ""
    """Where what was made is now."""

    @property
    def fine(self) -> bool:
        """Whether it says yes (2xx)."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class _Question:
    method: str
    headers: Mapping[str, str]
    content: bytes | None


def fetch(
    url: str,
    *,
    limits: Limits,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> Answer:
    """Call another machine. Raises OutwardError.

    Never inside an organisation's scope (RuntimeError): a request would wait, and a transaction would stand open.
    """
    if current_organisation_id() is not None:
        raise RuntimeError("other machines are called by jobs, outside any organisation's scope")
    deadline = monotonic() + limits.seconds
    here, question = check_url(url), _Question(method, dict(headers or {}), content)
    for _step in range(limits.redirects + 1):
        answer, onward = _once(here, question, limits, deadline)
        if onward is None or not limits.redirects:
            return answer
        there = check_url(_joined(here, onward))
        if here.scheme == "https" and there.scheme != "https":
            raise OutwardError("address")
        if there.netloc != here.netloc or there.scheme != here.scheme:
            question = _Question(method, {}, content)  # what was meant for one is not for another
        here = there
    raise OutwardError("redirects")


def in_parts(parts: Sequence[tuple[str, tuple[str | None, bytes, str]]]) -> tuple[bytes, str]:
    """A form with files, and its content type. A part: its name; its file's name (None: no file), bytes and type."""
    made = httpx.Request("POST", "http://localhost", files=parts)
    return made.read(), made.headers["Content-Type"]


def check_url(url: str) -> httpx.URL:
    """The address, read and found usable as far as can be told without asking anybody. Raises OutwardError."""
    if len(url) > LONGEST_URL:
        raise OutwardError("address")
    try:
        read = _parsed(url)
        port = read.port or {"http": 80, "https": 443}.get(read.scheme)
        host = read.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise OutwardError("address") from error
    if port is None or not host or read.userinfo:
        raise OutwardError("address")
    if port not in settings.OUTWARD_PORTS:
        raise OutwardError("port")
    try:
        literal = ip_address(host)
    except ValueError:
        return read  # a name; what it leads to is seen when we go there
    if not may_reach(literal):
        raise OutwardError("closed")
    return read


@lru_cache(maxsize=500)
def _parsed(url: str) -> httpx.URL:
    """An address in its parts: a queue goes to the same one again and again."""
    return httpx.URL(url)


def _joined(here: httpx.URL, onward: str) -> str:
    try:
        return str(here.join(onward))
    except (httpx.InvalidURL, ValueError) as error:
        raise OutwardError("address") from error


def _once(url: httpx.URL, question: _Question, limits: Limits, deadline: float) -> tuple[Answer, str | None]:
    """One question and its answer, and where a redirect leads."""
    content = question.content
    sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Connection": "close", **question.headers}
    raw = [("Host", url.netloc.decode("ascii")), *sent.items()]
    if content is not None:
        raw.append(("Content-Length", str(len(content))))
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    try:
        with (
            httpcore.HTTPConnection(target.origin, ssl_context=_trust(), network_backend=_Guarded(deadline)) as there,
            there.stream(question.method, target, headers=raw, content=content) as response,
        ):
            said = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            onward = said.get("location") if response.status in {301, 302, 303, 307, 308} else None
            if onward and limits.redirects:
                return Answer(response.status, "", b"", str(url)), onward
            content_type = said.get("content-type", "").partition(";")[0].strip().lower()
            fine = 200 <= response.status < 300
            if fine and limits.types and not content_type.startswith(limits.types):
                raise OutwardError("type")
            body = _body(response.iter_stream(), said, limits, deadline)
            marks = said.get("etag", "")[:300], said.get("last-modified", "")[:100]
            cookies, made = _cookies(response.headers), said.get("location", "")[:LONGEST_URL]
            return Answer(response.status, content_type, body, str(url), cookies, *marks, made), None
    except httpcore.TimeoutException as error:
        raise OutwardError("slow") from error
    except httpcore.NetworkError as error:
        raise OutwardError("certificate" if _about_certificate(error) else "unreachable") from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError) as error:
        raise OutwardError("broken") from error


def _cookies(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, ...]:
    set_by = (value.decode("latin-1") for name, value in headers if name.lower() == b"set-cookie")
    return tuple(one.partition(";")[0].strip() for one in set_by)


def _body(stream: Iterable[bytes], said: Mapping[str, str], limits: Limits, deadline: float) -> bytes:
    if said.get("content-encoding", "identity").lower() not in {"", "identity"} and not limits.cut:
        raise OutwardError("type")  # packed though we asked for plain: what it unpacks to could be any size
    promised = said.get("content-length", "")
    if promised.isdecimal() and len(promised) < 20 and int(promised) > limits.most_bytes and not limits.cut:
        raise OutwardError("too_big")
    body = bytearray()
    for chunk in stream:
        body += chunk
        if len(body) > limits.most_bytes:
            if limits.cut:
                break
            raise OutwardError("too_big")
        _left(deadline)
    return bytes(body[: limits.most_bytes])


def _about_certificate(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


@cache
def _trust() -> ssl.SSLContext:
    """The machine's certificates (SSL_CERT_FILE names others) and, where a machine has none, the usual ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is up")
    return left


class _Guarded(httpcore.NetworkBackend):
    """Makes the connections: looks the name up once, and goes to what it found, if one may go there."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the name's addresses that answers."""
        last: Exception | None = None
        for address in _resolved(host, port):
            try:
                stream = self._real.connect_tcp(str(address), port, timeout=_left(self._deadline))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
            else:
                return _Timed(stream, self._deadline)
        raise last or OutwardError("unknown")


def _resolved(host: str, port: int) -> list[Address]:
    """Where a name leads. One closed address among them is enough to go nowhere: then somebody plays with names."""
    try:
        found = getaddrinfo(host, port, type=SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutwardError("unknown") from error
    addresses = list(dict.fromkeys(ip_address(str(entry[4][0])) for entry in found))
    if not all(may_reach(address) for address in addresses):
        raise OutwardError("closed")
    return addresses


class _Timed(httpcore.NetworkStream):
    """A connection whose every wait ends when the whole call's time is up."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come."""
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The certificate is checked against the name, not against the address that we went to."""
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore wants to know of the socket."""
        return self._stream.get_extra_info(info)
