"""Alerts about decisions and published cases: asked for, tried on what has been, confirmed, changed and ended.

All but the asking is by the token in the mail.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.core.actor import Actor
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.core.text import clean_text
from lyhord.following import profile_actions
from lyhord.following.feed import Told, of_profile, silenced, would_have_been
from lyhord.following.models import Profile
from lyhord.following.queries import is_too_late, profile_by_token
from lyhord.following.rule import LONGEST_M, SHORTEST_M, Circle, Rule, check
from lyhord.intake.abuse import FOLLOWS, too_many
from lyhord.matters.topics import topics
from lyhord.places.queries import areas_to_choose
from lyhord.www.api.answers import OPEN, SECRET, answer, nothing
from lyhord.www.api.callers import ANYBODY, ApiRequest
from lyhord.www.api.matters import AreaChoice, Choice
from lyhord.www.api.organisation import language_of
from lyhord.www.api.problems import hold_back
from lyhord.www.public.alert_form import abouts_of, sorts_to_choose
from lyhord.www.public.guard import sender_address

router = Router(tags=["alerts"], auth=ANYBODY)
RESIDENT = Actor.resident()
FEED, SHOWN = 50, 10

NewsId = Annotated[int, Path(ge=1, le=2**63 - 1)]


type About = Literal["matters", "cases"]
ABOUT: tuple[About, ...] = ("matters", "cases")


class AlertChoices(BaseModel):
    """What can be chosen."""

    about: list[About]
    topics: list[Choice]
    sorts: list[Choice] = Field(description="`category:` or `type:`, and its code.")
    areas: list[AreaChoice]


class Near(BaseModel):
    """Around a point. `label` is the owner's own name for it, or its address."""

    model_config = ConfigDict(extra="forbid")

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    radius_m: Annotated[float, Field(ge=SHORTEST_M, le=LONGEST_M, allow_inf_nan=False)] = 500
    label: Annotated[str, Field(max_length=120)] = ""


class AlertSettings(BaseModel):
    """What one wants to hear of: (topics or words) and (areas or around a point), or either of the two.

    Of cases `sorts` (categories and types) are what topics are of decisions.
    """

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=60, description="The owner's own.")]
    about: Annotated[list[About], Field(min_length=1, max_length=2, description="Decisions, published cases.")] = [
        "matters"
    ]
    topics: Annotated[list[str], Field(max_length=50, description="Of decisions. Codes: GET /alert-choices.")] = []
    sorts: Annotated[list[str], Field(max_length=50, description="Of cases. Codes: GET /alert-choices.")] = []
    words: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=50)] = []
    areas: Annotated[list[int], Field(max_length=50, description="Ids: GET /alert-choices.")] = []
    near: Near | None = None
    either: Annotated[bool, Field(description="The subject or the place is enough.")] = False
    level: Annotated[Literal[1, 3], Field(description="1: all that happens; 3: the most important only.")] = 1


class AlertWish(AlertSettings):
    """The same, and where to: the address is asked first."""

    email: Annotated[str, Field(max_length=254)]


class AlertAsked(BaseModel):
    """The same whoever's the address is, and whether or not it is asked."""

    asked: bool = True


class AlertNews(BaseModel):
    """Something that happened, and why it is here."""

    id: int
    at: datetime
    title: str
    what: str
    level: int
    reason: str
    matter: int | None = Field(description="Which it was about, if a matter.")
    case: str = Field(description="Number of the published case it was about, if one.")
    page: str
    silent: bool = Field(description="Whether its owner wants to hear no more of what it was about.")


class AlertPreview(BaseModel):
    """What it would have been in the last thirty days: the number, and the newest."""

    count: int
    items: list[AlertNews]


class Alert(BaseModel):
    """An alert as its owner reads it. What nobody has said yes to says no more than its name."""

    state: Literal["asked", "active"]
    ending: bool = Field(description="Whether its owner is asked if it shall go on: PUT its confirmation.")
    settings: AlertSettings
    news: list[AlertNews] = Field(description="Newest first, at most 50.")


@router.get("/alert-choices", response=AlertChoices, summary="What alerts can ask for")
def choices(request: ApiRequest) -> HttpResponse:
    """What they can be about here; topics of decisions, sorts of cases, and areas of both."""
    _demand(request)
    language = language_of(request)
    body = AlertChoices(
        about=[one for one in ABOUT if one in abouts_of(request.organisation)],
        topics=[Choice(code=one.code, name=one.name(language)) for one in topics().values()],
        sorts=[Choice(code=code, name=name) for code, name in sorts_to_choose(language).items()],
        areas=[AreaChoice(id=pk, code=code, name=name) for pk, code, name in areas_to_choose()],
    )
    return answer(request, body, cache=OPEN)


@router.post("/alerts/preview", response=AlertPreview, summary="What an alert would have told")
def preview(request: ApiRequest, wanted: AlertSettings) -> HttpResponse:
    """Nothing is kept."""
    _demand(request)
    rule = _rule(wanted)
    check(rule)
    found = would_have_been(Profile(name=wanted.name, rule=rule.as_json(), level=wanted.level))
    items = [_news(request, one) for one in found[:SHOWN]]
    return answer(request, AlertPreview(count=len(found), items=items), cache=SECRET)


@router.post("/alerts", response={202: AlertAsked}, summary="Ask for an alert")
def ask(request: ApiRequest, wanted: AlertWish) -> HttpResponse:
    """Ask the address whether it wants it: nothing more is sent before it says yes by the link in the mail."""
    _demand(request)
    if request.auth.key is None:
        hold_back(too_many(purpose=FOLLOWS, address=sender_address(request)))
    profile_actions.watch(
        sender="email",
        address=wanted.email,
        language=language_of(request),
        name=wanted.name,
        rule=_rule(wanted),
        level=wanted.level,
        by=RESIDENT,
    )
    return answer(request, AlertAsked(), status=202, cache=SECRET)


