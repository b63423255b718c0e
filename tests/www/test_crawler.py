"""Nobody reaches what is not theirs: every address, every role, others' ids, reading and sending."""

import logging
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from lyhord.accounts.models import User
from lyhord.audit.models import Event
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice
from lyhord.notifications.senders import email, push
from lyhord.organisations.walls import walled_models
from tests.conftest import Cast
from tests.www.desk.conftest import browser
from tests.www.every_address import addresses, body, fields_with, is_foreign, nobodys, post, values_for
from tests.www.plant import NOTE, PROTECTED, SECRET, Planted

pytestmark = [pytest.mark.django_db, pytest.mark.sample(2)]
MOTALA, MJOLBY = "zxmotala", "zxmjolby"
ROLES: dict[str, Callable[[Cast], User | None]] = {
    "anonymous": lambda cast: None,
    "case officer": lambda cast: cast.sara,
    "unit manager": lambda cast: cast.maria,
    "contact centre": lambda cast: cast.kim,
    "preschool": lambda cast: cast.nils,
    "administrator": lambda cast: cast.admin,
    "auditor": lambda cast: cast.auditor,
    "staff elsewhere": lambda cast: cast.outsider,
}
KNOWS_PROTECTED, KNOWS_SECRET = {"unit manager"}, {"preschool"}
REFUSED = {302, 303, 403, 404, 405, 410}
OPEN311 = {200, 400, 403, 404, 405}  # its lists are one's own organisation's, whatever the address
API = {401, 403, 404, 405, 415}  # a session is nobody there; what keys and tokens reach: tests/www/api
QUERIES = {
    "desk:inbox": ("", "?vy=alla", "?vy=avslutade", "?vy=ofordelat", "?q=lampa"),
    "manage:log": ("", "?vad=case", "?vad=case.moved", "?vad=case.state_changed", "?vad=notice"),
    "public:list": ("", "?lage=alla", "?q=text"),
    "public:address": ("?q=zx",),
    "public:nearby": ("?lat=58.512345&lon=15.098765&typ=belysning.lampa",),
    "public:tile": ("", "?lage=alla"),
    "public:heat": ("", "?lage=alla"),
    "desk:tile": ("", "?sort=felanmalan"),
    "opendata:cases": ("", "?lage=alla"),
}
every_role = pytest.mark.parametrize("role", list(ROLES))


