"""One form for all departments, and campaigns that have their days."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from lyhord.cases.models import Case, Category
from lyhord.core.clock import now, pretend
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.actions import create_organisation
from lyhord.organisations.models import Organisation, Unit
from lyhord.organisations.presets import preset
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def _organisation(name: str, code: str) -> Organisation:
    return create_organisation(
        slug=name,
        code=code,
        name=f"{name.title()} kommun",
        preset=preset(name),
        hosts=[f"{name}.localhost"],
        by=factories.TEST,
        lat=58.3,
        lon=15.1,
    )


def _tell(host: str, kind: str, **form: str) -> int:
    sent = {"submission_id": str(uuid4()), "text": "Det här vill jag säga.", "contact": "code", **form}
    return Client(headers={"host": f"{host}.localhost"}).post(f"/beratta/{kind}/", sent).status_code


@pytest.mark.requirement("2.2", "2.10", "4.2", "4.10")
@pytest.mark.parametrize(("name", "code", "departments"), [("mjolby", "0586", 9), ("motala", "0583", 5)])
def test_one_form_reaches_every_department(name: str, code: str, departments: int) -> None:
    organisation = _organisation(name, code)
    with organisation_scope(organisation.pk):
        areas = list(Category.objects.filter(for_faults=False).values_list("code", flat=True))
        top = set(Unit.objects.filter(parent=None).values_list("code", flat=True))
    for area in areas:
        assert _tell(name, "klagomal", category=area) == 303
    with organisation_scope(organisation.pk):
        reached = set()
        for case in Case.objects.select_related("unit__parent"):
            reached.add((case.unit.parent or case.unit).code)
            assert case.route_reason
    assert len(top) == departments
    assert reached == top


@pytest.mark.requirement("2.13")
def test_a_campaign_can_be_chosen_on_its_days_and_thanks_in_its_own_words(cast: Cast) -> None:
    today = now().date()
    with organisation_scope(cast.motala.pk):
        factories.make_type(
            "kampanj",
            "felanmalan",
            "Räkna mörka lampor",
            open_from=(today - DAY).isoformat(),
            open_until=(today + DAY).isoformat(),
            thanks={"sv": "Tack för att du räknar med oss."},
        )
    browser = Client(headers={"host": "motala.localhost"})
    assert "Räkna mörka lampor" in browser.get("/beratta/felanmalan/").content.decode()
    sent = {"submission_id": str(uuid4()), "text": "Två mörka på min gata", "contact": "code", "case_type": "kampanj"}
    answer = browser.post("/beratta/felanmalan/", sent)
    assert answer.status_code == 303
    assert "Tack för att du räknar med oss." in browser.get(answer["Location"]).content.decode()
    for outside in (now() - 3 * DAY, now() + 3 * DAY):
        with pretend(outside):
            assert "Räkna mörka lampor" not in browser.get("/beratta/felanmalan/").content.decode()
            late = {**sent, "submission_id": str(uuid4())}
            assert browser.post("/beratta/felanmalan/", late).status_code == 422
