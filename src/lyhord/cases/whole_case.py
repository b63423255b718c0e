"""Everything about one case, as those who handle it see it: each part by one query that is worked out once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, Subquery

from lyhord.accounts.permissions import Permission
from lyhord.audit.models import Event
from lyhord.cases.models import Case, Document, Draft, Message, Photo, Reporter
from lyhord.cases.numbers import format_number, parse_number
from lyhord.cases.public_queries import HISTORY
from lyhord.cases.queries import reported_by
from lyhord.core.prepared import Prepared, PreparedRows
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.together import Together
from lyhord.files.models import StoredFile

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lyhord.accounts.staff import Staff

MOST_BEFORE = 20

_PHOTOS = Prepared(
    lambda case_id: Photo.objects.filter(case=case_id).select_related("file").order_by("position", "id"), case_id=int
)
_REPORTERS = Prepared(lambda case_id: Reporter.objects.filter(case=case_id), case_id=int)
_MERGED = Prepared(lambda case_id: Case.objects.filter(duplicate_of=case_id).order_by("id"), case_id=int)
_SAID = Prepared(lambda case_id: Message.objects.filter(case=case_id).order_by("id"), case_id=int)
_DOCUMENTS = Prepared(
    lambda case_id: Document.objects.filter(case=case_id).select_related("file").order_by("id"), case_id=int
)
_DRAFTS = Prepared(lambda case_id, user_id: Draft.objects.filter(case=case_id, user=user_id), case_id=int, user_id=int)


def visible_case(staff: "Staff", case_id: int) -> Case | None:
    """The case, if the person may see it, with all that it names; None otherwise, as for one that does not exist."""
    if not staff.may(Permission.SEE_CASES) or case_id > BigIntegerField.MAX_BIGINT:
        return None
    query = _visible(everywhere=staff.may(Permission.SEE_ALL_CASES))
    return query.first(case_id=case_id, unit_ids=sorted(staff.unit_ids))


@cache
def _visible(*, everywhere: bool) -> Prepared[Case]:
    return Prepared(
        lambda case_id, unit_ids: (
            Case.objects.of_units(unit_ids, everywhere=everywhere)
            .select_related("case_type", "version", "category", "unit", "area", "officer", "duplicate_of")
            .filter(pk=case_id)
        ),
        case_id=int,
        unit_ids=list,
    )


def visible_by_number(staff: "Staff", number: str) -> Case | None:
    """As `visible_case`, by the number that people know."""
    parsed = parse_number(number) if staff.may(Permission.SEE_CASES) else None
    if parsed is None:
        return None
    query = _visible_number(everywhere=staff.may(Permission.SEE_ALL_CASES))
    return query.first(number=format_number(*parsed), unit_ids=sorted(staff.unit_ids))


@cache
def _visible_number(*, everywhere: bool) -> Prepared[Case]:
    return Prepared(
        lambda number, unit_ids: (
            Case.objects.of_units(unit_ids, everywhere=everywhere)
            .select_related("case_type", "version", "category", "unit", "area", "officer", "duplicate_of")
            .filter(number=number)
        ),
        number=str,
        unit_ids=list,
    )


@dataclass(frozen=True, slots=True)
class Joined:
    """A case that was merged into another."""

    number: str
    unit_id: int
    confidential: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What hangs on a case, by one statement: who reported it, its pictures, what was merged into it."""

    reporter: Reporter | None
    photos: list[Photo]
    merged: list[Joined]


_AROUND = """
select
    (select json_build_array(id, name, email, phone, sender_kind, organisation_name, organisation_number,
            protected)
        from cases_reporter where organisation_id = %(organisation)s and case_id = %(case)s),
    (select json_agg(json_build_array(photo.id, photo.message_id, photo.alt, photo.internal, photo.published, file.uid)
            order by photo.position, photo.id)
        from cases_photo photo join files_storedfile file
            on file.organisation_id = photo.organisation_id and file.id = photo.file_id
        where photo.organisation_id = %(organisation)s and photo.case_id = %(case)s),
    (select json_agg(json_build_array(number, unit_id, confidential) order by id)
        from cases_case where organisation_id = %(organisation)s and duplicate_of_id = %(case)s)
"""


