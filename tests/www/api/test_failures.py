"""Whatever goes wrong, and whoever refuses it, is a problem (RFC 9457)."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from lyhord.organisations.models import Organisation
from lyhord.www.api import organisation as organisation_module
from tests.conftest import Cast
from tests.www.api.conftest import BASE, Program, as_staff, problem

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P27", "X8")]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("django.request").setLevel(logging.NOTSET)


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nope", "/api/v2/kinds", "/api/v1/kinds/"])
def test_an_unknown_address(nobody: Program, path: str) -> None:
    problem(nobody.client.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("post", "kinds", "GET"), ("get", "reports", "POST"), ("patch", "own-case/mail", "PUT"), ("options", "me", "GET")],
)
def test_a_method_that_is_not_for_this(nobody: Program, method: str, path: str, allowed: str) -> None:
    answer = nobody.client.generic(method.upper(), f"{BASE}/{path}")
    problem(answer, 405)
    assert allowed in answer["Allow"]


def test_an_unknown_host(motala: Organisation) -> None:
    problem(Client(headers={"host": "nowhere.example"}).get(f"{BASE}/kinds"), 404)


def test_a_program_error(nobody: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(request: Any) -> str:
        raise RuntimeError("secret-detail")

    monkeypatch.setattr(organisation_module, "language_of", broken)
    said = problem(nobody.client.get(f"{BASE}/categories"), 500)
    assert "secret-detail" not in str(said)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "x"])
def test_the_wrong_kind_of_body(nobody: Program, kind: str) -> None:
    problem(nobody.client.generic("POST", f"{BASE}/reports", b"text=x", content_type=kind), 415)


def test_json_is_no_picture(nobody: Program) -> None:
    problem(nobody.client.generic("POST", f"{BASE}/photos", b"{}", content_type="application/json"), 415)


@pytest.mark.parametrize(
    ("path", "size"), [("reports", 2_000_000), ("reports", 40_000_000), ("photos", 90_000_000), ("photos", 21_000_000)]
)
def test_more_than_anybody_sends(nobody: Program, path: str, size: int) -> None:
    if path == "photos":
        kind = "multipart/form-data; boundary=x"
        head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
        body = head + b"x" * size + b"\r\n--x--\r\n"
    else:
        kind, body = "application/json", b'"' + b"x" * size + b'"'
    problem(nobody.client.generic("POST", f"{BASE}/{path}", body, content_type=kind), 413)


def test_a_body_that_does_not_say_how_long_it_is(nobody: Program) -> None:
    sent: Any = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    problem(nobody.client.generic("POST", f"{BASE}/reports", b"{}", content_type="application/json", **sent), 411)


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b"nonsense", b'{"text": '])
def test_a_body_that_cannot_be_read(nobody: Program, body: bytes) -> None:
    problem(nobody.client.generic("POST", f"{BASE}/reports", body, content_type="application/json"), 400)


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"x"', b"{}", b'{"text": NaN}', b""])
def test_a_body_of_the_wrong_shape(nobody: Program, body: bytes) -> None:
    said = problem(nobody.client.generic("POST", f"{BASE}/reports", body, content_type="application/json"), 422)
    assert said["errors"]


def test_reading_too_much(nobody: Program, settings: Any) -> None:
    settings.API_READS_A_MINUTE = 3
    for _one in range(3):
        nobody.get("kinds")
    nobody.get("kinds", 429)
    assert 0 < int(nobody.last["Retry-After"]) <= 60


def test_head_is_get_without_a_body(nobody: Program) -> None:
    answer = nobody.client.head(f"{BASE}/kinds")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
BODIES = ("reports", "suggestions", "cases/26-1/state", "cases/26-1/publication", "cases/26-1/officer")
NAMES = (
    "text kind case_type answers lat lon photos sender publish channel state reason until closing officer title warned"
)


@limits(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    path=st.sampled_from(BODIES),
    body=json_values | st.dictionaries(st.sampled_from(NAMES.split()), json_values, max_size=8),
)
def test_no_body_breaks_anything(cast: Cast, path: str, body: Any) -> None:
    staff = as_staff(cast, cast.maria, throttled=False)
    method = "PUT" if path.startswith("cases") else "POST"
    data = json.dumps(body).encode("utf-8", "surrogatepass")
    answer: Any = staff.client.generic(method, f"{BASE}/{path}", data, content_type="application/json")
    assert answer.status_code in {200, 201, 400, 404, 422}, answer.content
    if answer.status_code >= 400:
        problem(answer, answer.status_code)


@limits(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(after=st.text(max_size=60) | st.binary(max_size=30).map(lambda raw: raw.hex()), limit=st.integers())
def test_no_cursor_breaks_anything(cast: Cast, after: str, limit: int) -> None:
    staff = as_staff(cast, cast.maria, throttled=False)
    for path in ("cases", "published", "reviews"):
        answer: Any = staff.client.get(f"{BASE}/{path}", {"after": after, "limit": str(limit)})
        assert answer.status_code == (200 if 1 <= limit <= 50 else 422)
