"""Reading openings: what all may see, and what waits to be read through."""

from collections.abc import Iterable

from django.db.models import Q

from lyhord.core.clock import today
from lyhord.core.tenancy import TenantQuerySet
from lyhord.engagement.models import Act, Evaluation, Opening, Step, Support
from lyhord.matters.models import Matter
from lyhord.residents.models import Account
from lyhord.residents.queries import providers

MOST_OPENINGS, MOST_ACTS, MOST_PLACES = 50, 50, 500


def public(matter: Matter) -> list[Opening]:
    """What is or was opened on a matter, those that are open first."""
    rows = list(Opening.objects.filter(matter=matter).exclude(state=Opening.State.DRAFT).order_by("pk")[:MOST_OPENINGS])
    day = today()
    return sorted(rows, key=lambda row: not row.takes(matter, day))


def public_one(opening_id: int) -> Opening | None:
    """One that all may see, with its matter."""
    rows = Opening.objects.select_related("matter").exclude(state=Opening.State.DRAFT)
    return rows.filter(pk=opening_id, matter__hidden=False, matter__merged_into__isnull=True).first()


def all_public() -> TenantQuerySet[Opening]:
    """What is or was opened, with its matter; the newest first."""
    rows = Opening.objects.exclude(state=Opening.State.DRAFT).select_related("matter")
    return rows.filter(matter__hidden=False, matter__merged_into__isnull=True).order_by("-pk")


def taking(matter_ids: Iterable[int]) -> dict[int, Opening]:
    """Of those matters that one can have one's say about now: the opening that leads there."""
    day = today()
    rows = Opening.objects.filter(matter__in=list(matter_ids), state=Opening.State.OPEN).select_related("matter")
    return {row.matter_id: row for row in rows.order_by("-pk") if row.takes(row.matter, day)}


def shown_acts(opening: Opening) -> TenantQuerySet[Act]:
    """The words that all may read, the newest first."""
    return Act.objects.filter(opening=opening, state=Act.State.SHOWN).select_related("area").order_by("-pk")


def own_choices(keys: dict[int, bytes]) -> dict[int, str]:
    """What a device chose, by opening; `keys` are those of the device at each."""
    if not keys:
        return {}
    wanted = Q()
    for opening_id, key in keys.items():
        wanted |= Q(opening_id=opening_id, key=key)
    return dict(Act.objects.filter(wanted).values_list("opening_id", "choice"))


def own_supports(keys: dict[int, bytes]) -> set[int]:
    """Which acts a device supports; `keys` are those of the device at each."""
    if not keys:
        return set()
    wanted = Q()
    for act_id, key in keys.items():
        wanted |= Q(act_id=act_id, key=key)
    return set(Support.objects.filter(wanted).values_list("act_id", flat=True))


def may_answer_formally(account: Account | None) -> bool:
    """Whether somebody vouches for who it is: a log-in by an address alone is enough only where there is no other."""
    return account is not None and not (account.by_address_alone and providers())


def waiting() -> TenantQuerySet[Act]:
    """Words that nobody has read, the oldest first."""
    rows = Act.objects.filter(state=Act.State.WAITING).select_related("opening__matter", "case")
    return rows.order_by("at", "pk")


def steps_of(matter: Matter) -> list[Step]:
    """The plan, by day."""
    return list(Step.objects.filter(matter=matter).order_by("due_on", "pk"))


def coming_steps(matter: Matter) -> list[Step]:
    """What residents can take part in later."""
    rows = Step.objects.filter(matter=matter, public=True, done_at__isnull=True, due_on__gt=today())
    return list(rows.order_by("due_on", "pk")[:10])


def evaluations_of(matter: Matter) -> dict[str, Evaluation]:
    """What was learnt, by method."""
    return {row.method: row for row in Evaluation.objects.filter(matter=matter)}
