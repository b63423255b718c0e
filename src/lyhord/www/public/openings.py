"""Openings in the words of residents: what is asked, how one answers, and what it came to."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from lyhord.core.clock import today
from lyhord.engagement import queries
from lyhord.engagement.mechanism import MECHANISMS
from lyhord.engagement.models import Act, Influence, Opening
from lyhord.engagement.results import counts, shown_count, supports, tally
from lyhord.engagement.sameness import genuine_device, key_of, new_device
from lyhord.matters.models import Matter
from lyhord.organisations.middleware import OrganisationRequest

COOKIE = "lyhord_device"
INFLUENCE = {
    Influence.CHANGED: gettext_lazy("Det ändrade förslaget."),
    Influence.PARTLY: gettext_lazy("Det ändrade en del av förslaget."),
    Influence.NOT: gettext_lazy("Det ändrade inte förslaget."),
}


def device_of(request: OrganisationRequest) -> str:
    """What the browser's cookie says; "" for nearly everybody, of whom nothing is looked up."""
    return genuine_device(request.COOKIES.get(COOKIE, ""))


def box(request: OrganisationRequest, matter: Matter, *, back: str = "") -> dict[str, Any] | None:
    """The part of a matter's page where one has one's say; None where the organisation has not turned it on.

    `back` is where one comes after a press: "beslut" for the matter's own page.
    """
    if not request.organisation.has("engagement"):
        return None
    found = queries.public(matter)
    steps = queries.coming_steps(matter)
    if not found and not steps:
        return None
    return {"rows": rows(request, matter, found), "steps": steps, "device": new_device(), "back": back}


def rows(request: OrganisationRequest, matter: Matter, found: list[Opening]) -> list[dict[str, Any]]:
    """Openings of a matter for public/openings.html."""
    known = [opening for opening in found if MECHANISMS.find(opening.mechanism)]
    by_opening = counts([opening.pk for opening in known])
    device = device_of(request)
    keys = {opening.pk: key_of(opening.pk, "device", device) for opening in known} if device else {}
    own = queries.own_choices(keys)
    return [row(opening, matter, by_opening.get(opening.pk, {}), own.get(opening.pk, "")) for opening in known]


def row(opening: Opening, matter: Matter, by_choice: dict[str, int], own: str) -> dict[str, Any]:
    """One opening."""
    mechanism = MECHANISMS.get(opening.mechanism)
    choices = mechanism.choices(opening.settings)
    day = today()
    return {
        "pk": opening.pk,
        "url": reverse("public:opening", args=[matter.pk, opening.pk]),
        "question": opening.question,
        "text": opening.text,
        "label": mechanism.label,
        "icon": mechanism.icon,
        "button": mechanism.button,
        "open": opening.takes(matter, day),
        "soon": opening.opens_on if opening.state == Opening.State.OPEN and _ahead(opening, day) else None,
        "closes_on": opening.closes_on,
        "formal": opening.formal,
        "by_choice": mechanism.by_choice,
        "choices": choices,
        "own": next((one.label for one in choices if one.code == own), ""),
        "tally": tally(opening, by_choice) if mechanism.by_choice else None,
        "said": None if mechanism.by_choice else shown_count(sum(by_choice.values())),
        "outcome": opening.outcome,
        "influence": INFLUENCE[Influence(opening.influence)] if opening.influence else "",
        "outcome_at": opening.outcome_at,
    }


def _ahead(opening: Opening, day: Any) -> bool:
    return opening.opens_on is not None and opening.opens_on > day


def acts(found: list[Act], *, supported: bool, device: str = "") -> list[dict[str, Any]]:
    """Words that are shown, with how many support them, and whether this device does."""
    agreed = supports([act.pk for act in found]) if supported else {}
    keys = (
        {act.pk: key_of(act.opening_id, f"support {act.pk}", device) for act in found} if device and supported else {}
    )
    own = queries.own_supports(keys)
    return [
        {
            "pk": act.pk,
            "text": act.shown_text,
            "language": act.language,
            "at": act.at,
            "answer": act.answer,
            "place": act.place_text or (act.area.name if act.area else ""),
            "own": act.pk in own,
            "supports": shown_count(agreed.get(act.pk, 0)),
        }
        for act in found
    ]
