"""Log-in by OpenID Connect, against a real provider in a process of its own; and what does not hold lets nobody in."""

import base64
import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lyhord.cases.facts import NewReporter
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.residents.middleware import COOKIE as UNDER_WAY
from lyhord.residents.middleware import _waiting
from lyhord.residents.models import Account, Provider
from lyhord.residents.oidc import Why
from lyhord.residents.provider_actions import keep_description, set_provider
from lyhord.residents.tasks import fetch_provider
from lyhord.www.public.resident import COOKIE
from lyhord.www.public.vouched import SENTENCES
from tests import factories
from tests.conftest import Cast
from tests.far_end import FarEnd, Reply, listening
from tests.ports import free_port
from tests.www.public.forms import fields
from tests.www.public.test_log_in import sent_to
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("X9")]
HOST = "motala.localhost"
BY = Actor.system("test")
FOREIGN, SWEDISH = "DE/SE/aa8cbe71", "198001019876"
KEY = ec.generate_private_key(ec.SECP256R1())
JWK = {**jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "one", "use": "sig"}


@pytest.fixture
def web(motala: Organisation) -> Client:
    return Client(headers={"host": HOST})


def made(motala: Organisation, issuer: str, **values: Any) -> Provider:
    given = {"label": "Prov-ID", "client_id": "lyhord", "secret": "hemligt:å", "levels": "", "active": True, **values}
    with organisation_scope(motala.pk):
        return set_provider(provider_id=None, issuer=issuer, by=BY, **given)


@pytest.fixture
def real(motala: Organisation, settings: Any) -> Iterator[Provider]:
    """A provider that runs beside us, with what it says of itself fetched."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ}) as process:
        try:
            issuer = f"http://127.0.0.1:{port}"
            for _turn in range(1800):
                try:
                    httpx.get(f"{issuer}/jwks", trust_env=False)
                    break
                except httpx.TransportError:
                    assert process.poll() is None
                    time.sleep(0.1)
            settings.OUTWARD_PORTS, settings.OUTWARD_ALLOW = [port], ["127.0.0.0/8"]
            provider = made(motala, issuer)
            fetch_provider.func(motala.pk, provider.pk)
            yield provider
        finally:
            process.terminate()


def identify(url: str, **answer: str) -> str:
    """Say who one is on the provider's page; where it sends the browser, as a path here."""
    response = httpx.post(url, data=answer, trust_env=False)
    assert response.status_code == 302, response.text
    there = urlsplit(response.headers["Location"])
    assert there.netloc == HOST
    return f"{there.path}?{there.query}"


class TestReal:
    """Against oidc-provider-mock."""

    def test_somebody_with_a_foreign_eid_logs_in_and_out_and_in(
        self, web: Client, motala: Organisation, real: Provider
    ) -> None:
        case = factories.make_case(motala)
        [link] = page(web.get("/logga-in/")).select("#h-others ~ ul a")
        assert link.text.strip() == "Prov-ID"
        there = web.get(str(link["href"])).headers["Location"]
        asked = dict(parse_qsl(urlsplit(there).query))
        assert asked["scope"] == "openid"
        assert asked["code_challenge_method"] == "S256"
        response = web.get(identify(there, sub=FOREIGN))
        assert (response.status_code, response.headers["Location"]) == (303, "/mina-arenden/")
        assert not web.cookies[UNDER_WAY].value
        assert web.post("/mina-arenden/lagg-till/", {"kod": case.code}).status_code == 303
        web.post("/mina-arenden/logga-ut/")
        again = identify(web.get(str(link["href"])).headers["Location"], sub=FOREIGN)
        web.get(again)
        assert case.case.number in web.get("/mina-arenden/").text
        assert str(SENTENCES[Why.LOST]) in web.get(again).text, "an answer counts once"
        with organisation_scope(motala.pk):
            assert Account.objects.count() == 1

    def test_no_personal_number_is_kept_anywhere(self, web: Client, motala: Organisation, real: Provider) -> None:
        web.get(identify(web.get(f"/logga-in/{real.pk}/").headers["Location"], sub=SWEDISH))
        with organisation_scope(motala.pk):
            account = Account.objects.get()
            assert account.issuer == real.issuer
            with connection.cursor() as cursor:
                for table in ("residents_account", "residents_login", "audit_event", "residents_provider"):
                    cursor.execute(f"select t::text from {table} t")
                    assert SWEDISH not in str(cursor.fetchall())

    def test_who_says_no_comes_back_to_a_sentence(self, web: Client, real: Provider) -> None:
        back = identify(web.get(f"/logga-in/{real.pk}/").headers["Location"], action="deny")
        assert str(SENTENCES[Why.DENIED]) in web.get(back).text
        assert COOKIE not in web.cookies

    def test_a_trial_shows_what_was_said_and_logs_nobody_in(
        self, cast: Cast, motala: Organisation, real: Provider
    ) -> None:
        admin = Client(headers={"host": HOST})
        admin.force_login(cast.admin)
        with organisation_scope(motala.pk):
            Provider.objects.update(active=False)
        assert admin.get(f"/logga-in/{real.pk}/").status_code == 404
        there = admin.get(f"/logga-in/{real.pk}/?prova=1").headers["Location"]
        shown = admin.get(identify(there, sub=SWEDISH))
        assert "Prov-ID fungerar" in shown.text
        assert real.issuer in shown.text
        assert SWEDISH not in shown.text
        assert COOKIE not in admin.cookies
        with organisation_scope(motala.pk):
            assert not Account.objects.exists()


