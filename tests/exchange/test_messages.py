"""What subscribers are told, and what they are never told."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import signing
from lyhord.exchange.actions import WebhookValues, change_secret, change_webhook, ping
from lyhord.exchange.delivery import secrets
from lyhord.exchange.events import EVENTS
from lyhord.exchange.models import DeliveryState, Webhook
from lyhord.jobs.models import Job
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.exchange.conftest import MakeWebhook, again, deliveries
from tests.far_end import FarEnd, Heard, work

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P27")]


@pytest.fixture(autouse=True)
def _usual_links(settings: Any) -> None:
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", ""


def message(heard: Heard) -> Any:
    return json.loads(heard.body)


def publish(case: Case, cast: Cast) -> None:
    with organisation_scope(case.organisation_id):
        actions.publish(case_id=case.pk, title="Lampan", text="Lampan är släckt.", by=cast.sara.actor, warned=True)


def test_what_a_message_says(cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
    case = factories.make_case(cast.motala, publish=True, email="bo@exempel.se").case
    work()
    (heard,) = far_end.heard
    assert (heard.method, heard.path, heard.headers["content-type"]) == ("POST", "/hook", "application/json")
    moment = f"{case.registered_at:%Y-%m-%dT%H:%M:%SZ}"
    assert message(heard) == {
        "type": "case.registered",
        "timestamp": moment,
        "data": {
            "organisation": "motala",
            "case": {
                "number": case.number,
                "kind": "felanmalan",
                "type": {"code": "belysning.lampa", "name": "Släckt gatubelysning"},
                "state": "received",
                "status": "open",
                "published": False,
                "registered_at": moment,
                "changed_at": moment,
                "closed_at": None,
                "lat": None,
                "long": None,
                "url": None,
                "api_url": f"https://motala.localhost/open311/v2/requests/{case.number}.json",
            },
            "change": {},
        },
    }


def test_a_published_case_has_its_place_and_its_page(cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
    case = factories.make_case(cast.motala, publish=True).case
    publish(case, cast)
    work()
    told = message(far_end.heard[-1])
    assert told["type"] == "case.published"
    assert (told["data"]["case"]["lat"], told["data"]["case"]["long"]) == factories.MOTALA
    assert told["data"]["case"]["url"] == f"https://motala.localhost/arenden/{case.number}/"
    assert "texts" not in told["data"]["case"]


def test_no_word_of_anybodys_without_leave(cast: Cast, make_webhook: MakeWebhook, far_end: FarEnd) -> None:
    make_webhook(cast.motala, name="Usual")
    make_webhook(cast.motala, name="More", shares=["texts", "places"])
    somebody = NewReporter(name="Zxulla", email="zxmejl@exempel.se", phone="zxtelefon")
    made = factories.make_case(
        cast.motala, "zxtext", reporter=somebody, wants_feedback=True, place_text="zxgatan", publish=True
    )
    with organisation_scope(cast.motala.pk):
        pk, by = made.case.pk, cast.sara.actor
        actions.reply(case_id=pk, text="zxsvar", by=by)
        actions.note(case_id=pk, text="zxnot", by=by)
        actions.change_state(
            case_id=pk, to=State.WAITING, by=by, reason="zxskäl", until=now().date() + timedelta(days=9)
        )
    work()
    sent = [heard.body.decode() for heard in far_end.heard]
    assert len(sent) == 6
    assert not any("zx" in body.lower() for body in sent)
    assert sum('"lat":58' in body for body in sent) == 3
    publish(made.case, cast)
    work()
    with_texts = [body for heard in far_end.heard[6:] if "Lampan" in (body := heard.body.decode())]
    assert len(with_texts) == 1
    assert json.loads(with_texts[0])["data"]["case"]["texts"] == {
        "title": "Lampan",
        "text": "Lampan är släckt.",
        "answer": "",
    }


@pytest.mark.requirement("4.11")
def test_nothing_of_what_is_secret(cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
    factories.make_case(cast.motala, type="ovrigt", category="barn")
    factories.make_case(cast.motala, reporter=NewReporter(name="Ulla", protected=True))
    with organisation_scope(cast.motala.pk):
        assert Case.objects.filter(protected=True).count() == 1
    work()
    told = {message(heard)["data"]["case"]["number"] for heard in far_end.heard}
    with organisation_scope(cast.motala.pk):
        assert told == set(Case.objects.filter(protected=False, confidential=False).values_list("number", flat=True))


def test_what_becomes_secret_while_it_waits_is_not_sent(cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
    case = factories.make_case(cast.motala).case
    far_end.usual.status = 500
    work()
    with organisation_scope(cast.motala.pk):
        Case.objects.filter(pk=case.pk).update(confidential=True)
    far_end.usual.status = 200
    work(days=1)
    assert [one.state for one in deliveries(cast.motala)] == [DeliveryState.CANCELLED]
    assert len(far_end.heard) == 1


def test_only_what_was_asked_for_and_what_happens_from_now_on(
    cast: Cast, make_webhook: MakeWebhook, far_end: FarEnd
) -> None:
    before = factories.make_case(cast.motala).case
    webhook = make_webhook(cast.motala, events=["case.replied"])
    factories.make_case(cast.motala)
    with organisation_scope(cast.motala.pk):
        actions.reply(case_id=before.pk, text="Hej", by=cast.sara.actor)
    work()
    assert [message(heard)["type"] for heard in far_end.heard] == ["case.replied"]
    values = WebhookValues(name="Kartan", url=webhook.url, events=list(EVENTS), active=False)
    with organisation_scope(cast.motala.pk):
        change_webhook(webhook_id=webhook.pk, values=values, by=factories.TEST)
    factories.make_case(cast.motala)
    work()
    assert len(far_end.heard) == 1


def test_each_organisation_its_own(cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
    factories.make_case(cast.mjolby)
    work()
    assert far_end.heard == []
    assert deliveries(cast.mjolby) == []


def test_no_job_where_nobody_listens(motala: Organisation) -> None:
    factories.make_case(motala)
    assert not Job.objects.filter(kwargs__name__startswith="lyhord.exchange").exists()


class TestSignatures:
    """As Standard Webhooks says."""

    def test_the_vector_of_the_standard(self) -> None:
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        body = b'{"test": 2432232314}'
        assert (
            signing.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
            == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        )

    def test_signed_with_the_secret_of_the_webhook(self, cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
        factories.make_case(cast.motala)
        work()
        (heard,) = far_end.heard
        (secret,) = secrets(webhook)
        headers = heard.headers
        expected = signing.signature(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), heard.body)
        assert headers["webhook-signature"] == expected
        assert headers["webhook-id"] == signing.message_id_of(deliveries(cast.motala)[0].uid)
        assert abs(int(headers["webhook-timestamp"]) - now().timestamp()) < 600

    def test_two_secrets_for_a_day_after_a_change(self, cast: Cast, webhook: Webhook, far_end: FarEnd) -> None:
        (old,) = secrets(webhook)
        with organisation_scope(cast.motala.pk):
            change_secret(webhook_id=webhook.pk, by=factories.TEST)
            ping(webhook_id=webhook.pk, by=factories.TEST)
        work()
        heard = far_end.heard[0]
        signed = heard.headers["webhook-signature"].split(" ")
        stamp = int(heard.headers["webhook-timestamp"])
        both = secrets(again(webhook))
        assert both[1] == old
        assert signed == [signing.signature(one, heard.headers["webhook-id"], stamp, heard.body) for one in both]
        with time_machine.travel(now() + timedelta(hours=25)):
            assert secrets(again(webhook)) == both[:1]

    def test_no_secret_is_another_s(self, cast: Cast, make_webhook: MakeWebhook) -> None:
        found = {secret for _ in range(3) for secret in secrets(make_webhook(cast.motala))}
        assert len(found) == 3
