"""`servicerequestupdates`, FixMyStreet's extension: what has happened to reports, read on and sent in.

Read: from its own ids, which are for good, a client picks what it has not had. Sent in: from the client's `update_id`
we know what we have had.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from lyhord.cases.actions.messages import LONGEST, already_said
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case
from lyhord.cases.numbers import format_number, parse_number
from lyhord.cases.public_queries import by_number, reporter_email
from lyhord.cases.states import CLOSED, State
from lyhord.core.actor import Actor
from lyhord.core.clock import now, zone
from lyhord.core.text import clean_text
from lyhord.intake.channel import CHANNELS
from lyhord.intake.clients import UPDATES, key_for, over_its_rate, sent_by
from lyhord.intake.models import ApiKey
from lyhord.intake.updates import Update, updates
from lyhord.www.open311 import pictures
from lyhord.www.open311.call import Call
from lyhord.www.open311.failures import Failure
from lyhord.www.open311.formats import Answer, Row, Value, moment
from lyhord.www.open311.parameters import Parameters, Problems
from lyhord.www.open311.report import CHANNEL

MOST = 10_000
"""On a page: more than a municipality changes in a day, since FixMyStreet asks for one page only."""
SPAN = timedelta(days=90)
USUAL = timedelta(hours=24)
_DEEPEST = 100_000
_LONGEST_ID = 120

_STATUS = {
    State.RECEIVED: "open",
    State.ASSIGNED: "investigating",
    State.IN_PROGRESS: "in_progress",
    State.PLANNED: "action_scheduled",
    State.WAITING: "in_progress",
    State.RESOLVED: "closed",  # "fixed" where something was broken
    State.NOT_RESOLVED: "no_further_action",
    State.REFUSED: "not_councils_responsibility",
    State.DUPLICATE: "duplicate",
}
_OPEN_WORDS = {
    *("open", "reopen", "confirmed", "investigating", "in progress", "planned", "action scheduled"),
    *("for triage", "unchanged", ""),
}
_CLOSED_WORDS = {
    *("closed", "fixed", "no further action", "not councils responsibility", "duplicate", "internal referral"),
    "cancelled",
}


def update_list(call: Call) -> tuple[Answer, bool]:
    """What happened in a window, oldest first, and whether there is another page.

    The last 24 hours unless said otherwise. With a key, which FixMyStreet puts into the address, also about what that
    client sent and nobody else sees; Failure 403 for a key that does not let it.
    """
    given, problems = call.parameters, Problems()
    key = _reader(given)
    size = min(problems.read(lambda: given.whole("page_size", MOST), MOST), MOST)
    offset = (problems.read(lambda: given.whole("page", 1), 1) - 1) * size
    if offset > _DEEPEST:
        problems.add(_("page: så långt går det inte att bläddra. Fråga efter en kortare tid i stället."))
    usual = (now() - USUAL, now())
    first, last = problems.read(lambda: _window(given), usual)
    problems.stop()
    found = updates(first, last, key, offset=offset, most=size + 1) if call.organisation.publishes or key else []
    return _answer([_row(update, call.photos(update.photos[:1])) for update in found[:size]]), len(found) > size


def _reader(given: Parameters) -> ApiKey | None:
    text = given.text("api_key")
    if not text:
        return None
    key = key_for(text, UPDATES)
    if key is None:
        raise Failure(403)
    return key


def _window(given: Parameters) -> tuple[datetime, datetime]:
    problems = Problems()
    first = problems.read(lambda: given.moment("start_date"), None)
    last = problems.read(lambda: given.moment("end_date"), None)
    problems.stop()
    if first is None:
        last = last or now()
        return last - USUAL, last
    last = last or min(first + SPAN, now())
    if first > last:
        raise Failure(400, _("%(last)s ligger före %(first)s.") % {"first": "start_date", "last": "end_date"})
    if last - first > SPAN:
        raise Failure(400, _("start_date och end_date får ligga högst 90 dagar ifrån varandra."))
    return first, last


def _row(update: Update, photos: Sequence[str]) -> Row:
    fixed = update.state is State.RESOLVED and KINDS.get(update.kind).asks_place
    status = _STATUS[update.state] if update.state else "unchanged"
    row: dict[str, Value] = {
        "update_id": str(update.update_id),
        "service_request_id": update.number,
        "status": "fixed" if fixed else status,
        "updated_datetime": moment(update.at),
        "description": update.text,
        "media_url": photos[0] if photos else None,
    }
    if update.service:
        row["extras"] = {"category": update.service}
    if update.until:
        row["extras"] = {"expected_datetime": moment(datetime.combine(update.until, time(23, 59, 59), zone()))}
    return row


def _answer(rows: Sequence[Row]) -> Answer:
    return Answer("service_request_updates", "request_update", rows)


@dataclass(frozen=True, slots=True)
class _News:
    """What a client sends about a report, read and checked."""

    case: Case
    own: bool
    """Whether the client sent the report itself."""
    update_id: str
    text: str
    at: datetime
    closed: bool
    """Whether the report is closed over there."""
    email: str
    sender: str


def send_update(call: Call) -> Answer:
    """Take in what somebody said or did about a report in another system; the same `update_id` again is the same.

    What the reporter says is theirs; what others say there is for staff. Our state is ours: a report that is marked
    as fixed over there stays open until somebody here has looked, and one that is closed here opens only by a word
    that is younger than its closing and says that it is open. Failure 403 without a right key, 429 when it has sent
    too much, 404 for a report that the client cannot know of, else 400 with every mistake there is.
    """
    key = key_for(call.parameters.secret("api_key"), UPDATES)
    if key is None:
        raise Failure(403)
    if wait := over_its_rate(key):
        raise Failure(429, retry_after=wait)
    news = _read(call.parameters, key)
    by, name = Actor.system(key.client), f"{CHANNEL}:{key.pk}:{news.update_id}"
    kept, refused = pictures.keep(call, by)
    again = already_said(news.case.pk, name)
    reporter = news.own and _is_reporter(news)
    message = CHANNELS.get(CHANNEL).write(
        case=news.case,
        text=_said(news, key, reporter=reporter),
        external_id=name,
        by=by,
        photos=tuple(kept),
        reporter=reporter,
        reopens=not news.closed and _younger_than_closing(news),
    )
    if not again:
        pictures.go_on(call.parameters, news.case, key, kept=len(kept), refused=refused, message=message)
    return _answer([{"update_id": f"m{message.pk}"}])


def _read(given: Parameters, key: ApiKey) -> _News:
    problems = Problems()
    number = given.text("service_request_id") or given.text("service_request_id_ext")
    update_id = clean_text(given.text("update_id") or given.text("update_id_ext"), one_line=True)
    for name, value in (("service_request_id", number), ("update_id", update_id)):
        if not value:
            problems.add(_("%(name)s saknas.") % {"name": name})
    if len(update_id) > _LONGEST_ID:
        problems.add(_("%(name)s: högst %(limit)s tecken.") % {"name": "update_id", "limit": _LONGEST_ID})
    at = problems.read(lambda: given.moment("updated_datetime"), None)
    status = given.text("status").lower().replace("_", " ")
    if status not in _OPEN_WORDS | _CLOSED_WORDS:
        problems.add(_("status: %(status)s känner vi inte till.") % {"status": status[:40]})
    text = given.text("description")
    if len(text) > LONGEST:
        problems.add(_("description: texten får vara högst %(limit)s tecken.") % {"limit": LONGEST})
    if not text and not status:
        problems.add(_("description och status saknas."))
    problems.stop()
    case, own = _case(number, key)
    name = " ".join(part for part in (given.text("first_name"), given.text("last_name")) if part != "-").strip()
    contact = [part for part in (name, given.text("email"), given.text("phone")) if part]
    return _News(
        case=case,
        own=own,
        update_id=update_id,
        text=text,
        at=at or now(),
        closed=status in _CLOSED_WORDS,
        email=given.text("email"),
        sender=clean_text(", ".join(contact), one_line=True)[:200],
    )


def _case(number: str, key: ApiKey) -> tuple[Case, bool]:
    """The case, if the client can know of it: it sent it, or everybody may read it."""
    parsed = parse_number(number)
    case = by_number(format_number(*parsed)) if parsed else None
    if case is not None:
        own = sent_by(key, case.pk)
        if own or case.publication_state == Case.Published.PUBLISHED:
            return case, own
    raise Failure(404, _("service_request_id: %(id)s finns inte.") % {"id": number[:40]})


def _is_reporter(news: _News) -> bool:
    """Whether whoever wrote is the one who reported, by their address; where we have none, who can tell."""
    address = reporter_email(news.case)
    return not address or not news.email or address.casefold() == news.email.casefold()


def _younger_than_closing(news: _News) -> bool:
    """A word from before we closed it, that was long on its way, opens nothing. Clients tell whole seconds."""
    closed_at = news.case.closed_at
    return closed_at is None or news.at >= closed_at.replace(microsecond=0)


def _said(news: _News, key: ApiKey, *, reporter: bool) -> str:
    """What was said, and what was done over there that our own state does not tell."""
    parts = [news.text]
    is_open = State(news.case.state) not in CLOSED
    if news.closed and is_open:
        parts.append(_("Hos %(client)s är ärendet markerat som klart.") % {"client": key.client})
    elif not news.text:
        parts.append(
            _("Hos %(client)s är ärendet fortfarande klart.") % {"client": key.client}
            if news.closed
            else _("Hos %(client)s är ärendet öppet.") % {"client": key.client}
        )
    if not reporter:
        who = news.sender or _("någon")
        parts.insert(0, _("Skrivet hos %(client)s av %(who)s:") % {"client": key.client, "who": who})
    return "\n".join(part for part in parts if part)[:LONGEST]