@pytest.fixture
def far_end(settings: Any) -> Iterator[FarEnd]:
    with listening(settings) as far:
        yield far


@pytest.fixture
def provider(motala: Organisation, far_end: FarEnd) -> Provider:
    """One whose token endpoint says what a test tells it to."""
    row = made(motala, far_end.url, levels="loa3 nf-sub")
    about = {
        "authorization_endpoint": f"{far_end.url}/auth?x=1",
        "token_endpoint": f"{far_end.url}/token",
        "basic": True,
    }
    with organisation_scope(motala.pk):
        keep_description(provider_id=row.pk, about=about, keys=[JWK], by=BY)
        return Provider.objects.get()


def asked(web: Client, provider: Provider) -> dict[str, str]:
    """What the browser is sent to the provider with."""
    return dict(parse_qsl(urlsplit(web.get(f"/logga-in/{provider.pk}/").headers["Location"]).query))


def token(
    provider: Provider, nonce: str | None, *, key: Any = KEY, header: dict[str, str] | None = None, **claims: Any
) -> Any:
    at = int(time.time())
    said = {
        "iss": provider.issuer,
        "aud": "lyhord",
        "sub": "x",
        "iat": at,
        "exp": at + 60,
        "nonce": nonce,
        "acr": "loa3",
    }
    said = {name: value for name, value in {**said, **claims}.items() if value is not None}
    return jwt.encode(said, key, algorithm="ES256", headers={"kid": "one", **(header or {})})


def back(web: Client, far_end: FarEnd, state: str, id_token: Any) -> Any:
    far_end.usual = Reply(body=f'{{"id_token": "{id_token}"}}'.encode())
    return web.get(f"/logga-in/svar/?{urlencode({'code': 'abc', 'state': state})}")


def test_the_code_is_exchanged_with_our_secret_and_the_right_verifier(
    web: Client, provider: Provider, far_end: FarEnd
) -> None:
    sent = asked(web, provider)
    assert sent["acr_values"] == "loa3 nf-sub"
    assert back(web, far_end, sent["state"], token(provider, sent["nonce"])).status_code == 303
    [heard] = far_end.heard
    form = {name: values[0] for name, values in parse_qs(heard.body.decode()).items()}
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == sent["code_challenge"]
    assert form["redirect_uri"] == sent["redirect_uri"] == f"http://{HOST}/logga-in/svar/"
    assert base64.b64decode(heard.headers["authorization"].removeprefix("Basic ")) == b"lyhord:hemligt%3A%C3%A5"
    assert "hemligt" not in provider.secret


