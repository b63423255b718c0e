"""Whatever goes wrong, and whoever refuses it, is said in the client's own format."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lyhord.intake.models import ApiKey
from lyhord.organisations.models import Organisation
from lyhord.www.open311 import endpoint
from tests.www.open311.conftest import KEY, Post
from tests.www.open311.reading import data, tree, url

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9")]

FORM = "application/x-www-form-urlencoded"


def both(web: Client, path: str, status: int, method: str = "get", **options: Any) -> Iterator[Any]:
    """The failure in JSON and in XML."""
    for suffix in ("json", "xml"):
        answer: Any = getattr(web, method)(f"{path}.{suffix}", **options)
        if suffix == "json":
            (error,) = data(answer, status)
            assert error["code"] == status
            assert error["description"]
        else:
            root = tree(answer, status)
            assert root.findtext("error/code") == str(status)
            assert root.findtext("error/description")
        yield answer


@pytest.mark.parametrize(
    "path", ["", "/", "/v1/services", "/v2", "/v2/nope", "/v2/services/a/b", "/v2/requests/26-1/x", "/../desk/"]
)
def test_an_unknown_path(web: Client, path: str) -> None:
    for _answer in both(web, f"/open311{path}", 404) if path not in {"", "/"} else ():
        pass
    answer = web.get(f"/open311{path}", follow=True)
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/xml")


def test_the_format_is_the_endings_else_what_is_accepted_else_xml(web: Client) -> None:
    assert tree(web.get(url("services"))).tag == "services"
    assert isinstance(data(web.get(url("services"), headers={"accept": "application/json"})), list)
    tree(web.get(url("services.xml"), headers={"accept": "application/json"}))
    tree(web.get(url("services.html")), 404)
    assert isinstance(data(web.get("/open311/v2//services.json")), list)  # a slash too many


@pytest.mark.parametrize("path", ["services", "services/ovrigt", "discovery", "requests/26-1", "tokens/x"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_a_method_that_is_not_for_this(web: Client, path: str, method: str) -> None:
    for answer in both(web, url(path), 405, method):
        assert answer["Allow"] == "GET, HEAD"


def test_what_may_be_done_with_requests(web: Client) -> None:
    for answer in both(web, url("requests"), 405, "delete"):
        assert answer["Allow"] == "GET, HEAD, POST"


def test_an_unknown_host(web: Client) -> None:
    for _answer in both(web, url("services"), 404, headers={"host": "nowhere.example"}):
        pass


def test_a_program_error(web: Client, motala: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(steps: list[str]) -> Any:
        raise RuntimeError("secret-detail")

    monkeypatch.setattr(endpoint, "_methods", broken)
    for answer in both(web, url("services"), 500):
        assert b"secret-detail" not in answer.content


@pytest.mark.requirement("X7")
def test_more_than_anybody_sends(web: Client) -> None:
    for _answer in both(web, url("requests"), 413, "post", data=b"a=" + b"x" * 40_000_000, content_type=FORM):
        pass
    for _answer in both(web, url("requests"), 413, "post", data=b"a=" + b"x" * 3_000_000, content_type=FORM):
        pass


@pytest.mark.requirement("X7")
def test_a_body_that_does_not_say_how_long_it_is(web: Client) -> None:
    """The server would read nothing of it, and say that the key is missing."""
    sent = {"method": "post", "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    for path in ("requests", "servicerequestupdates"):
        for _answer in both(web, url(path), 411, data=b"api_key=x", content_type=FORM, **sent):
            pass


def test_more_fields_than_anybody_sends(web: Client) -> None:
    for _answer in both(web, url("requests"), 400, "post", data="a=1&" * 1000, content_type=FORM):
        pass


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"--x", b"--x\r\nContent-Disposition: form-data", b"\x00" * 50])
@pytest.mark.parametrize(
    "content_type",
    [
        FORM,
        f"{FORM}; charset=utf-16",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/json",
        "text/xml",
        "x",
    ],
)
def test_a_body_that_cannot_be_read(web: Client, body: bytes, content_type: str) -> None:
    for suffix, read in (("json", data), ("xml", tree)):
        answer: Any = web.generic("POST", url(f"requests.{suffix}"), body, content_type=content_type)
        assert answer.status_code in {400, 403}
        read(answer, answer.status_code)


def test_entities_in_a_body_are_only_text(web: Client) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    answer = web.generic("POST", url("requests.xml"), bomb, content_type="text/xml")
    assert b"root:" not in tree_bytes(answer, 403)


def tree_bytes(answer: Any, status: int) -> bytes:
    tree(answer, status)
    content: bytes = answer.content
    return content


def test_other_peoples_pages_may_read(web: Client) -> None:
    for path in ("services.json", "requests.json", "nope.json"):
        answer = web.get(url(path))
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer
        assert not answer.cookies


def test_no_cookie_and_no_session_counts(post: Post) -> None:
    assert not post().cookies  # and no CSRF token was sent with it


NAMES = st.sampled_from(
    [
        *("service_code", "lat", "long", "address_string", "description", "email", "first_name", "phone"),
        *("jurisdiction_id", "attribute[danger]", "attribute[lamps]", "attribute[lamps][]", "media_url", "locale"),
    ]
)
VALUES = st.one_of(
    st.sampled_from(["", "NaN", "inf", "-inf", "59,33", "1e400", "58.5", "15", "\x0b", "\x00", "ovrigt", "true"]),
    st.sampled_from(["belysning.lampa", "motala", "%", "%ff", "\ud800", "𝟝𝟠", "é" * 50, "2026-11-23T12:00:00Z"]),
    st.text(max_size=40),
)


def coded(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(fields=st.lists(st.tuples(NAMES, VALUES), max_size=8), suffix=st.sampled_from(["json", "xml"]))
def test_whatever_a_form_says_the_answer_can_be_read(
    web: Client, post: Post, fields: list[tuple[str, str]], suffix: str
) -> None:
    body = "&".join([f"api_key={coded(KEY)}", *(f"{coded(name)}={coded(value)}" for name, value in fields)])
    answer: Any = web.post(url(f"requests.{suffix}"), body, content_type=FORM)
    assert answer.status_code in {200, 400, 404}
    (data if suffix == "json" else tree)(answer, answer.status_code)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(body=st.binary(max_size=200))
def test_whatever_bytes_come_the_answer_can_be_read(web: Client, post: Post, body: bytes) -> None:
    answer: Any = web.generic("POST", url("requests.xml"), b"api_key=" + body, content_type=FORM)
    assert answer.status_code in {400, 403}
    tree(answer, answer.status_code)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    parameters=st.dictionaries(
        st.sampled_from(
            [
                *("service_request_id", "service_code", "start_date", "end_date", "status", "updated_after"),
                *("updated_before", "lat", "long", "radius", "page", "page_size", "extensions", "jurisdiction_id"),
            ]
        ),
        VALUES,
        max_size=6,
    )
)
def test_whatever_is_asked_the_answer_can_be_read(web: Client, parameters: dict[str, str]) -> None:
    query = "&".join(f"{name}={coded(value)}" for name, value in parameters.items())
    answer: Any = web.get(f"{url('requests.xml')}?{query}")
    assert answer.status_code in {200, 400, 404}
    tree(answer, answer.status_code)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rest=st.text(max_size=30))
def test_whatever_the_path_is_the_answer_can_be_read(web: Client, rest: str) -> None:
    answer: Any = web.get(f"/open311/v2/services/{coded(rest)}.json")
    data(answer, answer.status_code)
    assert answer.status_code in {200, 404}


# Hostile bodies


NASTY = [
    "&xxe;",
    "<!ENTITY a 'b'>",
    "NaN",
    "inf",
    "59,33",
    "1e400",
    "\x0b\x00",
    "\ud800",
    "]]>",
    "\u202e",
    "\ufffe",
    "𝟙",
    "٣",
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            [
                *("service_code", "lat", "long", "description", "address_string", "email", "attribute[lamps]"),
                *("service_request_id", "update_id", "updated_datetime", "status", "media_url", "jurisdiction_id"),
            ]
        ),
        st.sampled_from(NASTY) | st.text(max_size=40),
        max_size=8,
    ),
    st.sampled_from(["requests.xml", "requests.json", "servicerequestupdates.xml", "servicerequestupdates.json"]),
)
def test_no_form_breaks_it(web: Client, key: ApiKey, sent: dict[str, str], path: str) -> None:
    body = urlencode({"api_key": KEY, **sent}, errors="surrogatepass")
    answer = web.post(url(path), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {200, 400, 404}
    if path.endswith("xml"):
        ET.fromstring(answer.content)
    else:
        json.loads(answer.content)


@pytest.mark.parametrize("path", ["requests", "servicerequestupdates"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"description=%ff%fe&lat=\xff", "application/x-www-form-urlencoded"),
        (b"\xff" * 1000, "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="a', "multipart/form-data; boundary=x"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "text/xml"),
        (b"a=b&" * 100_000, "application/x-www-form-urlencoded"),
        (b"description=" + b"x" * 50_000_000, "application/x-www-form-urlencoded"),
    ],
    ids=["utf-8", "no parts", "half a part", "xml", "many fields", "50 MB"],
)
def test_no_body_breaks_it(web: Client, key: ApiKey, path: str, body: bytes, kind: str) -> None:
    answer = web.post(url(f"{path}.xml"), body, content_type=kind)
    assert answer.status_code in {400, 403, 413}
    assert tree(answer, answer.status_code).tag == "errors"
