"""The tree of units."""

import pytest
from django.test import Client

from lyhord.cases.actions import publish
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.inline import run_waiting
from lyhord.organisations.models import Unit
from tests import factories
from tests.conftest import Cast
from tests.www.manage.conftest import CHOOSE, filled_in, text_of
from tests.www.soup import soup

pytestmark = pytest.mark.django_db
WHERE = "/installningar/enheter/"


def unit(cast: Cast, code: str) -> Unit:
    with organisation_scope(cast.motala.pk):
        return Unit.objects.get(code=code)


@pytest.mark.requirement("2.10")
def test_a_department_of_one_s_own(cast: Cast, admin: Client) -> None:
    admin.post(f"{WHERE}ny/", {"name": "Kultur & fritid", "roles": ["kultur_fritid"], "email": "kultur@motala.example"})
    made = unit(cast, "kultur-fritid")
    assert (made.name, made.roles, made.parent) == ("Kultur & fritid", ["kultur_fritid"], None)
    admin.post(f"{WHERE}ny/", {"name": "Bibliotek", "parent": str(made.pk)})
    assert unit(cast, "bibliotek").parent_id == made.pk
    assert "Bibliotek" in text_of(admin.get(WHERE))


def test_renaming_keeps_the_code(cast: Cast, admin: Client) -> None:
    where = f"{WHERE}{unit(cast, 'gata-park').pk}/"
    admin.post(where, filled_in(admin.get(where), name="Gatuenheten"))
    assert unit(cast, "gata-park").name == "Gatuenheten"
    assert unit(cast, "gata-park").roles == ["gata_park"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Skriv enhetens namn"),
        ({"name": "  kundcenter "}, "Det finns redan en enhet som heter så."),
        ({"email": "x@"}, "Skriv en mejladress"),
        ({"parent": "itself"}, "Välj"),
        ({"parent": "999999999"}, "Välj"),
        ({"roles": ["trolleri"]}, CHOOSE),
    ],
)
def test_what_makes_no_sense_is_told_and_kept(
    cast: Cast, admin: Client, change: dict[str, object], sentence: str
) -> None:
    technical = unit(cast, "tekniska")
    where = f"{WHERE}{technical.pk}/"
    if change.get("parent") == "itself":
        change = {"parent": str(unit(cast, "gata-park").pk)}
    response = admin.post(where, filled_in(admin.get(where), **{"email": "nya@motala.example", **change}))
    assert response.status_code == 422
    assert sentence.casefold() in text_of(response).casefold()
    if "email" not in change:
        assert soup(response).select_one("#id_email")["value"] == "nya@motala.example"
    assert unit(cast, "tekniska").email == ""


@pytest.mark.requirement("4.11")
def test_secrecy_goes_down_the_tree_and_closes_what_was_shown(cast: Cast, admin: Client) -> None:
    shown = factories.make_case(cast.motala, publish=True).case
    waiting = factories.make_case(cast.motala, publish=True).case
    with organisation_scope(cast.motala.pk):
        publish(case_id=shown.pk, title="Lampan", text="Lampan är släckt.", by=factories.TEST)
    where = f"{WHERE}{unit(cast, 'tekniska').pk}/"
    admin.post(where, filled_in(admin.get(where), confidential="on"))
    assert unit(cast, "gata-park").confidential
    with organisation_scope(cast.motala.pk):
        run_waiting()
        states = dict(Case.objects.values_list("pk", "publication_state"))
        assert states == {shown.pk: Case.Published.WITHDRAWN, waiting.pk: Case.Published.CLOSED}
        assert Case.objects.filter(confidential=True).count() == 2
    below = f"{WHERE}{unit(cast, 'gata-park').pk}/"
    response = admin.post(below, filled_in(admin.get(below), confidential=None))
    assert response.status_code == 422
    assert "Enheten ovanför omfattas av sekretess" in text_of(response)


def test_one_unit_takes_what_nobody_has(cast: Cast, admin: Client) -> None:
    where = f"{WHERE}{unit(cast, 'gata-park').pk}/"
    admin.post(where, filled_in(admin.get(where), fallback="on"))
    assert unit(cast, "gata-park").fallback
    assert not unit(cast, "kundcenter").fallback
    response = admin.post(where, filled_in(admin.get(where), fallback=None))
    assert response.status_code == 422
    assert "Någon enhet måste ta emot" in text_of(response)


def test_only_what_nothing_belongs_to_is_deleted(cast: Cast, admin: Client) -> None:
    factories.make_case(cast.motala)
    for code in ("gata-park", "tekniska", "kundcenter", "forskola"):
        response = admin.post(f"{WHERE}{unit(cast, code).pk}/ta-bort/", follow=True)
        assert "är borttagen" not in text_of(response), code
        assert unit(cast, code).code == code
    admin.post(f"{WHERE}ny/", {"name": "Tillfällig"})
    response = admin.post(f"{WHERE}{unit(cast, 'tillfallig').pk}/ta-bort/", follow=True)
    assert "Tillfällig är borttagen" in text_of(response)
