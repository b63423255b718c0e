"""The description of the API (OpenAPI 3.1): what the framework knows, and what holds for every address."""

import json
from copy import deepcopy
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from lyhord.www.api import problems
from lyhord.www.api.answers import MATCHING, MEDIA
from lyhord.www.api.problems import CONTENT_TYPE, Problem
from lyhord.www.api.v1 import api

_MEANINGS = {
    400: "The body cannot be read.",
    401: "No key, token or code that holds here.",
    403: "The caller may not do this.",
    404: "It does not exist, or not for the caller.",
    409: "The case is not in a state for this.",
    410: "It is no longer shown.",
    412: "Somebody else has changed it since (If-Match).",
    411: "The body does not say how long it is (Content-Length).",
    413: "Too large.",
    415: "The wrong kind of body.",
    422: "Something in the request cannot be used; `errors` says what.",
    429: "Too much in a short time; Retry-After says when to go on.",
    500: "A fault of ours.",
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the case that was read: 412 when somebody has changed it since.",
    "schema": {"type": "string"},
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what was read before: 304 without a body when nothing is new.",
    "schema": {"type": "string"},
}
_ABOUT = """What residents and officers do in Lyhörd, for other programs. Every organisation's host answers for itself.

Failures are problem details (RFC 9457). Lists go on by `next` and the Link header. Reads have ETags; a case's begins
with its revision, to be sent back as If-Match. Sentences are in the language of Accept-Language, where the organisation
speaks it."""


@csrf_exempt  # changes nothing; told apart as the rest of the API is
def document(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/openapi.json."""
    if request.method != "GET":
        return problems.problem(405, headers={"Allow": "GET"})
    made = HttpResponse(_written(), content_type="application/json; charset=utf-8")
    made["Access-Control-Allow-Origin"] = "*"
    made["Cache-Control"] = "public, max-age=300"
    patch_vary_headers(made, ["Accept-Encoding"])
    return made


@cache
def _written() -> bytes:
    return json.dumps(described(), ensure_ascii=False, separators=(",", ":")).encode()


def described() -> dict[str, Any]:
    """The document."""
    made: dict[str, Any] = deepcopy(dict(api.get_openapi_schema(path_prefix="")))
    made["info"] |= {
        "description": _ABOUT,
        "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    }
    made["servers"] = [{"url": "/api/v1"}]
    made["tags"] = [{"name": name} for name in _tags(made)]
    made["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    made["components"]["responses"] = {str(status): _refusal(status) for status in _MEANINGS}
    for operations in made["paths"].values():
        for method, operation in operations.items():
            _complete(method, operation)
    return made


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": _MEANINGS[status],
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _tags(made: dict[str, Any]) -> list[str]:
    tags = [tag for path in made["paths"].values() for operation in path.values() for tag in operation["tags"]]
    return list(dict.fromkeys(tags))


def _complete(method: str, operation: dict[str, Any]) -> None:
    """What every answer may be, and the headers that hold for all."""
    responses, about = operation["responses"], operation["tags"][0]
    operation["operationId"] = operation["operationId"].removeprefix("lyhord_www_api_")
    statuses = {401, 403, 404, 422, 429, 500}
    if method == "get":
        operation["parameters"].append(_IF_NONE_MATCH)
        responses[304] = {"description": "Nothing is new."}
        _file(responses, operation.pop(MEDIA, "image/jpeg"))
        if 200 in responses:
            responses[200].setdefault("headers", {})["ETag"] = {"schema": {"type": "string"}}
    else:
        statuses |= {400, 409, 411, 413, 415}
    if about == "published":
        statuses |= {410}
    if operation.pop(MATCHING, False):
        operation["parameters"].append(_IF_MATCH)
        statuses |= {412}
    for status in sorted(statuses):
        responses[status] = {"$ref": f"#/components/responses/{status}"}
    operation["responses"] = {str(status): responses[status] for status in sorted(responses)}
    operation["security"] = [*operation.get("security", []), *([{}] if about in _OPEN else [])]


_OPEN = {
    "organisation",
    "case types",
    "places",
    "photos",
    "reports",
    "published",
    "follows",
    "maps",
    "matters",
    "alerts",
}
"""Without a key."""


def _file(responses: dict[Any, Any], media: str) -> None:
    """Pictures and other files are no JSON."""
    content = responses.get(200, {}).get("content", {})
    if content.get("application/json", {}).get("schema", {}).get("format") == "binary":
        responses[200]["content"] = {media: {"schema": {}}}
        responses[302] = {"description": "It lies at another address, which holds for some minutes."}
