"""Where people write to an organisation: each address is one organisation's."""

from typing import Any

import pytest

from lyhord.audit.models import Event
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.inlet_actions import MOST, remove_inlet, set_inlet
from lyhord.organisations.models import Inlet, Organisation
from lyhord.organisations.queries import answer_address, inlets_of
from tests.conftest import Cast
from tests.factories import TEST

pytestmark = pytest.mark.django_db


def put(organisation: Organisation, address: str, channel: str = "email", **values: Any) -> Inlet:
    with organisation_scope(organisation.pk):
        return set_inlet(channel=channel, address=address, by=TEST, **{"trusted": True, **values})


def refused(organisation: Organisation, address: str, **values: Any) -> list[str]:
    with pytest.raises(Invalid) as caught:
        put(organisation, address, **values)
    return list(caught.value.errors)


def test_one_is_added_changed_and_removed(cast: Cast) -> None:
    inlet = put(cast.motala, " Kontakt@Motala.Example ", kind="fraga", unit_code="gata-park")
    assert (inlet.address, inlet.unit_code) == ("kontakt@motala.example", "gata-park")
    changed = put(cast.motala, "kontakt@motala.example", inlet_id=inlet.pk, review=True)
    assert (changed.pk, changed.review, changed.unit_code) == (inlet.pk, True, "")
    with organisation_scope(cast.motala.pk):
        remove_inlet(inlet_id=inlet.pk, by=TEST)
        assert list(Event.objects.order_by("pk").values_list("verb", flat=True))[-3:] == [
            "inlet.set",
            "inlet.set",
            "inlet.removed",
        ]
    assert inlets_of(cast.motala.pk) == []


def test_answers_go_to_one_address(cast: Cast) -> None:
    put(cast.motala, "kontakt@motala.example", answers=True)
    assert answer_address(cast.motala.pk, Inlet.Channel.EMAIL) == "kontakt@motala.example"
    put(cast.motala, "svar@motala.example", answers=True)
    put(cast.motala, "0766-86 00 00", "sms", answers=True)
    assert answer_address(cast.motala.pk, Inlet.Channel.EMAIL) == "svar@motala.example"
    assert answer_address(cast.motala.pk, Inlet.Channel.SMS) == "+46766860000"
    assert answer_address(cast.mjolby.pk, Inlet.Channel.EMAIL) == ""


@pytest.mark.requirement("N4")
def test_an_address_is_one_organisations(cast: Cast) -> None:
    inlet = put(cast.mjolby, "kontakt@lansposten.example")
    assert refused(cast.motala, "KONTAKT@lansposten.example") == ["address"]
    with organisation_scope(cast.motala.pk), pytest.raises(NotFound):
        remove_inlet(inlet_id=inlet.pk, by=TEST)
    with organisation_scope(cast.motala.pk), pytest.raises(NotFound):
        set_inlet(inlet_id=inlet.pk, channel="email", address="x@lansposten.example", by=TEST)


@pytest.mark.requirement("N4")
def test_only_who_runs_the_installation_says_whose_a_domain_is(cast: Cast) -> None:
    assert refused(cast.motala, "kontakt@motala.example", trusted=False) == ["address"]
    first = put(cast.motala, "kontakt@motala.example")
    assert put(cast.motala, "svar@motala.example", trusted=False).address == "svar@motala.example"
    assert put(cast.motala, "kontakt@motala.example", trusted=False, inlet_id=first.pk, review=True).review
    assert refused(cast.motala, "svar@mjolby.example", trusted=False) == ["address"]
    assert refused(cast.motala, "svar@mjolby.example", trusted=False, inlet_id=first.pk) == ["address"]
    assert refused(cast.mjolby, "andra@motala.example", trusted=False) == ["address"]
    assert refused(cast.motala, "0766-86 00 00", channel="sms", trusted=False) == ["address"]
    put(cast.mjolby, "delad@motala.example")
    assert refused(cast.motala, "ny@motala.example", trusted=False) == ["address"]


@pytest.mark.parametrize("address", ["", "kontakt", "a@b.se, c@d.se", "kontakt+sv@motala.example", "å@motala.example"])
def test_what_is_no_address_is_refused(cast: Cast, address: str) -> None:
    assert refused(cast.motala, address) == ["address"]


def test_a_signature_must_fit(cast: Cast) -> None:
    long = "synpunkter-och-klagomal@motala.example"
    assert refused(cast.motala, long, answers=True) == ["address"]
    assert put(cast.motala, long).address == long


@pytest.mark.parametrize("number", ["", "112", "hej", "+46 1", "0141"])
def test_what_is_no_number_is_refused(cast: Cast, number: str) -> None:
    assert refused(cast.motala, number, channel="sms") == ["address"]


def test_a_unit_that_is_not_there_is_refused(cast: Cast) -> None:
    assert refused(cast.motala, "kontakt@motala.example", unit_code="finns-inte") == ["unit_code"]


def test_there_is_an_end_to_them(cast: Cast) -> None:
    for number in range(MOST):
        put(cast.motala, f"a{number}@motala.example")
    assert refused(cast.motala, "en-till@motala.example") == [""]
