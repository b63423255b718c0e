"""A webhook in Motala, and the other system that it calls."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lyhord.core.tenancy import organisation_scope
from lyhord.exchange.actions import WebhookValues, add_webhook
from lyhord.exchange.events import EVENTS
from lyhord.exchange.models import Delivery, Webhook
from lyhord.organisations.models import Organisation
from tests import factories
from tests.far_end import FarEnd, listening

type MakeWebhook = Callable[..., Webhook]


@pytest.fixture
def far_end(settings: Any) -> Iterator[FarEnd]:
    """The other system: says yes to all."""
    with listening(settings) as there:
        yield there


@pytest.fixture
def make_webhook(far_end: FarEnd) -> MakeWebhook:
    """A webhook to the far end that wants to know everything, but for what the test says."""

    def make(organisation: Organisation, **values: Any) -> Webhook:
        given = {"name": "Kartan", "url": f"{far_end.url}/hook", "events": list(EVENTS), **values}
        with organisation_scope(organisation.pk):
            return add_webhook(values=WebhookValues(**given), by=factories.TEST)

    return make


@pytest.fixture
def webhook(motala: Organisation, make_webhook: MakeWebhook) -> Webhook:
    """One in Motala."""
    return make_webhook(motala)


def deliveries(organisation: Organisation) -> list[Delivery]:
    """The log, oldest first."""
    with organisation_scope(organisation.pk):
        return list(Delivery.objects.order_by("pk"))


def again(webhook: Webhook) -> Webhook:
    """As it is now."""
    with organisation_scope(webhook.organisation_id):
        return Webhook.objects.get(pk=webhook.pk)


def counted(line: str) -> None:
    """Show what was counted in a run with faults, with -rP."""
    sys.stdout.write(f"{line}\n")
