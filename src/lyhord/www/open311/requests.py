"""Reading what is published: the list with its filters, and one."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache

from django.utils.translation import gettext as _

from lyhord.cases.kind import KINDS
from lyhord.cases.numbers import format_number, parse_number
from lyhord.cases.open_data import OpenCase, Wanted, open_cases
from lyhord.cases.states import State, open311_status
from lyhord.core.clock import now, zone
from lyhord.www.open311.call import Call
from lyhord.www.open311.failures import Failure
from lyhord.www.open311.formats import Answer, Children, Row, Value, moment
from lyhord.www.open311.parameters import Parameters, Problems

MOST = 1000
SPAN = timedelta(days=90)
_DEEPEST = 100_000  # so far a list can be paged; who wants more asks for shorter windows
_WIDEST_M = 50_000.0

type Window = tuple[datetime | None, datetime | None]
_ALL: Window = (None, None)


def request_list(call: Call) -> tuple[Answer, bool]:
    """What the filters let through, newest first, and whether there is another page."""
    wanted = _wanted(call.parameters)
    if not call.organisation.publishes or wanted.numbers == []:
        return _answer([], call), False
    found = open_cases(wanted, call.language)
    size = wanted.most - 1
    return _answer(found[:size], call), len(found) > size


def one_request(call: Call, number: str) -> Answer:
    """The one with that id, as a list of one. What is not published does not exist."""
    found = open_cases(Wanted(numbers=_numbers([number]), most=1), call.language)
    if not call.organisation.publishes or not found:
        raise Failure(404, _("Ärendet finns inte, eller visas inte för andra."))
    return _answer(found, call)


def _numbers(given: Sequence[str]) -> list[str]:
    """Those of the given ids that can be numbers of cases."""
    found = (parse_number(text) for text in given)
    return sorted({format_number(*parsed) for parsed in found if parsed})


def _wanted(given: Parameters) -> Wanted:
    """What to read: one more than the page holds, to know of a next one. Failure names every bad parameter."""
    if ids := given.several("service_request_id", MOST):  # overrides all the others, says the standard
        return Wanted(numbers=_numbers(ids), most=MOST + 1)
    problems = Problems()
    size = min(problems.read(lambda: given.whole("page_size", MOST), MOST), MOST)
    offset = (problems.read(lambda: given.whole("page", 1), 1) - 1) * size
    if offset > _DEEPEST:
        problems.add(_("page: så långt går det inte att bläddra. Fråga efter en kortare tid i stället."))
    changed = problems.read(lambda: _window(given, "updated_after", "updated_before"), _ALL)
    registered = problems.read(lambda: _registered(given, feed=changed != _ALL), _ALL)
    none: list[str] = []
    codes = problems.read(lambda: given.several("service_code", MOST), none)
    status = problems.read(lambda: _status(given), None)
    states = problems.read(lambda: _detailed(given), none)
    near = problems.read(lambda: _near(given), None)
    problems.stop()
    return Wanted(
        type_codes=codes,
        open=status,
        states=states,
        registered=registered,
        changed=changed,
        near=near,
        offset=offset,
        most=size + 1,
    )


def _window(given: Parameters, first: str, last: str) -> Window:
    problems = Problems()
    start = problems.read(lambda: given.moment(first), None)
    end = problems.read(lambda: given.moment(last), None)
    if start and end and end < start:
        problems.add(_("%(last)s ligger före %(first)s.") % {"first": first, "last": last})
    problems.stop()
    return start, end


def _registered(given: Parameters, *, feed: bool) -> Window:
    """When the cases came in: at most 90 days, the last 90 unless said otherwise; any time when changes are read."""
    start, end = _window(given, "start_date", "end_date")
    if start and end:
        if end - start > SPAN:
            raise Failure(400, _("start_date och end_date får ligga högst 90 dagar ifrån varandra."))
        return start, end
    if start:
        return start, start + SPAN
    if end:
        return end - SPAN, end
    return _ALL if feed else (now() - SPAN, None)


def _status(given: Parameters) -> bool | None:
    """True for open, False for closed, None for both."""
    words = {word.lower() for word in given.words("status")}
    if not words <= {"open", "closed"}:
        raise Failure(400, _("status ska vara open eller closed."))
    return None if len(words) != 1 else words == {"open"}


def _detailed(given: Parameters) -> list[str]:
    """The fine states, in the words of `extended_attributes/detailed_status`."""
    states = [word.lower() for word in given.words("detailed_status")]
    if not set(states) <= set(State):
        known = ", ".join(state.upper() for state in State)
        raise Failure(400, _("detailed_status ska vara något av %(known)s.") % {"known": known})
    return states


def _near(given: Parameters) -> tuple[float, float, float] | None:
    """A circle; None without a radius, since some clients always tell where they are."""
    radius = given.number("radius")
    lat, lon = given.number("lat"), given.number("long")
    if radius is None:
        return None
    if lat is None or lon is None:
        raise Failure(400, _("radius behöver lat och long."))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Failure(400, _("lat ska ligga mellan -90 och 90, och long mellan -180 och 180."))
    if not 0 <= radius <= _WIDEST_M:
        raise Failure(400, _("radius ska vara 0 till %(most)s meter.") % {"most": f"{_WIDEST_M:.0f}"})
    return lat, lon, radius


def _answer(found: Sequence[OpenCase], call: Call) -> Answer:
    extended = call.parameters.flag("extensions")
    sentence = cache(_sentence)  # few differ in a long list, and each is translated
    rows = [
        _row(case, sentence(case.kind, case.state, case.state_until), call.photos(case.photos), extended=extended)
        for case in found
    ]
    return Answer("service_requests", "request", rows)


def _sentence(kind: str, state: str, until: date | None) -> str:
    """Where a case is, in words. Reasons are for the one who reported it."""
    return KINDS.get(kind).sentence(State(state), until=until)


def _row(case: OpenCase, sentence: str, photos: Sequence[str], *, extended: bool) -> Row:
    row: dict[str, Value] = {
        "service_request_id": case.number,
        "status": open311_status(State(case.state)),
        "status_notes": _notes(case, sentence),
        "service_name": case.type_name,
        "service_code": case.type_code,
        "description": case.text,
        "agency_responsible": case.unit_name,
        "requested_datetime": moment(case.registered_at),
        "updated_datetime": moment(case.changed_at),
    }
    if case.state == State.PLANNED and case.state_until:
        row["expected_datetime"] = moment(datetime.combine(case.state_until, time(23, 59, 59), zone()))
    row |= {
        "address": case.place_text or None,
        "address_id": None,
        "zipcode": None,
        "lat": case.lat,
        "long": case.lon,
        "media_url": photos[0] if photos else None,
    }
    if extended:
        row |= _extensions(case, photos)
    return row


def _notes(case: OpenCase, sentence: str) -> str:
    """Where it is, what it is the same as, and what was answered."""
    same = _("Samma som %(number)s") % {"number": case.same_as} if case.same_as else ""
    return "\n".join(said for said in (sentence, same, case.answer) if said)


def _extensions(case: OpenCase, photos: Sequence[str]) -> Row:
    """What the standard has no place for; only for those who ask."""
    more: dict[str, Value] = {
        "title": case.title,
        "detailed_status": case.state.upper(),
        "kind": case.kind,
        "channel": case.channel,
        "duplicate": case.state == State.DUPLICATE,
        "parent_service_request_id": case.same_as or None,
        "media_urls": Children("media_url", list(photos)),
    }
    notes: list[Value] = []
    if case.answer:
        at = moment(case.published_at)
        notes.append({"datetime": at, "type": "answer", "summary": _("Svar"), "description": case.answer})
    return {"extended_attributes": more, "notes": Children("note", notes)}
