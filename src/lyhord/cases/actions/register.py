"""A case begins: number, place, desk, deadline, log row and acknowledgement in one transaction."""

from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction

from lyhord.audit.actions import record
from lyhord.audit.settling import LOCK, lock_name
from lyhord.cases import follow_code
from lyhord.cases.actions.ways import ask_new, began_with, contacts_for
from lyhord.cases.answers import answers_to_json
from lyhord.cases.deadlines import deadlines
from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.desk_choice import choose_unit
from lyhord.cases.facts import Claim, NewCase
from lyhord.cases.masking import find
from lyhord.cases.models import Case, CaseTypeVersion, Photo, Publication, Reporter
from lyhord.cases.news import What, tell_alerts
from lyhord.cases.notices import CaseReceived
from lyhord.cases.numbers import format_number
from lyhord.cases.titles import title_of
from lyhord.core.actor import Actor
from lyhord.core.clock import local, now
from lyhord.core.rows import DRAW, insert, together
from lyhord.core.tenancy import require_organisation_id
from lyhord.files.models import StoredFile
from lyhord.notifications.actions import tell
from lyhord.organisations.models import Organisation, Unit
from lyhord.places.morton import cell

CASES, EVENTS, FOLLOWS = "cases_case", "audit_event", "following_follow"
NOTICES, JOBS = "notifications_notice", "jobs_job"


@dataclass(frozen=True, slots=True)
class Registered:
    """A new case and the code by which its reporter follows it; the code is not stored anywhere."""

    case: Case
    code: str


# The claim, the number and the keys at once: who takes part in it waits for the database as seldom as can be.
_BEGIN = """
with drawn as materialized (select {draw} as keys){claim}
select keys, lyhord_next_number(%s, %s), {lock} from drawn{only}
"""
_PLAIN = _BEGIN.format(draw=DRAW, lock=LOCK, claim="", only="")
_CLAIMED = ", claimed as ({})"
_IF_CLAIMED = " where exists (select from claimed)"


def register(*, organisation: Organisation, new: NewCase, by: Actor) -> Registered:
    """Make the case. It always gets a number and a desk: where no rule fits, the fallback unit's.

    Position outside every area is fine: visitors and people just over the border are as welcome (row 4.28).
    """
    registered = register_once(organisation=organisation, new=new, by=by, claim=None)
    if registered is None:
        raise RuntimeError("nothing was claimed")
    return registered


@transaction.atomic(savepoint=False)  # whoever takes in opens the transaction, and catches nothing half-way
def register_once(*, organisation: Organisation, new: NewCase, by: Actor, claim: Claim | None) -> Registered | None:
    """The same for what may have come before: None, and no case, when somebody else has what it claims."""
    version = new.case_type.current
    if version is None:
        raise ValueError(f"{new.case_type.code} has no published version")
    begun = _begin(organisation.pk, _keys(new), claim)
    if begun is None:
        return None
    number, keys = begun
    case, code = _made(organisation, new, version, number)
    contacts = contacts_for(_ways(new), language=case.language)
    with together(keys):
        insert(case)
        _add_reporter(case, new)
        said = {"number": number, "channel": case.channel, "unit": case.unit.code, "reason": case.route_reason}
        record(verb="case.registered", subject_type="case", subject_id=case.pk, by=by, data=said)
        _show(case, new)
        follows = began_with(case=case, contacts=contacts, by=by)
        for follow in follows:
            if follow.confirmed_at is None:
                continue
            received = CaseReceived(
                organisation=organisation, case=case, code=code, follow=follow, message_id=new.message_id
            )
            tell(received, contact=follow.contact)
    ask_new(case=case, follows=follows, by=by)
    return Registered(case, code)


def _made(organisation: Organisation, new: NewCase, version: CaseTypeVersion, number: str) -> tuple[Case, str]:
    """The case, not written yet, and its follow code."""
    description, at = version.description, now()
    unit, chosen, area = choose_unit(organisation, new, description, at)
    promised = deadlines(description, kind=new.case_type.kind, at=at, closed=organisation.free_days)
    uid, title = uuid4(), title_of(new, description)
    code = follow_code.code_for(settings.SECRET_KEY.encode(), uid, 1)
    case = Case(
        organisation_id=organisation.pk,
        uid=uid,
        number=number,
        kind=new.case_type.kind,
        case_type=new.case_type,
        version=version,
        category=new.category or new.case_type.category,
        title=title,
        text=new.text,
        answers=answers_to_json(new.answers),
        language=new.language,
        channel=new.channel,
        unit=unit,
        route_kind=chosen.kind,
        route_reason=chosen.reason,
        confidential=unit.confidential or description.confidential,
        protected=new.reporter.protected,
        place_text=new.place_text,
        area=area,
        registered_at=at,
        changed_at=at,
        waiting_since=at,
        wants_feedback=new.wants_feedback,
        follow_digest=follow_code.digest(code),
        publication_state=publication_state(organisation, new, description, unit, title),
        acknowledge_by=promised.acknowledge_by,
        answer_by=promised.answer_by,
        **_position(new),
    )
    return case, code


