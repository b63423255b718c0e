"""The accessibility statement: one for each organisation, and what is said there becomes a case of its own sort."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from lyhord.cases.models import Case, CaseType
from lyhord.cases.presets import case_type_descriptions
from lyhord.cases.setup import add_type
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests.conftest import Cast
from tests.www.public.forms import send

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("X6")]
PAGE = "/om/tillganglighet/"


@pytest.fixture
def sort(motala: Organisation) -> CaseType:
    """The type that every new organisation has for it."""
    (said,) = [found for found in case_type_descriptions("felanmalan") if found.code == "tillganglighet"]
    with organisation_scope(motala.pk):
        return add_type(said, None, 200)


def tell(web: Client) -> str:
    [link] = BeautifulSoup(web.get(PAGE).text, "html.parser").select("section[aria-labelledby=h-tell] a.btn")
    return str(link["href"])


def test_each_organisation_speaks_for_itself(web: Client, elsewhere: Client, cast: Cast) -> None:
    with organisation_scope(cast.motala.pk):
        Organisation.objects.filter(pk=cast.motala.pk).update(
            settings={"accessibility_reviewed": "2026-10-01", "accessibility_shortcomings": ["Kartan är svår."]}
        )
    assert cast.motala.name in web.get(PAGE).text
    assert cast.mjolby.name in elsewhere.get(PAGE).text
    assert "Kartan är svår." not in elsewhere.get(PAGE).text


def test_what_is_said_there_is_a_case_of_its_own_sort(web: Client, motala: Organisation, sort: CaseType) -> None:
    where = tell(web)
    assert send(web, where, text="Knappen går inte att nå med tangentbord.").status_code == 303
    with organisation_scope(motala.pk):
        case = Case.objects.select_related("case_type").get()
    assert case.case_type.code == "tillganglighet"
    assert case.kind == "felanmalan"


def test_where_there_is_no_such_sort_it_is_a_complaint(web: Client, motala: Organisation) -> None:
    assert tell(web) == "/beratta/klagomal/"
