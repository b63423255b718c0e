"""Sending whatever one likes, as no browser would, and undoing it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlsplit

from django.contrib.messages import ERROR, get_messages
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from lyhord.intake.rates import forget_taken
from tests.www.hostile.walking import Form

type Value = str | bytes | "Upload"
type Pairs = Sequence[tuple[str, Value]]


class Upload:
    """A file."""

    def __init__(self, data: bytes, name: str = "fil.bin", kind: str = "application/octet-stream") -> None:
        self.data, self.name, self.kind = data, name, kind

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        return f"{self.name} of {len(self.data)} bytes"


def urlencoded(pairs: Pairs) -> str:
    """As a form without files sends it; bytes go as they are, whether they are UTF-8 or not."""
    return "&".join(f"{quote(name, safe='')}={_quoted(value)}" for name, value in pairs)


def _quoted(value: Value) -> str:
    if isinstance(value, Upload):
        return quote(value.name)
    return quote_from_bytes(value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"), safe="")


def multipart(pairs: Pairs, boundary: str = "gRaNs") -> bytes:
    """As a form with files sends it."""
    out = []
    for name, value in pairs:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, Upload):
            head += f'; filename="{value.name}"\r\nContent-Type: {value.kind}'
            value = value.data  # noqa: PLW2901  # its bytes
        elif isinstance(value, str):
            value = value.encode("utf-8", "surrogatepass")  # noqa: PLW2901  # the same value as bytes
        out.append(head.encode("utf-8", "surrogatepass") + b"\r\n\r\n" + value + b"\r\n")
    return b"".join(out) + f"--{boundary}--\r\n".encode()


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """See that the database would have taken it, and take it back; the browser forgets it too."""
    cookies = dict(client.cookies)
    with transaction.atomic():
        try:
            yield
            with connection.cursor() as cursor:
                cursor.execute("set constraints all immediate")
                cursor.execute("set constraints all deferred")
        finally:
            transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)
    cache.clear()  # where the log-in pages count
    forget_taken()  # where all others do: who is asked to wait has tried nothing


def send(client: Client, form: Form, pairs: Pairs) -> Any:
    """The answer; nothing of it remains."""
    with undone(client):
        return send_for_good(client, form, pairs)


def send_for_good(client: Client, form: Form, pairs: Pairs) -> Any:
    """The answer."""
    if form.method == "get":
        return client.get(f"{urlsplit(form.action).path}?{urlencoded(pairs)}")
    if form.multipart:
        return client.post(form.action, multipart(pairs), content_type="multipart/form-data; boundary=gRaNs")
    return client.post(form.action, urlencoded(pairs), content_type="application/x-www-form-urlencoded")


def complaints(response: Any) -> list[str]:
    """What the next page will say has gone wrong."""
    request = response.wsgi_request
    return [str(one.message) for one in get_messages(request) if one.level >= ERROR]


def leads_away(answer: Any) -> bool:
    """Whether a browser would go to another's site; an address of ours may hold theirs as a parameter."""
    return bool(re.match(r"(?:[a-z]+:)?[/\\]{2}[^/\\?#]*evil", answer.headers.get("Location", ""), re.IGNORECASE))
