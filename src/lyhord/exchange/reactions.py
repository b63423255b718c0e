"""An event of a case becomes a message to each webhook that wants it."""

from datetime import timedelta

from lyhord.audit.models import Event
from lyhord.audit.reactions import reacts_to
from lyhord.cases.models import Case
from lyhord.core.clock import now
from lyhord.core.rows import insert
from lyhord.exchange import lanes, letters, outbox
from lyhord.exchange.events import CHANGES, EVENTS
from lyhord.exchange.lanes import Turn
from lyhord.exchange.models import Delivery, Webhook
from lyhord.exchange.payload import secret
from lyhord.exchange.queries import has_webhooks
from lyhord.exchange.systems import has_systems
from lyhord.exchange.tasks import push_turn, turn

LOOK_BACK = timedelta(hours=1)


@reacts_to(*EVENTS, when=has_webhooks)
def write_messages(event: Event) -> None:
    """Write the messages of this event, and of the case's earlier ones whose own turn has not come yet.

    Reactions run in any order; so that messages do not, whoever is first writes those before it too.
    """
    case = Case.objects.filter(pk=event.subject_id).first()
    if case is None or secret(case):
        return
    events = list(
        Event.objects.about("case", case.pk).filter(
            pk__lte=event.pk, at__gte=event.at - LOOK_BACK, verb__in=list(EVENTS)
        )
    )
    for webhook in Webhook.objects.filter(active=True, started_at__lte=event.at).order_by("pk"):
        wanted = [one for one in events if one.verb in webhook.events and one.at >= webhook.started_at]
        _write(webhook, case, wanted)


def _write(webhook: Webhook, case: Case, wanted: list[Event]) -> None:
    known = set(Delivery.objects.filter(webhook=webhook, case_id=case.pk).values_list("event_id", flat=True))
    for event in wanted:
        delivery = Delivery(
            organisation_id=webhook.organisation_id,
            webhook=webhook,
            type=event.verb,
            event_id=event.pk,
            case_id=case.pk,
            number=case.number,
            happened_at=event.at,
            change={key: event.data[key] for key in CHANGES.get(event.verb, ()) if key in event.data},
            created_at=now(),
        )
        if event.pk in known or not insert(delivery, unless_taken=("organisation_id", "webhook_id", "event_id")):
            continue
        if not webhook.paused_at and lanes.is_first(delivery):
            turn(webhook.organisation_id, Turn(delivery.pk))


@reacts_to("case.party_wrote", when=has_systems)
def take_answer(event: Event) -> None:
    """What somebody to whom the case went by mail has answered."""
    push_turn(event.organisation_id, letters.take(event.subject_id, event.data["message"], event.data["address"]))


@reacts_to(*outbox.VERBS, when=has_systems)
def write_changes(event: Event) -> None:
    """Write what the case systems are to do because of this event."""
    case = Case.objects.select_related("case_type").filter(pk=event.subject_id).first()
    if case is not None:
        push_turn(event.organisation_id, outbox.write(case, event))
