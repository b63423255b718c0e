"""Reading what has come in, for those who may see each of it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.accounts.permissions import Permission
from lyhord.cases.models import Case
from lyhord.core.tenancy import require_organisation_id
from lyhord.intake.models import Arrival, ArrivalState, DraftCase, DraftFile, DraftState, Outcome

if TYPE_CHECKING:
    from lyhord.accounts.staff import Staff

PAGE = 50
COUNT_TO = 100

DRAFT_REASONS: dict[str, Promise] = {
    "number": _("Nämner ett ärendes nummer"),
    "other_sender": _("Svar från en annan adress än den som skrev ärendet"),
    "forged": _("Svarsadressen stämmer inte"),
    "automatic": _("Verkar vara skickat av ett program"),
    "bulk": _("Utskick till många"),
    "spam": _("Mejlservern tror att det är skräp"),
    "no_sender": _("Saknar en avsändare som går att svara"),
    "no_reply": _("Avsändaren läser inga svar"),
    "own_address": _("Kommer från en av våra egna adresser"),
    "loop": _("Har gått runt mellan många servrar"),
    "empty": _("Tomt"),
    "review": _("Allt som kommer hit granskas"),
    "unknown_number": _("Kort sms från ett nummer som inte hör till något ärende"),
    "several": _("Sms från ett nummer som har flera ärenden"),
}
STATE_LABELS: dict[str, Promise] = {
    ArrivalState.RECEIVED: _("Väntar på att läsas"),
    ArrivalState.HANDLED: _("Hanterat"),
    ArrivalState.FAILED: _("Gick inte att läsa"),
    ArrivalState.HELD: _("Väntar: många från samma avsändare"),
}
OUTCOME_LABELS: dict[str, Promise] = {
    Outcome.CASE: _("Blev ett ärende"),
    Outcome.JOINED: _("Kom in i ett ärende"),
    Outcome.DRAFT: _("Granskat"),
    Outcome.NOTED: _("Autosvar, antecknat i ärendet"),
    Outcome.BOUNCED: _("Ett mejl från oss kom tillbaka"),
    Outcome.STOPPED: _("Avsändaren ville inte ha fler meddelanden"),
    Outcome.PAPER: _("Handlingar till en källa"),
    Outcome.REFUSED: _("Till en källa, som inte tog emot det"),
    Outcome.IGNORED: _("Inget att göra"),
}
DRAFT_STATES: dict[str, Promise] = {
    DraftState.WAITING: _("Väntar på att granskas"),
    DraftState.CASE: _("Granskat: blev ett ärende"),
    DraftState.JOINED: _("Granskat: kom in i ett ärende"),
    DraftState.DISMISSED: _("Granskat: inget ärende"),
}
IGNORED: dict[str, Promise] = {
    "confirmed": _("Svarade ja till att få besked."),
    "start": _("Ville kunna få sms igen."),
    "own": _("Vårt eget mejl, som gick runt."),
    "auto_reply": _("Ett autosvar som inte hör till något ärende."),
    "bounce": _("Något som kom tillbaka, men som vi inte har skickat."),
    "complaint": _("Någon sa att något var skräp, men vi har inte skickat det."),
    "delayed": _("Ett mejl från oss är försenat. Mejlservern försöker igen."),
    "delivered": _("Ett kvitto på att ett mejl kom fram."),
    "receipt": _("Ett kvitto på att ett mejl är läst."),
}
FAILURES: dict[str, Promise] = {
    "empty": _("Det var tomt."),
    "nested": _("Det var för många mejl i varandra."),
    "too_slow": _("Det tog för lång tid att läsa."),
    "memory": _("Det var för stort att läsa."),
    "crashed": _("Läsaren gick sönder av det."),
    "nonsense": _("Läsaren gick sönder av det."),
    "broken": _("Något gick fel, flera gånger."),
}

_COUNTS = """
select
    (select count(*) from (
        select 1 from intake_draftcase where organisation_id = %(organisation)s and state = 'waiting'
            and (unit_id = any(%(units)s) or %(everywhere)s and not confidential) limit %(most)s
    ) as waiting),
    (select count(*) from (
        select 1 from intake_arrival where organisation_id = %(organisation)s and state in ('failed', 'held')
            and %(sees_arrivals)s limit %(most)s
    ) as failed)
"""


def incoming_counts(staff: "Staff") -> tuple[int, int]:
    """How many drafts wait that the person may see, and how much could not be taken in; up to COUNT_TO of each."""
    values: dict[str, Any] = {
        "organisation": require_organisation_id(),
        "units": sorted(staff.unit_ids),
        "everywhere": staff.may(Permission.SEE_ALL_CASES),
        "sees_arrivals": staff.may(Permission.SEE_OUTBOX),
        "most": COUNT_TO,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        waiting, failed = cursor.fetchone()
    return int(waiting), int(failed)


def waiting_drafts(staff: "Staff", *, after: int = 0) -> tuple[list[DraftCase], int | None]:
    """Drafts that nobody has decided about, oldest first, and where the next page begins."""
    found = list(
        DraftCase.objects.visible_to(staff)
        .waiting()
        .filter(pk__gt=after)
        .select_related("linked", "unit")
        .order_by("pk")[: PAGE + 1]
    )
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def visible_draft(staff: "Staff", draft_id: int) -> DraftCase | None:
    """One draft, decided or not, if the person may see it."""
    rows = DraftCase.objects.visible_to(staff).select_related("linked__unit", "unit", "case", "arrival")
    return rows.filter(pk=draft_id).first()


def files_of(draft: DraftCase) -> list[DraftFile]:
    """Its files, in the order that they came."""
    return list(DraftFile.objects.filter(draft=draft).select_related("photo", "document").order_by("pk"))


def arrivals(*, failed: bool, before: int | None) -> tuple[list[Arrival], int | None]:
    """What has come in, newest first, and the next page's `before`; with `failed` only what somebody must look at."""
    rows = Arrival.objects.select_related("unit").order_by("-pk")
    if failed:
        rows = rows.filter(state__in=[ArrivalState.FAILED, ArrivalState.HELD])
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def open_arrivals(staff: "Staff", rows: Iterable[Arrival]) -> tuple[set[int], dict[int, str], dict[int, DraftCase]]:
    """Of some arrivals: those whose sender and words the person may know, the numbers of their cases, their drafts."""
    rows = list(rows)
    cases = Case.objects.visible_to(staff).filter(pk__in={row.case_id for row in rows if row.case_id})
    if not staff.may(Permission.SEE_PROTECTED):
        cases = cases.filter(protected=False)
    numbers = dict(cases.values_list("pk", "number"))
    drafts = DraftCase.objects.visible_to(staff).filter(arrival__in=[row.pk for row in rows])
    if not staff.may(Permission.SEE_PROTECTED):
        drafts = drafts.filter(protected=False)
    by_arrival = {draft.arrival_id: draft for draft in drafts if draft.arrival_id is not None}
    known = {row.pk for row in rows if _may_know(staff, row, numbers, by_arrival)}
    return known, numbers, by_arrival


def _may_know(staff: "Staff", row: Arrival, numbers: dict[int, str], drafts: dict[int, DraftCase]) -> bool:
    if row.case_id is not None:
        return row.case_id in numbers
    if row.outcome == Outcome.DRAFT:
        return row.pk in drafts
    own_unit = row.unit is None or not row.unit.confidential or row.unit_id in staff.unit_ids
    return own_unit and not row.private
