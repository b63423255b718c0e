"""Roles, permissions, and who somebody is in which organisation."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path, reverse

from lyhord.accounts.actions import Person, add_member, remove_member
from lyhord.accounts.backend import Backend
from lyhord.accounts.models import Membership, MembershipUnit, User
from lyhord.accounts.permissions import Permission as P
from lyhord.accounts.roles import ROLES
from lyhord.accounts.staff import Staff, StaffRequest, requires, staff_of
from lyhord.core.clock import now
from lyhord.core.errors import NotAllowed
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Unit
from tests import factories
from tests.conftest import Cast
from tests.factories import PASSWORD, make_staff
from tests.www.desk.conftest import browser

OFFICER = {P.SEE_CASES, P.HANDLE_CASES, P.ASSIGN_CASES, P.CONVERT_CASES, P.REGISTER_FOR_OTHERS}
OUTBOX = {P.REVIEW_PUBLICATION, P.SEE_OUTBOX, P.RESEND}
MATRIX: dict[str, set[P]] = {
    "resident": set(),
    "case_officer": OFFICER,
    "unit_manager": OFFICER | OUTBOX | {P.SEE_PROTECTED},
    "contact_centre": OFFICER | OUTBOX | {P.SEE_ALL_CASES},
    "administrator": OFFICER
    | OUTBOX
    | {P.SEE_ALL_CASES, P.SEE_LOG, P.MANAGE_ORGANISATION, P.MANAGE_CASE_TYPES, P.MANAGE_PEOPLE, P.MANAGE_ISSUERS},
    "auditor": {P.SEE_CASES, P.SEE_ALL_CASES, P.SEE_LOG, P.SEE_OUTBOX},
}


@pytest.mark.requirement("4.8", "X2")
def test_what_each_role_may_do() -> None:
    """Written out here a second time, so that nobody widens a role in passing."""
    assert {slug: set(role.permissions) for slug, role in ROLES.items()} == MATRIX
    assert all(slug == role.slug and str(role.label) for slug, role in ROLES.items())
    granted = {permission for role in ROLES.values() for permission in role.permissions}
    assert granted == set(P)


def test_an_auditor_reads_and_changes_nothing() -> None:
    reading = {P.SEE_CASES, P.SEE_ALL_CASES, P.SEE_LOG, P.SEE_OUTBOX, P.SEE_PROTECTED}
    assert ROLES["auditor"].permissions <= reading


@pytest.mark.django_db
class TestStaffOf:
    """Somebody in an organisation, or nobody."""

    def codes(self, staff: Staff) -> set[str]:
        return set(Unit.objects.filter(pk__in=staff.unit_ids).values_list("code", flat=True))

    def test_role_permissions_and_the_units_below(self, cast: Cast) -> None:
        with organisation_scope(cast.motala.pk):
            sara, maria, admin = (make_staff(cast.motala, user) for user in (cast.sara, cast.maria, cast.admin))
            assert (sara.role, self.codes(sara)) == ("case_officer", {"gata-park"})
            assert self.codes(maria) == {"tekniska", "gata-park"}
            assert self.codes(admin) == set()
            assert sara.permissions == ROLES["case_officer"].permissions
            assert sara.may(P.HANDLE_CASES)
            assert not sara.may(P.SEE_ALL_CASES)
            with pytest.raises(NotAllowed):
                sara.demand(P.MANAGE_PEOPLE)
            assert (sara.actor.kind, sara.actor.id, sara.actor.label) == ("person", cast.sara.pk, "Sara Ek")

    def test_a_deep_tree_and_one_that_bites_its_tail(self, cast: Cast) -> None:
        with organisation_scope(cast.motala.pk):
            park = Unit.objects.get(code="gata-park")
            below = factories.make_unit("belysning", "Belysning", parent=park)
            deepest = factories.make_unit("lampor", "Lampor", parent=below)
            assert self.codes(make_staff(cast.motala, cast.sara)) == {"gata-park", "belysning", "lampor"}
            Unit.objects.filter(pk=park.pk).update(parent=deepest)  # no page allows it; it must end all the same
            assert self.codes(make_staff(cast.motala, cast.sara)) == {"gata-park", "belysning", "lampor"}

    @pytest.mark.requirement("X1", "0.20")
    def test_nobody_in_another_organisation(self, cast: Cast) -> None:
        with organisation_scope(cast.mjolby.pk):
            assert staff_of(cast.sara) is None
        with organisation_scope(cast.motala.pk):
            assert staff_of(cast.outsider) is None

    @pytest.mark.requirement("0.20")
    def test_somebody_in_two_organisations_is_what_they_are_in_each(self, cast: Cast) -> None:
        with organisation_scope(cast.mjolby.pk):
            person = Person("sara@motala.example", "Någon annan", "auditor")
            add_member(person=person, by=factories.TEST, password="ett annat hemligt ord")
            assert make_staff(cast.mjolby, cast.sara).role == "auditor"
        with organisation_scope(cast.motala.pk):
            assert make_staff(cast.motala, cast.sara).role == "case_officer"
        account = User.objects.get(pk=cast.sara.pk)
        assert account.full_name == "Sara Ek"
        assert account.check_password(PASSWORD)

    def test_nobody_once_it_has_ended(self, cast: Cast) -> None:
        with organisation_scope(cast.motala.pk):
            remove_member(membership_id=Membership.objects.get(user=cast.sara).pk, by=factories.TEST)
            assert staff_of(cast.sara) is None
            User.objects.filter(pk=cast.amir.pk).update(is_active=False)
            assert staff_of(cast.amir) is None
            Membership.objects.filter(user=cast.kim).update(role="resident")
            assert staff_of(cast.kim) is None
            Membership.objects.filter(user=cast.maria).update(role="a role of another version")
            assert staff_of(cast.maria) is None

    def test_no_query_where_the_account_was_read_for_a_session(
        self, cast: Cast, django_assert_num_queries: Any
    ) -> None:
        with organisation_scope(cast.motala.pk):
            staff_of(cast.maria)
        with organisation_scope(cast.motala.pk):
            with django_assert_num_queries(1):
                maria = Backend().get_user(cast.maria.pk)
            assert maria is not None
            with django_assert_num_queries(0):
                staff = staff_of(maria)
            assert staff == make_staff(cast.motala, cast.maria)
            with django_assert_num_queries(1):  # where else
                staff_of(cast.maria)

    @pytest.mark.requirement("X1")
    @pytest.mark.parametrize("change", ["role", "unit", "name", "account", "end"])
    def test_every_change_is_seen_by_the_next_scope(self, cast: Cast, change: str) -> None:
        """Of role, unit, account or membership, however it is made: nothing that was kept lives on."""

        def seen() -> tuple[str, frozenset[int]] | None:
            with organisation_scope(cast.motala.pk):
                staff = staff_of(User.objects.get(pk=cast.sara.pk))
                return (staff.role, staff.unit_ids) if staff else None

        before = seen()
        with organisation_scope(cast.motala.pk):
            member = Membership.objects.get(user=cast.sara)
            kept_before = _edition(cast.motala.pk)
            match change:
                case "role":
                    Membership.objects.filter(pk=member.pk).update(role="auditor")
                case "unit":
                    unit = Unit.objects.get(code="kundcenter")
                    MembershipUnit.objects.filter(membership=member).update(unit=unit)
                case "name":
                    User.objects.filter(pk=cast.sara.pk).update(full_name="Sara Ekman")
                case "account":
                    User.objects.filter(pk=cast.sara.pk).update(is_active=False)
                case _:
                    member.delete()
            assert _edition(cast.motala.pk) != kept_before
        after = seen()
        assert (after == before) is (change == "name")

    def test_logging_in_changes_no_setting(self, cast: Cast) -> None:
        before = _edition(cast.motala.pk)
        browser(cast.sara)
        User.objects.filter(pk=cast.sara.pk).update(last_login=now(), full_name="Sara Ek")
        assert _edition(cast.motala.pk) == before


def _edition(organisation_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select number from organisations_edition where organisation_id = %s", [organisation_id])
        return int(cursor.fetchone()[0])


@requires(P.MANAGE_PEOPLE)
def people(request: StaffRequest) -> HttpResponse:
    """A page for administrators, as the screens have them."""
    return HttpResponse(f"{request.organisation.slug} {request.staff.role}", content_type="text/plain")


def who(request: HttpRequest) -> HttpResponse:
    """A page for everybody that says whom it sees."""
    staff: Staff | None = request.staff  # type: ignore[attr-defined]  # set by the middleware
    return HttpResponse(staff.role if staff else "nobody")


urlpatterns = [path("people/", people), path("who/", who), path("", include("lyhord.config.urls"))]


@pytest.fixture
def pages() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="tests.accounts.test_staff"):
        yield


def client(host: str, user: User | None = None) -> Client:
    made = Client(headers={"host": host}, raise_request_exception=False)
    if user:
        made.force_login(user)
    return made


@pytest.mark.django_db
@pytest.mark.usefixtures("pages")
class TestRequires:
    """Over real requests, through all middleware."""

    def test_with_the_right(self, cast: Cast) -> None:
        response = client("motala.localhost", cast.admin).get("/people/")
        assert (response.status_code, response.content) == (200, b"motala administrator")

    def test_who_is_not_logged_in_is_asked_to_and_comes_back(self, cast: Cast) -> None:
        response = client("motala.localhost").get("/people/?q=ek&sida=2")
        assert response.status_code == 302
        assert response["Location"] == f"{reverse('account_login')}?next=/people/%3Fq%3Dek%26sida%3D2"

    @pytest.mark.requirement("X1")
    @pytest.mark.parametrize("name", ["sara", "maria", "kim", "auditor", "outsider"])
    def test_without_the_right_it_is_refused(self, cast: Cast, name: str) -> None:
        response = client("motala.localhost", getattr(cast, name)).get("/people/")
        assert response.status_code == 403
        assert b"administrator" not in response.content

    @pytest.mark.requirement("X1", "0.20")
    def test_a_session_is_worth_nothing_on_another_host(self, cast: Cast) -> None:
        assert client("mjolby.localhost", cast.admin).get("/people/").status_code == 403
        assert client("mjolby.localhost", cast.admin).get("/who/").content == b"nobody"
        assert client("motala.localhost", cast.admin).get("/who/").content == b"administrator"

    def test_an_account_that_was_closed_is_out_at_once(self, cast: Cast) -> None:
        logged_in = client("motala.localhost", cast.admin)
        User.objects.filter(pk=cast.admin.pk).update(is_active=False)
        assert logged_in.get("/who/").content == b"nobody"
        assert logged_in.get("/people/").status_code == 302

    def test_residents_cost_no_query_for_staff(self, cast: Cast, django_assert_num_queries: Any) -> None:
        visitor = client("motala.localhost")
        visitor.get("/who/")
        with django_assert_num_queries(4):  # a savepoint, the organisation set and put back
            assert visitor.get("/who/").content == b"nobody"

    def test_the_decorator_tells_what_it_asks_for(self) -> None:
        assert people.permission is P.MANAGE_PEOPLE  # type: ignore[attr-defined]  # read by the crawler


@pytest.mark.django_db
def test_without_middleware_nobody_gets_in(cast: Cast) -> None:
    """A page outside the usual chain fails closed."""
    request = RequestFactory().get("/people/")
    request.user = cast.admin
    request.session = SessionStore()
    with pytest.raises(NotAllowed):
        people(request)