def _ways(new: NewCase) -> list[tuple[str, str]]:
    return new.reporter.ways if new.wants_feedback else []


def _keys(new: NewCase) -> list[str]:
    """The tables that need a key each: of the rows that name each other."""
    shown, told = [EVENTS, JOBS] * (new.shown_by is not None), [FOLLOWS, NOTICES, JOBS] * len(_ways(new))
    return [CASES, EVENTS, *shown, *told]


def _begin(organisation_id: int, tables: list[str], claim: Claim | None) -> tuple[str, dict[str, list[int]]] | None:
    """The next number of the organisation's series for the year ("26-4817"), and keys; None when the claim is taken.

    The series is a database sequence, so that registrations never queue for each other; a registration that is
    rolled back leaves a gap (ADR 6). Readers of changes learn from here that something is coming (audit/settling.py):
    what the clock says afterwards is when it came.
    """
    year = local(now()).year
    sql, values = _PLAIN, [tables]
    if claim is not None:
        sql = _BEGIN.format(draw=DRAW, lock=LOCK, claim=_CLAIMED.format(claim.sql), only=_IF_CLAIMED)
        values = [tables, *claim.values]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, organisation_id, year, *lock_name()])
        row = cursor.fetchone()
    if row is None:
        return None
    keys: dict[str, list[int]] = {}
    for table, key in zip(tables, row[0], strict=True):
        keys.setdefault(table, []).append(key)
    return format_number(year, int(row[1])), keys


def _position(new: NewCase) -> dict[str, object]:
    if new.point is None:
        return {}
    return {
        "lat": new.point.lat,
        "lon": new.point.lon,
        "accuracy_m": new.point.accuracy_m,
        "position_source": new.point.source,
        "cell": cell(new.point.lat, new.point.lon),
    }


def publication_state(
    organisation: Organisation, new: NewCase, description: CaseTypeDescription, unit: Unit, title: str
) -> Case.Published:
    """`review` when the reporter, the organisation, the type, the category and the unit all allow it, else `closed`.

    Care and school are closed by default; a protected reporter's case always is. `published` where it need not be read
    through first; but what seems to point somebody out always is.
    """
    category = new.category or new.case_type.category
    allowed = (
        new.publish
        and organisation.publishes
        and description.publication.allowed
        and not unit.confidential
        and not description.confidential
        and not new.reporter.protected
        and (category is None or category.publishable)
    )
    if not allowed:
        return Case.Published.CLOSED
    unread = new.shown_by is not None and not find(title) and not find(new.text)
    return Case.Published.PUBLISHED if unread else Case.Published.REVIEW


def _show(case: Case, new: NewCase) -> None:
    """The pictures; and what others may read of a case that is published as it came."""
    shown = case.publication_state == Case.Published.PUBLISHED and new.shown_by is not None
    pictures = add_photos(case, new.photos, published=shown and case.version.description.publication.photos)
    if not shown or new.shown_by is None:
        return
    publication = Publication(
        organisation_id=case.organisation_id,
        case=case,
        title=case.title,
        text=case.text,
        answer="",
        published_at=case.registered_at,
        published_by_id=new.shown_by.id,
    )
    insert(publication, keyed=False)
    said = {"photos": pictures if case.version.description.publication.photos else []}
    event = record(verb="case.published", subject_type="case", subject_id=case.pk, by=new.shown_by, data=said)
    tell_alerts(event, What.PUBLISHED)


def _add_reporter(case: Case, new: NewCase) -> None:
    reporter = new.reporter
    if reporter.nobody:
        return
    row = Reporter(
        organisation_id=require_organisation_id(),
        case=case,
        name=reporter.name,
        email=reporter.email,
        phone=reporter.phone,
        sender_kind=reporter.sender_kind,
        organisation_name=reporter.organisation_name,
        organisation_number=reporter.organisation_number,
        protected=reporter.protected,
    )
    insert(row, keyed=False)


def add_photos(
    case: Case,
    files: tuple[StoredFile, ...],
    *,
    message_id: int | None = None,
    internal: bool = False,
    published: bool = False,
) -> list[int]:
    """Hang cleaned pictures on the case; unpublished until reviewed. `internal` ones are for staff only."""
    if not files:
        return []
    made = Photo.objects.bulk_create(
        Photo(
            organisation_id=case.organisation_id,
            case=case,
            message_id=message_id,
            file=file,
            internal=internal,
            published=published,
            position=index,
        )
        for index, file in enumerate(files)
    )
    # Where the camera was has been proposed by now; kept longer, it would say more than its sender chose to say.
    StoredFile.objects.filter(pk__in=[file.pk for file in files]).update(used=True, lat=None, lon=None)
    return [photo.pk for photo in made]
