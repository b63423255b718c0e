"""Requests that no page of ours makes: parameters, paths, bodies and headers of any kind, at every address."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from tests.www.every_address import Address, addresses, body, values_for
from tests.www.hostile.conftest import THEIRS, World
from tests.www.hostile.sending import Upload, Value, leads_away, multipart, undone, urlencoded
from tests.www.hostile.values import CONTROL, SCRIPT, TURNING, first_turn, parameter_values, some

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("N9"), pytest.mark.sample(2)]
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=gRaNs"
TOO_MANY = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1
TOO_MANY_FILES = settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1
BODIES: dict[str, tuple[str, bytes]] = {
    "json": ("application/json", b'{"text": "\\u0000", "lat": NaN}'),
    "nonsense": ("x", b"\x00\xff"),
    "another alphabet": (f"{FORM}; charset=utf-7", b"text=+AGE-"),
    "no alphabet": (f"{FORM}; charset=nonsense", b"text=a"),
    "no boundary": ("multipart/form-data", b"x"),
    "empty boundary": ("multipart/form-data; boundary=", b"----"),
    "no end": (PARTS, b'--gRaNs\r\nContent-Disposition: form-data; name="text"\r\n\r\nhalf a sen'),
    "no name": (PARTS, b"--gRaNs\r\nContent-Disposition: form-data\r\n\r\nx\r\n--gRaNs--\r\n"),
    "broken base64": (
        PARTS,
        (
            b'--gRaNs\r\nContent-Disposition: form-data; name="text"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
            b"!\r\n--gRaNs--\r\n"
        ),
    ),
    "many fields": (FORM, urlencoded([("x", "1")] * TOO_MANY).encode()),
    "many parts": (PARTS, multipart([("x", "1")] * TOO_MANY)),
    "many files": (PARTS, multipart([("photos", Upload(b"x", "a.jpg"))] * TOO_MANY_FILES)),
    "a long field": (FORM, b"text=" + b"x" * 2_200_000),
    "an enormous field": (FORM, b"text=" + b"x" * 3_300_000),
}
ALL_AT_ONCE: tuple[Value, ...] = (CONTROL, "-1", "9" * 30)
HEADERS: tuple[dict[str, str], ...] = (
    {"Cookie": "lyhord=\x7f; lyhord_language=\"'><script>; lyhord_csrf=x; lyhord_writer=1:2:3; =;;"},
    {"Cookie": f"lyhord={'9' * 40}; lyhord_language=en; messages=x"},
    {"Origin": "http://["},
    {"Origin": "null", "Referer": "http://[", "Sec-Fetch-Site": "x"},
    {"Accept-Language": "sv-" + "x" * 500 + ",*;q=NaN,é"},
    {"Accept": "application/json;q=x, */*"},
    {"If-None-Match": 'W/"x", \x7f', "If-Modified-Since": "in a while"},
    {"HX-Request": "true", "HX-Current-URL": "http://[", "HX-Target": SCRIPT, "HX-Prompt": "%ff"},
    {"X-Forwarded-For": "x, " * 100, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"},
    {"Authorization": "Bearer \x7f", "X-Api-Key": "é" * 300},
    {"Range": "bytes=9-1", "Accept-Encoding": "identity;q=x"},
    {"Content-Length": "x"},
    {"Content-Length": "-1"},
)


def wrong(answer: Any, sent: str = "") -> str:
    """What is wrong with an answer, whatever was asked."""
    shown = body(answer)
    for own in (sent.lower(), quote(sent).lower()):
        shown = shown.replace(own, "") if own else shown
    page = answer.headers.get("Content-Type", "").startswith(("text/html", "application/xml", "application/rss"))
    found = {
        f"status {answer.status_code}": answer.status_code >= 500,
        "shows another organisation's": THEIRS in shown,
        "a script": "<script>alert(" in shown,
        "leads away": leads_away(answer),
        "what no page may hold": page and bool(re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", shown)),
    }
    return ", ".join(words for words, is_so in found.items() if is_so)


def tell(faults: list[str], what: str, ask: Any, sent: str = "") -> None:
    """Ask, and note what is wrong."""
    try:
        found = wrong(ask(), sent)
    except Exception as error:  # all of them are told at once
        found = f"{type(error).__name__}: {error}"
    if found:
        faults.append(f"{what}: {found}")


ROLES = ["anonymous", pytest.param("administrator", marks=pytest.mark.all)]
"""Who knocks; the second takes long."""


@pytest.mark.parametrize("role", ROLES)
def test_no_parameter_breaks_a_page(world: World, role: str) -> None:
    """Every parameter that a view asks for, one by one and all at once."""
    client, faults, count = world.client(role), list[str](), 0
    first = first_turn()
    for url, names in world.walk(client).parameters.items():
        if role != "anonymous" and not url.startswith(("/desk/", "/installningar/")):
            continue
        for turn, name in enumerate(sorted(names)):
            for value in parameter_values(name, first + turn + count, world.theirs.ids):
                query = urlencoded([(name, value)])
                sent = value if isinstance(value, str) else ""
                tell(faults, f"{url}?{query[:80]}", lambda query=query, url=url: client.get(f"{url}?{query}"), sent)
                count += 1
        for value in some(ALL_AT_ONCE, first + count, 1):
            query = urlencoded([(name, value) for name in sorted(names) for _twice in range(2)])
            tell(faults, f"{url}?{query[:80]}", lambda query=query, url=url: client.get(f"{url}?{query}"))
    assert count > 100
    assert not faults, "\n".join(faults[:20])


def odd_paths(address: Address, values: dict[str, Any], turn: int) -> Iterator[str]:
    """The address with something in it that nobody's id is: a few, others each turn."""
    url = address.url(values)
    for name in address.parameters:
        own = str(values[name])
        odd = ["0", "2147483648", "9223372036854775808", "9" * 40, "-1", "%D9%A3", "1%00", "%FF", "x" * 300, "..%2f"]
        for value in some(odd, turn, 4):
            yield url.replace(f"/{own}", f"/{value}", 1) if f"/{own}" in url else url.replace(own, value, 1)


