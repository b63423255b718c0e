"""The entries in the desk's menu: which cases each holds."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.cases.lateness import Moment, late

MOMENT = ("at", "day", "waited")

type Condition = Callable[[int, Moment], Q]
"""Of whose user id it is, and of the moment."""


@dataclass(frozen=True, slots=True)
class View:
    """One entry in the desk's menu. It is counted in the order of `counted_by`, which an index of the cases has: so the
    count ends at COUNT_TO wherever the rows lie. Else all closed cases may be read to find the open ones at the end."""

    slug: str
    label: Promise
    condition: Condition
    empty: Promise
    asks: tuple[str, ...] = ()
    """What the condition asks of: "user_id", and the parts of a moment."""
    counted_by: str = "waiting_since"
    newest_first: bool = False


VIEWS: tuple[View, ...] = (
    View(
        "min-dag",
        _("Min dag"),
        lambda user_id, at: Q(open=True, officer_id=user_id) & (Q(waiting_since__isnull=False) | late(at)),
        _("Ingen väntar på dig just nu. Bra jobbat."),
        asks=("user_id", *MOMENT),
    ),
    View(
        "nya-svar",
        _("Nya svar"),
        lambda _user_id, _at: Q(open=True, unread=True, resident_wrote=True),
        _("Inga nya svar."),
        counted_by="unit",
    ),
    View(
        "mina",
        _("Mina"),
        lambda user_id, _at: Q(open=True, officer_id=user_id),
        _("Du har inga ärenden."),
        asks=("user_id",),
    ),
    View(
        "ofordelat",
        _("Ofördelat"),
        lambda _user_id, _at: Q(open=True, officer_id__isnull=True),
        _("Alla ärenden har någon som har hand om dem."),
    ),
    View(
        "forsenat",
        _("Försenat"),
        lambda _user_id, at: late(at),
        _("Inget är försenat."),
        asks=MOMENT,
    ),
    View(
        "vantar",
        _("Väntar"),
        lambda _user_id, _at: Q(state__in=["planned", "waiting"]),
        _("Inget väntar."),
        counted_by="unit",
    ),
    View("alla", _("Alla öppna"), lambda _user_id, _at: Q(open=True), _("Det finns inga öppna ärenden.")),
    View(
        "avslutade",
        _("Avslutade"),
        lambda _user_id, _at: Q(open=False),
        _("Inga avslutade ärenden."),
        newest_first=True,
    ),
)
UNCOUNTED = frozenset({"avslutade"})
REVIEW = "granska"
"""What waits to be read through before others may see it: counted with the views, though no view."""
BY_SLUG = {view.slug: view for view in VIEWS}
