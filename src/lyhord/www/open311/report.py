"""A client sends a report: checked as a whole, so that it learns of every mistake at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.utils.translation import gettext as _

from lyhord.cases import actions
from lyhord.cases.actions.messages import LONGEST as LONGEST_NOTE
from lyhord.cases.acute import acute_sentence
from lyhord.cases.answers import acute_hit, read_answers
from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.facts import NewReporter
from lyhord.cases.kind import KINDS
from lyhord.cases.models import CaseType
from lyhord.cases.questions import in_language
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text
from lyhord.intake.channel import CHANNELS
from lyhord.intake.clients import REQUESTS, key_for, over_its_rate
from lyhord.intake.diversions import count_diversion
from lyhord.intake.models import ApiKey
from lyhord.intake.submission import PLACE_LENGTH, Receipt, Submission, SubmittedPhoto
from lyhord.places.point import Point
from lyhord.places.queries import far_outside
from lyhord.www.open311 import fixmystreet, pictures
from lyhord.www.open311.call import Call
from lyhord.www.open311.failures import Failure
from lyhord.www.open311.formats import Answer
from lyhord.www.open311.parameters import Parameters, Problems
from lyhord.www.open311.services import service
from lyhord.www.open311.tokens import token_of

LONGEST = 4000
"""Characters of a description, as the standard promises."""
CHANNEL = "open311"
_FAR_M = 30_000
"""Visitors and people just over a border are welcome, and borders are drawn coarsely; a place in another part of the
world is a mistake, which only the one who sends can mend."""
_NOT_PINPOINTED = "#NOTPINPOINTED#"  # what FixMyStreet sends when its user did not point at the map
_NAMES = {"text": "description", "place_text": "address_string", "name": "first_name", "case_type": "service_code"}
"""Our fields by the names that clients know."""
_RESIDENT = Actor.resident()


@dataclass(frozen=True, slots=True)
class _Report:
    """What was sent, read and checked, before anything of it is kept."""

    case_type: CaseType
    description: CaseTypeDescription
    text: str
    attributes: Mapping[str, Sequence[str]]
    point: Point | None
    place_text: str
    notices: tuple[str, ...] = ()
    """What the sender should be told now."""
    link: str = ""
    """Where the report is shown at FixMyStreet."""
    strange: tuple[str, ...] = ()
    """Answers to what we do not ask: a client that remembers an older definition."""


def create(call: Call) -> Answer:
    """Take a report in. The answer is its id, a token for a service of type batch, or neither for a blackbox.

    Failure 403 without a right key, 429 when the key has sent too much, 404 for an unknown service, else 400 with
    every mistake there is; then nothing is kept. `media_url` is never fetched here: a job does that.
    """
    key = key_for(call.parameters.secret("api_key"), REQUESTS)
    if key is None:
        raise Failure(403)
    if wait := over_its_rate(key):
        raise Failure(429, retry_after=wait)
    report = _read(call, key)
    receipt, notices = _take_in(call, key, report)
    if receipt.created and (told := _for_staff(report, key)):
        actions.note(case_id=receipt.case.pk, text=told, by=Actor.system(key.client))
    row = {
        **_promised(call, report.description, receipt.number),
        "service_notice": " ".join([*report.notices, *notices]) or None,
        "account_id": None,
    }
    return Answer("service_requests", "request", [row])


def _for_staff(report: _Report, key: ApiKey) -> str:
    """What came with the report that belongs to none of its fields."""
    lines = []
    if report.link:
        lines.append(_("Ärendet hos %(client)s: %(link)s") % {"client": key.client, "link": report.link})
    if report.strange:
        lines += [_("Svar på frågor som vi inte ställer här:"), *report.strange]
    return "\n".join(lines)[:LONGEST_NOTE]


def _promised(call: Call, description: CaseTypeDescription, number: str) -> dict[str, str | None]:
    """What the client learns of the number: it, a token for it, or nothing."""
    match description.open311:
        case "batch":
            return {"token": token_of(call.organisation, number)}
        case "blackbox":
            return {"service_request_id": None}
    return {"service_request_id": number}


def _read(call: Call, key: ApiKey) -> _Report:
    given, problems = call.parameters, Problems()
    point = problems.read(lambda: _point(given), None)
    if point is not None and far_outside(point, _FAR_M):
        problems.add(
            _("Platsen ligger mer än %(km)s km utanför %(name)s. Har lat och long bytt plats?")
            % {"km": _FAR_M // 1000, "name": call.organisation.name}
        )
    place_text = _place_text(given, problems)
    if not any(given.text(name) for name in ("lat", "long", "address_string", "address_id")):
        problems.add(_("Platsen saknas. Skicka lat och long, eller address_string."))
    text = given.text("description")
    if len(text) > LONGEST:
        problems.add(_("description: texten får vara högst %(limit)s tecken.") % {"limit": LONGEST})
    code = given.text("service_code")
    if not code:
        problems.add(_("service_code saknas."))
        problems.stop()
    link = ""
    if key.fixmystreet:
        text, link = fixmystreet.taken_apart(text)
    case_type, description = _service(code)
    kind = KINDS.get(case_type.kind)
    if not text:
        text = description.title(call.language) if kind.asks_place else ""
        if not text:
            problems.add(f"description: {kind.text_missing}")
    attributes = given.attributes()
    notices = _check_attributes(call, description, attributes, problems)
    problems.stop()
    strange = tuple(_strange(description, attributes))
    return _Report(case_type, description, text, attributes, point, place_text, notices, link, strange)


def _strange(description: CaseTypeDescription, attributes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for code, values in attributes.items():
        said = ", ".join(text for value in values if (text := clean_text(value, one_line=True)))
        if said and code != fixmystreet.ID and description.question(code) is None:
            yield f"{clean_text(code, one_line=True)}: {said}"


def _service(code: str) -> tuple[CaseType, CaseTypeDescription]:
    try:
        return service(code)
    except Failure:
        raise Failure(404, _("service_code: %(code)s finns inte.") % {"code": code[:80]}) from None


def _point(given: Parameters) -> Point | None:
    """The position, None when there is none; half a position is a mistake."""
    problems = Problems()
    lat = problems.read(lambda: given.number("lat"), None)
    lon = problems.read(lambda: given.number("long"), None)
    problems.stop()
    if lat is None and lon is None:
        return None
    if lat is None or lon is None:
        raise Failure(400, _("lat och long hör ihop: skicka båda."))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Failure(400, _("lat ska ligga mellan -90 och 90, och long mellan -180 och 180."))
    return Point(lat, lon, None, "api")


def _place_text(given: Parameters, problems: Problems) -> str:
    address_id = given.text("address_id")
    text = given.text("address_string") or ("" if address_id == _NOT_PINPOINTED else address_id)
    text = clean_text(text, one_line=True)
    if len(text) > PLACE_LENGTH:
        problems.add(_("address_string: adressen får vara högst %(limit)s tecken.") % {"limit": PLACE_LENGTH})
    return text


def _check_attributes(
    call: Call, description: CaseTypeDescription, attributes: Mapping[str, Sequence[str]], problems: Problems
) -> tuple[str, ...]:
    """Note what is wrong with the answers; Failure when one of them says to ring instead. Returns warnings."""
    answers, wrong = read_answers(description, attributes)
    acute = acute_hit(description, answers)
    if acute is not None and acute.stop:
        count_diversion(case_type_code=description.code, question=acute.question or "", by=_RESIDENT)
        raise Failure(400, acute_sentence(acute, call.organisation, call.language))
    for code, sentence in wrong.items():
        missing = "" if any(attributes.get(code, ())) else " required"
        problems.add(f"{code}{missing}: {sentence}")
    return (acute_sentence(acute, call.organisation, call.language),) if acute is not None else ()


def _take_in(call: Call, key: ApiKey, report: _Report) -> tuple[Receipt, list[str]]:
    """The receipt, and what the sender should know about the pictures: one that cannot be kept stops no report."""
    given = call.parameters
    kept, refused = pictures.keep(call, _RESIDENT)
    name = " ".join(part for part in (given.text("first_name"), given.text("last_name")) if part != "-")
    email = given.text("email")
    submission = Submission(
        source=f"{CHANNEL}:{key.pk}",
        external_id=_external_id(call, report),
        channel=CHANNEL,
        text=report.text,
        longest=LONGEST,
        kind=report.case_type.kind,
        case_type=report.case_type.code,
        answers=report.attributes,
        ask_all=True,
        point=report.point,
        place_text=report.place_text,
        reporter=NewReporter(name=name.strip(), email=email, phone=given.text("phone")),
        wants_feedback=bool(email),
        publish=True,
        shown_by=Actor.system(key.client) if key.publishes_at_once else None,
        photos=tuple(SubmittedPhoto(file) for file in kept),
        language=call.language,
    )
    try:
        receipt = CHANNELS.get(CHANNEL).receive(organisation=call.organisation, submission=submission, by=_RESIDENT)
    except Invalid as invalid:
        raise Failure(400, *(f"{_NAMES.get(name, name)}: {said}" for name, said in invalid.errors.items())) from None
    if receipt.created:
        pictures.go_on(given, receipt.case, key, kept=len(kept), refused=refused)
    thanks = in_language(report.description.thanks, call.language)
    return receipt, [*([thanks] if thanks else []), *(str(sentence) for sentence in refused)]


def _external_id(call: Call, report: _Report) -> str:
    """The client's own id of the report, so that sending again makes no second one; without, each is its own."""
    own = clean_text(call.request.headers.get("Idempotency-Key", ""), one_line=True)
    if own:
        return f"key:{own}"[:200]
    theirs = clean_text(next(iter(report.attributes.get(fixmystreet.ID, ())), ""), one_line=True)
    theirs = theirs or fixmystreet.id_in(report.link)
    return f"fixmystreet:{theirs}"[:200] if theirs else uuid4().hex
