"""A case begins: number, place, desk, deadline, log row and acknowledgement in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction

from lyhord.audit.actions import record
from lyhord.audit.settling import LOCK, lock_name
from lyhord.cases import follow_code
from lyhord.cases.actions.ways import began_with
from lyhord.cases.answers import answers_to_json
from lyhord.cases.deadlines import deadlines
from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.desk_choice import choose_unit
from lyhord.cases.facts import NewCase
from lyhord.cases.models import Case, Photo, Reporter
from lyhord.cases.notices import CaseReceived
from lyhord.cases.numbers import format_number
from lyhord.cases.titles import title_of
from lyhord.core.actor import Actor
from lyhord.core.clock import local, now
from lyhord.core.rows import insert
from lyhord.core.tenancy import require_organisation_id
from lyhord.files.models import StoredFile
from lyhord.notifications.actions import tell
from lyhord.organisations.models import Organisation, Unit
from lyhord.places.morton import cell


@dataclass(frozen=True, slots=True)
class Registered:
    """A new case and the code by which its reporter follows it; the code is not stored anywhere."""

    case: Case
    code: str


@transaction.atomic(savepoint=False)  # whoever takes in opens the transaction, and catches nothing half-way
def register(*, organisation: Organisation, new: NewCase, by: Actor) -> Registered:
    """Make the case. It always gets a number and a desk: where no rule fits, the fallback unit's.

    Position outside every area is fine: visitors and people just over the border are as welcome (row 4.28).
    """
    version = new.case_type.current
    if version is None:
        raise ValueError(f"{new.case_type.code} has no published version")
    description = version.description
    number = next_number(organisation.pk, now())
    at = now()  # after that: readers of changes know by now that one is coming
    unit, chosen, area = choose_unit(organisation, new, description, at)
    promised = deadlines(description, kind=new.case_type.kind, at=at, closed=organisation.free_days)
    uid = uuid4()
    code = follow_code.code_for(settings.SECRET_KEY.encode(), uid, 1)
    case = Case(
        organisation_id=organisation.pk,
        uid=uid,
        number=number,
        kind=new.case_type.kind,
        case_type=new.case_type,
        version=version,
        category=new.category or new.case_type.category,
        title=title_of(new, description),
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
        publication_state=publication_state(organisation, new, description, unit),
        acknowledge_by=promised.acknowledge_by,
        answer_by=promised.answer_by,
        **_position(new),
    )
    insert(case)
    _add_reporter(case, new)
    add_photos(case, new.photos)
    record(
        verb="case.registered",
        subject_type="case",
        subject_id=case.pk,
        by=by,
        data={"number": case.number, "channel": case.channel, "unit": unit.code, "reason": chosen.reason},
    )
    if new.wants_feedback:
        for follow in began_with(case=case, ways=new.reporter.ways, by=by):
            received = CaseReceived(organisation=organisation, case=case, code=code, follow=follow)
            tell(received, contact=follow.contact)
    return Registered(case, code)


def next_number(organisation_id: int, at: datetime) -> str:
    """The next number of the organisation's series for the year: "26-4817".

    The series is a database sequence, so that registrations never queue for each other; a registration that is
    rolled back leaves a gap (ADR 6). Readers of changes learn from here that something is coming (audit/settling.py).
    """
    year = local(at).year
    with connection.cursor() as cursor:
        cursor.execute(f"select lyhord_next_number(%s, %s), {LOCK}", [organisation_id, year, *lock_name()])
        row = cursor.fetchone()
    return format_number(year, int(row[0]))


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
    organisation: Organisation, new: NewCase, description: CaseTypeDescription, unit: Unit
) -> Case.Published:
    """`review` when the reporter, the organisation, the type, the category and the unit all allow it, else `closed`.

    Care and school are closed by default; a protected reporter's case always is.
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
    return Case.Published.REVIEW if allowed else Case.Published.CLOSED


def _add_reporter(case: Case, new: NewCase) -> None:
    reporter = new.reporter
    if reporter.nobody:
        return
    insert(
        Reporter(
            organisation_id=require_organisation_id(),
            case=case,
            name=reporter.name,
            email=reporter.email,
            phone=reporter.phone,
            sender_kind=reporter.sender_kind,
            organisation_number=reporter.organisation_number,
            protected=reporter.protected,
        )
    )


def add_photos(
    case: Case, files: tuple[StoredFile, ...], *, message_id: int | None = None, internal: bool = False
) -> None:
    """Hang cleaned pictures on the case; unpublished until reviewed. `internal` ones are for staff only."""
    if not files:
        return
    Photo.objects.bulk_create(
        Photo(
            organisation_id=case.organisation_id,
            case=case,
            message_id=message_id,
            file=file,
            internal=internal,
            position=index,
        )
        for index, file in enumerate(files)
    )
    # Where the camera was has been proposed by now; kept longer, it would say more than its sender chose to say.
    StoredFile.objects.filter(pk__in=[file.pk for file in files]).update(used=True, lat=None, lon=None)