OTHER = ec.generate_private_key(ec.SECP256R1())
WRONG: dict[str, tuple[Callable[[Provider, str], Any], Why]] = {
    "another nonce": (lambda provider, _nonce: token(provider, "another"), Why.WRONG),
    "no nonce": (lambda provider, _nonce: token(provider, None), Why.WRONG),
    "another's key": (lambda provider, nonce: token(provider, nonce, key=OTHER), Why.WRONG),
    "a key we have not": (lambda provider, nonce: token(provider, nonce, header={"kid": "two"}), Why.KEY),
    "for another": (lambda provider, nonce: token(provider, nonce, aud="other"), Why.WRONG),
    "for several": (lambda provider, nonce: token(provider, nonce, aud=["lyhord", "other"]), Why.WRONG),
    "of another": (lambda provider, nonce: token(provider, nonce, iss="https://other.example"), Why.WRONG),
    "run out": (lambda provider, nonce: token(provider, nonce, exp=int(time.time()) - 600), Why.WRONG),
    "nobody": (lambda provider, nonce: token(provider, nonce, sub=None), Why.WRONG),
    "too weak": (lambda provider, nonce: token(provider, nonce, acr="loa1"), Why.LEVEL),
    "a shared secret": (
        lambda provider, nonce: jwt.encode({"iss": provider.issuer, "nonce": nonce}, "x" * 32, algorithm="HS256"),
        Why.WRONG,
    ),
    "no token": (lambda _provider, _nonce: "x", Why.WRONG),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_hold_lets_nobody_in(web: Client, provider: Provider, far_end: FarEnd, name: str) -> None:
    make, why = WRONG[name]
    sent = asked(web, provider)
    response = back(web, far_end, sent["state"], make(provider, sent["nonce"]))
    assert str(SENTENCES[why]) in response.text
    assert COOKIE not in web.cookies
    with organisation_scope(provider.organisation_id):
        assert not Account.objects.exists()


def test_an_answer_to_another_browser_is_none(web: Client, provider: Provider, far_end: FarEnd) -> None:
    sent = asked(web, provider)
    stranger = Client(headers={"host": HOST})
    for browser, state in ((stranger, sent["state"]), (web, "another")):
        response = back(browser, far_end, state, token(provider, sent["nonce"]))
        assert str(SENTENCES[Why.LOST]) in response.text
    mixed = web.get(f"/logga-in/svar/?code=x&state={sent['state']}&iss=https://other.example")
    assert mixed.status_code == 200
    assert far_end.heard == []
    assert COOKIE not in stranger.cookies


@pytest.mark.parametrize("reply", [Reply(status=500), Reply(body=b"[]"), Reply(body=b"{}"), Reply(body=b"<html>")])
def test_a_provider_that_fails_is_told_of(web: Client, provider: Provider, far_end: FarEnd, reply: Reply) -> None:
    sent = asked(web, provider)
    far_end.usual = reply
    response = web.get(f"/logga-in/svar/?code=x&state={sent['state']}")
    assert str(SENTENCES[Why.UNREACHABLE]) in response.text


def test_only_one_in_a_process_waits(web: Client, provider: Provider, far_end: FarEnd) -> None:
    sent = asked(web, provider)
    with _waiting:
        response = web.get(f"/logga-in/svar/?code=x&state={sent['state']}")
    assert str(SENTENCES[Why.BUSY]) in response.text
    assert far_end.heard == []


def test_nothing_is_open_while_the_other_end_takes_its_time(web: Client, provider: Provider, far_end: FarEnd) -> None:
    """`fetch` itself refuses inside a scope; what the request costs is asserted too."""
    sent = asked(web, provider)
    id_token = token(provider, sent["nonce"])
    with CaptureQueriesContext(connection) as queries:
        back(web, far_end, sent["state"], id_token)
    assert len(queries) <= 20, [query["sql"] for query in queries]


def test_an_address_can_be_added_and_what_is_protected_is_shown(
    web: Client, motala: Organisation, provider: Provider, far_end: FarEnd
) -> None:
    own = factories.make_case(motala, email="anna@exempel.se").case
    reporter = NewReporter(name="Ulla", email="ulla@exempel.se", protected=True)
    protected = factories.make_case(motala, reporter=reporter, wants_feedback=True)
    sent = asked(web, provider)
    back(web, far_end, sent["state"], token(provider, sent["nonce"]))
    assert 'href="/logga-in/"' in web.get("/mina-arenden/").text
    form = fields(web.post("/logga-in/", {"address": "anna@exempel.se"}), "form:has([name=code])")
    assert web.post("/logga-in/kod/", {**form, "code": sent_to(motala, "anna@exempel.se")}).status_code == 303
    web.post("/mina-arenden/lagg-till/", {"kod": protected.code})
    shown = web.get("/mina-arenden/").text
    assert own.number in shown
    assert protected.case.number in shown
    with organisation_scope(motala.pk):
        assert Account.objects.count() == 1


def test_another_organisations_provider_is_none_here(cast: Cast, provider: Provider) -> None:
    elsewhere = Client(headers={"host": "mjolby.localhost"})
    assert elsewhere.get(f"/logga-in/{provider.pk}/").status_code == 404


def test_one_that_is_off_or_unknown_is_not_offered(web: Client, motala: Organisation, provider: Provider) -> None:
    with organisation_scope(motala.pk):
        Provider.objects.update(keys=[])
    assert "Prov-ID" not in web.get("/logga-in/").text
    assert web.get(f"/logga-in/{provider.pk}/").status_code == 404
    assert not re.search("hemligt", str(provider.__dict__))
