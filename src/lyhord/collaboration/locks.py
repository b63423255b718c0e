"""Who may change a group, and who may use it, at the same time.

Every organisation has a copy of the group. All copies say the same, because whoever changes one changes all of them,
alone. These locks are always taken before any row is.
"""

from uuid import UUID

from django.db import connection


def alone_with(uid: UUID) -> None:
    """Wait until nobody uses or changes the group, and keep others from it until the transaction ends."""
    _lock("select pg_advisory_xact_lock(hashtextextended(%s, 0))", uid)


def together_in(uid: UUID) -> None:
    """Let nobody change who is in the group until the transaction ends; others may use it too."""
    _lock("select pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", uid)


def _lock(sql: str, uid: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [f"lyhord group {uid}"])
