"""One endpoint for several organisations, each behind its own wall."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.www.open311.conftest import KEY, make_key
from tests.www.open311.reading import data, ids, tree, url, values
from tests.www.open311.test_report import picture

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9", "X1")]
HOST = "open311.localhost"


@pytest.fixture(autouse=True)
def _shared(settings: Any) -> None:
    settings.OPEN311_HOSTS = frozenset({HOST})
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", ""


@pytest.fixture
def shared(cast: Cast) -> Client:
    """A program that asks the host of all."""
    return Client(headers={"host": HOST}, raise_request_exception=False)


def published(organisation: Organisation) -> Case:
    """A published case of the organisation's."""
    made = factories.make_case(organisation, publish=True)
    with organisation_scope(organisation.pk):
        actions.publish(case_id=made.case.pk, title="Lampa", text="Släckt.", answer="Ja.", by=factories.TEST)
    return made.case


def test_each_organisation_by_its_id(shared: Client, cast: Cast) -> None:
    made = {organisation.slug: published(organisation) for organisation in (cast.motala, cast.mjolby)}
    for slug, case in made.items():
        for named in (slug, slug.upper(), f"{slug}.localhost", f"www.{slug}.localhost"):
            assert ids(shared.get(url("requests.json"), {"jurisdiction_id": named})) == [case.number]
        updates = data(shared.get(url("servicerequestupdates.json"), {"jurisdiction_id": slug}))
        assert [row["service_request_id"] for row in updates] == [case.number]
        codes = data(shared.get(url("services.json"), {"jurisdiction_id": slug}))
        assert codes
    assert tree(shared.get(url("services/ovrigt.xml"), {"jurisdiction_id": "mjolby"})).tag == "service_definition"


def test_another_organisations_case_is_404(shared: Client, cast: Cast) -> None:
    for _n in range(3):
        case = published(cast.motala)
    data(shared.get(url(f"requests/{case.number}.json"), {"jurisdiction_id": "motala"}))
    data(shared.get(url(f"requests/{case.number}.json"), {"jurisdiction_id": "mjolby"}), 404)


@pytest.mark.parametrize("path", ["services", "services/ovrigt", "requests", "requests/26-1", "servicerequestupdates"])
def test_without_an_id_400_with_an_unknown_one_404(shared: Client, path: str) -> None:
    for unknown in ("nowhere", "x" * 300, "\x00"):
        data(shared.get(url(f"{path}.json"), {"jurisdiction_id": unknown}), 404 if unknown.strip("\x00") else 400)
        assert tree(shared.get(url(f"{path}.xml"), {"jurisdiction_id": "nowhere"}), 404).tag == "errors"
    data(shared.get(url(f"{path}.json")), 400)
    tree(shared.get(url(f"{path}.xml"), {"jurisdiction_id": ""}), 400)


def test_sending_in_the_body_or_the_address(shared: Client, cast: Cast) -> None:
    make_key(cast.mjolby, throttled=False)
    report = {"api_key": KEY, "service_code": "ovrigt", "lat": "58.5", "long": "15", "description": "En bänk."}
    in_body = shared.post(url("requests.json"), {**report, "jurisdiction_id": "mjolby"})
    in_address = shared.post(url("requests.json?jurisdiction_id=mjolby"), report)
    sent = {data(answer)[0]["service_request_id"] for answer in (in_body, in_address)}
    with organisation_scope(cast.mjolby.pk):
        assert set(Case.objects.values_list("number", flat=True)) == sent
    data(shared.post(url("requests.json"), {**report, "jurisdiction_id": "motala"}), 403)  # a key of another's
    data(shared.post(url("requests.json"), report), 400)
    with organisation_scope(cast.motala.pk):
        assert not Case.objects.exists()


def test_a_picture_in_the_request_comes_along(shared: Client, cast: Cast) -> None:
    make_key(cast.mjolby, throttled=False, publishes_at_once=True)
    report = {"api_key": KEY, "service_code": "ovrigt", "lat": "58.5", "long": "15", "description": "En bänk."}
    (row,) = data(shared.post(url("requests.json"), {**report, "jurisdiction_id": "mjolby", "media": picture()}))
    (found,) = data(shared.get(url(f"requests/{row['service_request_id']}.json"), {"jurisdiction_id": "mjolby"}))
    assert found["media_url"].startswith("https://mjolby.localhost/bild/")  # where it can be seen


def test_discovery_before_and_after_one_is_named(shared: Client, cast: Cast) -> None:
    for path in ("/open311/discovery", "/open311/v2/discovery"):
        for named in ({}, {"jurisdiction_id": "motala"}):
            found = data(shared.get(f"{path}.json", named))
            assert found["endpoints"][0]["url"] == f"http://{HOST}/open311/v2"
            assert all(found.values())
            assert values(tree(shared.get(f"{path}.xml", named)))["contact"]
    data(shared.get("/open311/discovery.json", {"jurisdiction_id": "nowhere"}), 404)


def test_nothing_else_is_on_that_host(shared: Client, cast: Cast) -> None:
    for path in ("/", "/desk/", "/bild/x/", "/open311x"):
        assert shared.get(path, {"jurisdiction_id": "motala"}).status_code == 404


def test_an_organisations_own_host_is_its_own(settings: Any, cast: Cast) -> None:
    web = Client(headers={"host": "motala.localhost"})
    data(web.get(url("services.json"), {"jurisdiction_id": "mjolby"}), 404)
    data(web.get(url("services.json")))


def test_finding_the_organisation_costs_a_question_at_most(shared: Client, cast: Cast) -> None:
    own = Client(headers={"host": "motala.localhost"})
    for client in (own, shared):
        data(client.get(url("services.json"), {"jurisdiction_id": "motala"}))
    with CaptureQueriesContext(connection) as usual:
        own.get(url("services.json"))
    with CaptureQueriesContext(connection) as asked:
        shared.get(url("services.json"), {"jurisdiction_id": "motala"})
    assert len(asked) <= len(usual) + 1
