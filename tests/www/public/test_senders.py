"""Who writes: a company, an association, a visitor from far away. None must say more than they want."""

from typing import Any

import pytest
from django.test import Client

from lyhord.cases.models import Case, Reporter
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser
from tests.www.public.forms import fields, send
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("4.5")]
URL = "/beratta/felanmalan/"


def reporter(motala: Organisation) -> Reporter:
    with organisation_scope(motala.pk):
        return Reporter.objects.get()


def company(**more: str) -> dict[str, Any]:
    return {
        "text": "Skylten är borta.",
        "sender_kind": "company",
        "organisation_name": "Bageriet AB",
        "organisation_number": "5560160680",
        **more,
    }


@pytest.mark.parametrize("kind", ["company", "association"])
def test_a_company_or_an_association_says_its_name_and_number(
    web: Client, cast: Cast, motala: Organisation, kind: str
) -> None:
    sent = send(web, **company(sender_kind=kind, contact="email", email="kontakt@bageriet.example", name="Asta Ek"))
    assert sent.status_code == 303
    said = reporter(motala)
    assert (said.sender_kind, said.organisation_name, said.organisation_number, said.name) == (
        kind,
        "Bageriet AB",
        "556016-0680",
        "Asta Ek",
    )
    shown = browser(cast.kim).get(f"/desk/{said.case_id}/").text
    for words in ("Bageriet AB", "556016-0680", {"company": "företag", "association": "förening"}[kind]):
        assert words in shown


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("5560160681", "Organisationsnumret stämmer inte."),
        ("556016", "Skriv organisationsnumret så här"),
        ("811228-9874", "Det här ser ut som ett personnummer"),
    ],
)
def test_a_wrong_number_is_said_at_its_field_and_all_is_kept(
    web: Client, motala: Organisation, number: str, sentence: str
) -> None:
    wrong = send(web, **company(organisation_number=number))
    assert wrong.status_code == 422
    assert sentence in wrong.text
    kept = fields(wrong)
    assert (kept["organisation_number"], kept["organisation_name"], kept["text"]) == (
        [number],
        ["Bageriet AB"],
        "Skylten är borta.",
    )
    [error] = page(wrong).select("#id_organisation_number_error")
    details = error.find_parent("details")
    assert details is not None
    assert details.has_attr("open")
    with organisation_scope(motala.pk):
        assert not Case.objects.exists()


def test_neither_name_nor_number_is_demanded(web: Client, motala: Organisation) -> None:
    assert send(web, **company(organisation_name="", organisation_number="")).status_code == 303
    assert reporter(motala).sender_kind == "company"


@pytest.mark.parametrize("kind", ["person", "visitor", "mayor"])
def test_of_a_person_no_number_is_kept(web: Client, motala: Organisation, kind: str) -> None:
    assert send(web, **company(sender_kind=kind, organisation_number="811228-9874")).status_code == 303
    with organisation_scope(motala.pk):
        for said in Reporter.objects.all():
            assert (said.organisation_name, said.organisation_number) == ("", "")


def test_a_visitor_needs_no_address_here(web: Client, motala: Organisation) -> None:
    sent = send(
        web,
        text="The lamp at the harbour is out.",
        sender_kind="visitor",
        place_text="",
        contact="email",
        email="visitor@example.fi",
    )
    assert sent.status_code == 303
    said = reporter(motala)
    assert (said.sender_kind, said.email) == ("visitor", "visitor@example.fi")
    with organisation_scope(motala.pk):
        case = Case.objects.get()
        assert (case.place_text, case.lat) == ("", None)


def test_staff_may_write_it_down_too(cast: Cast) -> None:
    client = browser(cast.kim)
    form = fields(client.get("/desk/nytt/"), "form:has([name=text])")
    sent = client.post("/desk/nytt/", {**form, **company(), "channel": "phone", "kind": "felanmalan"})
    assert sent.status_code == 302
    assert reporter(cast.motala).organisation_number == "556016-0680"
    wrong = client.post(
        "/desk/nytt/", {**form, **company(organisation_number="1"), "submission_id": factories.unique()}
    )
    assert wrong.status_code == 422
    assert "Skriv organisationsnumret så här" in wrong.text
