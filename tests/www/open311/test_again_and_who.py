"""Sent twice it is one report; who sent it is known to staff, and shown to nobody; what is shown at all."""

import pytest
from django.test import Client

from lyhord.cases.models import Case, Reporter
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.models import Reception
from lyhord.organisations.models import Organisation
from tests import factories
from tests.www.open311.conftest import Post, make_key
from tests.www.open311.reading import data, the_case, url

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9")]


@pytest.mark.requirement("0.5")
def test_sending_again_with_the_clients_own_id_is_the_same_report(post: Post, motala: Organisation) -> None:
    first = data(post(**{"attribute[fixmystreet_id]": "4711"}))
    assert data(post(**{"attribute[fixmystreet_id]": "4711", "description": "Något annat"})) == first
    named = data(post(headers={"Idempotency-Key": "abc"}))
    assert data(post(headers={"Idempotency-Key": "abc"})) == named
    assert named != first
    with organisation_scope(motala.pk):
        assert Case.objects.count() == 2
        assert Reception.objects.filter(source__startswith="open311:").count() == 2


def test_two_clients_may_have_the_same_ids(post: Post, motala: Organisation) -> None:
    make_key(motala, "other")
    first = data(post(**{"attribute[fixmystreet_id]": "1"}))
    assert data(post(api_key="other", **{"attribute[fixmystreet_id]": "1"})) != first


def test_without_an_id_each_report_is_its_own(post: Post) -> None:
    assert data(post()) != data(post())


@pytest.mark.requirement("X2")
def test_who_sent_it_is_known_to_staff_and_shown_to_nobody(post: Post, web: Client, motala: Organisation) -> None:
    person = {"first_name": "Eva", "last_name": "Ek", "email": "eva@exempel.se", "phone": "070-123 45 67"}
    hidden = {"device_id": "device-4711", "account_id": "account-4711"}
    answer = post(**person, **hidden)
    with organisation_scope(motala.pk):
        reporter = Reporter.objects.get(case=the_case(answer))
    assert (reporter.name, reporter.email, reporter.phone) == ("Eva Ek", "eva@exempel.se", "070-123 45 67")
    number = data(answer)[0]["service_request_id"]
    for path in ("requests", f"requests/{number}"):
        for suffix in ("json", "xml"):
            said = web.get(url(f"{path}.{suffix}"), {"extensions": "true"}).content.decode()
            assert number in said
            assert not [text for text in (*person.values(), *hidden.values()) if text in said]


def test_a_name_that_is_a_dash_is_none(post: Post, motala: Organisation) -> None:
    answer = post(first_name="-", last_name="-")
    with organisation_scope(motala.pk):
        assert not Reporter.objects.filter(case=the_case(answer)).exists()


def test_what_a_client_sends_waits_for_a_reader_unless_the_key_says_otherwise(
    post: Post, web: Client, motala: Organisation
) -> None:
    make_key(motala, "careful")
    answer = post(api_key="careful")
    assert the_case(answer).publication_state == Case.Published.REVIEW
    number = data(answer)[0]["service_request_id"]
    data(web.get(url(f"requests/{number}.json")), 404)
    assert data(web.get(url("requests.json"), {"service_request_id": number})) == []


@pytest.mark.parametrize("text", ["Mejla eva@exempel.se", "Han heter 19811218-9876"])
def test_what_points_somebody_out_waits_for_a_reader_whatever_the_key_says(post: Post, text: str) -> None:
    assert the_case(post(description=text)).publication_state == Case.Published.REVIEW


def test_what_may_not_be_shown_never_is(post: Post, web: Client, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        factories.make_type("hemligt", "felanmalan", "Hemligt", confidential=True, publication={"allowed": False})
    answer = post(service_code="hemligt")
    assert the_case(answer).publication_state == Case.Published.CLOSED
    data(web.get(url(f"requests/{data(answer)[0]['service_request_id']}.json")), 404)
