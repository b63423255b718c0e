"""An address that hears from us, by the token in every message to it: what it hears of, how often, and no more."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.cases import actions
from lyhord.cases.ways import shy_address
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, NotFound
from lyhord.following.queries import of_contact, profiles_of
from lyhord.notifications.contact_actions import ask_again, change_contact, verify
from lyhord.notifications.models import Contact as ContactRow
from lyhord.notifications.models import Rhythm
from lyhord.notifications.proof import is_proof
from lyhord.notifications.queries import contact_by_token
from lyhord.www.api.answers import SECRET, answer, nothing
from lyhord.www.api.callers import ANYBODY, ApiRequest
from lyhord.www.public.contact import MOST, described

router = Router(tags=["follows"], auth=ANYBODY)
RESIDENT = Actor.resident()

FollowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class Preferences(BaseModel):
    """How often, whether at night, in which language."""

    model_config = ConfigDict(extra="forbid")

    rhythm: Rhythm
    quiet: Annotated[bool, Field(description="Nothing between 21 and 7.")]
    language: Annotated[str, Field(max_length=10)]
    news_rhythm: Annotated[
        Rhythm | None, Field(description="How often of decisions; as before when it is left out.")
    ] = None


class Heard(BaseModel):
    """Something that the address hears of: its own case, by its number only, or one that others may read."""

    id: int
    own: bool
    number: str
    title: str


class AlertHeard(BaseModel):
    """An alert, and the token of its address."""

    name: str
    token: UUID


class ContactChoices(BaseModel):
    """The address and what it has chosen."""

    address: str = Field(description="As much of it as its owner needs to know it.")
    rhythm: Rhythm
    news_rhythm: Rhythm = Field(description="How often of decisions: alerts, and matters that are followed.")
    quiet: bool
    language: str
    paused_at: datetime | None = Field(description="Since when it has taken nothing in.")
    follows: list[Heard] = Field(description="Newest first, at most 200.")
    alerts: list[AlertHeard] = Field(description="Standing interests.")


class Proof(BaseModel):
    """What stood in the message that asked whether the address works."""

    model_config = ConfigDict(extra="forbid")

    proof: Annotated[str, Field(max_length=300)]


@router.get("/contacts/{token}", response=ContactChoices, summary="What an address hears of")
def contact(request: ApiRequest, token: UUID) -> HttpResponse:
    """Reading changes nothing."""
    return answer(request, _shown(_found(token)), cache=SECRET)


@router.put("/contacts/{token}", response=ContactChoices, summary="How often an address hears from us")
def prefer(request: ApiRequest, token: UUID, wanted: Preferences) -> HttpResponse:
    """Choose how often, whether at night, and in which language."""
    if wanted.language not in request.organisation.languages:
        raise Invalid({"language": _("Välj något i listan.")})
    changed = change_contact(contact_id=_found(token).pk, **wanted.model_dump(), by=RESIDENT)
    return answer(request, _shown(changed), cache=SECRET)


@router.delete("/contacts/{token}", response={204: None}, summary="No more of anything")
def stop_all(request: ApiRequest, token: UUID) -> HttpResponse:
    """Send nothing more to the address; again changes nothing."""
    actions.stop_all_following(contact=_found(token), by=RESIDENT)
    return nothing()


@router.delete("/contacts/{token}/follows/{follow_id}", response={204: None}, summary="No more of one thing")
def stop_one(request: ApiRequest, token: UUID, follow_id: FollowId) -> HttpResponse:
    """Tell the address of this no more."""
    follow = of_contact(_found(token)).filter(pk=follow_id).first()
    if follow is None:
        raise NotFound
    actions.stop_following(token=follow.token, by=RESIDENT)
    return nothing()


@router.post("/contacts/{token}/wake", response={204: None}, summary="Try a paused address again")
def wake(request: ApiRequest, token: UUID) -> HttpResponse:
    """Ask an address that took nothing in whether it works again; once a day at most."""
    ask_again(contact_id=_found(token).pk, by=RESIDENT)
    return nothing()


@router.put("/contacts/{token}/works", response=ContactChoices, summary="The address works again")
def works(request: ApiRequest, token: UUID, given: Proof) -> HttpResponse:
    """Say so, with what stood in the message that asked; what was missed is sent. 404 for any other proof."""
    found = _found(token)
    if found.paused_at is None or not is_proof(found, given.proof):
        raise NotFound
    return answer(request, _shown(verify(contact_id=found.pk, by=RESIDENT)), cache=SECRET)


def _found(token: UUID) -> ContactRow:
    found = contact_by_token(token)
    if found is None:
        raise NotFound
    return found


def _shown(found: ContactRow) -> ContactChoices:
    follows = described(list(of_contact(found)[:MOST]))
    return ContactChoices(
        address=shy_address(found),
        rhythm=Rhythm(found.rhythm),
        news_rhythm=Rhythm(found.news_rhythm),
        quiet=found.quiet,
        language=found.language,
        paused_at=found.paused_at,
        follows=[
            Heard(id=row["id"], own=row["own"], number=row.get("number", ""), title=row.get("title", ""))
            for row in follows
        ],
        alerts=[AlertHeard(name=one.name, token=one.token) for one in profiles_of(found)],
    )
