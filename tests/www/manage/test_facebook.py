"""Tying the organisation's Facebook page: what is to be filled in there is shown, the secret never again."""

import pytest

from lyhord.core.tenancy import organisation_scope
from lyhord.intake.facebook_page import token_of
from lyhord.intake.models import FacebookPage
from tests.conftest import Cast
from tests.www.desk.conftest import browser
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("2.23")]
URL, SECRET = "/installningar/facebook/", "0123456789abcdef" * 2


def test_the_settings_tie_a_page_and_show_what_facebook_is_told(cast: Cast) -> None:
    admin = browser(cast.admin)
    first = admin.get(URL)
    assert "https://motala.localhost/facebook/" in first.text
    assert "/in/facebook/krok/" not in first.text
    wrong = admin.post(URL, {"page_id": "motala", "secret": "", "active": "on"})
    assert wrong.status_code == 422
    assert {link["href"] for link in page(wrong).select(".summary a, [role=alert] a")} >= {"#id_page_id", "#id_secret"}
    assert admin.post(URL, {"page_id": "104501289034511", "secret": SECRET, "active": "on"}).status_code == 302
    shown = admin.get(URL)
    assert "https://motala.localhost/in/facebook/krok/" in shown.text
    assert SECRET not in shown.text
    with organisation_scope(cast.motala.pk):
        row = FacebookPage.objects.get()
        assert token_of(row) in shown.text
        assert SECRET not in row.secret
    assert admin.post(URL, {"page_id": "104501289034512", "secret": ""}).status_code == 302
    with organisation_scope(cast.motala.pk):
        again = FacebookPage.objects.get()
        assert (again.page_id, again.active, again.secret) == ("104501289034512", False, row.secret)
    assert browser(cast.sara).get(URL).status_code == 403
