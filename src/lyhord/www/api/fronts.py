"""Figures of the ways in: how much comes by the app, the web, the telephone; and how long it takes to file."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from lyhord.accounts.permissions import Permission
from lyhord.core.clock import today
from lyhord.core.errors import Invalid
from lyhord.intake.fronts import fronts
from lyhord.www.api.answers import Day, answer
from lyhord.www.api.callers import STAFF, ApiRequest, staff_may

router = Router(tags=["statistics"], auth=STAFF)

LONGEST = timedelta(days=366)
USUAL = timedelta(days=89)


class Channel(BaseModel):
    """What came in by one channel: "app" is the installed app, "web" a browser, "widget" a frame."""

    channel: str
    label: str
    cases: int
    share: float = Field(description="Of all cases in the period, 0 to 1.")
    timed: int = Field(description="For how many the device had counted how long it took.")
    median_seconds: int | None = Field(description="From opening the form to pressing send.")
    p90_seconds: int | None = Field(description="So long or shorter for nine of ten.")


class Channels(BaseModel):
    """The largest first."""

    first: date
    last: date
    cases: int
    items: list[Channel]


@router.get("/statistics/channels", response=Channels, summary="By which channels cases come in")
def channels(request: ApiRequest, *, first: Day = None, last: Day = None) -> HttpResponse:
    """Of the last 90 days, or of a period of at most a year. No tracking: the page counts, and sends a number."""
    staff_may(request, Permission.SEE_CASES)
    last = last or today()
    first = first or last - USUAL
    if not timedelta(0) <= last - first < LONGEST:
        raise Invalid({"first": _("Välj en period på högst ett år.")})
    items = [
        Channel(
            channel=front.channel,
            label=front.label,
            cases=front.cases,
            share=front.share,
            timed=front.timed,
            median_seconds=front.median_seconds,
            p90_seconds=front.p90_seconds,
        )
        for front in fronts(first, last)
    ]
    return answer(request, Channels(first=first, last=last, cases=sum(one.cases for one in items), items=items))
