"""Sessions in the database, as Django keeps them; reading one is a query worked out once."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from lyhord.core.clock import now
from lyhord.core.prepared import Prepared

_ALIVE = Prepared(lambda key, at: Session.objects.filter(session_key=key, expire_date__gt=at), key=str, at=datetime)


class SessionStore(db.SessionStore):
    """Named by SESSION_ENGINE."""

    def _get_session_from_db(self) -> Session | None:
        key = self._session_key or ""
        session = _ALIVE.first(key=key, at=now()) if key.isalnum() and key.isascii() else None
        if session is None:
            self._session_key = None
        return session
