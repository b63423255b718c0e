"""Who is behind a session: asked by every request of somebody logged in."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db import models
from django.db.models.expressions import RawSQL

from lyhord.accounts.models import User
from lyhord.core.prepared import Prepared

# with the other organisations where the person works, as seen from the one in scope (staff.py)
_ELSEWHERE = RawSQL("lyhord_works_elsewhere(accounts_user.id)", [], output_field=models.Field())  # ours
_BY_ID = Prepared(lambda pk: User.objects.filter(pk=pk).annotate(elsewhere=_ELSEWHERE), pk=int)


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth is not typed
    """allauth's, which knows passwords and codes; named by AUTHENTICATION_BACKENDS."""

    def get_user(self, user_id: int) -> User | None:
        """The account, if it may still be used."""
        user = _BY_ID.first(pk=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
