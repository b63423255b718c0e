"""News on a device (Web Push) without a case: a matter that is followed, and an alert."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.core.actor import Actor
from lyhord.core.errors import NotFound
from lyhord.following.device_actions import watch_on_device
from lyhord.intake.abuse import FOLLOWS, too_many
from lyhord.matters import actions
from lyhord.notifications.webpush import application_server_key
from lyhord.www.api.answers import SECRET, answer
from lyhord.www.api.callers import ANYBODY, ApiRequest
from lyhord.www.api.matters import RowId, shown_matter
from lyhord.www.api.own_push import ServerKey, Subscription
from lyhord.www.api.problems import hold_back
from lyhord.www.public.guard import sender_address

router = Router(tags=["follows"], auth=ANYBODY)
RESIDENT = Actor.resident()


class DeviceWish(BaseModel):
    """The device."""

    model_config = ConfigDict(extra="forbid")

    subscription: Subscription


class MatterDeviceWish(DeviceWish):
    """The device, and how much of the matter."""

    level: Annotated[Literal[1, 3], Field(description="1: all that happens; 3: the most important only.")] = 1


class DeviceWanted(BaseModel):
    """The wish, by the token that changes and ends it: of a follow, or of an alert."""

    token: UUID


@router.get("/push", response=ServerKey, summary="The key to subscribe with, without a case")
def public_server_key(request: ApiRequest) -> HttpResponse:
    """The installation's public key (VAPID), for `PushManager.subscribe`."""
    return answer(request, ServerKey(application_server_key=application_server_key()), cache=SECRET)


@router.put("/matters/{matter_id}/push", response={201: DeviceWanted}, summary="Follow a matter on this device")
def follow_on_device(request: ApiRequest, matter_id: RowId, wanted: MatterDeviceWish) -> HttpResponse:
    """Tell this browser of what happens in the matter; again changes the level only. It ends by `DELETE /follows`."""
    found = shown_matter(request, matter_id)
    _demand(request)
    follow = actions.follow_matter_on_device(
        matter_id=found.pk, level=wanted.level, **_given(wanted.subscription), by=RESIDENT
    )
    return answer(request, DeviceWanted(token=follow.token), status=201, cache=SECRET)


@router.put("/alerts/{token}/push", response={201: DeviceWanted}, summary="The same alert on this device")
def alert_on_device(request: ApiRequest, token: UUID, wanted: DeviceWish) -> HttpResponse:
    """Tell this browser of what the alert asks for, by an alert of its own; again changes nothing."""
    _demand(request)
    profile = watch_on_device(token=token, **_given(wanted.subscription), by=RESIDENT)
    return answer(request, DeviceWanted(token=profile.token), status=201, cache=SECRET)


def _demand(request: ApiRequest) -> None:
    if not request.organisation.has("following"):
        raise NotFound
    if request.auth.key is None:
        hold_back(too_many(purpose=FOLLOWS, address=sender_address(request)))


def _given(subscription: Subscription) -> dict[str, str]:
    keys = subscription.keys
    return {
        "endpoint": subscription.endpoint,
        "key": keys.p256dh,
        "secret": keys.auth,
        "language": get_language() or "sv",
    }
