"""Log-in by SAML against SimpleSAMLphp: it demands signed requests and locks what it says to our key."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client

from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.residents.models import Account, Provider
from lyhord.residents.saml_actions import set_saml_provider
from lyhord.residents.tasks import fetch_provider
from tests import factories
from tests.peers.simplesaml.server import SimpleSaml
from tests.www.public.forms import fields

pytestmark = [pytest.mark.all, pytest.mark.django_db, pytest.mark.requirement("X9")]
HOST = "motala.localhost"
NUMBER, PRID = "198001019876", "urn:oid:1.2.752.201.3.4"


@pytest.fixture(params=[True, False], ids=["signed response", "signed assertion only"])
def idp(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[SimpleSaml]:
    server = SimpleSaml(tmp_path, signs_responses=request.param)
    settings.OUTWARD_PORTS = [int(server.url.rpartition(":")[2])]
    settings.OUTWARD_ALLOW, settings.PUBLIC_SCHEME = ["127.0.0.0/8"], "http"
    yield server
    server.close()


@pytest.fixture
def web(motala: Organisation) -> Client:
    return Client(headers={"host": HOST})


def provider(motala: Organisation, idp: SimpleSaml, web: Client, **values: Any) -> Provider:
    """One that knows us, and is known."""
    given = {"label": "Prov-ID", "levels": "", "subject_attribute": "", "active": True, **values}
    given |= {"issuer": idp.name, "metadata_url": idp.metadata_url}
    with organisation_scope(motala.pk):
        row = set_saml_provider(provider_id=None, by=Actor.system("test"), **given)
    idp.know(web.get(f"/logga-in/saml/{row.pk}/").text)
    fetch_provider.func(motala.pk, row.pk)
    with organisation_scope(motala.pk):
        row.refresh_from_db()
    assert row.ready, row.last_error
    return row


def identify(url: str) -> dict[str, str]:
    """Log in as Anna there; the form that it has her browser send back."""
    with httpx.Client(follow_redirects=True, trust_env=False, timeout=60) as browser:
        page = browser.get(url)
        form = BeautifulSoup(page.text, "html.parser").select_one("form[name=f]")
        assert form is not None, page.text
        hidden = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[type=hidden][name]")}
        answer = browser.post(str(page.url), data={**hidden, "username": "anna", "password": "anna"})
    sent = BeautifulSoup(answer.text, "html.parser").select_one("form:has([name=SAMLResponse])")
    assert sent is not None, answer.text
    return {str(one["name"]): str(one.get("value", "")) for one in sent.select("input[type=hidden][name]")}


def come_back(web: Client, row: Provider, form: dict[str, str]) -> Any:
    where = f"/logga-in/svar/{row.pk}/"
    first = web.post(where, form, headers={"sec-fetch-site": "cross-site"})
    again = {**form, **fields(first, "form[data-onward]"), "har": "1"}
    assert again["SAMLResponse"] == [form["SAMLResponse"]]
    return web.post(where, again, headers={"sec-fetch-site": "same-origin"})


def test_somebody_logs_in_and_is_known_again(web: Client, motala: Organisation, idp: SimpleSaml) -> None:
    row = provider(motala, idp, web)
    case = factories.make_case(motala)
    response = come_back(web, row, identify(web.get(f"/logga-in/{row.pk}/").headers["Location"]))
    assert (response.status_code, response.headers["Location"]) == (303, "/mina-arenden/"), response.text
    assert web.post("/mina-arenden/lagg-till/", {"kod": case.code}).status_code == 303
    web.post("/mina-arenden/logga-ut/")
    come_back(web, row, identify(web.get(f"/logga-in/{row.pk}/").headers["Location"]))
    assert case.case.number in web.get("/mina-arenden/").text
    with organisation_scope(motala.pk), connection.cursor() as cursor:
        assert Account.objects.get().issuer == idp.name
        for table in ("residents_account", "residents_login", "audit_event", "residents_provider"):
            cursor.execute(f"select t::text from {table} t")
            assert NUMBER not in str(cursor.fetchall())


def test_a_foreign_eid_is_known_by_its_prid(web: Client, motala: Organisation, idp: SimpleSaml) -> None:
    row = provider(motala, idp, web, subject_attribute=PRID)
    response = come_back(web, row, identify(web.get(f"/logga-in/{row.pk}/").headers["Location"]))
    assert response.status_code == 303, response.text
    with organisation_scope(motala.pk):
        assert "NO:" not in Account.objects.get().subject
