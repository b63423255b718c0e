"""A case is handed over to whoever is responsible: read first, sent once, and the resident is told who has it."""

from typing import Any

import pytest
from django.test import Client

from lyhord.cases.actions import note, protect, reply
from lyhord.cases.models import Case, Message, Side
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import system_actions as actions
from lyhord.exchange.handover import hand_over
from lyhord.exchange.models import ChangeKind, Link, Outgoing, System
from lyhord.notifications.models import Notice
from tests import factories
from tests.conftest import Cast
from tests.exchange.test_systems import Peer, peer, pull, said
from tests.far_end import work
from tests.www.desk.conftest import browser, fields
from tests.www.soup import soup

__all__ = ["peer"]
pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.7", "1.26", "N9")]


@pytest.fixture
def road_owner(cast: Cast, peer: Peer) -> System:
    """To whom nothing goes by itself."""
    with organisation_scope(cast.motala.pk):
        made = actions.save_system(
            name="Vägverket",
            adapter="rt",
            settings={"url": "https://rt.example", "user": "lyhord"},
            secret="hemligt",
            mapping={"handover": {"*": "Statlig väg"}},
            by=factories.TEST,
        )
        return actions.switch_system(system_id=made.pk, active=True, by=factories.TEST)


def words(answer: Any) -> str:
    return " ".join(soup(answer).select("main")[0].get_text(" ").split())


def test_read_first_sent_once_and_the_resident_is_told(cast: Cast, peer: Peer, road_owner: System) -> None:
    case = factories.make_case(cast.motala, "Hål i riksvägen.", email="elin@example.se").case
    with organisation_scope(cast.motala.pk):
        note(case_id=case.pk, text="zxfore: ring elverket.", by=factories.TEST)
        reply(case_id=case.pk, text="zxfore: vi tittar.", by=factories.TEST)
    work()
    assert peer.done == []  # nothing goes there by itself
    maria = browser(cast.maria)
    page = f"/desk/{case.pk}/lamna-over/"
    assert soup(maria.get(f"/desk/{case.pk}/?vy=alla")).select(f'a[href="{page}"]')
    shown = maria.get(page)
    said_first = words(shown)
    for word in ("Det här får Vägverket", f"{case.number} ", "Hål i riksvägen.", "Statlig väg", "lämnas inte ut"):
        assert word in said_first
    form = {name: value for name, value in fields(shown, "").items() if name}
    assert "Vägverket ansvarar" in str(form["message"])
    assert maria.post(page, {**form, "message": " "}).status_code == 422
    assert maria.post(page, form).status_code == 302
    maria.post(page, form)  # pressed twice
    work()
    assert [(one.kind, one.queue) for _remote, one in peer.done] == [(ChangeKind.CREATE, "Statlig väg")]
    with organisation_scope(cast.motala.pk):
        told = Message.objects.filter(case=case, side=Side.OFFICE).order_by("-pk").values_list("text", flat=True)
        assert told[0].startswith("Vägverket ansvarar för det här")
        assert len(told) == 2
        assert Notice.objects.filter(address="elin@example.se").count() >= 3
        link = Link.objects.get(case=case)
    assert "Lämnade över till Vägverket" in words(maria.get(f"/desk/{case.pk}/?vy=alla"))
    assert "Alla som kan få ärendet har det redan" in words(maria.get(page))
    pull(cast.motala, road_owner)
    peer.news = [said("1", ChangeKind.PUBLIC, text="Lagat på natten.")]
    pull(cast.motala, road_owner)
    with organisation_scope(cast.motala.pk):
        reply(case_id=case.pk, text="Tack.", by=factories.TEST)
        assert Message.objects.filter(case=case, side=Side.OFFICE, text="Lagat på natten.").count() == 1
        assert Outgoing.objects.filter(link=link, state="echo").count() >= 1
    work()
    assert [one.text for _remote, one in peer.done[1:]] == ["Tack."]  # what was said before stays


def test_who_may_not_and_what_may_not(cast: Cast, peer: Peer, road_owner: System, client: Client) -> None:
    case = factories.make_case(cast.motala).case
    page = f"/desk/{case.pk}/lamna-over/"
    assert browser(cast.auditor).get(page).status_code in {403, 404}
    with organisation_scope(cast.mjolby.pk), pytest.raises(NotFound):
        hand_over(case_id=case.pk, system_id=road_owner.pk, message="Hej", by=factories.TEST)
    with organisation_scope(cast.motala.pk):
        with pytest.raises(Invalid):
            hand_over(case_id=case.pk, system_id=road_owner.pk, message=" ", by=factories.TEST)
        assert not Link.objects.filter(case=case).exists()  # all or nothing
        protect(case_id=case.pk, by=factories.TEST)
        with pytest.raises(Conflict):
            hand_over(case_id=case.pk, system_id=road_owner.pk, message="Hej", by=factories.TEST)
        System.objects.update(active=False)
        assert Case.objects.filter(pk=case.pk).exists()
        with pytest.raises(NotFound):
            hand_over(case_id=case.pk, system_id=road_owner.pk, message="Hej", by=factories.TEST)
    work()
    assert peer.done == []
