"""Where it is: addresses by words, the address at a position, and what others have told of nearby."""

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.urls import reverse
from ninja import Query, Router
from pydantic import BaseModel, Field

from lyhord.cases.near import nearby_published
from lyhord.cases.public_queries import type_by_code
from lyhord.cases.states import State
from lyhord.core.errors import NotFound
from lyhord.core.text import clean_text
from lyhord.organisations.queries import public_url
from lyhord.places.point import Point
from lyhord.places.queries import areas_of, inside_boundary, nearest_address, search_addresses
from lyhord.www.api.answers import OPEN, SECRET, answer
from lyhord.www.api.callers import ANYBODY, ApiRequest
from lyhord.www.public.report_elsewhere import owner_of

router = Router(tags=["places"], auth=ANYBODY)
FARTHEST_M = 2000
MOST_NEAR = 10

Latitude = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]


class Address(BaseModel):
    """A proposal, and how sure the position is in metres."""

    label: str
    lat: float
    lon: float
    accuracy_m: float


class Addresses(BaseModel):
    """Best first."""

    items: list[Address]


class AreaNamed(BaseModel):
    """What an area is called."""

    id: int
    code: str
    name: str
    kind: str


class Feature(BaseModel):
    """An area: a GeoJSON feature."""

    type: Literal["Feature"] = "Feature"
    properties: AreaNamed
    geometry: dict[str, Any] = Field(description="A Polygon or a MultiPolygon.")


class Areas(BaseModel):
    """A GeoJSON feature collection."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[Feature]


class Neighbour(BaseModel):
    """Another organisation that is served here."""

    slug: str
    name: str
    api: str = Field(description="Where its API begins.")


class Here(BaseModel):
    """What is known of a position."""

    label: str = Field(description="The nearest address; empty where there is none within 60 metres.")
    elsewhere: Neighbour | None = Field(description="Whose it is, if another organisation here has it: report there.")
    inside: bool | None = Field(description="Whether it is within the organisation's border; null when it is unknown.")


class NearCase(BaseModel):
    """A published open case."""

    number: str
    title: str
    state: State
    lat: float
    lon: float
    distance_m: int


class NearCases(BaseModel):
    """Nearest first."""

    items: list[NearCase]


@router.get("/addresses", response=Addresses, summary="Find an address")
def addresses(
    request: ApiRequest, q: Annotated[str, Query(min_length=1, max_length=200, description="As people type it.")]
) -> HttpResponse:
    """Streets and numbers of the organisation's street list: "vintergatan 12"."""
    items = [
        Address(label=one.label, lat=one.lat, lon=one.lon, accuracy_m=one.accuracy_m)
        for one in search_addresses(clean_text(q, one_line=True))
    ]
    return answer(request, Addresses(items=items), cache=OPEN)


@router.get("/addresses/at", response=Here, summary="The address at a position")
def address_at(request: ApiRequest, lat: Latitude, lon: Longitude) -> HttpResponse:
    """The nearest address, and whether the position is the organisation's to look after."""
    point = Point(lat, lon, None, "api")
    inside = inside_boundary(point)
    other = owner_of(point, request.organisation) if inside is False else None
    elsewhere = None
    if other is not None:
        url = public_url(other, reverse("api-v1:api-root").rstrip("/"))
        elsewhere = Neighbour(slug=other.slug, name=other.name, api=url)
    return answer(request, Here(label=nearest_address(point), elsewhere=elsewhere, inside=inside), cache=SECRET)


@router.get("/areas", response=Areas, summary="The organisation's land")
def areas(
    request: ApiRequest,
    kind: Annotated[str, Query(max_length=20, description="boundary, district …; else all of them.")] = "",
) -> HttpResponse:
    """Its border, which reports must be within or near, and its districts and other areas, as GeoJSON (WGS84)."""
    features = [
        Feature(properties=AreaNamed(id=area.pk, code=area.code, name=area.name, kind=area.kind), geometry=area.geojson)
        for area in areas_of(clean_text(kind, one_line=True))
    ]
    return answer(request, Areas(features=features), cache=OPEN)


@router.get("/nearby", response=NearCases, summary="Published open cases nearby")
def nearby(
    request: ApiRequest,
    lat: Latitude,
    lon: Longitude,
    radius: Annotated[int, Query(ge=1, le=FARTHEST_M, description="Metres.")] = 300,
    case_type: Annotated[str, Query(max_length=80, description="Only cases of this type.")] = "",
) -> HttpResponse:
    """What others have told of already, so that nobody need tell of it again."""
    organisation = request.organisation
    chosen = type_by_code(case_type) if case_type else None
    if case_type and chosen is None:
        raise NotFound
    if not organisation.publishes or not organisation.has("nearby"):
        return answer(request, NearCases(items=[]), cache=OPEN)
    type_id = chosen.pk if chosen else None
    found = nearby_published(Point(lat, lon, None, "api"), case_type_id=type_id, radius_m=radius, most=MOST_NEAR)
    items = [
        NearCase(
            number=row.number,
            title=row.title,
            state=State(row.state),
            lat=row.lat or 0.0,
            lon=row.lon or 0.0,
            distance_m=round(metres),
        )
        for row, metres in found
    ]
    return answer(request, NearCases(items=items), cache=OPEN)
