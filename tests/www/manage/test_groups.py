"""The page where administrators of two municipalities agree to share a queue."""

import pytest
from django.test import Client

from lyhord.collaboration.models import Group, Partner
from lyhord.core.tenancy import organisation_scope
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.20")]
PAGE = "/installningar/samarbete/"


@pytest.fixture
def there(cast: Cast) -> Client:
    """The administrator of Mjölby."""
    admin = factories.make_member(cast.mjolby, "admin@mjolby.example", "Åsa Berg", "administrator")
    return browser(admin, "mjolby.localhost")


def group_id(cast: Cast, where: str = "motala") -> int:
    with organisation_scope(getattr(cast, where).pk):
        return Group.objects.get().pk


def test_one_asks_the_other_says_yes_and_both_have_a_queue(cast: Cast, admin: Client, there: Client) -> None:
    assert admin.post(f"{PAGE}ny/", {"name": "Östra"}).status_code == 302
    pk = group_id(cast)
    asked = admin.post(f"{PAGE}{pk}/fraga/", {f"g{pk}-host": "https://Mjolby.localhost:8000/x"}, follow=True)
    assert "Mjolby kommun är tillfrågad." in asked.content.decode()
    assert "Har inte svarat" in asked.content.decode()
    assert there.get("/desk/gemensam/").status_code == 404
    invited = there.get(PAGE).content.decode()
    assert "Ni är tillfrågade." in invited
    theirs = group_id(cast, "mjolby")
    assert there.post(f"{PAGE}{theirs}/ja/").status_code == 302
    assert there.get("/desk/gemensam/").status_code == 200
    assert admin.get("/desk/gemensam/").status_code == 200
    assert "Har inte svarat" not in admin.get(PAGE).content.decode()
    log = there.get("/installningar/logg/?vad=group").content.decode()
    assert "Gick med i ett samarbete" in log
    assert there.post(f"{PAGE}{theirs}/lamna/").status_code == 302
    assert there.get("/desk/gemensam/").status_code == 404
    with organisation_scope(cast.motala.pk):
        assert [one.member_id for one in Partner.objects.all()] == [cast.motala.pk]


@pytest.mark.parametrize("host", ["", "ingenstans.example", "motala.localhost", "x" * 300, "[", "://"])
def test_what_is_no_other_municipality(cast: Cast, admin: Client, host: str) -> None:
    admin.post(f"{PAGE}ny/", {"name": "Östra"})
    pk = group_id(cast)
    answer = admin.post(f"{PAGE}{pk}/fraga/", {f"g{pk}-host": host})
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode() or 'class="err' in answer.content.decode()
    assert admin.post(f"{PAGE}ny/", {"name": " "}).status_code == 422
