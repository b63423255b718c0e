"""Being told in the browser, by the code of one's case."""

import pytest

from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import Follow
from lyhord.notifications.webpush import application_server_key
from lyhord.organisations.models import Organisation
from tests import factories
from tests.notifications.device import Device
from tests.www.api.conftest import Program

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.11")]
DEVICE = Device("https://push.example/send/abc")


def test_on_and_off(motala: Organisation) -> None:
    made = factories.make_case(motala)
    owner = Program(x_follow_code=made.code)
    assert owner.get("own-case/push") == {"application_server_key": application_server_key()}
    device = owner.put("own-case/push", DEVICE.subscription, 201)["device"]
    assert owner.put("own-case/push", DEVICE.subscription, 201)["device"] == device
    assert owner.get("own-case")["wants_mail"] is False
    with organisation_scope(motala.pk):
        assert Follow.objects.get().sender == "push"
    owner.send("delete", f"own-case/push/{device}", status=204)
    owner.send("delete", f"own-case/push/{device}", status=404)
    with organisation_scope(motala.pk):
        assert not Follow.objects.exists()


def test_only_with_the_code(motala: Organisation) -> None:
    nobody = Program()
    nobody.put("own-case/push", DEVICE.subscription, 401)
    Program(x_follow_code="A" * 26).put("own-case/push", DEVICE.subscription, 404)
    other = factories.make_case(motala)
    device = Program(x_follow_code=other.code).put("own-case/push", DEVICE.subscription, 201)["device"]
    mine = Program(x_follow_code=factories.make_case(motala).code)
    mine.send("delete", f"own-case/push/{device}", status=404)
    with organisation_scope(motala.pk):
        assert Follow.objects.count() == 1


def test_what_is_no_subscription_is_refused(motala: Organisation) -> None:
    owner = Program(x_follow_code=factories.make_case(motala).code)
    owner.put("own-case/push", {"endpoint": "https://push.example/"}, 422)
    owner.put("own-case/push", {**DEVICE.subscription, "endpoint": "https://127.0.0.1/"}, 422)
