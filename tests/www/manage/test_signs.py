"""QR codes: a list shown before it counts, sheets to print, and where a code leads."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from lyhord.cases.actions import change_state
from lyhord.cases.states import State
from lyhord.core.tenancy import organisation_scope
from lyhord.places.models import Asset
from tests import factories
from tests.conftest import Cast
from tests.www.api.conftest import as_staff
from tests.www.desk.conftest import browser
from tests.www.manage.conftest import Answer, filled_in, text_of
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P15")]
WHERE = "/installningar/qr/"


def upload(admin: Client, *rows: str) -> Answer:
    data = "\n".join(["kod;namn;typ;lat;lon", *rows]).encode()
    return admin.post(WHERE, {"file": SimpleUploadedFile("stolpar.csv", data)})


def assets(cast: Cast) -> dict[str, str]:
    with organisation_scope(cast.motala.pk):
        return dict(Asset.objects.values_list("code", "name"))


def test_a_list_is_shown_before_it_counts_and_then_replaces_the_other(cast: Cast, admin: Client) -> None:
    with organisation_scope(cast.motala.pk):
        stays, _goes = factories.make_asset("L-1", "Gammalt namn"), factories.make_asset("L-2", "Borta")
    with organisation_scope(cast.mjolby.pk):
        theirs = factories.make_asset("L-1", "Mjölbys stolpe")
    shown = upload(admin, "L-1;Lyktstolpe 1;belysning.lampa;58,54;15,04", "L-3;Lekplatsen;;58,55;15,05")
    text = text_of(shown)
    assert "Filen har 2 saker. Inget är ändrat än." in text
    assert "1 kod är inte med i filen" in text
    assert assets(cast) == {"L-1": "Gammalt namn", "L-2": "Borta"}
    done = admin.post(f"{WHERE}las-in/", filled_in(shown), follow=True)
    assert "2 saker har QR-kod." in text_of(done)
    assert assets(cast) == {"L-1": "Lyktstolpe 1", "L-3": "Lekplatsen"}
    with organisation_scope(cast.motala.pk):
        assert Asset.objects.get(code="L-1").pk == stays.pk
    with organisation_scope(cast.mjolby.pk):
        assert list(Asset.objects.values_list("pk", "name")) == [(theirs.pk, "Mjölbys stolpe")]
    again = admin.post(f"{WHERE}las-in/", filled_in(shown), follow=True)
    assert "Förhandsvisningen är för gammal" in text_of(again)


def test_a_file_with_faults_changes_nothing_and_names_the_rows(cast: Cast, admin: Client) -> None:
    response = upload(admin, "L-1;Stolpe;finns.inte;58,54;15,04", "L 2;Stolpe;;58,54;15,04")
    assert response.status_code == 422
    text = text_of(response)
    assert "Det finns ingen ärendetyp med koden finns.inte." in text
    assert "Koden ska vara högst 40 tecken" in text
    assert not assets(cast)


def test_one_code_as_a_file(cast: Cast, admin: Client) -> None:
    with organisation_scope(cast.motala.pk):
        asset = factories.make_asset("L-114", "Lyktstolpe 114", "belysning.lampa")
    response = admin.get(f"{WHERE}{asset.pk}.svg")
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert 'filename="qr-L-114.svg"' in response.headers["Content-Disposition"]
    assert b"<svg" in response.content
    assert b"Lyktstolpe 114" in response.content
    assert admin.get(f"{WHERE}987654.svg").status_code == 404


def test_sheets_hold_as_many_as_fit(cast: Cast, admin: Client) -> None:
    with organisation_scope(cast.motala.pk):
        for number in range(30):
            factories.make_asset(f"L-{number:03}", f"Stolpe {number}", "belysning.lampa")
    first, second = soup(admin.get(f"{WHERE}ark/")), soup(admin.get(f"{WHERE}ark/?sida=2"))
    assert len(first.select(".qr-sheet li svg")) == 24
    assert len(second.select(".qr-sheet li svg")) == 6
    assert not first.select(".qr-sheet [style]")
    assert "Sida 1 av 2" in " ".join(first.get_text(" ").split())


def test_a_sheet_costs_the_same_however_many(
    cast: Cast, admin: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with organisation_scope(cast.motala.pk):
        factories.make_asset("L-0", "Stolpe", "belysning.lampa")
    admin.get(f"{WHERE}ark/")
    with CaptureQueriesContext(connection) as few:
        admin.get(f"{WHERE}ark/")
    with organisation_scope(cast.motala.pk):
        for number in range(1, 20):
            factories.make_asset(f"L-{number}", f"Stolpe {number}", "belysning.lampa")
    with django_assert_num_queries(len(few)):
        admin.get(f"{WHERE}ark/")


@pytest.mark.requirement("0.19", "2.14")
def test_a_sign_leads_to_all_that_has_been_told_there_open_or_not(cast: Cast, admin: Client) -> None:
    """The history of a thing: what was told by its sign has its code in the place."""
    with organisation_scope(cast.motala.pk):
        factories.make_asset("L-114", "Lyktstolpe 114 på Ågatan", "belysning.lampa")
        factories.make_asset("L-115", "Lyktstolpe 115 på Ågatan", "belysning.lampa")
    place = "Lyktstolpe 114 på Ågatan (L-114)"
    now, before = (factories.make_case(cast.motala, text, place_text=place).case for text in ("Släckt.", "Sned."))
    other = factories.make_case(cast.motala, "Blinkar.", place_text=place.replace("114", "115")).case
    with organisation_scope(cast.motala.pk):
        change_state(case_id=before.pk, to=State.RESOLVED, closing={"done": "Rätad."}, by=factories.TEST)
    links = [str(link["href"]) for link in soup(admin.get(WHERE)).select('a[href^="/desk/?q="]')]
    assert links == ["/desk/?q=L-114", "/desk/?q=L-115"]
    shown = text_of(browser(cast.kim).get(links[0]))
    assert [case.number in shown for case in (now, before, other)] == [True, True, False]
    found = as_staff(cast, cast.kim).get("cases", q="L-114")["items"]
    assert {row["number"] for row in found} == {now.number, before.number}
