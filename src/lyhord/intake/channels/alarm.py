"""Alarms of machines: pumps, lifts, lighting, servers. One fault is one case, however often it is shouted."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from lyhord.audit.actions import record
from lyhord.cases.actions.changes import lock, save
from lyhord.cases.models import Case
from lyhord.cases.public_queries import type_by_code
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text
from lyhord.intake.channel import Channel
from lyhord.intake.models import Alarm as Row
from lyhord.intake.models import ApiKey
from lyhord.intake.receive import receive
from lyhord.intake.submission import PLACE_LENGTH, Submission
from lyhord.organisations.models import Organisation
from lyhord.places.point import Point

type Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=150)]
_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"


class Sent(BaseModel):
    """What a machine sends. Unknown fields are let go, so that a system may tell more than we read."""

    model_config = ConfigDict(frozen=True, strict=True)

    id: Annotated[Name, StringConstraints(min_length=1)]
    state: Literal["raised", "cleared"] = "raised"
    object: Name = ""
    """What it is about; alarms of the same object are one case as long as that is open."""
    text: Annotated[str, StringConstraints(max_length=4000)] = ""
    service_code: Name = ""
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    long: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    address: Annotated[str, StringConstraints(max_length=PLACE_LENGTH)] = ""
    at: Annotated[AwareDatetime, Field(strict=False)] | None = None


class Alarm(Channel):
    """A system with a key posts JSON to /in/alarm/ (docs/alarms.md). The source is "alarm:<key id>"."""

    slug = "alarm"
    order = 80
    scope = "alarms"
    label = gettext_lazy("Larm")

    @transaction.atomic
    def incoming(self, *, organisation: Organisation, given: Mapping[str, Any], key: ApiKey) -> Mapping[str, Any]:
        """The case's number, how often its alarms have come, and what became of this one.

        The same alarm of the same source, or one of the same object, joins their open case. Once that is closed, an
        alarm that is raised again is a new case: nothing that still shouts is forgotten. One that is cleared is noted
        in the case, which a person closes. Raises Invalid with a sentence per field.
        """
        sent = _read(given)
        source, by = f"{self.slug}:{key.pk}", Actor.system(key.client)
        with connection.cursor() as cursor:
            cursor.execute(_ONE_AT_A_TIME, [f"lyhord alarms {organisation.pk} {source}"])
        row = Row.objects.select_related("case").filter(source=source, external_id=sent.id).first()
        if sent.state == "cleared":
            return _clear(row, sent, by)
        open_row = row if row and row.case.open else _of_same_thing(source, sent)
        if open_row is None:
            return self._begin(organisation, source, sent, row, by)
        return _repeat(open_row.case, source, sent, row, by)

    def _begin(
        self, organisation: Organisation, source: str, sent: Sent, row: Row | None, by: Actor
    ) -> Mapping[str, Any]:
        rounds = row.round + 1 if row else 1
        chosen = type_by_code(sent.service_code) if sent.service_code else None
        if sent.service_code and chosen is None:
            raise Invalid({"service_code": _("Välj något i listan.")})
        submission = Submission(
            source=source,
            external_id=f"{sent.id} {rounds}",
            channel=self.slug,
            text=sent.text or _("Larm från %(thing)s") % {"thing": sent.object or sent.id},
            longest=4000,
            kind=chosen.kind if chosen else "felanmalan",
            case_type=chosen.code if chosen else None,
            point=None if sent.lat is None or sent.long is None else Point(sent.lat, sent.long, None, "api"),
            place_text=sent.address,
            submitted_at=sent.at,
        )
        receipt = receive(organisation=organisation, submission=submission, by=by)
        _keep(row, source, sent, receipt.case, rounds=rounds)
        return _answer("created", receipt.case)


def _read(given: Mapping[str, Any]) -> Sent:
    cleaned = {name: clean_text(value) if isinstance(value, str) else value for name, value in given.items()}
    try:
        sent = Sent.model_validate(cleaned)
    except ValidationError as error:
        wrong = {str(one["loc"][0]) if one["loc"] else "" for one in error.errors()}
        raise Invalid({name: _("Fältet saknas eller går inte att läsa.") for name in sorted(wrong)}) from None
    if (sent.lat is None) != (sent.long is None):
        raise Invalid({"lat": _("lat och long hör ihop: skicka båda.")})
    return sent


def _of_same_thing(source: str, sent: Sent) -> Row | None:
    """The latest alarm of the same object whose case is open."""
    if not sent.object:
        return None
    rows = Row.objects.select_related("case").filter(source=source, thing=sent.object, case__open=True)
    return rows.order_by("-last_at", "-pk").first()


def _keep(row: Row | None, source: str, sent: Sent, case: Case, *, rounds: int) -> Row:
    """Remember that the alarm is part of the case."""
    at = _moment(sent)
    if row is None:
        return Row.objects.create(
            source=source, external_id=sent.id, thing=sent.object, case=case, first_at=at, last_at=at
        )
    row.case, row.thing, row.round, row.count = case, sent.object or row.thing, rounds, 1
    row.first_at = row.last_at = at
    row.cleared_at = None
    row.save()
    return row


def _repeat(case: Case, source: str, sent: Sent, row: Row | None, by: Actor) -> Mapping[str, Any]:
    if row is None or row.case_id != case.pk:
        _keep(row, source, sent, case, rounds=row.round if row else 1)
    else:
        row.count += 1
        row.last_at = _moment(sent)
        row.cleared_at = None
        row.save(update_fields=["count", "last_at", "cleared_at"])
    save(lock(case.pk))
    answer = _answer("repeated", case)
    data = {"alarm": sent.id, "count": answer["count"]}
    record(verb="case.alarm_repeated", subject_type="case", subject_id=case.pk, by=by, data=data, level=1)
    return answer


def _clear(row: Row | None, sent: Sent, by: Actor) -> Mapping[str, Any]:
    """Once is enough; one that we never heard of was over before it came to us."""
    if row is None:
        return {"result": "unknown", "service_request_id": None, "count": 0}
    if row.cleared_at is None:
        row.cleared_at = _moment(sent)
        row.save(update_fields=["cleared_at"])
        case = lock(row.case_id)
        case.unread = case.unread or case.open
        save(case, "unread")
        data = {"alarm": sent.id}
        record(verb="case.alarm_cleared", subject_type="case", subject_id=case.pk, by=by, data=data, level=1)
    return _answer("cleared", row.case)


def _answer(result: str, case: Case) -> dict[str, Any]:
    count = sum(Row.objects.filter(case=case).values_list("count", flat=True))
    return {"result": result, "service_request_id": case.number, "count": count}


def _moment(sent: Sent) -> datetime:
    """When it was raised or cleared, by the machine; never later than now, since clocks of machines go wrong."""
    return min(sent.at.astimezone(UTC), now()) if sent.at else now()
