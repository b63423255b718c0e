"""Version 1, put together."""

from django.core.exceptions import RequestDataTooBig
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from lyhord.core.errors import LyhordError
from lyhord.www.api import (
    case_types,
    cases,
    deeds,
    organisation,
    own_case,
    own_push,
    photos,
    places,
    problems,
    published,
    reports,
    reviews,
    staff,
)

api = NinjaAPI(title="Lyhörd", version="1", urls_namespace="api-v1", docs_url=None, openapi_url=None)
for part in (
    *(organisation, case_types, places, photos, reports, own_case, own_push, published),
    *(staff, cases, deeds, reviews),
):
    api.add_router("", part.router)
api.exception_handler(LyhordError)(problems.of_lyhord)
api.exception_handler(problems.Refused)(problems.of_refusal)
api.exception_handler(ValidationError)(problems.of_validation)
api.exception_handler(HttpError)(problems.of_http)
api.exception_handler(RequestDataTooBig)(problems.of_size)
