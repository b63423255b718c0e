"""Reading the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.core.tenancy import TenantQuerySet
from lyhord.notifications.kind import label_of
from lyhord.notifications.models import Contact, Notice, NoticeState

PAGE = 50

STATE_LABELS: dict[NoticeState, str | Promise] = {
    NoticeState.QUEUED: _("Väntar på att skickas"),
    NoticeState.HELD: _("Sparas till senare"),
    NoticeState.SENT: _("Skickat"),
    NoticeState.GATHERED: _("Skickat tillsammans med annat"),
    NoticeState.FAILED: _("Kom inte fram"),
    NoticeState.CANCELLED: _("Stoppat"),
}


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A notice as staff see it. Never its words: they hold the link that opens the resident's case.

    `address` and `subject` are "" where the reader may not see whom and what it is about.
    """

    id: int
    kind: str
    label: str
    sender: str
    state: NoticeState
    address: str
    subject: str
    about: tuple[str, int] | None
    attempts: int
    next_try_at: datetime | None
    last_error: str
    created_at: datetime
    sent_at: datetime | None
    has_words: bool = True

    @property
    def case_id(self) -> int | None:
        """The case that it is about, where it is about one."""
        return self.about[1] if self.about and self.about[0] == "case" else None

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(STATE_LABELS[self.state])

    @property
    def can_resend(self) -> bool:
        """Whether `actions.resend` would take it."""
        return self.state == NoticeState.FAILED and self.has_words


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """One page, newest first; `next_before` is the `before` of the next page, None on the last."""

    rows: list[OutboxRow]
    next_before: int | None


def outbox(*, state: NoticeState | None = None, before: int | None = None, size: int = PAGE) -> OutboxPage:
    """A page of the outbox for all who may open it: what is private shows neither address nor subject."""
    notices, next_before = page(state=state, before=before, size=size)
    return OutboxPage([_row(notice, open_to_reader=not notice.private) for notice in notices], next_before)


def cases_of(rows: Iterable[OutboxRow]) -> set[int]:
    """The cases that notices are about."""
    return {row.case_id for row in rows if row.case_id is not None}


def one_row(notice_id: int) -> OutboxRow | None:
    """One notice, as in the outbox."""
    notice = Notice.objects.filter(pk=notice_id).first()
    return _row(notice, open_to_reader=not notice.private) if notice else None


def page(
    *, state: NoticeState | None = None, before: int | None = None, size: int = PAGE
) -> tuple[list[Notice], int | None]:
    """The notices with an id below `before`, newest first, and the next page's `before`."""
    notices = Notice.objects.order_by("-pk")
    if state is not None:
        notices = notices.filter(state=state)
    if before is not None:
        notices = notices.filter(pk__lt=before)
    found = list(notices[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def for_subject(subject_type: str, subject_id: int, *, show_private: bool, most: int = 200) -> list[OutboxRow]:
    """The newest notices about a case or the like, for a reader who may see it.

    With `show_private` also the address where the subject is protected: the caller says whether the reader may.
    """
    return _rows(_about(subject_type, subject_id).order_by("-pk")[:most], show_private=show_private)


def contact_by_token(token: UUID) -> Contact | None:
    """Whose page it is, or None; reading it changes nothing."""
    return Contact.objects.filter(token=token).first()


def failed_count() -> int:
    """How many have failed and wait for somebody."""
    return Notice.objects.filter(state=NoticeState.FAILED).count()


def _about(subject_type: str, subject_id: int) -> TenantQuerySet[Notice]:
    return Notice.objects.filter(subject_type=subject_type, subject_id=subject_id)


def _rows(notices: Iterable[Notice], *, show_private: bool) -> list[OutboxRow]:
    return [_row(notice, open_to_reader=show_private or not notice.private) for notice in notices]


def _row(notice: Notice, *, open_to_reader: bool) -> OutboxRow:
    about = (notice.subject_type, notice.subject_id) if notice.subject_id is not None and open_to_reader else None
    return OutboxRow(
        id=notice.pk,
        kind=notice.kind,
        label=label_of(notice.kind),
        sender=notice.sender,
        state=NoticeState(notice.state),
        address=notice.address if open_to_reader else "",
        subject=notice.subject if open_to_reader else "",
        about=about,
        attempts=notice.attempts,
        next_try_at=notice.next_try_at,
        last_error=notice.last_error,
        created_at=notice.created_at,
        sent_at=notice.sent_at,
        has_words=bool(notice.body),
    )
