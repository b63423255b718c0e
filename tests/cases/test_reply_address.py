"""Addresses that lead into a case: only what was made here, for that very case, does."""

import pytest

from lyhord.cases.models import Case
from lyhord.cases.notices import CaseAnswered, CaseReceived
from lyhord.cases.reply_address import case_of, is_reply_address, reply_address, thread_root
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Inlet
from lyhord.organisations.queries import forget_hosts
from tests import factories
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.17", "P24")]


@pytest.fixture(autouse=True)
def _mail_comes_in(cast: Cast) -> None:
    for organisation in (cast.motala, cast.mjolby):
        address = f"svar@{organisation.slug}.example"
        Inlet.objects.create(organisation=organisation, channel="email", address=address, answers=True)
    forget_hosts()


def test_an_address_leads_to_its_case_however_it_is_written(cast: Cast) -> None:
    case = factories.make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        address = reply_address(case)
        assert address.startswith(f"svar+{case.number}-")
        assert len(address.partition("@")[0]) <= 64
        for written in (address, address.upper(), address.replace("motala.example", "annan.example")):
            found, genuine = case_of(written)
            assert (found, genuine) == (case, True)
        root = thread_root(cast.motala, case)
        assert case_of(root[1:-1]) == (case, True)


def test_another_signature_another_case_another_organisation_is_no_key(cast: Cast) -> None:
    ours, other = factories.make_case(cast.motala).case, factories.make_case(cast.motala).case
    theirs = factories.make_case(cast.mjolby).case
    with organisation_scope(cast.mjolby.pk):
        foreign = reply_address(theirs)
    with organisation_scope(cast.motala.pk):
        address = reply_address(ours)
        forged = address[: address.index("@") - 1] + ("0" if address[address.index("@") - 1] != "0" else "1")
        assert case_of(f"{forged}@motala.example") == (ours, False)
        assert case_of(address.replace(ours.number, other.number)) == (other, False)
        assert theirs.number == ours.number
        assert case_of(foreign) == (ours, False)  # the same number here is another case
        assert case_of("svar@motala.example") == (None, False)
        assert case_of(f"svar+{ours.number}@motala.example") == (None, False)
        assert not is_reply_address("svar@motala.example")


def test_a_new_follow_link_ends_the_old_address(cast: Cast) -> None:
    case = factories.make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        before = reply_address(case)
        Case.objects.filter(pk=case.pk).update(follow_version=2)
        assert case_of(before) == (case, False)


def test_only_the_reporters_mail_has_it_and_where_no_mail_is_taken_in_none_has(cast: Cast) -> None:
    made = factories.make_case(cast.motala, email="anna@exempel.se", publish=True)
    with organisation_scope(cast.motala.pk):
        assert Notice.objects.get().reply_to == reply_address(made.case)
        assert "svara på det här mejlet" in Notice.objects.get().body
        Inlet.objects.all().delete()
        forget_hosts()
        answered = CaseAnswered(organisation=cast.motala, case=made.case, code=made.code, key="x")
        assert answered.reply_to == ""
        assert "svara på det här mejlet" not in answered.body()


def test_what_came_by_mail_is_answered_in_its_thread(cast: Cast) -> None:
    made = factories.make_case(cast.motala, email="anna@exempel.se", message_id="anna-1@exempel.se")
    with organisation_scope(cast.motala.pk):
        root = thread_root(cast.motala, made.case)
        assert Notice.objects.get().thread == f"<anna-1@exempel.se> {root}"
    for strange in ("", "a b", "å@x", "x" * 400):
        kind = CaseReceived(organisation=cast.motala, case=made.case, code=made.code, message_id=strange)
        assert kind.thread == (root,)


def test_what_comes_to_a_units_own_address_is_that_units(cast: Cast) -> None:
    case = factories.make_case(cast.motala, unit_code="tekniska").case
    assert case.unit.code == "tekniska"
    assert (case.route_kind, case.route_reason) == ("address", "Det kom till en adress som hör till Tekniska.")
    assert factories.make_case(cast.motala, unit_code="finns-inte").case.unit.code == "gata-park"
