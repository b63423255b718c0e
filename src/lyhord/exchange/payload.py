"""What a message says: what happened, and how the case is when it is sent. The schema is in docs/webhooks.md.

Worked out anew for each try, so that what has been taken back or become secret since then is not sent.
"""

import json
from datetime import UTC, datetime
from typing import Any

from lyhord.cases.models import Case, Publication
from lyhord.cases.states import State, open311_status
from lyhord.exchange.events import PING, PLACES, TEXTS
from lyhord.exchange.models import Delivery, Webhook
from lyhord.organisations.queries import public_url


def body_of(delivery: Delivery, webhook: Webhook) -> bytes | None:
    """The message's bytes; None when its case is secret by now, about somebody protected, or gone."""
    data: dict[str, Any] = {"organisation": webhook.organisation.slug}
    if delivery.type != PING:
        case = Case.objects.select_related("case_type", "version").filter(pk=delivery.case_id or 0).first()
        if case is None or secret(case):
            return None
        data |= {"case": _case(case, webhook), "change": delivery.change}
    message = {"type": delivery.type, "timestamp": _moment(delivery.happened_at), "data": data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def secret(case: Case) -> bool:
    """Whether nobody outside may hear anything of it."""
    return case.confidential or case.protected


def _case(case: Case, webhook: Webhook) -> dict[str, Any]:
    published = case.publication_state == Case.Published.PUBLISHED
    placed = published or PLACES in webhook.shares
    told: dict[str, Any] = {
        "number": case.number,
        "kind": case.kind,
        "type": {"code": case.case_type.code, "name": case.version.description.title("sv")},
        "state": case.state,
        "status": open311_status(State(case.state)),
        "published": published,
        "registered_at": _moment(case.registered_at),
        "changed_at": _moment(case.changed_at),
        "closed_at": _moment(case.closed_at) if case.closed_at else None,
        "lat": case.lat if placed else None,
        "long": case.lon if placed else None,
        "url": public_url(webhook.organisation, f"/arenden/{case.number}/") if published else None,
        "api_url": public_url(webhook.organisation, f"/open311/v2/requests/{case.number}.json"),
    }
    if TEXTS in webhook.shares:
        shown = Publication.objects.filter(case=case).first() if published else None
        told["texts"] = {"title": shown.title, "text": shown.text, "answer": shown.answer} if shown else None
    return told


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
