"""All of a resident's own cases, by a token of theirs: what their own page shows, and nothing to anybody else."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lyhord.audit.models import Event
from lyhord.cases.facts import NewReporter
from lyhord.core.clock import now
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.models import Job
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from lyhord.residents.actions import log_in
from lyhord.residents.models import Account, Provider
from lyhord.residents.oidc import subject_of
from lyhord.www.public.resident import COOKIE
from tests import factories
from tests.www.api.bearers import FOR_PROGRAMS, ISSUER, JWK, program_of, vouching
from tests.www.api.conftest import WALL, Program
from tests.www.public.test_log_in import sent_to
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P27", "X9")]
EMAIL = "anna@exempel.se"


@pytest.fixture
def provider(motala: Organisation) -> Provider:
    return vouching(motala)


def on_their_page(organisation: Organisation, sub: str = "DE/SE/aa8cbe71") -> list[str]:
    """The numbers that somebody sees when they are logged in by the same provider."""
    with organisation_scope(organisation.pk):
        subject = subject_of({"iss": ISSUER, "sub": sub})
        cookie = log_in(issuer=ISSUER, subject=subject, contact=None, by=factories.TEST)
    browser = Client(headers={"host": "motala.localhost"})
    browser.cookies[COOKIE] = cookie
    answer = browser.get("/mina-arenden/")
    assert answer.status_code == 200
    return [part.text.split()[0] for part in page(answer).select("main .list .num")]


class TestOwn:
    """From nothing to all of them."""

    def test_what_the_page_shows_is_what_the_program_gets(self, motala: Organisation, provider: Provider) -> None:
        mine = program_of()
        assert mine.get("own-cases") == {"items": [], "next": "", "email": ""}
        with organisation_scope(motala.pk):
            assert not Account.objects.exists()  # reading opens none
        by_code = factories.make_case(motala)
        by_address = factories.make_case(motala, "En bänk har vält.", email=EMAIL)
        factories.make_case(motala, "Någon annans.", email="bo@exempel.se")
        row = mine.post("own-cases", {"code": by_code.code})
        assert (row["number"], row["title"], row["state"]) == (by_code.case.number, by_code.case.title, "received")
        mine.post("own-cases", {"code": by_code.code})  # again changes nothing
        handle = mine.post("own-cases/address", {"email": EMAIL}, 202)["handle"]
        digits = sent_to(motala, EMAIL)
        mine.post("own-cases/address/code", {"handle": handle, "code": digits}, 204)
        shown = mine.get("own-cases")
        assert [one["number"] for one in shown["items"]] == [by_address.case.number, by_code.case.number]
        assert shown["email"] == EMAIL
        assert on_their_page(motala) == [one["number"] for one in shown["items"]]
        opened = Program(x_follow_code=shown["items"][0]["code"]).get("own-case")
        assert opened["number"] == by_address.case.number
        assert mine.last.headers["Cache-Control"] == "private, no-store"

    def test_a_page_at_a_time(self, motala: Organisation, provider: Provider) -> None:
        mine = program_of()
        made = [factories.make_case(motala) for _ in range(23)]
        for one in made:
            mine.post("own-cases", {"code": one.code})
        first = mine.get("own-cases")
        second = mine.get("own-cases", after=first["next"])
        numbers = [one["number"] for one in first["items"] + second["items"]]
        assert numbers == [one.case.number for one in reversed(made)]
        assert second["next"] == ""
        mine.get("own-cases", after="skräp")

    def test_somebody_elses_are_not_there(self, motala: Organisation, provider: Provider) -> None:
        made = factories.make_case(motala)
        program_of("anna").post("own-cases", {"code": made.code})
        assert program_of("bo").get("own-cases")["items"] == []
        with organisation_scope(motala.pk):
            assert "anna" not in str(list(Account.objects.values_list("subject", flat=True)))
            assert "anna" not in str(list(Event.objects.values_list("data", "actor_label")))

    def test_a_protected_one_as_on_the_page(self, motala: Organisation, provider: Provider) -> None:
        hidden = factories.make_case(motala, email=EMAIL, reporter=NewReporter(email=EMAIL, protected=True))
        mine = program_of()
        handle = mine.post("own-cases/address", {"email": EMAIL}, 202)["handle"]
        mine.post("own-cases/address/code", {"handle": handle, "code": sent_to(motala, EMAIL)}, 204)
        assert mine.get("own-cases")["items"] == []  # not for reading somebody's mail
        mine.post("own-cases", {"code": hidden.code})
        assert [one["number"] for one in mine.get("own-cases")["items"]] == [hidden.case.number]
        assert on_their_page(motala) == [hidden.case.number]

    def test_so_many_questions(
        self, motala: Organisation, provider: Provider, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        mine = program_of()
        for _ in range(12):
            mine.post("own-cases", {"code": factories.make_case(motala).code})
        mine.get("own-cases")
        with django_assert_max_num_queries(WALL + 5):
            mine.get("own-cases")


class TestWrong:
    """What does not hold opens nothing."""

    @pytest.mark.parametrize(
        "claims",
        [
            {"aud": "lyhord"},  # for logging in, not for programs
            {"aud": "en-annan-app"},
            {"aud": None},
            {"iss": "https://id.annan.se"},
            {"exp": 1},
            {"exp": None},
            {"sub": ""},
            {"sub": "x" * 300},
            {"nbf": 99_999_999_999},
        ],
        ids=str,
    )
    def test_a_token_that_does_not_hold(self, motala: Organisation, provider: Provider, claims: dict[str, Any]) -> None:
        program_of(**claims).get("own-cases", 401)

    def test_a_token_that_somebody_else_signed(self, motala: Organisation, provider: Provider) -> None:
        program_of(key=ec.generate_private_key(ec.SECP256R1())).get("own-cases", 401)
        secret = str(JWK["x"]).ljust(32, "x")
        program_of(key=secret, algorithm="HS256").get("own-cases", 401)
        unsigned = jwt.encode({"iss": ISSUER, "aud": FOR_PROGRAMS, "sub": "x"}, "", algorithm="none")
        for wrong in (unsigned, "skräp", "a.b.c", "x" * 9_000):
            Program(authorization=f"Bearer {wrong}").get("own-cases", 401)
        Program().get("own-cases", 401)

    def test_a_new_key_is_asked_for(self, motala: Organisation, provider: Provider) -> None:
        with organisation_scope(motala.pk):
            Provider.objects.update(keys=[{**JWK, "kid": "old"}])
        Job.objects.all().delete()
        program_of().get("own-cases", 401)
        assert Job.objects.filter(task__endswith="fetch_provider").exists()

    def test_levels_count_as_for_logging_in(self, motala: Organisation) -> None:
        vouching(motala, levels="loa3 eidas-high")
        program_of().get("own-cases", 401)
        program_of(acr="loa1").get("own-cases", 401)
        program_of(acr="loa3").get("own-cases")

    @pytest.mark.parametrize("values", [{"audience": ""}, {"active": False}], ids=str)
    def test_a_provider_that_lets_no_programs_in(self, motala: Organisation, values: dict[str, Any]) -> None:
        vouching(motala, **values)
        program_of().get("own-cases", 401)

    @pytest.mark.requirement("X1")
    def test_a_provider_of_another_organisation(self, cast: Any, provider: Provider) -> None:
        program_of(host="mjolby.localhost").get("own-cases", 401)
        vouching(cast.mjolby)
        there = program_of(host="mjolby.localhost")
        there.post("own-cases", {"code": factories.make_case(cast.motala).code}, 422)
        assert there.get("own-cases")["items"] == []

    def test_a_residents_token_opens_nothing_of_staffs(self, motala: Organisation, provider: Provider) -> None:
        for path in ("me", "cases", "published"):
            program_of().get(path, 401)

    def test_wrong_codes(self, motala: Organisation, provider: Provider) -> None:
        mine = program_of()
        mine.post("own-cases", {"code": "skräp"}, 422)
        mine.post("own-cases", {}, 422)
        mine.post("own-cases/address", {"email": "ingen"}, 422)
        handle = mine.post("own-cases/address", {"email": EMAIL}, 202)["handle"]
        digits = sent_to(motala, EMAIL)
        program_of("bo").post("own-cases/address/code", {"handle": handle, "code": digits}, 422)  # not theirs
        mine.post("own-cases/address/code", {"handle": "x", "code": digits}, 422)
        mine.post("own-cases/address/code", {"handle": handle, "code": "000000"}, 422)
        assert mine.get("own-cases")["email"] == ""
        with organisation_scope(motala.pk):
            assert now() - Account.objects.get().created_at < timedelta(hours=1)

    def test_where_residents_do_not_log_in(self, motala: Organisation, provider: Provider) -> None:
        Organisation.objects.filter(pk=motala.pk).update(features={**motala.features, "log_in": False})
        forget_hosts()
        program_of().get("own-cases", 404)


def test_an_audience_is_not_our_own_name(motala: Organisation) -> None:
    """Else what a browser logs in with would open the API too."""
    with pytest.raises(Invalid) as raised:
        vouching(motala, audience="lyhord")
    assert set(raised.value.errors) == {"audience"}
