"""The log: who did what, and when."""

from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from lyhord.accounts.permissions import Permission
from lyhord.audit.queries import LogFilter, log_page
from lyhord.core.text import clean_text
from lyhord.www.api.answers import PRIVATE, After, Day, Limit, answer, from_cursor, to_cursor
from lyhord.www.api.callers import STAFF, ApiRequest, staff_may
from lyhord.www.manage.log_rows import log_rows

router = Router(tags=["log"], auth=STAFF)


class LogRow(BaseModel):
    """One thing that happened."""

    id: int
    at: datetime
    verb: str = Field(description='For programs: "case.registered".')
    what: str = Field(description="The same in words.")
    who: str
    case: str = Field(description="Number of the case that it is about, if the person sees it.")
    about: str = Field(description="The member of staff that it is about.")
    details: list[str] = Field(description="What a change of settings was about; empty for cases.")


class Log(BaseModel):
    """Newest first."""

    items: list[LogRow]
    next: str = Field(description="For `after`; empty on the last page.")


@router.get("/log", response=Log, summary="What has happened")
def log(
    request: ApiRequest,
    *,
    subject: Annotated[str, Query(max_length=40, description='What it is about: "case", "member", "unit" …')] = "",
    verb: Annotated[str, Query(max_length=60)] = "",
    person: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Who did it, by id.")] = None,
    first: Day = None,
    last: Day = None,
    limit: Limit = 50,
    after: After = "",
) -> HttpResponse:
    """The log of the whole organisation. Of a case no more than its number, and to those who see it."""
    staff = staff_may(request, Permission.SEE_LOG)
    wanted = LogFilter(
        subject_type=clean_text(subject, one_line=True),
        verb=clean_text(verb, one_line=True),
        person_id=person,
        first_day=first,
        last_day=last,
    )
    found = log_page(wanted, from_cursor(after), most=limit)
    following = to_cursor(found.next)
    items = [
        LogRow(
            id=event.pk,
            at=event.at,
            verb=event.verb,
            what=str(row["what"]),
            who=row["who"],
            case=row["case_number"],
            about=row["about"],
            details=row["details"],
        )
        for event, row in zip(found.events, log_rows(staff, found.events), strict=True)
    ]
    return answer(request, Log(items=items, next=following), following=following, cache=PRIVATE)
