"""Whose API this is, and what can be said to them: the organisation, the kinds of case, the areas for feedback."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from lyhord.cases.kind import KINDS
from lyhord.cases.public_queries import feedback_categories
from lyhord.cases.states import NEEDS_DATE, NEEDS_REASON, NEEDS_RESPONSIBLE, OPEN, State
from lyhord.www.api.answers import OPEN as OPEN_TO_ALL
from lyhord.www.api.answers import answer
from lyhord.www.api.callers import ANYBODY, ApiRequest

router = Router(tags=["organisation"], auth=ANYBODY)


class Organisation(BaseModel):
    """A municipality or the like."""

    slug: str
    name: str
    service_name: str
    languages: list[str]
    phone: str
    emergency_phone: str
    email: str
    lat: float | None
    lon: float | None
    publishes: bool


class Closing(BaseModel):
    """Something that must be told when a case of the kind is put in a state."""

    name: str
    label: str
    hint: str


class KindState(BaseModel):
    """A state, in the words of the kind."""

    state: State
    open: bool
    resident: str
    staff: str
    needs: list[Literal["reason", "until", "responsible"]] = Field(description="What must come with it.")
    asks: list[Closing] = Field(description="What the kind asks for, in `closing`.")


class Kind(BaseModel):
    """How a resident begins: something is broken, a question, praise …"""

    slug: str
    label: str
    title: str
    help: str
    text_question: str
    text_hint: str
    asks_place: bool
    asks_photo: bool
    answer_days: int
    states: list[KindState]


class Kinds(BaseModel):
    """All kinds."""

    items: list[Kind]


class Category(BaseModel):
    """An area that feedback can be about."""

    code: str
    name: str


class Categories(BaseModel):
    """The areas, in the organisation's order."""

    items: list[Category]


_NEEDS: dict[Literal["reason", "until", "responsible"], frozenset[State]] = {
    "reason": NEEDS_REASON,
    "until": NEEDS_DATE,
    "responsible": NEEDS_RESPONSIBLE,
}


def language_of(request: HttpRequest) -> str:
    """The language of the answer."""
    return str(getattr(request, "LANGUAGE_CODE", "sv"))


@router.get("/organisation", response=Organisation, summary="The organisation")
def organisation(request: ApiRequest) -> HttpResponse:
    """Name, languages, telephone numbers and middle of the organisation at this host name."""
    own = request.organisation
    body = Organisation(
        slug=own.slug,
        name=own.name,
        service_name=own.service_name,
        languages=own.languages,
        phone=own.phone,
        emergency_phone=own.emergency_phone,
        email=own.email,
        lat=own.lat,
        lon=own.lon,
        publishes=own.publishes,
    )
    return answer(request, body, cache=OPEN_TO_ALL)


@router.get("/kinds", response=Kinds, summary="Kinds of case")
def kinds(request: ApiRequest) -> HttpResponse:
    """The kinds, with what is asked about each and its states in words."""
    items = [
        Kind(
            slug=kind.slug,
            label=str(kind.label),
            title=str(kind.title),
            help=str(kind.help),
            text_question=str(kind.text_question),
            text_hint=str(kind.text_hint),
            asks_place=kind.asks_place,
            asks_photo=kind.asks_photo,
            answer_days=kind.answer_days,
            states=[
                KindState(
                    state=state,
                    open=state in OPEN,
                    resident=str(kind.words(state).resident),
                    staff=str(kind.words(state).staff),
                    needs=[name for name, states in _NEEDS.items() if state in states],
                    asks=[
                        Closing(name=field.name, label=str(field.label), hint=str(field.hint))
                        for field in kind.closing_fields
                        if state in field.required_in
                    ],
                )
                for state in State
                if state in kind.states
            ],
        )
        for kind in KINDS
    ]
    return answer(request, Kinds(items=items), cache=OPEN_TO_ALL)


@router.get("/categories", response=Categories, summary="Areas for feedback")
def categories(request: ApiRequest) -> HttpResponse:
    """What feedback can be about; fault reports have types instead."""
    found = feedback_categories(language_of(request))
    return answer(
        request, Categories(items=[Category(code=code, name=name) for code, name in found]), cache=OPEN_TO_ALL
    )
