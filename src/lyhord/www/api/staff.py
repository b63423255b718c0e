"""Who one is here, and the units that cases lie with."""

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel

from lyhord.accounts.permissions import Permission
from lyhord.core.errors import NotAllowed
from lyhord.organisations.models import Unit as UnitRow
from lyhord.www.api.answers import answer
from lyhord.www.api.callers import STAFF, ApiRequest, staff_may

router = Router(tags=["staff"], auth=STAFF)


class Me(BaseModel):
    """The member of staff that a key or a token stands for."""

    id: int
    name: str
    role: str
    permissions: list[Permission]


class Unit(BaseModel):
    """Where cases lie."""

    code: str
    name: str
    parent: str
    mine: bool


class Units(BaseModel):
    """All units, in Swedish order."""

    items: list[Unit]


@router.get("/me", response=Me, summary="Who one is here")
def me(request: ApiRequest) -> HttpResponse:
    """The person behind the key or token, and what their role allows."""
    staff = request.auth.staff
    if staff is None:
        raise NotAllowed
    body = Me(id=staff.user.pk, name=staff.user.full_name, role=staff.role, permissions=sorted(staff.permissions))
    return answer(request, body)


@router.get("/units", response=Units, summary="Units")
def units(request: ApiRequest) -> HttpResponse:
    """Where cases can be handed over to; `mine` are the person's own."""
    staff = staff_may(request, Permission.SEE_CASES)
    rows = list(UnitRow.objects.order_by("sort_key", "pk"))
    codes = {row.pk: row.code for row in rows}
    items = [
        Unit(
            code=row.code,
            name=row.name,
            parent=codes.get(row.parent_id, "") if row.parent_id else "",
            mine=row.pk in staff.unit_ids,
        )
        for row in rows
    ]
    return answer(request, Units(items=items))
