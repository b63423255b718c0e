"""Version 1, put together."""

from django.core.exceptions import RequestDataTooBig
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from lyhord.core.errors import LyhordError
from lyhord.www.api import (
    alerts,
    bulk,
    case_lists,
    case_systems,
    case_types,
    contacts,
    deeds,
    drafts,
    engagement,
    followers,
    follows,
    fronts,
    incoming,
    log,
    maps,
    matter_followers,
    matter_papers,
    matters,
    news_push,
    one_case,
    openings,
    organisation,
    outbox,
    own_case,
    own_cases,
    own_push,
    own_ways,
    photos,
    places,
    pool,
    problems,
    published,
    reports,
    reviews,
    rounds,
    staff,
)

RESIDENTS = (
    organisation,
    case_types,
    places,
    photos,
    reports,
    own_case,
    own_cases,
    own_ways,
    own_push,
    maps,
    published,
    followers,
    follows,
    contacts,
    matters,
    matter_papers,
    matter_followers,
    openings,
    alerts,
    news_push,
)
STAFF = (
    staff,
    case_lists,
    one_case,
    drafts,
    deeds,
    bulk,
    rounds,
    reviews,
    pool,
    outbox,
    log,
    case_systems,
    incoming,
    engagement,
    fronts,
)
"""In the order of the description; among addresses that fit, the first counts."""

api = NinjaAPI(title="Lyhörd", version="1", urls_namespace="api-v1", docs_url=None, openapi_url=None)
for part in (*RESIDENTS, *STAFF):
    api.add_router("", part.router)
api.add_router("", maps.desk_router)
api.exception_handler(LyhordError)(problems.of_lyhord)
api.exception_handler(problems.Refused)(problems.of_refusal)
api.exception_handler(ValidationError)(problems.of_validation)
api.exception_handler(HttpError)(problems.of_http)
api.exception_handler(RequestDataTooBig)(problems.of_size)
