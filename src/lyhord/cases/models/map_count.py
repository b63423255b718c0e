"""How many published cases lie where: counted as they change, so that no map and no heat map counts them one by one."""

from django.db import models
from django.db.models import F, Q

from lyhord.core.tenancy import TenantQuerySet
from lyhord.organisations.models import TenantModel


class MapCount(TenantModel):
    """A change to a count: rows of one key are summed. Whoever changes cases adds rows and never waits for another.

    Written by a trigger on the cases (migration "map counts"), in the transaction that changed the case; the rows of a
    key become one each night (actions.compact_map_counts). Without foreign keys, since it is derived from the cases.

    Every change is counted twice: for its type, category and year, and for the whole cell (TOTAL in all three), which
    is what nearly every map asks for: one row of a cell instead of one for each sort of case that lies there.
    """

    TOTAL = 0

    depth = models.SmallIntegerField()  # one of map_counts.LEVELS
    prefix = models.BigIntegerField()  # the Morton cell, shifted to that depth
    case_type_pk = models.BigIntegerField()
    category_pk = models.BigIntegerField()  # 0: none
    year = models.SmallIntegerField()  # when they came in, by the organisation's clocks; TOTAL: of all
    going = models.IntegerField(default=0)  # open, but not planned
    planned = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)

    objects = TenantQuerySet["MapCount"].as_manager()

    class Meta:
        indexes = [
            models.Index(F("organisation"), F("depth"), F("prefix"), condition=Q(year__gt=0), name="map_count_cells"),
            models.Index(
                F("organisation"),
                F("depth"),
                F("prefix"),
                condition=Q(year=0),
                include=("going", "planned", "closed"),
                name="map_count_totals",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.depth}/{self.prefix}"
