"""Words for a code that somebody wrote, and the handle by which a page knows what it was for."""

from django.core import signing
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.notifications.one_time import HOLDS, Tried

SENTENCES: dict[Tried, Promise] = {
    Tried.WRONG: _("Koden stämmer inte. Se efter att du har skrivit alla sex siffror."),
    Tried.TOO_LATE: _("Koden gäller inte längre. Be om en ny."),
    Tried.TOO_OFTEN: _("Koden har skrivits fel för många gånger. Be om en ny."),
}
_SALT = "lyhord.www.public.codes"


def handle_for(follow_id: int) -> str:
    """What a page carries while its reader fetches the code: it says which wish it was, and gives no right to it."""
    return signing.dumps(follow_id, salt=_SALT)


def follow_behind(handle: str) -> int | None:
    """The wish; None for a handle that is not ours, or too old to be of use."""
    try:
        found = signing.loads(handle, salt=_SALT, max_age=HOLDS * 2)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None
