"""Who is let in, as whom, and to what: keys and signed tokens."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.management import call_command
from django.core.management.base import CommandError
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from lyhord.accounts import discovery, tasks
from lyhord.accounts.actions import remove_member
from lyhord.accounts.issuer_actions import set_issuer, tie_subject
from lyhord.accounts.models import Membership, TokenIssuer, User
from lyhord.audit.models import Event
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.http import Answer, Limits, OutwardError
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.clients import READ, WRITE, create_key, revoke_key
from lyhord.intake.models import ApiKey
from lyhord.jobs.inline import run_waiting
from tests import factories
from tests.conftest import Cast
from tests.www.api.conftest import Program, as_staff, make_key

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P27", "0.25")]

ISSUER, AUDIENCE = "https://id.exempel.se", "lyhord-motala"
RSA_KEY, EC_KEY = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())
OTHER_KEY = rsa.generate_private_key(65537, 2048)
JWKS = [
    {**RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True), "kid": "one", "use": "sig"},
    {**ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True), "kid": "two"},
    {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
]


def bearer(token: str) -> Program:
    return Program(authorization=f"Bearer {token}")


def token_for(email: str | None = "sara@motala.example", *, key: Any = RSA_KEY, **claims: Any) -> str:
    """A token that is right but for what the test says; None leaves a claim out."""
    kid, algorithm = claims.pop("kid", "one"), claims.pop("algorithm", "RS256")
    said = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "abc",
        "email": email,
        "email_verified": True,
        "exp": now() + timedelta(minutes=5),
        **claims,
    }
    given = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(given, key, algorithm=algorithm, headers={"kid": kid} if kid else None)


@pytest.fixture
def issuer(cast: Cast) -> TokenIssuer:
    with organisation_scope(cast.motala.pk):
        row = set_issuer(issuer=ISSUER, audience=AUDIENCE, by=factories.TEST)
        TokenIssuer.objects.update(keys=JWKS, fetched_at=now())
        return row


class TestKeys:
    """A key acts as its person, or as nobody."""

    def test_a_key_of_nobodys_sends_reports_and_reads_nothing_of_staffs(self, cast: Cast) -> None:
        program = Program(x_api_key=make_key(cast.motala))
        program.post("reports", {"text": "Hej.", "case_type": "ovrigt"})
        for path in ("me", "cases", "views", "units", "reviews"):
            program.get(path, 403)

    def test_what_a_key_may_do(self, cast: Cast) -> None:
        case = factories.make_case(cast.motala).case
        reads = as_staff(cast, cast.sara, scopes=(READ,))
        reads.get(f"cases/{case.number}")
        reads.post(f"cases/{case.number}/notes", {"text": "Hej"}, 403)
        writes = as_staff(cast, cast.sara, scopes=(WRITE,))
        writes.get(f"cases/{case.number}", 403)
        writes.post(f"cases/{case.number}/notes", {"text": "Hej"})

    def test_no_key_a_wrong_one_and_anothers(self, cast: Cast) -> None:
        theirs = make_key(cast.mjolby, cast.outsider)
        for program in (Program(), Program(x_api_key="fel"), Program(x_api_key=theirs), Program(x_api_key="x" * 5000)):
            program.get("cases", 401)
            assert program.last["WWW-Authenticate"] == "Bearer"
        Program(x_api_key="fel").get("kinds", 401)  # a key that is sent must hold, so that nobody trusts it in vain

    def test_a_key_that_was_taken_back(self, cast: Cast) -> None:
        key = make_key(cast.motala, cast.sara)
        with organisation_scope(cast.motala.pk):
            revoke_key(key_id=ApiKey.objects.get().pk, by=factories.TEST)
        Program(x_api_key=key).get("me", 401)

    def test_a_key_ends_with_its_persons_work(self, cast: Cast) -> None:
        program = as_staff(cast, cast.sara)
        program.get("me")
        with organisation_scope(cast.motala.pk):
            remove_member(membership_id=Membership.objects.get(user=cast.sara).pk, by=factories.TEST)
        program.get("me", 403)

    def test_a_key_has_the_rights_of_its_persons_role(self, cast: Cast) -> None:
        case = factories.make_case(cast.motala).case
        auditor = as_staff(cast, cast.auditor)
        auditor.get(f"cases/{case.number}")
        auditor.post(f"cases/{case.number}/notes", {"text": "Hej"}, 403)
        auditor.get("reviews", 403)
        as_staff(cast, cast.sara).get("reviews", 403)

    def test_sessions_do_not_count(self, cast: Cast) -> None:
        program = Program()
        program.client.force_login(cast.sara)
        program.get("cases", 401)

    def test_no_key_for_somebody_who_does_not_work_here(self, cast: Cast) -> None:
        with organisation_scope(cast.mjolby.pk):
            theirs = Membership.objects.get(user=cast.outsider).pk
        with organisation_scope(cast.motala.pk), pytest.raises(Invalid):
            create_key(client="Nej", by=factories.TEST, member_id=theirs)

    def test_the_command(self, cast: Cast) -> None:
        out = StringIO()
        call_command("create_api_key", "motala", "Verktyget", "--person", "sara@motala.example", stdout=out)
        assert Program(x_api_key=out.getvalue().strip()).get("me")["name"] == "Sara Ek"
        with pytest.raises(CommandError):
            call_command("create_api_key", "motala", "Verktyget", "--person", "olle@mjolby.example")


class TestTokens:
    """Signed by an issuer that the organisation trusts."""

    def test_by_verified_address(self, cast: Cast, issuer: TokenIssuer) -> None:
        assert bearer(token_for()).get("me")["name"] == "Sara Ek"
        assert bearer(token_for("SARA@motala.example")).get("me")["id"] == cast.sara.pk
        elliptic = token_for(key=EC_KEY, kid="two", algorithm="ES256")
        assert bearer(elliptic).get("me")["id"] == cast.sara.pk

    def test_by_the_issuers_own_name(self, cast: Cast, issuer: TokenIssuer) -> None:
        with organisation_scope(cast.motala.pk):
            member = Membership.objects.get(user=cast.amir)
            tie_subject(issuer_id=issuer.pk, subject="abc", membership_id=member.pk, by=factories.TEST)
        assert bearer(token_for(email=None)).get("me")["name"] == "Amir Holm"
        assert bearer(token_for()).get("me")["name"] == "Amir Holm"  # it goes before the address

    @pytest.mark.parametrize(
        "wrong",
        [
            {"key": OTHER_KEY},
            {"kid": "unknown"},
            {"kid": None},  # there are several keys: which one is never guessed
            {"iss": "https://annan.exempel.se"},
            {"iss": None},
            {"aud": "annan-tjanst"},
            {"aud": None},
            {"sub": None},
            {"exp": None},
            {"exp": 1_000_000_000},
            {"nbf": 32_000_000_000},
            {"email": None},
            {"email": "olle@mjolby.example"},
            {"email": "ingen@exempel.se"},
            {"email": "a\x00b@exempel.se"},
            {"email": 7},
            {"email_verified": False},
            {"email_verified": None},
            {"email_verified": "true"},
            {"algorithm": "HS256", "key": "c2VjcmV0", "kid": "shared"},
            {"algorithm": "none", "key": None, "kid": "one"},
        ],
    )
    @pytest.mark.filterwarnings("ignore")  # a short shared secret is meant
    def test_what_lets_nobody_in(self, issuer: TokenIssuer, wrong: dict[str, Any]) -> None:
        bearer(token_for(**wrong)).get("me", 401)

    @pytest.mark.parametrize("text", ["", "x", "a.b.c", "..", "a" * 9000, "eyJhbGciOiJSUzI1NiJ9.e30.", "å"])
    def test_what_is_no_token(self, issuer: TokenIssuer, text: str) -> None:
        bearer(text).get("me", 401)

    def test_an_issuer_that_is_trusted_with_addresses(self, cast: Cast, issuer: TokenIssuer) -> None:
        with organisation_scope(cast.motala.pk):
            TokenIssuer.objects.update(trusts_email=True)
        assert bearer(token_for(email_verified=None)).get("me")["id"] == cast.sara.pk

    def test_an_issuer_no_longer_trusted_and_another_organisations(self, cast: Cast, issuer: TokenIssuer) -> None:
        token = token_for("olle@mjolby.example")
        Program("mjolby.localhost", authorization=f"Bearer {token}").get("me", 401)
        with organisation_scope(cast.motala.pk):
            set_issuer(issuer=ISSUER, audience=AUDIENCE, active=False, by=factories.TEST)
        bearer(token_for()).get("me", 401)

    def test_a_person_who_left(self, cast: Cast, issuer: TokenIssuer) -> None:
        with organisation_scope(cast.motala.pk):
            remove_member(membership_id=Membership.objects.get(user=cast.sara).pk, by=factories.TEST)
        bearer(token_for()).get("me", 401)
        User.objects.filter(pk=cast.amir.pk).update(is_active=False)
        bearer(token_for("amir@motala.example")).get("me", 401)

    def test_a_token_costs_four_queries(self, issuer: TokenIssuer, django_assert_num_queries: Any) -> None:
        program = bearer(token_for())
        program.get("me")
        with django_assert_num_queries(4 + 4):
            program.get("me")


class TestFetching:
    """Keys are fetched by a task, never within a request."""

    @pytest.fixture
    def serve(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], list[str]]:
        """Let the issuer answer so; the addresses that were asked are kept."""

        def begin(answers: dict[str, Any]) -> list[str]:
            asked: list[str] = []

            def answer(url: str, *, limits: Limits) -> Answer:
                asked.append(url)
                found = answers.get(urlsplit(url).path)
                if found is None:
                    return Answer(404, "text/plain", b"", url)
                body = found if isinstance(found, bytes) else json.dumps(found).encode()
                if len(body) > limits.most_bytes:
                    raise OutwardError("too_big")
                return Answer(200 if body else 302, "application/json", body, url)

            monkeypatch.setattr(discovery, "fetch", answer)  # where our machine ends
            return asked

        return begin

    DISCOVERY = "/.well-known/openid-configuration"
    ABOUT = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}

    def test_an_issuers_keys_are_fetched_once_it_is_trusted(self, cast: Cast, serve: Any) -> None:
        asked = serve({self.DISCOVERY: self.ABOUT, "/keys": {"keys": JWKS}})
        with organisation_scope(cast.motala.pk):
            set_issuer(issuer=ISSUER, audience=AUDIENCE, by=factories.TEST)
        run_waiting()
        assert asked == [f"{ISSUER}{self.DISCOVERY}", f"{ISSUER}/keys"]
        assert bearer(token_for()).get("me")["name"] == "Sara Ek"
        with organisation_scope(cast.motala.pk):
            assert Event.objects.filter(verb="token_issuer.keys_changed").count() == 1

    def test_an_unknown_key_has_them_fetched_anew_but_seldom(self, cast: Cast, issuer: TokenIssuer, serve: Any) -> None:
        run_waiting(raise_errors=False)
        asked = serve({self.DISCOVERY: self.ABOUT, "/keys": {"keys": [{**JWKS[0], "kid": "new"}]}})
        for _attempt in range(3):
            bearer(token_for(kid="new")).get("me", 401)
        assert asked == []  # nothing within a request
        run_waiting()
        assert len(asked) == 2
        assert bearer(token_for(kid="new")).get("me")["name"] == "Sara Ek"
        bearer(token_for(kid="newer")).get("me", 401)
        run_waiting()
        assert len(asked) == 2

    @pytest.mark.parametrize(
        "answers",
        [
            {},
            {DISCOVERY: []},
            {DISCOVERY: {**ABOUT, "issuer": "https://annan.exempel.se"}},
            {DISCOVERY: {**ABOUT, "jwks_uri": "http://id.exempel.se/keys"}, "/keys": {"keys": JWKS}},
            {DISCOVERY: {**ABOUT, "jwks_uri": None}},
            {DISCOVERY: ABOUT, "/keys": {"keys": "x"}},
            {DISCOVERY: b""},
            {DISCOVERY: b"{"},
            {DISCOVERY: b'"' + b"x" * 300_000 + b'"'},
        ],
    )
    def test_what_cannot_be_used_leaves_the_old_keys(
        self, cast: Cast, issuer: TokenIssuer, serve: Any, answers: dict[str, Any]
    ) -> None:
        serve(answers)
        with pytest.raises(discovery.KeysError):
            tasks.fetch_keys.func(cast.motala.pk, issuer.pk)
        with organisation_scope(cast.motala.pk):
            row = TokenIssuer.objects.get()
            assert row.last_error
            assert row.keys == JWKS
        assert bearer(token_for()).get("me")["name"] == "Sara Ek"

    def test_the_command(self, cast: Cast) -> None:
        subject = ["--subject", "abc", "amir@motala.example"]
        call_command("set_token_issuer", "motala", ISSUER, AUDIENCE, *subject)
        with organisation_scope(cast.motala.pk):
            TokenIssuer.objects.update(keys=JWKS, fetched_at=now())
        assert bearer(token_for()).get("me")["name"] == "Amir Holm"
        call_command("set_token_issuer", "motala", ISSUER, AUDIENCE, "--off")
        bearer(token_for()).get("me", 401)
        for wrong in (["motala", "http://id.exempel.se", AUDIENCE], ["finns-inte", ISSUER, AUDIENCE]):
            with pytest.raises(CommandError):
                call_command("set_token_issuer", *wrong)

    def test_what_is_wrong_with_an_issuer(self, cast: Cast) -> None:
        with organisation_scope(cast.motala.pk):
            with pytest.raises(Invalid) as caught:
                set_issuer(issuer="id.exempel.se", audience="", by=factories.TEST)
            assert set(caught.value.errors) == {"issuer", "audience"}
            with pytest.raises(NotFound):
                tie_subject(issuer_id=1, subject="x", membership_id=1, by=factories.TEST)


@pytest.mark.requirement("X1")
def test_what_is_anothers_is_not_there(cast: Cast) -> None:
    for place in range(3):  # so that no number of theirs is one of ours
        factories.make_case(cast.mjolby, f"Fyll {place}")
    theirs = factories.make_case(cast.mjolby, "Hemligt i Mjölby").case
    program = as_staff(cast, cast.admin)
    number = theirs.number
    for path in (f"cases/{number}", f"cases/{number}/history", f"reviews/{number}", f"published/{number}"):
        program.get(path, 404)
    for method, name, body in (
        ("post", "replies", {"text": "Hej"}),
        ("post", "notes", {"text": "Hej"}),
        ("post", "read", None),
        ("put", "officer", {"officer": cast.admin.pk}),
        ("put", "unit", {"unit": "kundcenter", "reason": "x"}),
        ("put", "state", {"state": "in_progress"}),
        ("put", "type", {"case_type": "fraga"}),
        ("post", "merge", {"into": number}),
        ("post", "unmerge", None),
        ("put", "publication", {"title": "x", "text": "x"}),
        ("post", "publication/decline", {}),
    ):
        program.send(method, f"cases/{number}/{name}", body, 404)
    assert "Mjölby" not in json.dumps(program.get("cases"))
    assert program.get("cases", q=number)["items"] == []
