"""The member of staff behind a request, and what they may do here."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from lyhord.accounts.models import Membership, User
from lyhord.accounts.permissions import Permission
from lyhord.core.actor import Actor
from lyhord.core.errors import NotAllowed
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.models import Unit


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works in this organisation."""

    user: User
    role: str
    permissions: frozenset[Permission]
    unit_ids: frozenset[int]  # own units and all below them

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
        return self.user.actor


def staff_of(user: User) -> Staff | None:
    """What the person is in the organisation of this scope; None when they do not work here."""
    membership = Membership.objects.filter(user=user, active=True, user__is_active=True).first()
    if membership is None or not membership.permissions:
        return None
    own = set(membership.in_units.values_list("unit_id", flat=True))
    units = Unit.objects.all().tree_ids(own) if own else set()
    return Staff(user, membership.role, membership.permissions, frozenset(units))


class StaffRequest(OrganisationRequest):
    """A request by somebody who works here."""

    staff: Staff


type StaffView[**P] = Callable[Concatenate[StaffRequest, P], HttpResponseBase]


def requires[**P](permission: Permission) -> Callable[[StaffView[P]], Callable[..., HttpResponseBase]]:
    """Only for staff whose role allows it: others are asked to log in; staff without the right get 403."""

    def wrap(view: StaffView[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            staff: Staff | None = getattr(request, "staff", None)
            if staff is None:
                if request.user.is_authenticated:
                    raise NotAllowed
                response: HttpResponse = redirect_to_login(request.get_full_path())
                return response
            staff.demand(permission)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # staff is set: it is a StaffRequest

        checked.permission = permission  # type: ignore[attr-defined]  # read by the test that walks all addresses
        return checked

    return wrap
