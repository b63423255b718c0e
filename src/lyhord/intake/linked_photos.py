"""Pictures that came as addresses: the report is saved at once, the picture is fetched later and cleaned as others.

A row waits for each until the picture has come or cannot come; then it is gone, so a job that runs twice adds nothing.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.cases.actions import add_late_photo, note
from lyhord.cases.models import Case, Message
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.http import Limits, OutwardError, fetch
from lyhord.files.actions import keep_photo
from lyhord.files.images import MAX_BYTES, RefusedFile
from lyhord.intake.models import LinkedPhoto

LIMITS = Limits(
    most_bytes=MAX_BYTES,
    seconds=60,
    types=("image/", "application/octet-stream", "binary/octet-stream"),  # stores that do not know what they hold
    redirects=3,
)
_PASSING = {408, 425, 429}


class PhotoFailed(Exception):
    """The picture did not come. `code` is one of the guarded way out or of the pictures, or "status"."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


@transaction.atomic
def take_links(
    *, case: Case, urls: Sequence[str], room: int, show: bool, by: Actor, message: Message | None = None
) -> list[LinkedPhoto]:
    """Remember the first `room` addresses, to be fetched; the rest are noted for staff.

    They belong to the report, or to a `message`. With `show`, a picture is shown together with a case that is shown
    without anybody having reviewed it.
    """
    at = now()
    links = [
        LinkedPhoto.objects.create(case=case, message=message, url=url, show=show, label=by.label, created_at=at)
        for url in urls[:room]
    ]
    if urls[room:]:
        _tell(case.pk, _("Bilder som ligger hos den som skickade:"), urls[room:], by)
    return links


def photo_at(url: str) -> bytes:
    """What lies there. Raises PhotoFailed; outside any scope, since it may take its time."""
    try:
        answer = fetch(url, limits=LIMITS)
    except OutwardError as error:
        raise PhotoFailed(error.code, permanent=error.permanent) from error
    if not answer.fine:
        permanent = 300 <= answer.status < 500 and answer.status not in _PASSING
        raise PhotoFailed("status", permanent=permanent)
    return answer.body


@transaction.atomic
def keep_linked(*, link_id: int, data: bytes, by: Actor) -> bool:
    """Clean the picture and hang it on its case; False when that has been done already. Raises PhotoFailed."""
    link = LinkedPhoto.objects.select_for_update(of=("self",)).select_related("message").filter(pk=link_id).first()
    if link is None:
        return False
    try:
        file = keep_photo(organisation_id=link.organisation_id, data=data, by=by)
    except RefusedFile as refused:
        raise PhotoFailed(refused.code, permanent=refused.code != "unavailable") from refused
    add_late_photo(case_id=link.case_id, file=file, show=link.show, by=by, message=link.message)
    LinkedPhoto.objects.filter(pk=link.pk).delete()
    return True


def remember_failure(*, link_id: int, code: str) -> None:
    """Why the last try failed; the log gets a row when the last of all has."""
    LinkedPhoto.objects.filter(pk=link_id).update(last_error=code)


@transaction.atomic
def give_up_link(*, link_id: int, by: Actor) -> None:
    """The picture will not come: the history says why, and staff get the address to try for themselves."""
    link = LinkedPhoto.objects.select_for_update().filter(pk=link_id).first()
    if link is None:
        return
    said = _("Bilden gick inte att hämta. Den ligger hos den som skickade:")
    _tell(link.case_id, said, [link.url], Actor.system(link.label))
    record(
        verb="case.photo_failed",
        subject_type="case",
        subject_id=link.case_id,
        by=by,
        data={"reason": link.last_error},
        level=1,
    )
    LinkedPhoto.objects.filter(pk=link.pk).delete()


def _tell(case_id: int, said: str, urls: Sequence[str], by: Actor) -> None:
    note(case_id=case_id, text="\n".join([said, *urls]), by=by)