@pytest.mark.parametrize("role", ROLES)
def test_no_path_breaks_anything(world: World, role: str) -> None:
    client, faults, count = world.client(role), list[str](), 0
    first = first_turn()
    for address in addresses():
        if not address.parameters:
            continue
        [values, *_more] = values_for(address, world.ours.ids, all_ways=False)
        for url in dict.fromkeys(odd_paths(address, values, first + count)):
            count += 1
            tell(faults, f"GET {url[:120]}", lambda url=url: client.get(url))
            if count % 3 == 0:
                with undone(client):
                    tell(faults, f"POST {url[:120]}", lambda url=url: client.post(url, {"csrfmiddlewaretoken": "x"}))
    assert count > 150
    assert not faults, "\n".join(faults[:20])


def takes_posts(client: Client, world: World) -> Iterator[str]:
    """Every address that something can be sent to."""
    for address in addresses():
        for values in values_for(address, world.ours.ids, all_ways=False):
            url = address.url(values)
            with undone(client):
                taken = client.post(url).status_code not in {404, 405}
            if taken:
                yield url


@pytest.mark.all
@pytest.mark.parametrize("role", ["anonymous", "administrator"])
def test_no_body_breaks_anything(world: World, role: str) -> None:
    """Wrong types, broken parts, too much of everything: refused in words, or understood all the same."""
    client, faults, count = world.client(role), list[str](), 0
    first = first_turn()
    for number, url in enumerate(list(takes_posts(client, world))):
        if role != "anonymous" and not url.startswith(("/desk/", "/installningar/", "/konto/")):
            continue
        for name in some(list(BODIES), first + number, 4):
            kind, data = BODIES[name]
            count += 1

            def ask(url: str = url, kind: str = kind, data: bytes = data) -> Any:
                with undone(client):
                    return client.generic("POST", url, data, content_type=kind)

            tell(faults, f"{url}: {name}", ask)
    assert count > 100
    assert not faults, "\n".join(faults[:20])


PAGES = (
    *("/", "/beratta/felanmalan/", "/arenden/", "/karta/12/2218/1225.json", "/flode/arenden.rss", "/konto/login/"),
    *("/desk/", "/healthz", "/api/v1/kinds", "/open311/v2/services.xml", "/inbaddat/karta/"),
)


@pytest.mark.parametrize("headers", HEADERS, ids="-".join)
def test_no_header_breaks_anything(world: World, headers: dict[str, str]) -> None:
    client, faults = Client(headers={"host": "motala.localhost"}), list[str]()
    given = {name: value for name, value in headers.items() if name != "Content-Length"}
    more = {"CONTENT_LENGTH": headers["Content-Length"]} if "Content-Length" in headers else {}
    for url in PAGES:
        tell(faults, url, lambda url=url: client.get(url, headers=given))
    for url in (
        "/beratta/felanmalan/",
        f"/f/{world.ours.ids['code']}/",
        "/desk/1/svara/",
        "/in/alarm/",
        "/api/v1/reports",
    ):

        def ask(url: str = url) -> Any:
            with undone(client):
                return client.post(url, {"text": TURNING}, headers=given, **more)  # type: ignore[arg-type]  # environ

        tell(faults, f"POST {url}", ask)
    assert not faults, "\n".join(faults[:20])


@pytest.mark.parametrize(
    "host", ["", "motala.localhost:99999", "MOTALA.localhost", "[::1", "é.example", "a" * 300, "\x7f"]
)
def test_no_host_breaks_anything(world: World, host: str) -> None:
    faults = list[str]()
    tell(faults, host, lambda: Client().get("/", headers={"host": host}))
    assert not faults, "\n".join(faults[:20])


@pytest.mark.parametrize("method", ["DELETE", "FOO", "HEAD", "OPTIONS"])
def test_no_method_breaks_anything(world: World, method: str) -> None:
    client, faults = world.client("administrator"), list[str]()
    for address in addresses():
        [values, *_more] = values_for(address, world.ours.ids, all_ways=False)

        def ask(url: str = address.url(values)) -> Any:
            with undone(client):
                return client.generic(method, url, b"x", content_type="text/plain")

        tell(faults, f"{method} {address.name}", ask)
    assert not faults, "\n".join(faults[:20])
