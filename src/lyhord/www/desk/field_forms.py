"""The forms of field work: what the desk's own ask, cut down to what one does standing up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lyhord.cases.models import Case
from lyhord.core.errors import Invalid
from lyhord.places.point import Point, Source, parse_point
from lyhord.www.desk.forms import DeedForm, Kept, Limited, ReplyForm, Revision, StateForm


class WriteForm(ReplyForm):
    """A note among staff, or the result told to the resident, with a picture."""

    slug = "write"
    to = Kept(one_line=True, length=20, initial="internal")


class FieldStateForm(StateForm):
    """As at the desk; `seen` is the newest event that the page knew of."""

    seen = Revision(required=False)

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        super().__init__(case, *args, **options)
        self.fields["seen"].widget = forms.HiddenInput()


class PlaceForm(DeedForm):
    """Where it is: by the device, or written."""

    slug = "place"
    lat = Limited(one_line=True, length=40, label=_("Latitud"), help_text=_("Till exempel 58,5371"))
    lon = Limited(one_line=True, length=40, label=_("Longitud"), help_text=_("Till exempel 15,0365"))
    accuracy = Kept(one_line=True, length=40)
    source = Kept(one_line=True, length=10)
    place_text = Limited(one_line=True, length=200, label=_("Platsen i ord"))

    def point(self) -> Point:
        """The place; Invalid with a sentence by each field that is none."""
        given = self.cleaned_data
        if not given["lat"] and not given["lon"]:
            raise Invalid({"lat": _("Skriv var det är, eller tryck på knappen när du står där.")})
        source: Source = "gps" if given["source"] == "gps" else "map"
        return parse_point(given["lat"], given["lon"], accuracy=given["accuracy"], source=source)
