"""Who is behind a session: asked by every request of somebody logged in."""

from allauth.account.auth_backends import AuthenticationBackend

from lyhord.accounts.models import User
from lyhord.core.prepared import Prepared

_BY_ID = Prepared(lambda pk: User.objects.filter(pk=pk), pk=int)


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth is not typed
    """allauth's, which knows passwords and codes; named by AUTHENTICATION_BACKENDS."""

    def get_user(self, user_id: int) -> User | None:
        """The account, if it may still be used."""
        user = _BY_ID.first(pk=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
