"""Other people's systems: which have a key, what it lets them do, and taking it back."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from lyhord.accounts.once import press_of
from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.errors import NotFound
from lyhord.core.forms import PlainForm
from lyhord.core.prepared import PreparedRows
from lyhord.intake.clients import (
    ALARMS,
    MOST_HOURLY,
    READ,
    REQUESTS,
    UPDATES,
    USUAL,
    WRITE,
    create_key,
    renew_key,
    revoke_key,
)
from lyhord.intake.models import ApiKey
from lyhord.www.manage.frame import page, settle, tried

MANAGE = Permission.MANAGE_ORGANISATION
_MOST = 500
_WORDS = {
    REQUESTS: lazy("Skicka felanmälningar och synpunkter (Open311)"),
    UPDATES: lazy("Läsa och skicka uppdateringar (Open311)"),
    ALARMS: lazy("Skicka larm"),
    WRITE: lazy("Skicka ärenden (REST)"),
    READ: lazy("Läsa det som visas för alla, med egen gräns (REST)"),
}


class KeyForm(PlainForm):
    """A new key: whose it is, and what it lets them do."""

    client = forms.CharField(
        label=lazy("Vad heter systemet?"),
        help_text=lazy("Till exempel FixaMinGata. Namnet syns för handläggare."),
        max_length=120,
        error_messages={"required": lazy("Skriv vad systemet heter.")},
    )
    scopes = forms.MultipleChoiceField(
        label=lazy("Vad får det göra?"),
        choices=list(_WORDS.items()),
        initial=list(USUAL),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": lazy("Välj vad nyckeln ska få användas till.")},
    )
    hourly = forms.IntegerField(
        label=lazy("Hur mycket får det skicka i timmen?"),
        initial=1000,
        min_value=1,
        max_value=MOST_HOURLY,
        error_messages={"required": lazy("Skriv ett tal som är minst 1.")},
    )
    publishes_at_once = forms.BooleanField(
        label=lazy("Visa det som kommer direkt"),
        help_text=lazy("Utan granskning, utom när något verkar peka ut en person."),
        required=False,
    )
    fixmystreet = forms.BooleanField(
        label=lazy("Systemet är FixMyStreet eller FixaMinGata"),
        help_text=lazy("Då känner vi igen det som skickas två gånger."),
        required=False,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    client: str
    scopes: list[str]
    hourly: int
    throttled: bool
    publishes_at_once: bool
    fixmystreet: bool
    created_at: datetime
    last_used_on: date | None
    revoked_at: datetime | None

    def words(self) -> list[str]:
        """What it may do, and how it is treated."""
        said = [str(_WORDS[scope]) for scope in self.scopes if scope in _WORDS]
        if self.publishes_at_once:
            said.append(_("Visas direkt"))
        if self.fixmystreet:
            said.append("FixMyStreet")
        said.append(_("Högst %(n)s i timmen") % {"n": self.hourly} if self.throttled else _("Ingen gräns i timmen"))
        return said


_FIELDS = [field.name for field in fields(_Row)]
_ROWS = PreparedRows(_Row, lambda: ApiKey.objects.order_by("-pk").values_list(*_FIELDS))


@require_GET
@requires(MANAGE)
def keys(request: StaffRequest) -> HttpResponse:
    """All keys, those taken back last, and the form for a new one."""
    return _page(request, KeyForm())


@require_POST
@requires(MANAGE)
def new_key(request: StaffRequest) -> HttpResponse:
    """Make a key. The answer is the one page that ever shows it; the same press again shows the same one."""
    form, once = KeyForm(request.POST), press_of(request).hex()
    made = tried(form, lambda given: create_key(**given, once=once, by=request.staff.actor))
    if made is None:
        return _page(request, form, status=422)
    row, key = made
    return _page(request, KeyForm(), shown={"client": row.client, "key": key})


@require_POST
@requires(MANAGE)
def renew(request: StaffRequest, key_id: int) -> HttpResponse:
    """Give the system another key in place of the one it has; shown this once, as a new one is."""
    row, key = renew_key(key_id=key_id, once=press_of(request).hex(), by=request.staff.actor)
    return _page(request, KeyForm(), shown={"client": row.client, "key": key})


@require_POST
@requires(MANAGE)
def revoke(request: StaffRequest, key_id: int) -> HttpResponse:
    """Let a key in no more."""
    if not ApiKey.objects.filter(pk=key_id).exists():
        raise NotFound
    return settle(
        request,
        lambda: revoke_key(key_id=key_id, by=request.staff.actor),
        _("Nyckeln gäller inte längre. Det som kom med den finns kvar."),
        "manage:keys",
    )


def _page(
    request: StaffRequest, form: KeyForm, *, shown: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    rows = _ROWS(most=_MOST)
    context = {
        "form": form,
        "shown": shown,
        "rows": [row for row in rows if row.revoked_at is None],
        "old": [row for row in rows if row.revoked_at is not None],
    }
    if shown:
        messages.success(request, _("Nyckeln finns. Kopiera den nu, den visas bara en gång."))
    return page(request, "keys", "nycklar", context, status=status)
