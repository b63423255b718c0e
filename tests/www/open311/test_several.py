"""One endpoint for several organisations, each behind its own wall."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.www.open311 import endpoint
from tests import factories
from tests.conftest import Cast
from tests.www.open311.conftest import KEY, make_key
from tests.www.open311.reading import data, ids, picture, tree, url, values

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9", "X1")]
HOST = "open311.localhost"


@pytest.fixture(autouse=True)
def _shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_settings, "OPEN311_HOSTS", frozenset({HOST}))
    monkeypatch.setattr(django_settings, "PUBLIC_SCHEME", "https")
    monkeypatch.setattr(django_settings, "PUBLIC_PORT", "")


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


def test_an_organisations_own_host_is_its_own(cast: Cast) -> None:
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


# What goes wrong there


@pytest.mark.parametrize("suffix", ["json", "xml"])
@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("nope", "get", 404),
        ("services/nope", "get", 404),
        ("requests/26-9999", "get", 404),
        ("tokens/x", "get", 404),
        ("services", "post", 405),
        ("requests", "delete", 405),
        ("requests", "post", 403),
        ("servicerequestupdates", "post", 403),
        ("requests?page=0", "get", 400),
    ],
)
def test_every_failure_in_the_asked_format(shared: Client, path: str, method: str, status: int, suffix: str) -> None:
    name, _mark, more = path.partition("?")
    answer: Any = getattr(shared, method)(url(f"{name}.{suffix}?jurisdiction_id=motala&{more}"))
    refused(answer, status, suffix)


def refused(answer: Any, status: int, suffix: str) -> None:
    """An error of that status, with a sentence."""
    if suffix == "json":
        (error,) = data(answer, status)
    else:
        (error,) = [values(each) for each in tree(answer, status)]
    assert str(error["code"]) == str(status)
    assert error["description"]


@pytest.mark.parametrize("suffix", ["json", "xml"])
def test_too_much_too_large_and_a_fault_of_ours(
    shared: Client, cast: Cast, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = "application/x-www-form-urlencoded"
    large = b"jurisdiction_id=motala&description=" + b"x" * 5_000_000
    refused(shared.post(url(f"requests.{suffix}"), large, content_type=form), 413, suffix)
    many = "jurisdiction_id=motala&" + "a=1&" * 1000
    refused(shared.post(url(f"requests.{suffix}"), many, content_type=form), 400, suffix)
    make_key(cast.motala, hourly=1)
    sent = {"api_key": KEY, "jurisdiction_id": "motala", "service_code": "nope"}
    refused(shared.post(url(f"requests.{suffix}"), sent), 404, suffix)  # a mistake counts as well
    late = shared.post(url(f"requests.{suffix}"), sent)
    refused(late, 429, suffix)
    assert int(late["Retry-After"]) > 0

    def broken(_steps: list[str]) -> Any:
        raise RuntimeError("secret-detail")

    monkeypatch.setattr(endpoint, "_methods", broken)
    fault = shared.get(url(f"services.{suffix}"), {"jurisdiction_id": "motala"})
    refused(fault, 500, suffix)
    assert b"secret-detail" not in fault.content


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from(["jurisdiction_id", "api_key", "service_code"]), st.text(max_size=40)))
def test_whatever_is_said_there_the_answer_can_be_read(shared: Client, cast: Cast, sent: dict[str, str]) -> None:
    body = urlencode({**sent, "x": "y"}, errors="surrogatepass")
    for answer in (
        shared.post(url("requests.xml"), body, content_type="application/x-www-form-urlencoded"),
        shared.get(f"{url('requests.xml')}?{body}"),
    ):
        assert answer.status_code in {200, 400, 403, 404}
        tree(answer, answer.status_code)
