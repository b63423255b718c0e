"""Coming to the form by the code on a sign."""

from typing import Any

import pytest
from django.test import Client

from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.www.manage.signs import drawn
from tests import factories
from tests.conftest import Cast
from tests.www.public.forms import fields, send

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P15")]
FORM = "/beratta/felanmalan/"
UNKNOWN = "Vi känner inte igen koden på skylten"


def sign(organisation: Organisation, code: str = "L-114", type_code: str = "belysning.lampa") -> None:
    with organisation_scope(organisation.pk):
        factories.make_asset(code, "Lyktstolpe 114 på Ågatan", type_code)


def test_a_sign_fills_in_the_place_and_the_sort(web: Client, motala: Organisation) -> None:
    sign(motala)
    response = web.get(f"{FORM}?asset=L-114")
    assert UNKNOWN not in response.text
    assert "Lyktstolpe 114 på Ågatan" in response.text
    sent = fields(response)
    assert sent["case_type"] == "belysning.lampa" or "belysning.lampa" in sent["case_type"]
    assert (sent["lat"], sent["lon"]) == (["58.55"], ["15.05"])
    assert "wants_feedback" in sent, "ticked, as in an empty form"
    assert "publish" in sent
    done = send(web, f"{FORM}?asset=L-114", text="Lampan är släckt.")
    assert done.status_code == 303
    with organisation_scope(motala.pk):
        case = Case.objects.select_related("case_type").get()
        assert case.case_type.code == "belysning.lampa"
        assert case.place_text == "Lyktstolpe 114 på Ågatan (L-114)"
        assert (case.lat, case.lon) == (58.55, 15.05)


@pytest.mark.parametrize("code", ["L-999", "%00", "' or 1=1", "L" * 300, "<b>"])
def test_an_unknown_sign_says_so_and_the_form_goes_on(web: Client, motala: Organisation, code: str) -> None:
    response = web.get(FORM, {"asset": code})
    assert response.status_code == 200
    assert UNKNOWN in response.text
    assert send(web, text="Lampan är släckt.").status_code == 303


def test_a_sign_of_another_municipality_is_unknown(web: Client, elsewhere: Client, cast: Cast) -> None:
    sign(cast.motala)
    assert UNKNOWN not in web.get(f"{FORM}?asset=L-114").text
    theirs = elsewhere.get(f"{FORM}?asset=L-114").text
    assert UNKNOWN in theirs
    assert "Ågatan" not in theirs


@pytest.mark.parametrize("type_code", ["", "finns.inte"])
def test_a_sign_without_a_sort_still_knows_the_place(web: Client, motala: Organisation, type_code: str) -> None:
    sign(motala, type_code=type_code)
    sent = fields(web.get(f"{FORM}?asset=L-114"))
    assert sent["lat"] == ["58.55"]
    assert not any(sent.get("case_type", []))


def test_a_sign_s_sort_of_another_kind_is_not_chosen(web: Client, motala: Organisation) -> None:
    sign(motala)
    response = web.get("/beratta/fraga/?asset=L-114")
    assert response.status_code == 200
    assert UNKNOWN not in response.text


def test_a_sign_costs_one_query_more(web: Client, motala: Organisation, django_assert_num_queries: Any) -> None:
    sign(motala, type_code="")
    web.get(f"{FORM}?asset=L-114")
    with django_assert_num_queries(5):
        web.get(f"{FORM}?asset=L-114")


def test_a_code_stands_scratches() -> None:
    code = drawn("https://motala.example/beratta/felanmalan/?asset=L-114")
    assert code.error in {"Q", "H"}  # a quarter of it may be gone
    assert int(code.version) <= 6  # coarse enough for a telephone at arm's length
