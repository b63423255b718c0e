"""The host name decides the organisation, and one transaction holds the whole request."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from lyhord.core.errors import Invalid
from lyhord.core.tenancy import current_organisation_id, organisation_scope
from lyhord.organisations import queries
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.models import Organisation, Unit
from lyhord.organisations.queries import forget_hosts, organisation_by_host
from tests import factories
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("X1", "0.20")]


def show(request: OrganisationRequest) -> HttpResponse:
    units = sorted({unit.organisation_id for unit in Unit.objects.all()})
    return HttpResponse(f"{request.organisation.slug} {current_organisation_id()} {units}")


def write(request: HttpRequest, status: int) -> HttpResponse:
    factories.make_unit("ny", "Ny")
    return HttpResponse(status=status)


def fail(request: HttpRequest) -> HttpResponse:
    factories.make_unit("ny", "Ny")
    raise ZeroDivisionError


def refuse(request: HttpRequest) -> HttpResponse:
    raise Invalid({"text": "Skriv något."})


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(str(current_organisation_id()) for _ in range(1))


urlpatterns = [
    path("show/", show),
    path("write/<int:status>/", write),
    path("fail/", fail),
    path("refuse/", refuse),
    path("stream/", stream),
    path("", include("lyhord.config.urls")),
]


@pytest.fixture(autouse=True)
def _pages() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="tests.organisations.test_middleware"):
        yield


def get(url: str, host: str = "motala.localhost") -> HttpResponse:
    client = Client(raise_request_exception=False)
    return client.get(url, headers={"host": host})  # type: ignore[return-value]  # a test response is one


@pytest.mark.parametrize(
    "host",
    ["motala.localhost", "MOTALA.Localhost", "motala.localhost:8000", "motala.localhost.", "Motala.localhost.:443"],
)
def test_the_name_however_it_is_written(cast: Cast, host: str) -> None:
    response = get("/show/", host)
    assert response.content.decode() == f"motala {cast.motala.pk} [{cast.motala.pk}]"


@pytest.mark.parametrize(
    "host",
    [
        "annan.localhost",
        "localhost",
        "evil.motala.localhost",
        "motala.localhost.evil.example",
        "motala.localhost@evil.example",
        "motala.localhost:x",
        "motala.localhost/../",
        "motala localhost",
        "[::1]",
        "[::1]:8000",
        ":8000",
        "",
        ".",
        "x" * 5000,
        "%00",
        "å.localhost",
    ],
)
def test_an_unknown_name_is_a_plain_404_that_names_nobody(cast: Cast, host: str) -> None:
    response = get("/show/", host)
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")
    assert "motala" not in response.content.decode().lower()


def test_an_address_of_six_groups_can_be_a_host_too(cast: Cast) -> None:
    cast.motala.hostnames.create(host="[::1]")
    assert get("/show/", "[::1]:8000").status_code == 200
    assert get("/show/", "[::1]").status_code == 200


def test_two_names_are_two_organisations(cast: Cast) -> None:
    for organisation in (cast.motala, cast.mjolby):
        response = get("/show/", f"{organisation.slug}.localhost")
        assert response.content.decode() == f"{organisation.slug} {organisation.pk} [{organisation.pk}]"
    assert current_organisation_id() is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("status", "kept"), [(200, True), (302, True), (404, True), (422, True), (500, False), (503, False)]
)
def test_what_ends_in_a_server_error_is_rolled_back(status: int, kept: bool) -> None:
    motala = factories.make_organisation()
    assert get(f"/write/{status}/").status_code == status
    with organisation_scope(motala.pk):
        assert Unit.objects.filter(code="ny").exists() is kept
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_an_exception_is_rolled_back_and_the_next_request_is_whole() -> None:
    motala = factories.make_organisation()
    for _ in range(2):
        assert get("/fail/").status_code == 500
    with organisation_scope(motala.pk):
        assert not Unit.objects.filter(code="ny").exists()
    assert get("/show/").status_code == 200


def test_our_own_errors_are_pages(cast: Cast) -> None:
    response = get("/refuse/")
    assert response.status_code == 400
    assert "Skriv något." in response.content.decode()


def test_what_is_streamed_is_sent_outside_the_wall_so_it_must_be_read_before(cast: Cast) -> None:
    response = get("/stream/")
    assert b"".join(response) == b"None"


def test_health_needs_no_organisation(db: None) -> None:
    assert get("/healthz", "whatever.example").status_code == 200


def test_hosts_are_kept_for_some_seconds_but_hostile_ones_do_not_fill_the_memory(
    cast: Cast, django_assert_num_queries: object
) -> None:
    forget_hosts()
    organisation_by_host("motala.localhost")
    with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's fixture
        assert organisation_by_host("motala.localhost") == cast.motala
    for number in range(1100):
        queries._by_host[f"evil-{number}.example"] = (0.0, None)
    organisation_by_host("evil.example")
    assert len(queries._by_host) <= 1001


def test_a_new_name_is_found_at_once_after_it_is_made(cast: Cast) -> None:
    assert organisation_by_host("ny.localhost") is None
    Organisation.objects.get(pk=cast.motala.pk).hostnames.create(host="ny.localhost")
    forget_hosts()
    assert organisation_by_host("ny.localhost") == cast.motala
