"""The member of staff behind a request, and what they may do here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from lyhord.accounts.models import User
from lyhord.accounts.once import done_once
from lyhord.accounts.permissions import Permission
from lyhord.accounts.roles import ROLES
from lyhord.core.actor import Actor
from lyhord.core.errors import LyhordError, NotAllowed
from lyhord.core.kept import kept
from lyhord.organisations.middleware import OrganisationRequest


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works in this organisation."""

    user: User
    role: str
    permissions: frozenset[Permission]
    unit_ids: frozenset[int]  # own units and all below them
    elsewhere: tuple[int, ...] = ()  # ids of the other organisations where the person works
    via: str = ""  # what they came by, where it was no page of ours

    def may(self, permission: Permission) -> bool:
        """Whether the role allows it."""
        return permission in self.permissions

    def demand(self, permission: Permission) -> None:
        """NotAllowed unless the role allows it."""
        if permission not in self.permissions:
            raise NotAllowed

    @property
    def actor(self) -> Actor:
        """As the one who acts."""
        return replace(self.user.actor, via=self.via) if self.via else self.user.actor


_WORK = """
select role, array(
    with recursive tree as (
        select unit_id from accounts_membershipunit where membership_id = member.id
        union
        select unit.id from organisations_unit unit join tree on unit.parent_id = tree.unit_id
    )
    select unit_id from tree
)
from accounts_membership member join accounts_user person on person.id = member.user_id
where person.id = %s and person.is_active and active
"""


def staff_of(user: User, *, via: str = "") -> Staff | None:
    """What the person is in the organisation of this scope; None when they do not work here."""
    work = kept(("work", user.pk), lambda: _one(_WORK, user.pk))
    role = ROLES.get(work[0]) if work else None  # None, too, when this version of the code has no such role
    if role is None or not role.permissions:
        return None
    # which comes with the account, where that was read for a session (backend.py)
    elsewhere = user.elsewhere if hasattr(user, "elsewhere") else _one("select lyhord_works_elsewhere(%s)", user.pk)[0]
    return Staff(user, role.slug, role.permissions, frozenset(work[1]), tuple(elsewhere or ()), via)


def _one(sql: str, user_id: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, [user_id])
        return cursor.fetchone()


class StaffRequest(OrganisationRequest):
    """A request by somebody who works here."""

    staff: Staff


type StaffView[**P] = Callable[Concatenate[StaffRequest, P], HttpResponseBase]


class LoggedOut(LyhordError):
    """A form came from somebody whose session has ended: www/kept.py keeps what they wrote."""

    def __init__(self) -> None:
        super().__init__(_("Du har blivit utloggad. Det du skrev är inte skickat."), "logged_out")


def requires[**P](
    permission: Permission, *, by_script: bool = False
) -> Callable[[StaffView[P]], Callable[..., HttpResponseBase]]:
    """Only for staff whose role allows it: others are asked to log in; staff without the right get 403.

    A form that comes after the session has ended raises LoggedOut, so that what it holds can be kept; one that comes
    twice is done once. Neither is so for what scripts send on their own (`by_script`).
    """

    def wrap(view: StaffView[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            staff: Staff | None = getattr(request, "staff", None)
            if staff is None:
                if request.user.is_authenticated:
                    raise NotAllowed
                if request.method == "POST" and not by_script:
                    raise LoggedOut
                response: HttpResponse = redirect_to_login(request.get_full_path())
                return response
            staff.demand(permission)

            def do() -> HttpResponseBase:
                return view(request, *args, **kwargs)  # type: ignore[arg-type]  # staff is set: it is a StaffRequest

            return done_once(request, do, by=staff.actor) if request.method == "POST" and not by_script else do()

        checked.permission = permission  # type: ignore[attr-defined]  # read by the test that walks all addresses
        return checked

    return wrap
