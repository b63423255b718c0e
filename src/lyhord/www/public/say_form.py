"""The form in which somebody has their say at an opening. It holds what was written; the action says what is wrong."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from lyhord.cases.kind import KINDS
from lyhord.core.forms import PlainForm
from lyhord.engagement.actions.acts import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_PLACE
from lyhord.engagement.mechanism import Mechanism
from lyhord.www.public.report_form import Words
from lyhord.www.public.report_place import Place, place_of

PLACE = ("place_text", "lat", "lon", "accuracy", "position_source")


class SayForm(PlainForm):
    """All fields may be empty here."""

    text = Words(length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    place_text = Words(
        one_line=True, length=LONGEST_PLACE, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    lat = Words(one_line=True, length=40, widget=forms.HiddenInput)
    lon = Words(one_line=True, length=40, widget=forms.HiddenInput)
    accuracy = Words(one_line=True, length=40, widget=forms.HiddenInput)
    position_source = Words(one_line=True, length=10, widget=forms.HiddenInput)
    name = Words(one_line=True, length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    address = Words(one_line=True, length=LONGEST_ADDRESS, widget=forms.TextInput(attrs={"autocomplete": "email"}))
    submission_id = Words(one_line=True, length=64, widget=forms.HiddenInput)

    def __init__(self, mechanism: Mechanism, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(initial={"submission_id": str(uuid4()), **(initial or {})}, use_required_attribute=False)
        text = self.fields["text"]
        text.label, text.max_length = str(mechanism.text_label), mechanism.most_letters  # type: ignore[attr-defined]  # Words
        text.widget.attrs["maxlength"] = str(mechanism.most_letters)
        text.help_text = _("Skriv inga namn. Vi läser igenom innan andra ser texten.")
        if not mechanism.asks_place:
            for name in PLACE:
                del self.fields[name]
        if mechanism.asks_who:
            self.fields["name"].label = _("Ditt namn")
            self.fields["address"].label = _("Mejladress eller postadress")
            self.fields["address"].help_text = _("Visas inte för andra, men blir en allmän handling.")
        elif mechanism.becomes_case:
            del self.fields["name"]
            self.fields["address"].label = _("Mejladress")
            self.fields["address"].help_text = _(
                "Dit skickar vi svaret. Utan adress får du en kod att följa frågan med."
            )
        else:
            del self.fields["name"], self.fields["address"]


def posted(data: QueryDict) -> dict[str, str]:
    """What was sent, as the values of a fresh form."""
    return {name: data.get(name, "") for name in SayForm.base_fields if name in data}


def place(data: QueryDict) -> Place:
    """Where it is: an address that was chosen, a point on the map, or words that are one address."""
    return place_of(data, words=data.get("place_text", ""), files=(), kind=KINDS.get("felanmalan"))


def form_number(data: QueryDict) -> str:
    """The form's own number; a new one for one that has none."""
    try:
        return str(UUID(data.get("submission_id", "")))
    except ValueError:
        return str(uuid4())
