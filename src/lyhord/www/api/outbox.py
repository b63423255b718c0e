"""The outbox: which messages have left, which have not got through, and sending those again."""

from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff
from lyhord.cases.queries import numbers_known
from lyhord.core.errors import NotFound
from lyhord.notifications.actions import resend
from lyhord.notifications.models import NoticeState
from lyhord.notifications.queries import OutboxRow, cases_of, one_row
from lyhord.notifications.queries import outbox as outbox_page
from lyhord.www.api.answers import SECRET, After, Limit, answer, number_from, to_cursor
from lyhord.www.api.callers import STAFF, ApiRequest, staff_may

router = Router(tags=["outbox"], auth=STAFF)

NoticeId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class Notice(BaseModel):
    """A message. Never its words: they hold the link that opens the resident's case."""

    id: int
    kind: str
    label: str
    sender: str = Field(description="How it leaves: email, sms …")
    state: NoticeState
    address: str = Field(description="Empty for those who may not know.")
    subject: str
    case: str = Field(description="Number of the case that it is about, if the person sees it.")
    attempts: int
    next_try_at: datetime | None
    last_error: str
    created_at: datetime
    sent_at: datetime | None


class Notices(BaseModel):
    """Newest first."""

    items: list[Notice]
    next: str = Field(description="For `after`; empty on the last page.")


@router.get("/outbox", response=Notices, summary="Messages that have left, or have not")
def outbox(
    request: ApiRequest,
    *,
    state: Annotated[NoticeState | None, Query(description='"failed": what did not get through.')] = None,
    limit: Limit = 50,
    after: After = "",
) -> HttpResponse:
    """All messages, or those in one state."""
    staff = staff_may(request, Permission.SEE_OUTBOX)
    found = outbox_page(state=state, before=number_from(after), size=limit)
    following = to_cursor(str(found.next_before)) if found.next_before else ""
    body = Notices(items=_shown(staff, found.rows), next=following)
    return answer(request, body, following=following, cache=SECRET)


@router.post("/outbox/{notice_id}/resend", response=Notice, summary="Send a message again")
def resend_notice(request: ApiRequest, notice_id: NoticeId) -> HttpResponse:
    """Try one that did not get through again, from the beginning; 409 when it has left or is on its way."""
    staff = staff_may(request, Permission.RESEND)
    resend(notice_id=notice_id, by=staff.actor)
    row = one_row(notice_id)
    if row is None:
        raise NotFound
    return answer(request, _shown(staff, [row])[0], cache=SECRET)


def _shown(staff: Staff, rows: list[OutboxRow]) -> list[Notice]:
    """As the person may read them: nothing of cases that they do not see or may not know of."""
    ids = cases_of(rows)
    numbers = numbers_known(staff, ids) if ids else {}
    return [_notice(row, numbers) for row in rows]


def _notice(row: OutboxRow, numbers: dict[int, str]) -> Notice:
    may_know = row.case_id is None or row.case_id in numbers
    return Notice(
        id=row.id,
        kind=row.kind,
        label=str(row.label),
        sender=row.sender,
        state=row.state,
        address=row.address if may_know else "",
        subject=row.subject if may_know else "",
        case=numbers.get(row.case_id or 0, ""),
        attempts=row.attempts,
        next_try_at=row.next_try_at if row.state == NoticeState.QUEUED else None,
        last_error=row.last_error,
        created_at=row.created_at,
        sent_at=row.sent_at,
    )
