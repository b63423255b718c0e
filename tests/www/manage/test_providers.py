"""Who vouches for residents: listed, added, changed, taken away; the secret is never shown."""

from typing import Any

import pytest
from django.test import Client

from lyhord.audit.models import Event
from lyhord.core.sealed import unseal
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.models import Job
from lyhord.residents.models import Provider
from lyhord.residents.provider_actions import SECRET
from tests.conftest import Cast
from tests.www.manage.conftest import Browse, text_of
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("X9")]
WHERE = "/installningar/inloggning/"
GIVEN = {
    "label": "BankID",
    "issuer": "https://id.exempel.se",
    "client_id": "lyhord",
    "secret": "zxhemligt",
    "levels": "",
    "active": "on",
}


def the_provider(cast: Cast) -> Provider:
    with organisation_scope(cast.motala.pk):
        return Provider.objects.get()


def test_added_changed_and_taken_away(cast: Cast, admin: Client) -> None:
    answer: Any = admin.post(f"{WHERE}ny/", GIVEN, follow=True)
    assert "Tjänsten finns i listan" in text_of(answer)
    assert "/logga-in/svar/" in text_of(answer)
    row = the_provider(cast)
    assert "zxhemligt" not in row.secret + answer.content.decode()
    assert unseal(row.secret, purpose=SECRET) == "zxhemligt"
    assert unseal(row.secret, purpose="other") is None
    assert Job.objects.filter(task__endswith="fetch_provider").exists()
    one = f"{WHERE}{row.pk}/"
    admin.post(one, {**GIVEN, "secret": "", "label": "Ny", "issuer": "https://other.example", "active": ""})
    row = the_provider(cast)
    assert (row.label, row.active, row.issuer) == ("Ny", False, "https://id.exempel.se")
    assert unseal(row.secret, purpose=SECRET) == "zxhemligt"
    assert "Ny" in text_of(admin.get(WHERE))
    with organisation_scope(cast.motala.pk):
        events = Event.objects.filter(verb="provider.set")
        assert [event.level for event in events] == [3, 3]
        assert "zxhemligt" not in str(list(events.values()))
    assert "Vi hämtar nycklarna" in text_of(admin.post(f"{one}hamta/", follow=True))
    assert "Tjänsten är borta" in text_of(admin.post(f"{one}ta-bort/", follow=True))
    with organisation_scope(cast.motala.pk):
        assert not Provider.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"issuer": "http://id.exempel.se"}, "börjar med https://"),
        ({"label": " "}, "Skriv vad invånare känner"),
        ({"client_id": ""}, "Skriv vad tjänsten kallar oss"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cast: Cast, admin: Client, wrong: dict[str, str], sentence: str) -> None:
    answer = admin.post(f"{WHERE}ny/", {**GIVEN, **wrong})
    assert answer.status_code == 422
    (said,) = soup(answer).select(".bad .err")
    assert sentence in said.get_text()
    assert "zxhemligt" not in answer.content.decode()


def test_only_for_those_who_may(cast: Cast, browse: Browse) -> None:
    assert browse(cast.sara).get(WHERE).status_code == 403
    assert browse(None).get(WHERE).status_code == 302


def test_it_costs_little(admin: Client, django_assert_max_num_queries: Any) -> None:
    admin.get(WHERE)
    with django_assert_max_num_queries(9):
        admin.get(WHERE)
