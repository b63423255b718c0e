"""What must be there before some forms can be sent with success: a log-in, and codes that have come."""

import re
from datetime import timedelta

from django.test import Client

from lyhord.cases import actions
from lyhord.cases.models import CaseType, CaseTypeVersion, RuleSet
from lyhord.collaboration import actions as collaboration
from lyhord.collaboration.models import Group
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange.actions import WebhookValues, add_webhook, ping
from lyhord.exchange.models import Delivery, DeliveryState, Webhook
from lyhord.matters import actions as matters
from lyhord.notifications.contact_actions import contact_for
from lyhord.notifications.models import Notice, OneTimeCode
from lyhord.notifications.one_time import send_code
from lyhord.residents.actions import PURPOSE, log_in
from lyhord.www.public.resident import COOKIE
from tests import factories
from tests.www.desk.conftest import browser
from tests.www.plant import Planted

ADDRESS, PHONE = "zxskrivet@skrivet.example", "070-123 45 67"
"""What people write where they are asked for an address or a number (filling.py)."""


def resident(planted: Planted) -> Client:
    """The browser of somebody who has reported something and logged in."""
    address = f"namn@{planted.mark}.example"
    with organisation_scope(planted.organisation.pk):
        contact = contact_for(sender="email", address=address, language="sv")
        token = log_in(issuer="", subject=f"contact {contact.pk}", contact=contact, by=factories.TEST)
    client = browser()
    client.cookies[COOKIE] = token
    return client


def send_codes(planted: Planted) -> None:
    """The codes that the forms for them ask for, by the form's name; they hold for as long as a test may take."""
    with organisation_scope(planted.organisation.pk):
        contact = contact_for(sender="email", address=ADDRESS, language="sv")
        send_code(contact=contact, purpose=PURPOSE, by=factories.TEST)
        planted.codes["public:log_in_code"] = _newest()
        actions.follow_case(
            case_id=planted.ids["case_id"], sender="pager", address=PHONE, language="sv", by=factories.TEST
        )
        planted.codes["public:case_follow_code"] = _newest()
        matters.follow_matter(
            matter_id=planted.ids["matter_id"], sender="pager", address=PHONE, language="sv", level=3, by=factories.TEST
        )
        planted.codes["public:matter_follow_code"] = _newest()
        OneTimeCode.objects.update(created_at=now() + timedelta(days=1))


def make_ready(planted: Planted) -> None:
    """What some forms are about: drafts, earlier versions, what has failed, what waits for a yes."""
    neighbours = [factories.make_organisation(f"zxfraga{n}", name=f"Frågande kommun {n}") for n in (1, 2)]
    collaboration.gather(name="Inbjudan", members=neighbours, by=factories.TEST)
    with organisation_scope(neighbours[0].pk):
        theirs = Group.objects.get()
        collaboration.invite(group_id=theirs.pk, organisation=planted.organisation, by=factories.TEST)
    with organisation_scope(planted.organisation.pk):
        empty = factories.make_unit("zxtom", "Tom enhet")
        case_type = _versions()
        _rules()
        webhook, failed = _failed()
        asked = actions.follow_case(
            case_id=planted.ids["case_id"], address="zxny@skrivet.example", language="sv", by=factories.TEST
        )
    planted.pages += [
        "/desk/?vy=ofordelat",
        f"/folj/{asked.token}/",
        f"/installningar/enheter/{empty.pk}/",
        *(f"/installningar/arendetyper/{case_type.pk}/version/{number}/" for number in (1, 3)),
        f"/installningar/webhooks/{webhook.pk}/",
        f"/installningar/webhooks/meddelande/{failed.pk}/",
    ]


def _versions() -> CaseType:
    """A type with an earlier version, one that holds, and a draft."""
    case_type = factories.make_type("zxandrad", "fraga", "Ändrad sort")
    first = case_type.current
    assert first is not None
    for number, at in ((2, now()), (3, None)):
        made = CaseTypeVersion.objects.create(
            case_type=case_type, number=number, content=first.content, created_at=now(), published_at=at
        )
        if at:
            case_type.point_to(made)
            case_type.save()
    return case_type


def _rules() -> None:
    """Rules that hold, and a draft of others."""
    rules = RuleSet.objects.order_by("-number")[0].rules
    for number, at in ((2, now()), (3, None)):
        RuleSet.objects.create(number=number, rules=rules, created_at=now(), published_at=at)


def _failed() -> tuple[Webhook, Delivery]:
    """Another system that has not answered for long."""
    values = WebhookValues(name="Tyst system", url="https://tyst.example/hook", events=["case.registered"])
    webhook = add_webhook(values=values, by=factories.TEST)
    sent = ping(webhook_id=webhook.pk, by=factories.TEST)
    Delivery.objects.filter(pk=sent.pk).update(state=DeliveryState.FAILED, next_try_at=None)
    Webhook.objects.filter(pk=webhook.pk).update(paused_at=now())
    return webhook, sent


def _newest() -> str:
    [digits] = re.findall(r"\b\d{6}\b", Notice.objects.filter(kind="code").latest("pk").body)
    return str(digits)