def around(case: Case) -> Around:
    """What hangs on a case. The objects hold what is shown of them and no more."""
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {"organisation": require_organisation_id(), "case": case.pk})
        reporter, photos, merged = cursor.fetchone()
    return Around(
        Reporter(**dict(zip(_REPORTER, reporter, strict=True)), case=case) if reporter else None,
        [_photo(case, row) for row in photos or ()],
        [Joined(*row) for row in merged or ()],
    )


_REPORTER = ("id", "name", "email", "phone", "sender_kind", "organisation_name", "organisation_number", "protected")


def _photo(case: Case, row: Sequence[Any]) -> Photo:
    pk, message_id, alt, internal, published, uid = row
    file = StoredFile(uid=UUID(uid))
    return Photo(id=pk, case=case, message_id=message_id, file=file, alt=alt, internal=internal, published=published)


@dataclass(frozen=True, slots=True)
class Opened:
    """Everything about a case that somebody at the desk opens, by one statement.

    `before` is how many other cases the same mail address has reported, of those the person may see; MOST_BEFORE at
    most.
    """

    reporter: Reporter | None
    photos: list[Photo]
    merged: list[Case]
    messages: list[Message]
    events: list[Event]
    draft: Draft | None
    before: int


def opened(case: Case, staff: "Staff") -> Opened:
    """What the person sees beside the case itself."""
    query = _opened(everywhere=staff.may(Permission.SEE_ALL_CASES), knows_protected=staff.may(Permission.SEE_PROTECTED))
    values = {"case_id": case.pk, "user_id": staff.user.pk, "unit_ids": sorted(staff.unit_ids)}
    reporters, photos, merged, messages, events, drafts, before = query(**values)
    reporter, draft = (next(iter(rows), None) for rows in (reporters, drafts))
    return Opened(reporter, photos, merged, messages, events, draft, min(len(before), MOST_BEFORE))


@cache
def _opened(*, everywhere: bool, knows_protected: bool) -> Together:
    def before(case_id: int, unit_ids: list[int]) -> "QuerySet[Case, int]":
        own = Reporter.objects.filter(case=case_id).exclude(email="").values("email")[:1]
        ids = reported_by(Subquery(own), knows_protected=knows_protected)
        others = Case.objects.of_units(unit_ids, everywhere=everywhere).filter(pk__in=ids).exclude(pk=case_id)
        return (others if knows_protected else others.filter(protected=False)).values_list("pk", flat=True)

    others: PreparedRows[int] = PreparedRows(lambda pk: pk, before, case_id=int, unit_ids=list)
    return Together(_REPORTERS, _PHOTOS, _MERGED, _SAID, HISTORY, _DRAFTS, others)


def photos(case: Case) -> list[Photo]:
    """Every picture with its file, the internal ones too; the reporter's own first."""
    return _PHOTOS(case_id=case.pk)


def reporter_of(case: Case) -> Reporter | None:
    """Who reported it; None for nobody at all."""
    return _REPORTERS.first(case_id=case.pk)


def merged_into(case: Case) -> list[Case]:
    """The cases that were merged into this one, oldest first."""
    return _MERGED(case_id=case.pk)


def messages(case: Case) -> list[Message]:
    """What has been said after the report, oldest first, notes among staff included."""
    return _SAID(case_id=case.pk)


def documents(case: Case) -> list[Document]:
    """The files that are no pictures; asked for only where there are some."""
    return _DOCUMENTS(case_id=case.pk) if case.has_documents else []


def draft_of(case: Case, staff: "Staff") -> Draft | None:
    """What the person has begun to write."""
    return _DRAFTS.first(case_id=case.pk, user_id=staff.user.pk)
