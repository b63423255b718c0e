"""What others may read, category by category."""

import pytest
from django.test import Client

from lyhord.audit.models import Event
from lyhord.cases.models import Case, Category
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.www.manage.conftest import text_of
from tests.www.soup import soup

pytestmark = pytest.mark.django_db
WHERE = "/installningar/publicering/"


def category(cast: Cast, code: str) -> Category:
    with organisation_scope(cast.motala.pk):
        return Category.objects.get(code=code)


@pytest.mark.requirement("4.11")
def test_care_and_school_are_closed_and_it_says_why(cast: Cast, admin: Client) -> None:
    page = soup(admin.get(WHERE))
    row = page.select_one(f"#k{category(cast, 'barn').pk}")
    assert row is not None
    assert "Stängt" in row.get_text()
    assert "sekretess" in row.get_text()
    assert not row.select("button")


@pytest.mark.requirement("4.11")
def test_a_confidential_unit_s_category_cannot_be_opened(cast: Cast, admin: Client) -> None:
    barn = category(cast, "barn")
    response = admin.post(f"{WHERE}{barn.pk}/", {"open": "1", f"k{barn.pk}-reason": "KS 2026/12"})
    assert response.status_code == 422
    assert not category(cast, "barn").publishable


@pytest.mark.requirement("4.11")
def test_closing_and_opening_with_a_reason(cast: Cast, admin: Client) -> None:
    trafik = category(cast, "trafik")
    admin.post(f"{WHERE}{trafik.pk}/", {"close": "1"})
    assert not category(cast, "trafik").publishable
    closed = factories.make_case(cast.motala, type="klagomal", category="trafik", publish=True)
    assert closed.case.publication_state == Case.Published.CLOSED
    response = admin.post(f"{WHERE}{trafik.pk}/", {"open": "1", f"k{trafik.pk}-reason": ""})
    assert response.status_code == 422
    assert "Skriv vem som har bestämt det" in text_of(response)
    admin.post(f"{WHERE}{trafik.pk}/", {"open": "1", f"k{trafik.pk}-reason": "KS 2026/12"})
    assert category(cast, "trafik").publishable
    opened = factories.make_case(cast.motala, type="klagomal", category="trafik", publish=True)
    assert opened.case.publication_state == Case.Published.REVIEW
    with organisation_scope(cast.motala.pk):
        last = Event.objects.filter(verb="category.changed").latest("id")
    assert last.data["reason"] == "KS 2026/12"


def test_a_reason_that_is_too_long_is_kept(cast: Cast, admin: Client) -> None:
    trafik = category(cast, "trafik")
    admin.post(f"{WHERE}{trafik.pk}/", {"close": "1"})
    response = admin.post(f"{WHERE}{trafik.pk}/", {"open": "1", f"k{trafik.pk}-reason": "å" * 400})
    assert response.status_code == 422
    assert "å" * 400 in response.content.decode()


@pytest.mark.requirement("4.11")
def test_nothing_at_all_is_published(cast: Cast, admin: Client) -> None:
    admin.post(WHERE, {})
    assert not Organisation.objects.get(pk=cast.motala.pk).publishes
    made = factories.make_case(Organisation.objects.get(pk=cast.motala.pk), publish=True)
    assert made.case.publication_state == Case.Published.CLOSED
    admin.post(WHERE, {"publishes": "on"})
    assert Organisation.objects.get(pk=cast.motala.pk).publishes
