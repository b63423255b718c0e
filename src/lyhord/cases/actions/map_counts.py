"""Keeping the counts of the map small, and making them anew. They are derived: the log says nothing of them."""

from django.db import connection, transaction

from lyhord.core.tenancy import require_organisation_id

# The lock is taken before the statement that counts, so that two of these never see each other's work half done.
# Whoever changes cases only adds rows, and waits for nothing.
_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('lyhord map counts', %s))"
_COMPACT = """
with crowded as (
    select organisation_id, depth, prefix, case_type_pk, category_pk, year from cases_mapcount
    where organisation_id = %s group by 1, 2, 3, 4, 5, 6
    having count(*) > 1 or (sum(going) = 0 and sum(planned) = 0 and sum(closed) = 0)
), gone as (
    delete from cases_mapcount m using crowded k
    where (m.organisation_id, m.depth, m.prefix, m.case_type_pk, m.category_pk, m.year)
        = (k.organisation_id, k.depth, k.prefix, k.case_type_pk, k.category_pk, k.year)
    returning m.*
)
insert into cases_mapcount (organisation_id, depth, prefix, case_type_pk, category_pk, year, going, planned, closed)
select organisation_id, depth, prefix, case_type_pk, category_pk, year, sum(going), sum(planned), sum(closed)
from gone group by 1, 2, 3, 4, 5, 6 having sum(going) <> 0 or sum(planned) <> 0 or sum(closed) <> 0
"""
_REBUILD = """
with gone as (delete from cases_mapcount where organisation_id = %s)
select lyhord_count_on_map(c, 1) from cases_case c where c.organisation_id = %s and c.publication_state = 'published'
"""


@transaction.atomic
def compact_map_counts() -> None:
    """Sum the rows of each cell that has several into one, and forget cells that have become empty."""
    _run(_COMPACT, times=1)


@transaction.atomic
def rebuild_map_counts() -> None:
    """Count all published cases of the organisation anew, as after a restored or imported table.

    What is published or withdrawn meanwhile is counted too: both halves see the same moment.
    """
    _run(_REBUILD, times=2)
    _run(_COMPACT, times=1)


def _run(sql: str, *, times: int) -> None:
    organisation_id = require_organisation_id()
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [organisation_id])
        cursor.execute(sql, [organisation_id] * times)
