"""The page that subscribers read: its example runs, and its lists are whole."""

import re
from pathlib import Path
from typing import Any

import pytest

from lyhord.cases.kind import KINDS
from lyhord.cases.states import State
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange.actions import change_secret, ping
from lyhord.exchange.delivery import secrets
from lyhord.exchange.events import EVENTS, PING
from lyhord.exchange.models import Webhook
from tests import factories
from tests.conftest import Cast
from tests.exchange.conftest import again
from tests.far_end import FarEnd, work

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P27")]

DOCS = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")


@pytest.fixture
def verify() -> Any:
    example = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    assert len(example) == 1
    names: dict[str, Any] = {}
    exec(compile(example[0], "docs/webhooks.md", "exec"), names)  # noqa: S102  # our own page
    return names["verify"]


def test_the_example_verifies_what_we_send(cast: Cast, webhook: Webhook, far_end: FarEnd, verify: Any) -> None:
    factories.make_case(cast.motala)
    work()
    (heard,) = far_end.heard
    (secret,) = secrets(webhook)
    assert verify(secret, heard.headers, heard.body)
    assert not verify(secret, heard.headers, heard.body + b" ")
    assert not verify(secret, {**heard.headers, "webhook-id": "msg_other"}, heard.body)
    assert not verify(secret, {**heard.headers, "webhook-timestamp": "1"}, heard.body)
    assert not verify("whsec_" + "A" * 44, heard.headers, heard.body)


def test_with_either_secret_after_a_change(cast: Cast, webhook: Webhook, far_end: FarEnd, verify: Any) -> None:
    with organisation_scope(cast.motala.pk):
        change_secret(webhook_id=webhook.pk, by=factories.TEST)
        ping(webhook_id=webhook.pk, by=factories.TEST)
    work()
    (heard,) = far_end.heard
    assert [verify(secret, heard.headers, heard.body) for secret in secrets(again(webhook))] == [True, True]


def test_every_word_that_may_come_is_told_of() -> None:
    for word in [*EVENTS, PING, *State, *KINDS.slugs()]:
        assert f"`{word}`" in DOCS, word
