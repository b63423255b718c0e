"""A case is handed over to whoever is responsible: a road owner, another municipality, by whatever system they have.

Nothing goes there by itself: somebody reads what would go, and says so. It stays ours to follow: what they answer comes
back to the resident as from any case system, and the resident is told who has it now.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lyhord.audit.actions import record
from lyhord.cases.actions import reply
from lyhord.cases.actions.changes import lock
from lyhord.cases.models import Case, Document, Photo
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, NotFound, Text
from lyhord.core.kept import kept
from lyhord.exchange import inbox, lanes, systems, wording
from lyhord.exchange.adapter import ADAPTERS
from lyhord.exchange.models import ChangeKind, Link, Outgoing, System
from lyhord.exchange.payload import secret
from lyhord.exchange.tasks import push_turn

PART = "handover"


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go, and what would not."""

    system: System
    queue_label: str
    queue: str
    title: str
    text: str
    placed: bool
    photos: int
    others: int
    stays: list[Text]
    """Sentences about what they will not see, or not be able to do."""


def hands_over() -> bool:
    """Whether there is anybody to hand over to: each open case's page asks, and mostly the answer is no."""
    return kept("handover", lambda: any(one.mapping.get(PART) for one in System.objects.filter(active=True)))


def takers(case: Case) -> list[System]:
    """Those who can be given the case, and do not have it."""
    have = set(Link.objects.filter(case=case).values_list("system_id", flat=True))
    found = System.objects.filter(active=True).exclude(pk__in=have).order_by("name", "pk")
    return [one for one in found if systems.handed_queue(one, case)]


def hindrance(case: Case) -> Text | None:
    """Why a case cannot be handed over."""
    if secret(case):
        return _("Ärendet är skyddat eller sekretessbelagt. Det lämnar inte kommunen härifrån.")
    return None if case.open else _("Ärendet är avslutat. Öppna det igen först.")


def preview(case: Case, system: System) -> Preview:
    """How the case would come there."""
    adapter = ADAPTERS.get(system.adapter)
    stays: list[Text] = [_("Vem som hörde av sig och hur hen nås lämnas inte ut.")]
    if ChangeKind.INTERNAL not in adapter.takes:
        stays.append(_("Interna anteckningar stannar här."))
    documents = Document.objects.filter(case=case, message=None).count()
    if documents and not adapter.carries_documents:
        stays.append(_("Andra filer än bilder stannar här."))
    return Preview(
        system=system,
        queue_label=str(adapter.queue_label),
        queue=systems.handed_queue(system, case),
        title=wording.title_of(case),
        text=wording.text_of(case),
        placed=case.lat is not None,
        photos=Photo.objects.filter(case=case, message=None).count(),
        others=documents if adapter.carries_documents else 0,
        stays=stays,
    )


@transaction.atomic
def hand_over(*, case_id: int, system_id: int, message: str, by: Actor, revision: int | None = None) -> Link:
    """Send the case there from now on, and tell the resident who has it. Pressed twice it is once: Conflict.

    Raises Invalid when there is no message to the resident; with `revision`, Conflict when the case has changed since.
    """
    case = lock(case_id, revision=revision)
    system = System.objects.filter(pk=system_id, active=True).first()
    if system is None or not systems.handed_queue(system, case):
        raise NotFound
    if problem := hindrance(case):
        raise Conflict(problem)
    link, made = Link.objects.get_or_create(
        organisation_id=system.organisation_id, system=system, case=case, defaults={"created_at": now()}
    )
    if not made:
        raise Conflict(_("Ärendet är redan lämnat dit."))
    Outgoing.objects.create(link=link, kind=ChangeKind.CREATE, happened_at=now())
    before = inbox.last_event(link)
    told = {"system": system.name}
    record(verb="case.handed_over", subject_type="case", subject_id=case.pk, by=by, data=told, level=1)
    reply(case_id=case.pk, text=message, by=by)
    inbox.echo(link, before, by)  # they need not be told that they have it
    push_turn(system.organisation_id, lanes.next_turn(link))
    return link
