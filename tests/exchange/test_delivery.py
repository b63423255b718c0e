"""On the way: in order, again and again, given up, paused, sent again; against a server that does as it likes."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.clock import now, today
from lyhord.core.errors import Conflict
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange.actions import (
    WebhookValues,
    change_webhook,
    ping,
    remove_webhook,
    replay,
    resend,
    resend_failed,
    resume,
)
from lyhord.exchange.delivery import MANY
from lyhord.exchange.lanes import MAX_ATTEMPTS
from lyhord.exchange.models import Delivery, DeliveryState, Webhook
from lyhord.exchange.queries import why
from lyhord.exchange.reactions import write_messages
from lyhord.exchange.tasks import forget_deliveries
from lyhord.jobs.models import Job
from lyhord.jobs.options import DELAYS
from lyhord.notifications.models import Notice
from tests import factories
from tests.conftest import Cast
from tests.exchange.conftest import again, deliveries
from tests.far_end import FarEnd, Heard, Reply, work

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P27")]


def types(heard: list[Heard]) -> list[str]:
    return [json.loads(one.body)["type"] for one in heard]


def states(cast: Cast) -> list[str]:
    return [one.state for one in deliveries(cast.motala)]


def replies(cast: Cast, case: Case, count: int = 1) -> None:
    with organisation_scope(cast.motala.pk):
        for number in range(count):
            actions.reply(case_id=case.pk, text=f"Svar {number}", by=cast.sara.actor)


def keep_trying(days: int) -> None:
    """Work every hour."""
    for hour in range(24 * days + 1):
        work(days=hour / 24)


class TestOrder:
    """Of one case, one after the other; the cases do not wait for each other."""

    def test_a_later_one_waits_for_the_earlier(self, cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
        case = factories.make_case(cast.motala).case
        replies(cast, case, 2)
        far_end.replies = [Reply(500)]
        work()
        assert types(far_end.heard) == ["case.registered"]
        factories.make_case(cast.motala)
        work()
        assert types(far_end.heard) == ["case.registered", "case.registered"]  # the other case goes on
        work(days=0.1)
        assert types(far_end.heard[2:]) == ["case.registered", "case.replied", "case.replied"]
        assert set(states(cast)) == {DeliveryState.SENT}

    def test_reactions_in_any_order_are_messages_in_order(self, cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
        case = factories.make_case(cast.motala).case
        replies(cast, case)
        with organisation_scope(cast.motala.pk):
            for event in Event.objects.filter(subject_type="case").order_by("-pk"):
                write_messages(event)
                write_messages(event)
        work()
        assert types(far_end.heard) == ["case.registered", "case.replied"]

    def test_one_given_up_lets_the_next_go(self, cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
        case = factories.make_case(cast.motala).case
        work()
        replies(cast, case, 2)
        far_end.replies = [Reply(503)] * MAX_ATTEMPTS
        with organisation_scope(cast.motala.pk):
            work()
            Delivery.objects.filter(state=DeliveryState.WAITING, attempts__gt=0).update(attempts=MAX_ATTEMPTS - 1)
        far_end.replies = [Reply(503)]
        work(days=0.1)
        assert states(cast) == [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SENT]


class TestFailing:
    """What goes wrong, and how it is told."""

    @pytest.mark.parametrize(
        ("reply", "said"),
        [
            (Reply(500, b"oh no"), "Svaret var 500."),
            (Reply(404), "Svaret var 404."),
            (Reply(302, headers={"Location": "http://127.0.0.1/"}), "Svaret var 302."),
            (Reply(raw=b""), "gick inte att förstå"),
        ],
    )
    def test_told_and_tried_again(self, cast: Cast, webhook: Webhook, far_end: FarEnd, reply: Reply, said: str) -> None:
        far_end.replies = [reply]
        factories.make_case(cast.motala)
        work()
        (delivery,) = deliveries(cast.motala)
        assert (delivery.state, delivery.attempts) == (DeliveryState.WAITING, 1)
        assert delivery.next_try_at is not None
        assert said in why(delivery)
        assert delivery.answer == ("oh no" if reply.status == 500 else "ok" if reply.status in {302, 404} else "")
        work(days=0.1)
        assert len(far_end.heard) == 2
        assert len({heard.headers["webhook-id"] for heard in far_end.heard}) == 1
        assert [one.state for one in deliveries(cast.motala)] == [DeliveryState.SENT]
        assert again(webhook).failures == 0

    def test_too_slow(self, cast: Cast, webhook: Webhook, far_end: FarEnd, monkeypatch: pytest.MonkeyPatch) -> None:
        from lyhord.core.http import Limits
        from lyhord.exchange import tasks

        monkeypatch.setattr(tasks, "LIMITS", Limits(most_bytes=2000, cut=True, seconds=0.5))
        far_end.usual = Reply(wait=20)
        factories.make_case(cast.motala)
        work()
        assert why(deliveries(cast.motala)[0]) == "Den andra datorn svarade inte i tid."

    def test_nobody_there(self, cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
        far_end.close()
        factories.make_case(cast.motala)
        work()
        assert why(deliveries(cast.motala)[0]) == "Det gick inte att nå den andra datorn."

    def test_an_answer_without_end_is_read_no_further(self, cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
        far_end.usual = Reply(body=b"x" * 1_000_000)
        factories.make_case(cast.motala)
        work()
        (delivery,) = deliveries(cast.motala)
        assert (delivery.state, len(delivery.answer)) == (DeliveryState.SENT, 500)

    def test_a_name_that_comes_to_lead_inside(self, cast: Cast, webhook: Webhook, settings: Any) -> None:
        settings.OUTWARD_ALLOW = []
        factories.make_case(cast.motala)
        work()
        assert "slutet nät" in why(deliveries(cast.motala)[0])

    def test_for_about_three_days(self) -> None:
        waits = [DELAYS[min(tries, len(DELAYS)) - 1] for tries in range(1, MAX_ATTEMPTS)]
        assert timedelta(days=3) <= timedelta(seconds=sum(waits)) < timedelta(days=3, hours=6)

    def test_then_failed_for_all_to_see(self, cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
        with organisation_scope(cast.motala.pk):
            ping(webhook_id=webhook.pk, by=factories.TEST)
            Delivery.objects.update(attempts=MAX_ATTEMPTS - 1)
        far_end.usual = Reply(500)
        work()
        assert states(cast) == [DeliveryState.FAILED]
        with organisation_scope(cast.motala.pk):
            assert Event.objects.filter(verb="webhook.failed", subject_id=webhook.pk).count() == 1
        work(days=4)
        assert len(far_end.heard) == 1

    def test_one_that_fails_again_and_again_is_left_alone_for_a_while(
        self, cast: Cast, webhook: Webhook, far_end: FarEnd
    ) -> None:
        far_end.usual = Reply(500)
        for _number in range(10):
            factories.make_case(cast.motala)
        work()
        assert len(far_end.heard) == 3
        assert again(webhook).rest_until is not None
        far_end.usual = Reply(200)
        work(days=0.1)
        assert set(states(cast)) == {DeliveryState.SENT}
        assert again(webhook).rest_until is None


class TestPause:
    """One that does not come back."""

    def test_after_a_day_and_many_failures_the_administrator_is_told(
        self, cast: Cast, webhook: Webhook, far_end: FarEnd
    ) -> None:
        far_end.usual = Reply(500)
        for _number in range(5):
            factories.make_case(cast.motala)
        keep_trying(days=2)
        paused = again(webhook)
        assert paused.paused_at is not None
        assert paused.failures >= MANY
        tried = len(far_end.heard)
        with organisation_scope(cast.motala.pk):
            notices = Notice.objects.filter(kind="webhook_paused")
            assert [(one.address, one.subject) for one in notices] == [
                ("admin@motala.example", "Webhooken Kartan är pausad")
            ]
        factories.make_case(cast.motala)
        keep_trying(days=3)
        assert len(far_end.heard) == tried
        assert states(cast) == [DeliveryState.WAITING] * 6  # kept, all of them
        far_end.usual = Reply(200)
        with organisation_scope(cast.motala.pk):
            resume(webhook_id=webhook.pk, by=cast.admin.actor)
            with pytest.raises(Conflict):
                resume(webhook_id=webhook.pk, by=cast.admin.actor)
        work(days=4)
        assert set(states(cast)) == {DeliveryState.SENT}

    def test_one_that_says_that_it_is_gone(self, cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
        far_end.usual = Reply(410)
        factories.make_case(cast.motala)
        work()
        assert states(cast) == [DeliveryState.FAILED]
        assert again(webhook).paused_at is not None
        with organisation_scope(cast.motala.pk), pytest.raises(Conflict):
            ping(webhook_id=webhook.pk, by=factories.TEST)


class TestAgain:
    """What did not arrive, sent again by a person."""

    @pytest.fixture
    def failed(self, cast: Cast, webhook: Webhook, far_end: FarEnd) -> list[Delivery]:
        for _number in range(3):
            factories.make_case(cast.motala)
        far_end.usual = Reply(500)
        with organisation_scope(cast.motala.pk):
            work()
            Delivery.objects.update(attempts=MAX_ATTEMPTS)
            Webhook.objects.update(rest_until=None, failures=0)
        work(days=0.5)
        with organisation_scope(cast.motala.pk):
            Delivery.objects.update(state=DeliveryState.FAILED)
            Webhook.objects.update(rest_until=None, failures=0)
        Job.objects.all().delete()
        far_end.usual = Reply(200)
        far_end.heard.clear()
        return deliveries(cast.motala)

    def test_one(self, cast: Cast, far_end: FarEnd, failed: list[Delivery]) -> None:
        with organisation_scope(cast.motala.pk):
            resend(delivery_id=failed[1].pk, by=cast.admin.actor)
        work()
        assert len(far_end.heard) == 1
        assert far_end.heard[0].headers["webhook-id"] == f"msg_{failed[1].uid.hex}"
        assert states(cast) == [DeliveryState.FAILED, DeliveryState.SENT, DeliveryState.FAILED]
        with organisation_scope(cast.motala.pk):
            resend(delivery_id=failed[1].pk, by=cast.admin.actor)  # also when it has arrived
            with pytest.raises(Conflict):
                resend(delivery_id=failed[1].pk, by=cast.admin.actor)  # but not while it is on its way
        work()
        assert len(far_end.heard) == 2

    def test_all_since_a_day_also_what_arrived(self, cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
        for _number in range(2):
            case = factories.make_case(cast.motala).case
            with organisation_scope(cast.motala.pk):
                actions.change_state(case_id=case.pk, to=State.IN_PROGRESS, by=factories.TEST)
        work()
        before = [one.headers["webhook-id"] for one in far_end.heard]
        numbers = {one.headers["webhook-id"]: json.loads(one.body)["data"]["case"]["number"] for one in far_end.heard}
        far_end.heard.clear()
        with organisation_scope(cast.motala.pk):
            assert replay(webhook_id=webhook.pk, since=today() + timedelta(days=1), by=cast.admin.actor) == 0
            assert replay(webhook_id=webhook.pk, since=today(), by=cast.admin.actor) == len(before)
            assert replay(webhook_id=webhook.pk, since=today(), by=cast.admin.actor) == 0  # pressed twice
        work()
        after = [one.headers["webhook-id"] for one in far_end.heard]
        assert sorted(after) == sorted(before)
        for number in set(numbers.values()):
            assert [i for i in after if numbers[i] == number] == [i for i in before if numbers[i] == number]
        assert set(states(cast)) == {DeliveryState.SENT}

    def test_all(self, cast: Cast, webhook: Webhook, far_end: FarEnd, failed: list[Delivery]) -> None:
        with organisation_scope(cast.motala.pk):
            assert resend_failed(webhook_id=webhook.pk, by=cast.admin.actor) == 3
            assert resend_failed(webhook_id=webhook.pk, by=cast.admin.actor) == 0
        work()
        assert len(far_end.heard) == 3
        assert set(states(cast)) == {DeliveryState.SENT}

    def test_a_ping_comes_at_once_even_to_one_left_alone(self, cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
        with organisation_scope(cast.motala.pk):
            Webhook.objects.update(rest_until=now() + timedelta(hours=1))
            ping(webhook_id=webhook.pk, by=cast.admin.actor)
        work()
        assert types(far_end.heard) == ["ping"]


def test_switched_off_it_is_not_told_what_waits(cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
    far_end.usual = Reply(500)
    factories.make_case(cast.motala)
    work()
    with organisation_scope(cast.motala.pk):
        values = WebhookValues(name="Kartan", url=webhook.url, events=webhook.events, active=False)
        change_webhook(webhook_id=webhook.pk, values=values, by=cast.admin.actor)
    work(days=1)
    assert len(far_end.heard) == 1
    assert states(cast) == [DeliveryState.CANCELLED]


def test_removed_it_is_gone_with_all_it_was_told(cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
    factories.make_case(cast.motala)
    with organisation_scope(cast.motala.pk):
        remove_webhook(webhook_id=webhook.pk, by=cast.admin.actor)
    work()
    assert far_end.heard == []
    assert deliveries(cast.motala) == []


def test_the_log_is_kept_for_30_days(cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
    factories.make_case(cast.motala)
    work()
    for days, left in ((29, 1), (31, 0)):
        with time_machine.travel(now() + timedelta(days=days)):
            forget_deliveries.func()
        assert len(deliveries(cast.motala)) == left
