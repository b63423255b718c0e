"""A worker that is killed while the other end holds it."""

import pytest

from lyhord.core.tenancy import organisation_scope
from lyhord.exchange.actions import WebhookValues, add_webhook, ping
from lyhord.exchange.models import Delivery, DeliveryState
from tests import factories
from tests.far_end import Reply, listening, until
from tests.jobs.conftest import StartWorker, start_worker

__all__ = ["start_worker"]


@pytest.mark.requirement("P27", "N5")
def test_delivered_once_more_with_the_same_id(
    start_worker: StartWorker, settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = factories.make_organisation("motala")
    with listening(settings) as far_end:
        monkeypatch.setenv("LYHORD_OUTWARD_PORTS", str(far_end.port))
        monkeypatch.setenv("LYHORD_OUTWARD_ALLOW", "127.0.0.0/8")
        far_end.replies = [Reply(wait=60)]
        with organisation_scope(organisation.pk):
            values = WebhookValues(name="Kartan", url=far_end.url, events=["case.registered"])
            webhook = add_webhook(values=values, by=factories.TEST)
            ping(webhook_id=webhook.pk, by=factories.TEST)
        first = start_worker("--lease", "3")
        until(lambda: far_end.heard)
        first.kill()
        first.wait()
        start_worker("--lease", "3")

        def arrived() -> bool:
            with organisation_scope(organisation.pk):
                return Delivery.objects.get().state == DeliveryState.SENT

        until(arrived)
        first_id, second_id = (heard.headers["webhook-id"] for heard in far_end.heard)
        assert first_id == second_id
        with organisation_scope(organisation.pk):
            assert Delivery.objects.get().attempts == 2
