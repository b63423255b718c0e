"""Keys of other systems: made, shown once, taken back."""

import re

import pytest
from django.test import Client

from lyhord.core.tenancy import organisation_scope
from lyhord.intake.clients import ALARMS, REQUESTS, UPDATES, key_for
from lyhord.intake.models import ApiKey
from tests.conftest import Cast
from tests.www.desk.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "2.35")]
PAGE = "/installningar/nycklar/"
GIVEN = {"client": "FixaMinGata", "scopes": [REQUESTS, ALARMS], "hourly": "200", "fixmystreet": "on"}


def test_a_key_is_shown_once_and_works(cast: Cast, admin: Client) -> None:
    made = admin.post(f"{PAGE}ny/", GIVEN)
    assert made["Cache-Control"] == "private, no-store"
    (key,) = re.findall(r"<code>(lyh_[\w-]{40,})</code>", made.content.decode())
    page = admin.get(PAGE).content.decode()
    assert "FixaMinGata" in page
    assert "Högst 200 i timmen" in page
    assert key not in page
    with organisation_scope(cast.motala.pk):
        row = key_for(key, ALARMS)
        assert row is not None
        assert (row.client, row.hourly, row.fixmystreet, row.publishes_at_once) == ("FixaMinGata", 200, True, False)
        assert key_for(key, UPDATES) is None
    assert "Användes senast" in admin.get(PAGE).content.decode()
    assert "Gav ett annat system en nyckel" in admin.get("/installningar/logg/?vad=api_key").content.decode()
    admin.post(f"{PAGE}{row.pk}/ta-tillbaka/")
    with organisation_scope(cast.motala.pk):
        assert key_for(key, ALARMS) is None
    page = admin.get(PAGE).content.decode()
    assert "Tillbakatagna" in page
    assert "Ta tillbaka nyckeln" not in page


def test_a_key_is_changed_for_another(cast: Cast, admin: Client) -> None:
    old, new = (
        re.findall(r"<code>(lyh_[\w-]{40,})</code>", page.content.decode())[0]
        for page in (admin.post(f"{PAGE}ny/", GIVEN), admin.post(f"{PAGE}{_the_key(cast).pk}/byt/"))
    )
    with organisation_scope(cast.motala.pk):
        assert key_for(old, ALARMS) is None
        assert key_for(new, ALARMS) == ApiKey.objects.get()
    assert "Bytte ett annat systems nyckel" in admin.get("/installningar/logg/?vad=api_key").content.decode()
    admin.post(f"{PAGE}{_the_key(cast).pk}/ta-tillbaka/")
    assert admin.post(f"{PAGE}{_the_key(cast).pk}/byt/").status_code == 404


def _the_key(cast: Cast) -> ApiKey:
    with organisation_scope(cast.motala.pk):
        return ApiKey.objects.get()


def test_pressed_twice_it_is_one_key_and_shown_both_times(cast: Cast, admin: Client) -> None:
    sent = {**GIVEN, "csrfmiddlewaretoken": "a token of the page"}

    def press(**changed: object) -> str:
        (key,) = re.findall(r"<code>(lyh_[\w-]{40,})</code>", admin.post(f"{PAGE}ny/", {**sent, **changed}).text)
        return str(key)

    first = press()
    assert press() == first
    assert press(client="Annat") != first
    with organisation_scope(cast.motala.pk):
        assert ApiKey.objects.count() == 2
        row = key_for(first, ALARMS)
        assert row is not None
    admin.post(f"{PAGE}{row.pk}/ta-tillbaka/")
    third = press()  # back, and the same form again: what was taken back stays so
    assert third != first
    with organisation_scope(cast.motala.pk):
        assert key_for(first, ALARMS) is None
        assert key_for(third, ALARMS) is not None


@pytest.mark.parametrize(
    "wrong",
    [{"client": " "}, {"client": "x" * 121}, {"scopes": []}, {"scopes": ["all"]}, {"hourly": "0"}, {"hourly": "x"}],
)
def test_what_is_wrong_is_said_at_its_field(cast: Cast, admin: Client, wrong: dict[str, object]) -> None:
    answer = admin.post(f"{PAGE}ny/", {**GIVEN, **wrong})
    assert answer.status_code == 422
    assert 'class="err' in answer.content.decode()
    with organisation_scope(cast.motala.pk):
        assert not ApiKey.objects.exists()


def test_only_administrators(cast: Cast) -> None:
    for person in (cast.sara, cast.maria, cast.kim, cast.auditor):
        client = browser(person)
        assert client.get(PAGE).status_code == client.post(f"{PAGE}ny/", GIVEN).status_code == 403
