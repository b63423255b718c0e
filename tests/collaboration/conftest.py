"""Two municipalities in a group, and one in another."""

from dataclasses import dataclass

import pytest

from lyhord.collaboration import actions
from lyhord.collaboration.models import Group, PoolEntry
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast


@dataclass
class Neighbours:
    """Who shares a queue with whom: Motala and Mjölby do; Vadstena and Ödeshög have one of their own."""

    motala: Organisation
    mjolby: Organisation
    vadstena: Organisation
    odeshog: Organisation


@pytest.fixture
def neighbours(cast: Cast) -> Neighbours:
    vadstena, odeshog = (factories.make_organisation(slug) for slug in ("vadstena", "odeshog"))
    actions.gather(name="Östra", members=[cast.motala, cast.mjolby], by=factories.TEST)
    actions.gather(name="Västra", members=[vadstena, odeshog], by=factories.TEST)
    return Neighbours(cast.motala, cast.mjolby, vadstena, odeshog)


def ask(organisation: Organisation, case_id: int, *, contact: bool = False, text: str = "En lampa är släckt.") -> None:
    """Put a case of the organisation in the queue of its first group."""
    with organisation_scope(organisation.pk):
        group = Group.objects.order_by("pk")[0]
        actions.offer(
            case_id=case_id,
            group_id=group.pk,
            reason="Vägen är er.",
            title="Släckt lampa",
            text=text,
            contact=contact,
            by=factories.TEST,
        )


def entries(organisation: Organisation) -> list[PoolEntry]:
    """All that has come to the organisation's queue, oldest first."""
    with organisation_scope(organisation.pk):
        return list(PoolEntry.objects.select_related("giver", "taker", "group").order_by("pk"))
