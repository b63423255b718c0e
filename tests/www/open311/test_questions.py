"""What a service asks besides, however clients write their answers."""

from typing import Any

import pytest
from django.test import Client

from lyhord.cases.models import Case, Message, Side
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.models import ApiKey, Diversion
from lyhord.organisations.models import Organisation
from tests import factories
from tests.www.open311.conftest import KEY, Post
from tests.www.open311.reading import data, the_case, url

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9")]


FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def asking(motala: Organisation) -> str:
    """A service with a required question, one with several answers, and a day."""
    options = [{"code": code, "label": {"sv": code}} for code in ("a", "b", "c")]
    questions = [
        {"code": "must", "label": {"sv": "Vad?"}, "datatype": "text", "required": True},
        {"code": "many", "label": {"sv": "Vilka?"}, "datatype": "multichoice", "options": options},
        {"code": "day", "label": {"sv": "När?"}, "datatype": "date"},
        {"code": "amount", "label": {"sv": "Antal?"}, "datatype": "number"},
    ]
    with organisation_scope(motala.pk):
        factories.make_type("fragar", "felanmalan", "Frågar", questions=questions)
    return "fragar"


@pytest.mark.parametrize(
    "sent",
    [
        {"attribute[must]": "x", "attribute[many][]": ["a", "c"]},
        {"attribute[must][]": "x", "attribute[many]": ["a", "c"]},
        {"attribute%5Bmust%5D": "x", "attribute[many][0]": "a", "attribute[many][1]": "c"},
    ],
)
def test_attributes_however_they_are_written(post: Post, asking: str, sent: dict[str, Any]) -> None:
    case = the_case(post(service_code=asking, **sent))
    assert case.answers == {"must": "x", "many": ["a", "c"]}


def test_attributes_in_a_plain_form(web: Client, key: ApiKey, asking: str) -> None:
    body = (
        f"api_key={KEY}&service_code={asking}&lat=58.5&long=15.0&description=F%C3%A4rg"
        "&attribute%5Bmust%5D=x&attribute[many][]=a&attribute%5Bmany%5D%5B%5D=b&attribute[day]=2026-06-30T23:30:00Z"
    )
    case = the_case(web.post(url("requests.json"), body, content_type=FORM))
    assert case.text == "Färg"
    assert case.answers == {"must": "x", "many": ["a", "b"], "day": "2026-07-01"}


def test_a_missing_answer_is_400_with_its_code(post: Post, asking: str) -> None:
    (error,) = data(post(service_code=asking), 400)
    assert error["description"].startswith("must required")
    found = data(post(service_code=asking, **{"attribute[amount]": "nan", "attribute[many]": "z"}), 400)
    assert [error["description"].split(":")[0] for error in found] == ["must required", "many", "amount"]


def test_an_answer_nobody_asked_for_is_no_answer_but_staff_see_it(post: Post, motala: Organisation) -> None:
    case = the_case(post(**{"attribute[title]": "Hej", "attribute[]": "x", "attribute[[]]": "y", "attribute[a]": " "}))
    assert case.answers == {}
    with organisation_scope(motala.pk):
        assert Message.objects.get(case=case, side=Side.INTERNAL).text.splitlines()[1:] == ["title: Hej"]


def test_an_answer_that_cannot_wait_is_refused_with_whom_to_ring(post: Post, motala: Organisation) -> None:
    (error,) = data(post(service_code="belysning.lampa", **{"attribute[danger]": "yes"}), 400)
    assert error["description"] == "Ring i stället. 0141-00 00 01"
    with organisation_scope(motala.pk):
        assert Diversion.objects.get().count == 1
        assert not Case.objects.exists()
