"""Files in a case that are no pictures: seen by whoever sees the case, saved and never shown."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.files.actions import keep_document
from lyhord.files.models import StoredDocument
from lyhord.organisations.models import Unit
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser
from tests.www.soup import soup

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n<script>alert(1)</script>\n%%EOF\n"


def with_document(cast: Cast, **values: Any) -> tuple[Case, StoredDocument]:
    case = factories.make_case(cast.motala, **values).case
    with organisation_scope(cast.motala.pk):
        document = keep_document(organisation_id=cast.motala.pk, data=PDF, name="karta över <b>.pdf", by=factories.TEST)
        actions.add_documents(case_id=case.pk, files=[document], by=factories.TEST)
        case.refresh_from_db()
    return case, document


def asked(client: Client, url: str) -> int:
    answer = client.get(url)
    if answer.streaming:
        assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]  # read to its end, it is closed
    return answer.status_code


def test_it_stands_in_the_case_and_is_saved_under_its_name(cast: Cast, sara: Client) -> None:
    case, document = with_document(cast)
    page = soup(sara.get(reverse("desk:case", args=[case.pk])))
    url = reverse("desk:document", args=[document.uid])
    link = page.select_one(f'a[href="{url}"]')
    assert link is not None
    assert link.get_text(strip=True) == "karta över _b_.pdf"
    answer = sara.get(url)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]  # a file response
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_only_whoever_may_see_the_case_gets_it(cast: Cast) -> None:
    case, document = with_document(cast)
    with organisation_scope(cast.motala.pk):
        preschool = Unit.objects.get(code="forskola")
        actions.move(case_id=case.pk, unit_id=preschool.pk, reason="Barn", by=cast.admin.actor)
    url = reverse("desk:document", args=[document.uid])
    statuses = {user.email: asked(browser(user), url) for user in (cast.sara, cast.kim, cast.admin, cast.nils)}
    assert statuses == {
        "sara@motala.example": 404,
        "kim@motala.example": 404,
        "admin@motala.example": 404,
        "nils@motala.example": 200,
    }
    assert browser(cast.outsider, "mjolby.localhost").get(url).status_code == 404
    assert browser().get(url).status_code == 302


def test_of_somebody_protected_only_those_who_may_know(cast: Cast) -> None:
    _case, document = with_document(cast, reporter=NewReporter(name="Ulla", protected=True))
    url = reverse("desk:document", args=[document.uid])
    assert asked(browser(cast.sara), url) == 404
    assert asked(browser(cast.maria), url) == 200


def test_one_that_is_in_no_case_is_nobodys(cast: Cast, sara: Client) -> None:
    with organisation_scope(cast.motala.pk):
        document = keep_document(organisation_id=cast.motala.pk, data=PDF, name="karta.pdf", by=factories.TEST)
    assert sara.get(reverse("desk:document", args=[document.uid])).status_code == 404
