"""What can be done with several cases at once, and what each such deed needs to know."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff
from lyhord.cases import actions
from lyhord.cases.states import State
from lyhord.core.forms import PlainForm
from lyhord.organisations.queries import units_in_order
from lyhord.www.desk.forms import Choice, several_lines


class MoveAll(PlainForm):
    """Where they go, and why."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units = [(str(unit.pk), unit.name) for unit in units_in_order()]
        self.fields["unit"] = Choice(label=_("Vart ska de?"), choices=[("", _("Välj enhet")), *units])
        self.fields["reason"] = several_lines(
            2, length=1000, label=_("Varför?"), help_text=_("Mottagaren läser det först.")
        )

    def clean(self) -> None:
        """Both are needed."""
        if not self.cleaned_data.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("Välj vart ärendena ska."))
        if not self.cleaned_data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Skriv varför de ska dit. Mottagaren läser det först."))


class PlanAll(PlainForm):
    """What will be done, and when."""

    use_required_attribute = False
    reason = several_lines(
        2, length=1000, label=lazy("Vad ska göras?"), help_text=lazy("Läses av dem som hörde av sig.")
    )
    until = forms.DateField(
        label=lazy("Till vilket datum?"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": lazy("Skriv datumet så här: 2026-12-08.")},
    )

    def clean(self) -> None:
        """Both are needed."""
        if not self.cleaned_data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Skriv vad som ska göras."))
        if not self.cleaned_data.get("until") and "until" not in self.errors:
            self.add_error("until", _("Skriv till vilket datum."))


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can be done with several; `form` asks for what it needs more, on a page of its own."""

    slug: str
    label: str | Promise
    heading: str | Promise
    permission: Permission
    do: Callable[[Staff, int, int, Mapping[str, Any]], object]
    said: Callable[[int], str]
    form: type[forms.Form] | None = None


def _take(staff: Staff, case_id: int, revision: int, given: Mapping[str, Any]) -> None:
    actions.assign(case_id=case_id, officer_id=staff.user.pk, by=staff.actor, revision=revision)


def _move(staff: Staff, case_id: int, revision: int, given: Mapping[str, Any]) -> None:
    unit_id = int(given["unit"])
    actions.move(case_id=case_id, unit_id=unit_id, reason=given["reason"], by=staff.actor, revision=revision)


def _plan(staff: Staff, case_id: int, revision: int, given: Mapping[str, Any]) -> None:
    actions.change_state(
        case_id=case_id,
        to=State.PLANNED,
        reason=given["reason"],
        until=given["until"],
        by=staff.actor,
        revision=revision,
    )


def _take_along(staff: Staff, case_id: int, revision: int, given: Mapping[str, Any]) -> None:
    actions.take_along(case_ids=[case_id], by=staff.actor)


DEEDS = {
    deed.slug: deed
    for deed in (
        Deed(
            "ta",
            lazy("Ta ärendena"),
            "",
            Permission.HANDLE_CASES,
            _take,
            lambda n: ngettext("%(n)s ärende är ditt nu.", "%(n)s ärenden är dina nu.", n),
        ),
        Deed(
            "lamna-over",
            lazy("Lämna över till en enhet"),
            lazy("Lämna över till en enhet"),
            Permission.ASSIGN_CASES,
            _move,
            lambda n: ngettext("%(n)s ärende är överlämnat.", "%(n)s ärenden är överlämnade.", n),
            MoveAll,
        ),
        Deed(
            "planera",
            lazy("Planera"),
            lazy("Planera flera ärenden"),
            Permission.HANDLE_CASES,
            _plan,
            lambda n: ngettext("%(n)s ärende är planerat.", "%(n)s ärenden är planerade.", n),
            PlanAll,
        ),
        Deed(
            "ta-med",
            lazy("Ta med ut"),
            "",
            Permission.HANDLE_CASES,
            _take_along,
            lambda n: ngettext("%(n)s ärende är med på din fältlista.", "%(n)s ärenden är med på din fältlista.", n),
        ),
    )
}


def bulk_choices(staff: Staff) -> list[dict[str, str]]:
    """What the person may do with several; [] for those who only read."""
    return [{"value": deed.slug, "label": str(deed.label)} for deed in DEEDS.values() if staff.may(deed.permission)]


def bulk_url(here: str) -> str:
    """Where the marked cases are sent, with the list's own address."""
    url = reverse("desk:bulk")
    return f"{url}?{here}" if here else url