@pytest.fixture(autouse=True)
def _surroundings(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "files"
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # refusals are what is asked for here
    yield
    logging.getLogger("django.request").setLevel(logging.NOTSET)


@cache
def _everything() -> str:
    """One statement for all tables: walks ask so often that sixty of them are what takes their time."""
    tables = sorted(model._meta.db_table for model in walled_models())
    return " union all ".join(f"select '{table}', t::text from \"{table}\" t" for table in tables)


def rows_of(planted: Planted) -> dict[str, list[str]]:
    """Every row that the organisation owns, as text."""
    found: dict[str, list[str]] = {model._meta.db_table: [] for model in walled_models()}
    with organisation_scope(planted.organisation.pk), connection.cursor() as cursor:
        cursor.execute(_everything())
        for table, row in cursor.fetchall():
            found[table].append(row)
    return {table: sorted(rows) for table, rows in found.items()}


def refusals(name: str) -> set[int]:
    """How an address says that there is nothing."""
    if name == "open311:endpoint":
        return OPEN311
    return API if name.startswith("api-v1:") else REFUSED


def same(text: str, url: str) -> str:
    """A page without its own address and what differs from one moment to the next."""
    for written in (url, quote(url, safe="")):
        text = text.replace(written.lower(), "§")
    return re.sub(r'content-length: \d+|set-cookie: \S+|name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.mark.requirement("X1", "0.20", "N4")
@every_role
def test_what_belongs_to_another_organisation_is_not_there(cast: Cast, mjolby_things: Planted, role: str) -> None:
    client = browser(ROLES[role](cast))
    before, data = rows_of(mjolby_things), fields_with(mjolby_things.ids)
    none = nobodys(mjolby_things.ids)
    compared = role in {"anonymous", "administrator"}  # what is another's and what does not exist look the same
    visited = 0
    for address in addresses():
        if not is_foreign(address):
            continue
        ours, nobodys_own = (values_for(address, ids, all_ways=compared) for ids in (mjolby_things.ids, none))
        for theirs, nothing in zip(ours, nobodys_own, strict=True):
            for ask in (client.get, lambda url: post(client, url, data)):
                visited += 1
                url, no_url = address.url(theirs), address.url(nothing)
                response = ask(url)
                shown = same(body(response), url)
                assert MJOLBY not in shown, url
                assert response.status_code in refusals(address.name), url
                if response.status_code in {302, 303}:
                    assert response.headers["Location"].startswith("/konto/login/"), url
                elif compared and response.status_code != 403:
                    missing = ask(no_url)
                    assert (response.status_code, shown) == (missing.status_code, same(body(missing), no_url)), url
    assert visited > 60
    assert rows_of(mjolby_things) == before


@pytest.mark.requirement("X1", "0.20", "N4")
@pytest.mark.parametrize("role", ["anonymous", "case officer", "administrator"])
def test_a_form_reaches_for_nothing_of_anothers(
    cast: Cast, motala_things: Planted, mjolby_things: Planted, role: str
) -> None:
    """One's own addresses, with everything in the form that is another organisation's."""
    client = browser(ROLES[role](cast))
    before, data = rows_of(mjolby_things), fields_with(mjolby_things.ids)
    given = {str(value).lower() for value in data.values()}
    for address in addresses():
        for own in values_for(address, motala_things.ids, all_ways=False):
            url = address.url(own)
            response = post(client, url, data)
            assert response.status_code < 500, url
            shown = body(response)
            for value in given:
                shown = shown.replace(value, "")
            assert MJOLBY not in shown, url
    assert rows_of(mjolby_things) == before


@pytest.mark.requirement("X1", "X2", "0.20", "N4")
@every_role
def test_every_page_shows_each_reader_their_own_part(
    cast: Cast, motala_things: Planted, mjolby_things: Planted, role: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client = browser(ROLES[role](cast))
    hidden = [MJOLBY]
    hidden += [] if role in KNOWS_SECRET else [SECRET]
    hidden += [] if role in KNOWS_PROTECTED else list(PROTECTED)
    if role in {"anonymous", "staff elsewhere"}:
        hidden += [NOTE]
    reached, everything = 0, ""
    for address in addresses():
        for own in values_for(address, motala_things.ids):
            for query in QUERIES.get(address.name, ("",)):
                url = address.url(own) + query
                response = client.get(url)
                assert response.status_code < 500, url
                reached += response.status_code == 200
                shown = body(response)
                everything += shown
                for word in hidden:
                    assert word not in shown, f"{word} in {url}"
                if own.get("case_id") == motala_things.ids["secret_id"] and role not in KNOWS_SECRET:
                    assert response.status_code in REFUSED, url
    assert reached > 20
    # and the words would have been found, had they been there
    known = [*([SECRET] if role in KNOWS_SECRET else []), *(PROTECTED if role in KNOWS_PROTECTED else ()), MOTALA]
    assert not [word for word in known if word not in everything]
    for word in hidden:
        assert word not in caplog.text.lower()


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("role", ["case officer", "contact centre", "administrator"])
def test_a_wrong_form_shows_no_more_than_the_page(cast: Cast, motala_things: Planted, role: str) -> None:
    """Pages that come back with something wrong are built apart: they keep the same secrets."""
    client = browser(ROLES[role](cast))
    hidden = [] if role in KNOWS_SECRET else [SECRET]
    hidden += [] if role in KNOWS_PROTECTED else list(PROTECTED)
    for address in addresses():
        for own in values_for(address, motala_things.ids) if "case_id" in address.parameters else []:
            url = address.url(own)
            response = post(client, url, {"to": "planned", "revision": "1", "text": ""})
            assert response.status_code < 500, url
            shown = body(response)
            assert not [word for word in hidden if word in shown], url


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("role", ["case officer", "contact centre", "administrator", "auditor"])
def test_no_search_finds_what_one_may_not_know(cast: Cast, motala_things: Planted, role: str) -> None:
    client = browser(ROLES[role](cast))
    for word in (*PROTECTED, "post@zxskyddad.example", "Zxdolda vägen 3", SECRET, f"namn@{SECRET}.example", MJOLBY):
        response = client.get("/desk/", {"q": word})
        assert "rowcase" not in response.content.decode(), word
        assert "rowcase" not in client.get("/desk/", {"q": word, "vy": "avslutade"}).content.decode(), word


@pytest.mark.requirement("X2")
def test_who_may_know_reads_it_and_that_is_written_down(cast: Cast, motala_things: Planted) -> None:
    page = browser(cast.maria).get(f"/desk/{motala_things.ids['protected_id']}/")
    for word in PROTECTED:
        assert word in body(page)
    with organisation_scope(cast.motala.pk):
        [read] = Event.objects.filter(verb="case.protected_read")
    assert (read.actor_id, read.subject_id) == (cast.maria.pk, motala_things.ids["protected_id"])


@pytest.mark.requirement("X2")
def test_nothing_secret_leaves_by_mail_or_push(cast: Cast, motala_things: Planted) -> None:
    with organisation_scope(cast.motala.pk):
        notices = list(Notice.objects.select_related("organisation"))
        assert len(notices) >= 8
        assert {notice.sender for notice in notices} == {"email", "push"}
        for notice in notices:
            mail = email.message(notice)
            said = f"{mail.subject}\n{mail.body}\n{mail.extra_headers}\n{notice.subject}\n{notice.body}".lower()
            said += str(push.said(notice)).lower()
            for word in (*PROTECTED, SECRET, NOTE, MOTALA):
                assert word not in said, notice.kind


@pytest.mark.requirement("X2")
def test_the_log_says_nothing_of_who_is_protected(cast: Cast, motala_things: Planted) -> None:
    with organisation_scope(cast.motala.pk):
        about = Event.objects.filter(subject_type="case", subject_id=motala_things.ids["protected_id"])
        said = " ".join(str(event.data) for event in about.exclude(verb="case.state_changed")).lower()
    assert not [word for word in PROTECTED if word in said]


@pytest.mark.requirement("X12")
def test_after_an_anonymous_report_nothing_tells_who_sent_it(
    cast: Cast, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    caplog.set_level(logging.INFO)
    traces = {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "Zxbrowser/9", "HTTP_X_FORWARDED_FOR": "198.51.100.23"}
    traces |= {"HTTP_X_FORWARDED_PROTO": "http", "HTTP_ACCEPT_LANGUAGE": "sv-ZX", "HTTP_REFERER": "https://zx.example/"}
    client = Client(headers={"host": "motala.localhost"}, **traces)  # type: ignore[arg-type]  # what the server sees
    client.get("/")
    client.get("/adress/?q=Vintergatan")
    sent = client.post("/beratta/felanmalan/", {"text": "Det är mörkt.", "place_text": "Bron"})
    assert sent.status_code == 303
    client.get(sent.headers["Location"])
    code = sent.headers["Location"].split("/")[2]
    client.post(f"/f/{code}/", {"text": "Fortfarande mörkt."})
    client.get("/f/?kod=AAAAAAAAAAAAAAAAAAAAAAAAAA")
    assert not client.cookies
    with organisation_scope(cast.motala.pk):
        assert Case.objects.count() == 1
    needles = ["203.0.113", "198.51.100", "zxbrowser", "sv-zx", "zx.example", code.lower().replace("-", "")]
    needles += [text.encode().hex() for text in ("203.0.113.77", "198.51.100.23", "Zxbrowser")]
    found = [(table, needle) for table, text in _whole_database(cast).items() for needle in needles if needle in text]
    assert not found
    assert not [needle for needle in needles if needle in caplog.text.lower()]


def _whole_database(cast: Cast) -> dict[str, str]:
    """Every row of every table as text, byte columns as hex; of walled tables Motala's rows."""
    found = {}
    with organisation_scope(cast.motala.pk), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"select coalesce(string_agg(t::text, chr(10)), '') from \"{table}\" t")
            found[table] = str(cursor.fetchone()[0]).lower()
    assert len(found) > 20
    assert "mörkt" in found["cases_case"]
    return found
