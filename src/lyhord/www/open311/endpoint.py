"""The door: finds what a call is about, and gives every failure the client's own format."""

from collections.abc import Callable

from django.http import HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from lyhord.core.errors import Conflict, Invalid, LyhordError, NotAllowed, NotFound
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.open311 import jurisdiction
from lyhord.www.open311.call import Call
from lyhord.www.open311.discovery import discovery
from lyhord.www.open311.failures import Failure, failed
from lyhord.www.open311.formats import Answer, format_of, response
from lyhord.www.open311.parameters import Parameters
from lyhord.www.open311.report import create
from lyhord.www.open311.requests import one_request, request_list
from lyhord.www.open311.services import definition, services
from lyhord.www.open311.tokens import token
from lyhord.www.open311.updates import send_update, update_list
from lyhord.www.packed import squeezed
from lyhord.www.sizes import without_length

READ = ("GET", "HEAD")
WITHOUT_PICTURES = "v2-text"
"""The same server beside v2, for clients that stumble over `media_url`: open311-adapter's Passthrough makes an error of
a whole list where one row has exactly one picture."""
_STATUS: dict[type[LyhordError], int] = {NotFound: 404, NotAllowed: 403, Invalid: 400, Conflict: 409}


@csrf_exempt  # clients have keys, not cookies
def endpoint(request: OrganisationRequest, rest: str) -> HttpResponse:
    """Everything under /open311/: also what does not exist there."""
    try:
        return squeezed(request, _answered(request, rest))
    except Failure as failure:
        return failed(request, failure)
    except LyhordError as error:
        status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)
        return failed(request, Failure(status, str(error.message)))


def _answered(request: OrganisationRequest, rest: str) -> HttpResponse:
    wanted = format_of(request)
    steps = [step for step in rest.removesuffix(f".{wanted}").removesuffix(f".{wanted}/").split("/") if step]
    pictures = steps[:1] != [WITHOUT_PICTURES]
    if not pictures:
        steps[0] = "v2"
    methods = _methods(steps)
    handler = methods.get("GET" if request.method == "HEAD" else request.method or "")
    if not methods:
        raise Failure(404)
    if handler is None:
        raise Failure(405, allow=[*READ, *(["POST"] if "POST" in methods else [])])
    if without_length(request):
        raise Failure(411)
    parameters = Parameters.of(request)
    jurisdiction.check(request.organisation, parameters.text("jurisdiction_id"))
    language = _language(request, parameters)
    with translation.override(language):
        call = Call(request, request.organisation, parameters, wanted, language, pictures)
        return handler(call)


type Handler = Callable[[Call], HttpResponse]


def _methods(steps: list[str]) -> dict[str, Handler]:
    """The handlers of an address by method; none for an address that does not exist."""
    if steps in (["discovery"], ["v2", "discovery"]):
        return {"GET": _plain(discovery)}
    if steps[:1] != ["v2"]:
        return {}
    match steps[1:]:
        case [name]:
            return _COLLECTIONS.get(name, {})
        case ["services", code]:
            return {"GET": _plain(lambda call: definition(call, code))}
        case ["requests", number]:
            return {"GET": _plain(lambda call: one_request(call, number))}
        case ["tokens", given]:
            return {"GET": _plain(lambda call: token(call, given))}
    return {}


def _plain(make: Callable[[Call], Answer]) -> Handler:
    return lambda call: response(make(call), call.format)


def _paged(read: Callable[[Call], tuple[Answer, bool]]) -> Handler:
    return lambda call: _list(call, *read(call))


def _list(call: Call, answer: Answer, more: bool) -> HttpResponse:
    """A list that was cut tells where it goes on, so that nobody takes a page for the whole."""
    made = response(answer, call.format)
    if more:
        query = call.request.GET.copy()
        page = call.parameters.whole("page", 1)
        query["page"] = str(page + 1)
        made["Link"] = f'<{call.url(call.request.path)}?{query.urlencode()}>; rel="next"'
    return made


def _language(request: OrganisationRequest, parameters: Parameters) -> str:
    """`locale`, where the organisation speaks it; else as for its pages."""
    asked = parameters.text("locale").lower().replace("_", "-").partition("-")[0]
    return asked if asked in request.organisation.languages else str(getattr(request, "LANGUAGE_CODE", "sv"))


_COLLECTIONS: dict[str, dict[str, Handler]] = {
    "services": {"GET": _plain(services)},
    "requests": {"GET": _paged(request_list), "POST": _plain(create)},
    "servicerequestupdates": {"GET": _paged(update_list), "POST": _plain(send_update)},
}
