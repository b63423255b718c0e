"""Two matters that are one, and one that is two, as staff say so."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.errors import Invalid
from lyhord.core.forms import PlainForm
from lyhord.matters import actions
from lyhord.matters.actions.merge import standing
from lyhord.matters.models import Item, Matter, MatterNumber
from lyhord.matters.numbers import normalise
from lyhord.www.manage.frame import tried
from lyhord.www.manage.matters import MANAGE, matter_behind, matter_page

_ADDRESS = re.compile(r"/(?:beslut|arenden)/(\d{1,17})/?$")


class MergeForm(PlainForm):
    """The other matter, by its case number or its page."""

    other = forms.CharField(
        label=lazy("Det andra ärendets nummer eller adress"),
        max_length=300,
        help_text=lazy("Till exempel KS 2026/412, eller adressen till dess sida."),
        error_messages={"required": lazy("Skriv det andra ärendets nummer, eller klistra in adressen till dess sida.")},
    )


class SplitForm(PlainForm):
    """Which items are another matter."""

    items = forms.MultipleChoiceField(
        label=lazy("Punkter som är ett annat ärende"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[],
        error_messages={"invalid_choice": lazy("Välj bland dem som finns på sidan.")},
    )

    def __init__(self, matter: Matter, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["items"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # see above
        rows = Item.objects.filter(matter=matter).select_related("document__body", "document__meeting")
        rows = rows.order_by("document__meeting__held_on", "pk").defer("sections", "decision_text")
        field.choices = [(str(item.pk), _described(item)) for item in rows[:200]]


def _described(item: Item) -> str:
    document = item.document
    body = document.body.name if document.body else document.title
    day = f" {document.meeting.held_on}" if document.meeting else ""
    return f"{body}{day}, §\u00a0{item.number} {item.heading}"


@require_POST
@requires(MANAGE)
def merge_matter(request: StaffRequest, matter_id: int) -> HttpResponse:
    """Show which matter it would be put into; once somebody is `sure`, put it there."""
    row = matter_behind(matter_id)
    form = MergeForm(request.POST)
    sure = bool(request.POST.get("sure"))

    def act(given: dict[str, Any]) -> Matter:
        other = _found(given["other"])
        if other.pk == row.pk:
            raise Invalid({"other": _("Välj ett annat ärende än det du står i.")})
        if sure:
            actions.merge(matter_id=row.pk, into_id=other.pk, by=request.staff.actor)
        return other

    other = tried(form, act, rest="other")
    if other is None:
        return matter_page(request, row, merge_form=form, status=422)
    if not sure:
        return matter_page(request, row, merge_form=form, other=other)
    messages.success(request, _("Ärendena är nu ett. Den som följde något av dem följer det här."))
    return redirect("manage:matter", matter_id=other.pk)


@require_POST
@requires(MANAGE)
def split_matter(request: StaffRequest, matter_id: int) -> HttpResponse:
    """Take the chosen items out into a matter of their own."""
    row = matter_behind(matter_id)
    form = SplitForm(row, request.POST)

    def act(given: dict[str, Any]) -> Matter:
        ids = [int(item) for item in given["items"]]
        return actions.split(matter_id=row.pk, item_ids=ids, by=request.staff.actor)

    made = tried(form, act, rest="items")
    if made is None:
        return matter_page(request, row, split_form=form, status=422)
    messages.success(request, _("Punkterna är nu ett eget ärende. Den som följde ärendet följer båda."))
    return redirect("manage:matter", matter_id=made.pk)


def _found(written: str) -> Matter:
    """The matter that somebody names. Invalid for none."""
    address = _ADDRESS.search(written.strip().partition("?")[0])
    if address:
        found = Matter.objects.select_related("merged_into").filter(pk=int(address[1])).first()
    else:
        number = normalise(written)
        text = str(number) if number else written.strip()
        row = MatterNumber.objects.select_related("matter__merged_into").filter(number__iexact=text).first()
        found = row.matter if row else None
    if found is None:
        raise Invalid({"other": _("Vi hittar inget ärende med det numret eller den adressen.")})
    return standing(found)
