"""What has gone to and fro between a case and the case systems, for those who may see the case."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.accounts.staff import Staff
from lyhord.cases.models import Case
from lyhord.core.kept import kept
from lyhord.core.tenancy import TenantQuerySet
from lyhord.exchange.adapter import ADAPTERS
from lyhord.exchange.models import ChangeKind, ChangeState, Incoming, Link, Outgoing, System

MOST = 100
PAGE = 50

KIND_LABELS: dict[ChangeKind, Promise] = {
    ChangeKind.CREATE: _("Ärendet"),
    ChangeKind.PUBLIC: _("Svar"),
    ChangeKind.RESIDENT: _("Det invånaren skrev"),
    ChangeKind.INTERNAL: _("Intern anteckning"),
    ChangeKind.STATE: _("Läge"),
    ChangeKind.OWNER: _("Handläggare"),
}
STATE_LABELS: dict[ChangeState, Promise] = {
    ChangeState.WAITING: _("Väntar"),
    ChangeState.SENT: _("Framme"),
    ChangeState.FAILED: _("Kom inte fram"),
    ChangeState.CANCELLED: _("Stoppat"),
    ChangeState.OVERTAKEN: _("Inaktuellt: ändrat senare där"),
}
OUTCOME_LABELS: dict[Incoming.Outcome, Promise] = {
    Incoming.Outcome.APPLIED: _("Infört här"),
    Incoming.Outcome.NOTHING: _("Ändrade inget här"),
    Incoming.Outcome.OVERTAKEN: _("Inaktuellt: ändrat senare här"),
    Incoming.Outcome.REFUSED: _("Gick inte att göra här"),
}


def any_systems() -> bool:
    """Whether the organisation has any case system at all, on or off: mostly not, and then nothing is asked."""
    return kept("any case systems", System.objects.exists)


@dataclass(frozen=True, slots=True)
class Passed:
    """One thing that went there, or came from there."""

    at: datetime
    kind: ChangeKind
    value: str
    out: Outgoing | None = None
    came: Incoming | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """A case in one case system, and what has passed, newest first. With `cut` there is more than is shown."""

    link: Link
    label: str
    page: str
    passed: list[Passed]
    failed: Outgoing | None
    waiting: int
    cut: bool


def linked(case: Case) -> list[Linked]:
    """The case systems that have the case or are to get it; three queries, and none where there are no systems."""
    if not any_systems():
        return []
    links = list(Link.objects.filter(case=case).select_related("system").order_by("pk"))
    if not links:
        return []
    out = list(Outgoing.objects.filter(link__in=links).exclude(state=ChangeState.ECHO).order_by("-pk")[: MOST + 1])
    came = list(Incoming.objects.filter(link__in=links).order_by("-pk")[: MOST + 1])
    return [_linked(link, out, came) for link in links]


def _linked(link: Link, out: list[Outgoing], came: list[Incoming]) -> Linked:
    mine = [row for row in out if row.link_id == link.pk]
    passed = [Passed(row.sent_at or row.happened_at, ChangeKind(row.kind), row.value, out=row) for row in mine]
    passed += [
        Passed(row.received_at, ChangeKind(row.kind), row.value, came=row) for row in came if row.link_id == link.pk
    ]
    failed = [row for row in mine if row.state == ChangeState.FAILED]
    adapter = ADAPTERS.find(link.system.adapter)
    return Linked(
        link=link,
        label=f"{link.system.name} #{link.remote_id}" if link.remote_id else link.system.name,
        page=adapter.page(link.system.settings, link.remote_id) if adapter and link.remote_id else "",
        passed=sorted(passed, key=lambda one: one.at, reverse=True)[:MOST],
        failed=failed[-1] if failed else None,
        waiting=sum(row.state == ChangeState.WAITING for row in mine),
        cut=len(out) > MOST or len(came) > MOST,
    )


@dataclass(frozen=True, slots=True)
class DeadPage:
    """One page of what did not come there, newest first; `next_before` is the `before` of the next."""

    rows: list[Outgoing]
    next_before: int | None


def dead(staff: Staff, *, before: int | None = None) -> DeadPage:
    """What did not come there for good, of the cases that the person may see."""
    found = _dead(staff).select_related("link__system", "link__case").order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    return DeadPage(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def one_change(staff: Staff, change_id: int) -> Outgoing | None:
    """A change that goes to a case system, of a case that the person may see."""
    visible = Outgoing.objects.filter(link__case__in=Case.objects.visible_to(staff))
    return visible.filter(pk=change_id).first()


def dead_count(staff: Staff, most: int) -> int:
    """How many there are, `most` at most."""
    return len(_dead(staff).values_list("pk", flat=True)[:most]) if any_systems() else 0


def _dead(staff: Staff) -> TenantQuerySet[Outgoing]:
    return Outgoing.objects.filter(state=ChangeState.FAILED, link__case__in=Case.objects.visible_to(staff))
