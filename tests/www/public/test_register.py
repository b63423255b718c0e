"""The register of what has come in, and asking for a document: open to all, and nobody is asked who they are."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lyhord.cases.calendar import add_working_days
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, CaseType, Reporter
from lyhord.cases.presets import case_type_descriptions
from lyhord.cases.setup import add_type
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests import factories
from tests.www.public.conftest import HOST
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("4.15", "X3", "2.17")]
WALL = 4
WHERE = "/diarium/"


@pytest.fixture
def web(motala: Organisation) -> Client:
    """Anybody."""
    return Client(headers={"host": HOST})


def lines(response: Any) -> list[list[str]]:
    """The rows of the table, as they are read."""
    assert response.status_code == 200
    rows = page(response).select("tbody tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("td")] for row in rows]


def test_everything_that_came_in_is_there_and_nothing_of_who_and_where(web: Client, motala: Organisation) -> None:
    person = NewReporter(name="Eva Ek", email="eva@example.se", phone="070-123 45 67")
    first = factories.make_case(motala, "Hemlig text om Kalle.", place_text="Gömda vägen 1", reporter=person).case
    second = factories.make_case(motala, "En fråga.", type="fraga", at=None).case
    response = web.get(WHERE)
    assert [line[0] for line in lines(response)] == [second.number, first.number]
    assert lines(response)[1][2:] == ["Släckt gatubelysning", "Gata och park", "Mottagen"]
    for secret in ("Kalle", "Gömda", "Eva", "070", first.text):
        assert secret not in response.content.decode()
    assert not web.cookies
    assert "/diarium/" in web.get("/").content.decode()


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("how", ["confidential", "protected", "unit"])
def test_of_what_may_be_secret_only_number_and_day(web: Client, motala: Organisation, how: str) -> None:
    made = factories.make_case(motala, reporter=NewReporter(protected=how == "protected")).case
    with organisation_scope(motala.pk):
        if how == "confidential":
            Case.objects.filter(pk=made.pk).update(confidential=True)
        if how == "unit":
            Case.objects.filter(pk=made.pk).update(unit=motala_unit("forskola"))
    ((number, day, matter, unit, state),) = lines(web.get(WHERE))
    assert (number, unit, state) == (made.number, "", "")
    assert day
    assert matter == "Visas inte här: kan omfattas av sekretess"


def motala_unit(code: str) -> Any:
    from lyhord.organisations.models import Unit

    return Unit.objects.by_code(code)


@pytest.mark.requirement("N4", "X1")
def test_one_is_found_by_its_number_and_only_ones_own(web: Client, cast: Any) -> None:
    made = factories.make_case(cast.motala).case
    for _n in range(3):
        other = factories.make_case(cast.mjolby).case
    assert [line[0] for line in lines(web.get(WHERE, {"nummer": made.number}))] == [made.number]
    for nothing in (other.number, "x", "26-99999", "\x00", "'"):
        assert "Vi hittar inget" in web.get(WHERE, {"nummer": nothing}).content.decode() or nothing == "\x00"
    assert lines(web.get(WHERE, {"fore": other.number})) == []


def test_pages_by_one_query(web: Client, motala: Organisation, django_assert_max_num_queries: Any) -> None:
    numbers = [factories.make_case(motala).case.number for _n in range(52)][::-1]
    web.get(WHERE)
    with django_assert_max_num_queries(WALL + 3):
        first = web.get(WHERE)
    (onward,) = [str(link["href"]) for link in page(first).select("a[rel=next]")]
    rest = web.get(f"{WHERE}{onward}")
    assert [line[0] for line in lines(first) + lines(rest)] == numbers
    assert not page(rest).select("a[rel=next]")


def test_an_organisation_may_keep_it_to_itself(web: Client, motala: Organisation) -> None:
    motala.features = {"register": False}
    motala.save()
    forget_hosts()
    assert web.get(WHERE).status_code == 404
    assert "/diarium/" not in web.get("/").content.decode()


# Asking for a document


@pytest.fixture
def asking(motala: Organisation) -> CaseType:
    """The type that every new organisation has for it."""
    (said,) = [found for found in case_type_descriptions("fraga") if found.code == "fraga.handling"]
    with organisation_scope(motala.pk):
        return add_type(said, None, 200)


def test_a_document_is_asked_for_by_nobody_and_answered_within_a_day(
    web: Client, motala: Organisation, asking: CaseType
) -> None:
    (link,) = {str(a["href"]) for a in page(web.get(WHERE)).select("main a.btn.pri")}
    form = web.get(link)
    assert "Du behöver inte säga vem du är" in form.content.decode()
    hidden = page(form).select("main form input[type=hidden][name]")
    kept = {str(field["name"]): str(field.get("value", "")) for field in hidden}
    sent = web.post(link, {**kept, "case_type": asking.code, "text": "Protokollet från i måndags."})
    assert sent.status_code == 303, sent.content.decode()[:3000]
    with organisation_scope(motala.pk):
        case = Case.objects.select_related("case_type", "unit", "version").get()
        assert not Reporter.objects.filter(case=case).exists()
    assert case.case_type.code == asking.code
    assert case.unit.code == "kundcenter"
    assert case.publication_state == Case.Published.CLOSED
    assert case.answer_by == add_working_days(case.registered_at, 1)
    assert case.answer_by - case.registered_at < timedelta(days=6)
    assert case.version.description.deadline.legal_reference.startswith("Tryckfrihetsförordningen 2 kap.")
    ((number, *_rest),) = lines(web.get(WHERE))
    assert number == case.number


def test_without_the_type_one_is_told_to_ring(web: Client, motala: Organisation) -> None:
    assert "0141-00 00 00" in page(web.get(WHERE)).select_one("section.card").get_text()