@router.get("/alerts/{token}", response=Alert, summary="An alert")
def alert(request: ApiRequest, token: UUID) -> HttpResponse:
    """What it has told and why, and its settings. Reading says neither yes nor no."""
    return answer(request, _shown(request, _found(token)), cache=SECRET)


@router.put("/alerts/{token}", response=Alert, summary="Change an alert")
def change(request: ApiRequest, token: UUID, wanted: AlertSettings) -> HttpResponse:
    """Other settings from now on; 409 before its owner has said yes."""
    _confirmed(token)
    profile_actions.change(token=token, name=wanted.name, rule=_rule(wanted), level=wanted.level, by=RESIDENT)
    return answer(request, _shown(request, _found(token)), cache=SECRET)


@router.put("/alerts/{token}/confirmation", response=Alert, summary="Say yes to an alert")
def confirm(request: ApiRequest, token: UUID) -> HttpResponse:
    """Yes, or that it shall go on when its time is nearly up; again changes nothing."""
    found = _found(token)
    if found.confirmed_at is None:
        profile_actions.confirm(token=token, by=RESIDENT)
    elif found.asked_to_renew_at is not None:
        profile_actions.renew(token=token, by=RESIDENT)
    return answer(request, _shown(request, _found(token)), cache=SECRET)


@router.delete("/alerts/{token}", response={204: None}, summary="No more of an alert")
def end(request: ApiRequest, token: UUID) -> HttpResponse:
    """It and what it told are forgotten. 404 when they are already."""
    _found(token)
    profile_actions.end(token=token, by=RESIDENT)
    return nothing()


@router.put("/alerts/{token}/silent/{news_id}", response={204: None}, summary="No more of what news were about")
def silence(request: ApiRequest, token: UUID, news_id: NewsId) -> HttpResponse:
    """Tell nothing more of the subject of some news of the alert's."""
    _confirmed(token)
    profile_actions.quieten(token=token, news_id=news_id, quiet=True, by=RESIDENT)
    return nothing()


@router.delete("/alerts/{token}/silent/{news_id}", response={204: None}, summary="Tell of it again")
def unsilence(request: ApiRequest, token: UUID, news_id: NewsId) -> HttpResponse:
    """Tell of its subject again."""
    _confirmed(token)
    profile_actions.quieten(token=token, news_id=news_id, quiet=False, by=RESIDENT)
    return nothing()


def _demand(request: ApiRequest) -> None:
    if not request.organisation.has("following"):
        raise NotFound


def _found(token: UUID) -> Profile:
    found = profile_by_token(token)
    if found is None or is_too_late(found):
        raise NotFound
    return found


def _confirmed(token: UUID) -> None:
    if _found(token).confirmed_at is None:
        raise Conflict(_("Säg ja först, med länken i mejlet."))


def _rule(wanted: AlertSettings) -> Rule:
    """What is asked for; Invalid for topics and areas that are not there."""
    wrong = {}
    if not set(wanted.topics) <= set(topics()):
        wrong["topics"] = _("Välj bland dem som finns på sidan.")
    if wanted.sorts and not set(wanted.sorts) <= set(sorts_to_choose("sv")):
        wrong["sorts"] = _("Välj bland dem som finns på sidan.")
    if wanted.areas and not set(wanted.areas) <= {pk for pk, _code, _name in areas_to_choose()}:
        wrong["areas"] = _("Välj bland dem som finns på sidan.")
    if wrong:
        raise Invalid(wrong)
    near = wanted.near
    words = dict.fromkeys(clean_text(word, one_line=True) for word in wanted.words)
    return Rule(
        topics=tuple(dict.fromkeys(wanted.topics)),
        words=tuple(word for word in words if word),
        areas=tuple(dict.fromkeys(wanted.areas)),
        circles=(Circle(near.lat, near.lon, near.radius_m, clean_text(near.label, one_line=True)),) if near else (),
        either=wanted.either,
        about=tuple(one for one in ABOUT if one in wanted.about),
        sorts=tuple(dict.fromkeys(wanted.sorts)),
    )


def _shown(request: ApiRequest, found: Profile) -> Alert:
    if found.confirmed_at is None:
        return Alert(state="asked", ending=False, settings=AlertSettings(name=found.name), news=[])
    rule, told = Rule.from_json(found.rule), of_profile(found, most=FEED)
    circle, quiet = next(iter(rule.circles), None), silenced(found, told)
    settings = AlertSettings(
        name=found.name,
        about=[one for one in ABOUT if one in rule.about],
        topics=list(rule.topics),
        sorts=list(rule.sorts),
        words=list(rule.words),
        areas=list(rule.areas),
        near=Near(lat=circle.lat, lon=circle.lon, radius_m=circle.radius_m, label=circle.label) if circle else None,
        either=rule.either,
        level=1 if found.level < 3 else 3,
    )
    news = [_news(request, one, quiet) for one in told]
    return Alert(state="active", ending=found.asked_to_renew_at is not None, settings=settings, news=news)


def _news(request: ApiRequest, told: Told, quiet: frozenset[int] | set[int] = frozenset()) -> AlertNews:
    news = told.news
    return AlertNews(
        id=news.pk,
        at=news.at,
        title=news.title,
        what=news.what,
        level=news.level,
        reason=told.reason,
        matter=news.subject_id if news.subject_type == "matter" else None,
        case=news.path.strip("/").rpartition("/")[2] if news.subject_type == "case" else "",
        page=request.build_absolute_uri(news.path) if news.path else "",
        silent=news.pk in quiet,
    )
