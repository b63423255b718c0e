"""The database backend named in the settings (Django looks for `base.DatabaseWrapper` in the package)."""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, _queries
from psycopg.pq import TransactionStatus

# How psycopg has read a statement it forgets at 50 parameters, taking longer ones for the making of programs that never
# come again. Ours write all that belongs to a report at once, and come with every one (core/rows.py).
_queries.MAX_CACHED_STATEMENT_PARAMS = 200
_queries.MAX_CACHED_STATEMENT_LENGTH = 20_000


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but that it hears when settings change, and asks the socket whether a kept connection lives.

    Django sends a statement to find that out. A server that has ended says good-bye, which makes the socket readable at
    rest. Whatever makes it so, and inside a transaction, Django's question decides.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> "Connection[Any]":
        """A connection that tells of changed settings (core/kept.py)."""
        from lyhord.core.tenancy import heard  # which needs the connections to be there

        made: Connection[Any] = super().get_new_connection(conn_params)
        made.add_notice_handler(heard)
        return made

    def is_usable(self) -> bool:
        """Whether the connection can be used; asked once at the beginning of each request."""
        if self.connection is None or self.connection.closed:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        at_rest = self.connection.info.transaction_status == TransactionStatus.IDLE and not socket.poll(0)
        return at_rest or super().is_usable()
