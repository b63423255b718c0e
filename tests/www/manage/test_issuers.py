"""Services where staff log in: listed, added, changed, tried, taken away; with rows in the log."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lyhord.accounts.models import KeptForm, Membership, TokenIssuer, TokenSubject
from lyhord.audit.models import Event
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.models import Job
from lyhord.www.manage.issuers import WRONG
from tests import factories
from tests.conftest import Cast
from tests.www.api.test_callers import AUDIENCE, EC_KEY, ISSUER, JWKS, OTHER_KEY, bearer, token_for
from tests.www.manage.conftest import Browse, filled_in, text_of
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P27", "0.25")]
WHERE = "/installningar/intyg/"


def the_issuer(cast: Cast) -> TokenIssuer:
    with organisation_scope(cast.motala.pk):
        return TokenIssuer.objects.get()


@pytest.fixture
def trusted(cast: Cast, admin: Client) -> TokenIssuer:
    """Added by the page, its keys fetched."""
    answer = admin.post(f"{WHERE}ny/", {"issuer": ISSUER, "audience": AUDIENCE, "active": "on"}, follow=True)
    assert "Tjänsten finns i listan" in text_of(answer)
    with organisation_scope(cast.motala.pk):
        TokenIssuer.objects.update(keys=JWKS, fetched_at=now())
    return the_issuer(cast)


def tried(admin: Client, token: str) -> str:
    answer = admin.post(f"{WHERE}prova/", {"secret_token": token})
    assert answer["Cache-Control"] == "private, no-store"
    return text_of(answer)


def test_added_its_keys_are_fetched_and_its_tokens_let_people_in(
    cast: Cast, admin: Client, trusted: TokenIssuer
) -> None:
    assert Job.objects.filter(task__endswith="fetch_keys").exists()
    assert "id.exempel.se" in text_of(admin.get(WHERE))
    assert bearer(token_for()).get("me")["name"] == "Sara Ek"
    assert "3 nycklar, hämtade" in text_of(admin.get(f"{WHERE}{trusted.pk}/"))
    with organisation_scope(cast.motala.pk):
        event = Event.objects.get(verb="token_issuer.set")
        assert (event.level, event.actor_id) == (3, cast.admin.pk)
    log = text_of(admin.get("/installningar/logg/?vad=token_issuer"))
    assert "Lade till eller ändrade en inloggningstjänst" in log
    assert ISSUER in log


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"issuer": "id.exempel.se"}, "börjar med https://"),
        ({"issuer": "http://id.exempel.se"}, "börjar med https://"),
        ({"issuer": ""}, "börjar med https://"),
        ({"audience": " "}, "Skriv vad"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cast: Cast, admin: Client, wrong: dict[str, str], sentence: str) -> None:
    answer = admin.post(f"{WHERE}ny/", {"issuer": ISSUER, "audience": AUDIENCE, **wrong})
    assert answer.status_code == 422
    (said,) = soup(answer).select(".bad .err")
    assert sentence in said.get_text()
    with organisation_scope(cast.motala.pk):
        assert not TokenIssuer.objects.exists()


def test_one_that_is_there_already(admin: Client, trusted: TokenIssuer) -> None:
    answer = admin.post(f"{WHERE}ny/", {"issuer": ISSUER, "audience": "x"})
    assert answer.status_code == 422
    assert "Den finns redan i listan" in text_of(answer)


def test_changed_and_taken_away(cast: Cast, admin: Client, trusted: TokenIssuer) -> None:
    where = f"{WHERE}{trusted.pk}/"
    assert "Sparat" in text_of(admin.post(where, filled_in(admin.get(where), active=None), follow=True))
    bearer(token_for()).get("me", 401)
    assert "Av" in text_of(admin.get(WHERE))
    admin.post(where, filled_in(admin.get(where), active="on", audience="nagot-annat"))
    assert (the_issuer(cast).audience, the_issuer(cast).issuer) == ("nagot-annat", ISSUER)
    with organisation_scope(cast.motala.pk):
        change = Event.objects.filter(verb="token_issuer.set").order_by("-pk")[0].data
        assert (change["before"]["audience"], change["after"]["audience"]) == (AUDIENCE, "nagot-annat")
    assert "är borta" in text_of(admin.post(f"{where}ta-bort/", follow=True))
    with organisation_scope(cast.motala.pk):
        assert not TokenIssuer.objects.exists()
        assert Event.objects.get(verb="token_issuer.removed").level == 3


def test_who_is_meant(cast: Cast, admin: Client, trusted: TokenIssuer) -> None:
    with organisation_scope(cast.motala.pk):
        amir = Membership.objects.get(user=cast.amir).pk
    where = f"{WHERE}{trusted.pk}/"
    admin.post(f"{where}knyt/", {"subject": "abc", "member": str(amir)})
    assert bearer(token_for(email=None)).get("me")["name"] == "Amir Holm"
    assert "Amir Holm" in text_of(admin.get(where))
    for wrong in ({"subject": "", "member": str(amir)}, {"subject": "x", "member": "0"}, {"subject": "x"}):
        assert admin.post(f"{where}knyt/", wrong).status_code == 422
    with organisation_scope(cast.motala.pk):
        tie = TokenSubject.objects.get().pk
    assert admin.post(f"{WHERE}{trusted.pk + 1}/lossa/{tie}/").status_code == 404
    admin.post(f"{where}lossa/{tie}/")
    bearer(token_for(email=None)).get("me", 401)
    with organisation_scope(cast.motala.pk):
        verbs = set(Event.objects.filter(verb__contains="subject").values_list("verb", flat=True))
    assert verbs == {"token_issuer.subject_tied", "token_issuer.subject_untied"}


def test_keys_are_fetched_again_by_a_task(admin: Client, trusted: TokenIssuer) -> None:
    Job.objects.all().delete()
    assert "Vi hämtar nycklarna" in text_of(admin.post(f"{WHERE}{trusted.pk}/hamta/", follow=True))
    assert Job.objects.get().task.endswith("fetch_keys")


def test_what_went_wrong_with_the_keys_is_seen(cast: Cast, admin: Client, trusted: TokenIssuer) -> None:
    with organisation_scope(cast.motala.pk):
        TokenIssuer.objects.update(last_error="https://id.exempel.se/keys: unreachable", fetched_at=None)
    assert "Ingen släpps in förrän det går. Det gick inte att nå" in text_of(admin.get(f"{WHERE}{trusted.pk}/"))
    with organisation_scope(cast.motala.pk):
        TokenIssuer.objects.update(last_error="https://id.exempel.se/keys answered 500")
    assert "Nycklarna gick inte att hämta" in text_of(admin.get(WHERE))
    assert "answered 500" in text_of(admin.get(f"{WHERE}{trusted.pk}/"))


class TestTrying:
    """A token is looked at, and what is wrong with it is said."""

    def test_one_that_is_right(self, admin: Client, trusted: TokenIssuer) -> None:
        said = tried(admin, f" {token_for()}\n")
        assert "Programmet får göra det som Sara Ek får göra här" in said
        assert "sara@motala.example" in said

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"key": OTHER_KEY}, "Signaturen stämmer inte"),
            ({"kid": "unknown"}, "Vi har inte nyckeln"),
            ({"iss": "https://annan.exempel.se"}, "inte finns i listan"),
            ({"aud": "annan-tjanst"}, "till för en annan tjänst"),
            ({"aud": None}, "Något saknas"),
            ({"sub": None}, "Något saknas"),
            ({"exp": 1_000_000_000}, "har gått ut"),
            ({"nbf": 32_000_000_000}, "gäller inte än"),
            ({"email": "ingen@exempel.se"}, "vem hos oss"),
            ({"email": None}, "vem hos oss"),
            ({"email_verified": False}, "kontrollerad"),
            ({"algorithm": "HS256", "key": "c2VjcmV0", "kid": "shared"}, "signerat på ett sätt"),
        ],
    )
    @pytest.mark.filterwarnings("ignore")  # a short shared secret is meant
    def test_one_that_is_wrong(self, admin: Client, trusted: TokenIssuer, wrong: dict[str, Any], sentence: str) -> None:
        assert sentence in tried(admin, token_for(**wrong))

    def test_what_is_none(self, admin: Client, trusted: TokenIssuer) -> None:
        for text in ("hej", "a.b.c", "x" * 9000):
            assert "inget intyg" in tried(admin, text)
        for text in ("", "x" * 10_001):
            assert admin.post(f"{WHERE}prova/", {"secret_token": text}).status_code == 422

    def test_every_reason_has_a_sentence(self) -> None:
        from lyhord.accounts.tokens import Why

        assert set(WRONG) == set(Why)

    def test_what_it_says_is_shown_as_text(self, admin: Client, trusted: TokenIssuer) -> None:
        answer = admin.post(f"{WHERE}prova/", {"secret_token": token_for(email="<script>alert(1)</script>")})
        assert b"<script>alert" not in answer.content

    def test_nothing_of_it_is_kept(self, cast: Cast, admin: Client, browse: Browse, trusted: TokenIssuer) -> None:
        token = token_for(key=EC_KEY, kid="two", algorithm="ES256")
        with organisation_scope(cast.motala.pk):
            before = Event.objects.count()
        assert token not in tried(admin, token)
        admin.cookies.pop("lyhord")  # the session has ended, and what is sent then is kept for who was logged in
        admin.post(f"{WHERE}prova/", {"secret_token": token, "note": "Hej på dig."})
        with organisation_scope(cast.motala.pk):
            assert Event.objects.count() == before
            assert token not in str(list(KeptForm.objects.values_list("fields", flat=True)))


def test_the_log_tells_by_what_somebody_acted(cast: Cast, admin: Client, trusted: TokenIssuer) -> None:
    case = factories.make_case(cast.motala).case
    program = bearer(token_for(exp=now() + timedelta(minutes=5)))
    program.post(f"cases/{case.number}/notes", {"text": "Genom ett program."})
    with organisation_scope(cast.motala.pk):
        event = Event.objects.get(verb="case.noted")
        assert (event.actor_label, event.data["via"]) == ("Sara Ek", "id.exempel.se")
    assert "Sara Ek, genom id.exempel.se" in text_of(admin.get("/installningar/logg/?vad=case.noted"))
    assert program.get(f"cases/{case.number}/history")["items"][-1]["who"] == "Sara Ek, genom id.exempel.se"


def test_only_administrators(cast: Cast, browse: Browse) -> None:
    for person in (cast.sara, cast.maria, cast.kim, cast.auditor):
        client = browse(person)
        assert client.get(WHERE).status_code == 403
        assert client.post(f"{WHERE}ny/", {"issuer": ISSUER, "audience": AUDIENCE}).status_code == 403
        assert client.post(f"{WHERE}prova/", {"secret_token": token_for()}).status_code == 403
