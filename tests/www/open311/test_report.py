"""What a report becomes, and what is wrong with one: its place, its words, its service."""

from typing import Any

import pytest

from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.models import Reception
from lyhord.organisations.models import Organisation
from lyhord.places.models import Area
from lyhord.places.queries import forget_areas
from tests.www.open311.conftest import Post
from tests.www.open311.reading import data, picture, the_case, tree

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9")]


def test_a_report_becomes_a_case_at_its_desk(post: Post) -> None:
    case = the_case(post(service_code="belysning.lampa", description="Rad ett.\r\nRad två."))
    assert case.case_type.code == "belysning.lampa"
    assert case.text == "Rad ett.\nRad två."
    assert (case.lat, case.lon, case.position_source) == (58.5371, 15.0365, "api")
    assert case.channel == "open311"
    assert case.publication_state == Case.Published.PUBLISHED


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("service_code", None, "service_code"),
        ("service_code", "", "service_code"),
        ("lat", None, "lat och long"),
        ("lat", "NaN", "lat"),
        ("lat", "inf", "lat"),
        ("lat", "59,33", "lat"),
        ("lat", "1e1", "lat"),
        ("lat", "٥٨", "lat"),
        ("lat", "91", "lat"),
        ("long", "-181", "long"),
        ("long", "x" * 5000, "long"),
        ("description", "å" * 4001, "description"),
        ("email", "eva at exempel", "email"),
        ("address_string", "x" * 201, "address_string"),
        ("first_name", "x" * 121, "first_name"),
    ],
)
def test_a_mistake_is_400_with_its_name(post: Post, name: str, value: str | None, said: str) -> None:
    (error,) = data(post(**{name: value}), 400)
    assert error["code"] == 400
    assert said in error["description"]
    root = tree(post("xml", **{name: value}), 400)
    assert said in (root.findtext("error/description") or "")


def test_every_mistake_is_told_at_once(post: Post) -> None:
    found = data(post(lat="north", description="x" * 4001, address_string="y" * 201), 400)
    assert len(found) == 3
    assert {error["code"] for error in found} == {400}


def test_no_place_is_400_but_an_address_is_a_place(post: Post) -> None:
    (error,) = data(post(lat=None, long=None), 400)
    assert "address_string" in error["description"]
    assert the_case(post(lat=None, long=None, address_string="Vintergatan 12")).place_text == "Vintergatan 12"
    assert the_case(post(lat="", long="", address_id="#NOTPINPOINTED#")).place_text == ""


@pytest.mark.parametrize(("lat", "long"), [("15.0365", "58.5371"), ("0", "0"), ("58.97", "15.05")])
def test_a_place_far_away_is_400_with_what_may_be_wrong(post: Post, lat: str, long: str) -> None:
    (error,) = data(post(lat=lat, long=long), 400)
    assert error["description"] == ("Platsen ligger mer än 30 km utanför Motala kommun. Har lat och long bytt plats?")


@pytest.mark.requirement("4.28")
def test_a_place_just_over_the_border_is_welcome(post: Post, motala: Organisation) -> None:
    assert the_case(post(lat="58.65", long="15.2")).lat == 58.65
    with organisation_scope(motala.pk):
        Area.objects.filter(kind="boundary").delete()
    forget_areas()
    data(post(lat="0", long="0"))  # who has no boundary cannot tell


def test_4000_characters_are_taken(post: Post) -> None:
    assert len(the_case(post(description="å" * 4000)).text) == 4000


def test_a_fault_without_words_is_named_by_its_service(post: Post) -> None:
    assert the_case(post(service_code="belysning.lampa", description="")).text == "Släckt gatubelysning"
    (error,) = data(post(service_code="fraga", description=""), 400)
    assert error["description"].startswith("description: ")


def test_control_characters_are_stripped(post: Post) -> None:
    assert the_case(post(description="En\x0bbänk\x00 är\u202e trasig.")).text == "En bänk är trasig."
    assert data(post(service_code="ovri\x00gt"))[0]["service_request_id"]


def test_an_unknown_service_is_404(post: Post, motala: Organisation) -> None:
    for code in ("nope", "ÅÄÖ", "a" * 500, "belysning'lampa", "../ovrigt"):
        (error,) = data(post(service_code=code), 404)
        assert error["code"] == 404


def test_nothing_of_a_refused_report_is_kept(post: Post, motala: Organisation) -> None:
    data(post(email="no address", media=picture()), 400)
    with organisation_scope(motala.pk):
        assert not Case.objects.exists()
        assert not Reception.objects.exists()


@pytest.mark.requirement("0.19")
@pytest.mark.parametrize("email", ["", "eva@exempel.se"])
def test_sending_costs_few_queries(post: Post, django_assert_num_queries: Any, email: str) -> None:
    data(post(email=email))
    # into the organisation and out again (4); how often the key sends; claim, number and keys; the rows; their contact
    with django_assert_num_queries(4 + 3 + bool(email)):
        data(post(email=email))
