"""The same deed for several cases at once."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff
from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.cases.several import MOST, Became, Fate, several
from lyhord.cases.states import State
from lyhord.core.errors import Invalid
from lyhord.organisations.models import Unit
from lyhord.www.api.answers import SECRET, answer
from lyhord.www.api.callers import STAFF, ApiRequest, staff_may

router = Router(tags=["bulk"], auth=STAFF)

type Reason = Annotated[str, Field(min_length=1, max_length=1000)]


class TakeAll(BaseModel):
    """They become the caller's own."""

    model_config = ConfigDict(extra="forbid")

    do: Literal["take"]


class MoveAll(BaseModel):
    """They go to another unit, and why."""

    model_config = ConfigDict(extra="forbid")

    do: Literal["move"]
    unit: Annotated[str, Field(max_length=60)]
    reason: Reason


class PlanAll(BaseModel):
    """What will be done with them, and by when."""

    model_config = ConfigDict(extra="forbid")

    do: Literal["plan"]
    reason: Reason
    until: date


class Marked(BaseModel):
    """A case as it was read: it is left alone when somebody has changed it since."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(max_length=20)]
    revision: Annotated[int, Field(ge=0, le=2**31 - 1)]


class Bulk(BaseModel):
    """A deed, and the cases that it is for."""

    model_config = ConfigDict(extra="forbid")

    deed: Annotated[TakeAll | MoveAll | PlanAll, Field(discriminator="do")]
    cases: Annotated[list[Marked], Field(min_length=1, max_length=MOST)]


class Told(BaseModel):
    """What became of one: done, changed by somebody else since, refused (`detail` says why), or gone from sight."""

    number: str
    fate: Fate
    detail: str
    revision: int | None = Field(description="As it is now, of one that was done.")


class Result(BaseModel):
    """In the order that they were given."""

    items: list[Told]


@router.post("/bulk", response=Result, summary="Do the same with several cases")
def bulk(request: ApiRequest, given: Bulk) -> HttpResponse:
    """Take them, hand them over or plan them: each by itself, so that one that cannot be done stops no other."""
    permission = Permission.ASSIGN_CASES if isinstance(given.deed, MoveAll) else Permission.HANDLE_CASES
    staff = staff_may(request, permission)
    deed = _deed(staff, given.deed)
    revisions = {marked.number: marked.revision for marked in given.cases}
    seen = Case.objects.visible_to(staff).filter(number__in=[_readable(number) for number in revisions])
    ids = dict(seen.values_list("number", "pk"))
    became = {one.case_id: one for one in several(staff, {pk: revisions[number] for number, pk in ids.items()}, deed)}
    done = [pk for pk, one in became.items() if one.fate is Fate.DONE]
    now = dict(Case.objects.filter(pk__in=done).values_list("pk", "revision")) if done else {}
    items = [_told(number, became.get(ids.get(number, 0)), now) for number in revisions]
    return answer(request, Result(items=items), cache=SECRET)


def _readable(number: str) -> str:
    return number.replace("\x00", "")


def _told(number: str, one: Became | None, now: dict[int, int]) -> Told:
    if one is None:
        return Told(number=number, fate=Fate.GONE, detail="", revision=None)
    return Told(number=number, fate=one.fate, detail=one.sentence, revision=now.get(one.case_id))


def _deed(staff: Staff, wanted: TakeAll | MoveAll | PlanAll) -> Callable[[int, int], object]:
    """What is done with each. Invalid for a unit that is none."""
    by = staff.actor
    match wanted:
        case TakeAll():
            return lambda case_id, revision: actions.assign(
                case_id=case_id, officer_id=staff.user.pk, by=by, revision=revision
            )
        case MoveAll():
            unit = Unit.objects.filter(code=wanted.unit.replace("\x00", "")).first()
            if unit is None:
                raise Invalid({"deed.unit": _("Välj något i listan.")})
            return lambda case_id, revision: actions.move(
                case_id=case_id, unit_id=unit.pk, reason=wanted.reason, by=by, revision=revision
            )
        case PlanAll():
            return lambda case_id, revision: actions.change_state(
                case_id=case_id,
                to=State.PLANNED,
                reason=wanted.reason,
                until=wanted.until,
                by=by,
                revision=revision,
            )
