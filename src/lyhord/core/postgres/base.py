"""The database backend named in the settings (Django looks for `base.DatabaseWrapper` in the package)."""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but that it asks the socket whether a kept connection lives, where Django sends a statement.

    A server that has ended says good-bye, which makes the socket readable at rest. Whatever makes it so, and inside a
    transaction, Django's question decides.
    """

    def is_usable(self) -> bool:
        """Whether the connection can be used; asked once at the beginning of each request."""
        if self.connection is None or self.connection.closed:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        at_rest = self.connection.info.transaction_status == TransactionStatus.IDLE and not socket.poll(0)
        return at_rest or super().is_usable()
