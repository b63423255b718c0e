"""The forms of the pages about the organisation itself."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lyhord.core.country import COUNTRIES
from lyhord.core.errors import Invalid
from lyhord.core.forms import PlainForm
from lyhord.core.text import clean_text
from lyhord.organisations.features import FEATURES
from lyhord.organisations.models import Organisation
from lyhord.www.brand import check_colour, parse_hex, to_hex
from lyhord.www.templatetags.look import language_name

_PHONE = re.compile(r"\+?[0-9][0-9 \-/()]{1,30}")


class LookForm(PlainForm):
    """Name, colour, logo, contact, languages and switches."""

    service_name = forms.CharField(
        label=_("Tjänstens namn"),
        help_text=_("Står överst på varje sida och i alla mejl. Till exempel Dialog Motala."),
        max_length=60,
        error_messages={"required": _("Skriv vad tjänsten heter.")},
    )
    colour = forms.CharField(
        label=_("Färg"),
        help_text=_("En färg, skriven som # och sex tecken. Resten räknas fram, så att all text går att läsa."),
        max_length=20,
        error_messages={"required": _("Skriv färgen som # och sex tecken, till exempel #14527f.")},
    )
    logo = forms.FileField(
        label=_("Ny logotyp"),
        help_text=_("PNG, JPEG, WebP eller HEIC. Visas på vit botten, högst 44 punkter hög."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    remove_logo = forms.BooleanField(
        label=_("Ta bort logotypen"), help_text=_("Då visas tjänstens eget märke."), required=False
    )
    phone = forms.CharField(label=_("Telefon till kundcenter"), required=False, max_length=32)
    phone_hours = forms.CharField(
        label=_("Telefontider"), help_text=_("Till exempel Vardagar 8–17."), required=False, max_length=120
    )
    emergency_phone = forms.CharField(
        label=_("Telefon för fel som inte kan vänta"),
        help_text=_("Dygnet runt. Visas när ett svar betyder fara, bredvid 112."),
        required=False,
        max_length=32,
    )
    email = forms.EmailField(
        label=_("Mejladress"),
        required=False,
        error_messages={"invalid": _("Skriv en mejladress, till exempel namn@exempel.se")},
    )
    data_protection_email = forms.EmailField(
        label=_("Mejl till dataskyddsombudet"),
        help_text=_("Visas på sidan om uppgifter."),
        required=False,
        error_messages={"invalid": _("Skriv en mejladress, till exempel namn@exempel.se")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Språk på sidorna"),
        help_text=_("Det första är det som visas om ingen väljer."),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Välj minst ett språk.")},
    )
    country = forms.ChoiceField(
        label=_("Land"),
        help_text=_(
            "Säger vilka dagar som är lediga när vi räknar ut när svar ska ha kommit, och hur telefonnummer skrivs."
        ),
    )
    time_zone = forms.ChoiceField(
        label=_("Tidszon"), help_text=_("Alla tider visas som på klockan där. Det som redan har lovats ändras inte.")
    )

    def __init__(self, organisation: Organisation, *args: Any, **options: Any) -> None:
        options.setdefault("initial", initial(organisation))
        super().__init__(*args, **options)
        if not organisation.logo:
            del self.fields["remove_logo"]
        others = [code for code in organisation.languages if code != organisation.own_language]
        self._other_hours = {code: f"phone_hours_{code}" for code in others}
        for code, name in self._other_hours.items():
            label = _("Telefontider, %(language)s") % {"language": language_name(code)}
            self.fields[name] = forms.CharField(label=label, required=False, max_length=120)
        self._place_choices(organisation)
        for feature in FEATURES.values():
            self.fields[f"feature_{feature.slug}"] = forms.BooleanField(
                label=str(feature.label), help_text=str(feature.help), required=False
            )

    def _place_choices(self, organisation: Organisation) -> None:
        """The countries there are rules for, and their zones; one of another name, set by command, stays."""
        zones = sorted({*(country.time_zone for country in COUNTRIES), organisation.time_zone})
        for name, choices in (
            ("country", [(one.code, str(one.label)) for one in COUNTRIES]),
            ("time_zone", [(zone, zone) for zone in zones]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker what stands above
            field.choices = choices

    def clean_service_name(self) -> str:
        """Without control characters; something must be left."""
        name = clean_text(self.cleaned_data["service_name"], one_line=True)
        if not name:
            raise ValidationError(_("Skriv vad tjänsten heter."))
        return name

    def clean_colour(self) -> str:
        """As #rrggbb; refused when text in it could not be read."""
        text = str(self.cleaned_data["colour"])
        try:
            check_colour(text)
            return to_hex(parse_hex(text))
        except Invalid as error:
            raise ValidationError(str(error.message)) from error

    def clean_phone(self) -> str:
        """A number that a phone can ring."""
        return _number(self.cleaned_data["phone"])

    def clean_emergency_phone(self) -> str:
        """A number that a phone can ring."""
        return _number(self.cleaned_data["emergency_phone"])

    @property
    def hours(self) -> list[forms.BoundField]:
        """When the telephone is answered, in the organisation's own language first."""
        return [self[name] for name in self.fields if name.startswith("phone_hours")]

    def _hours(self) -> dict[str, str]:
        """What is said in other languages than the organisation's own; one line each."""
        given = {code: clean_text(self.cleaned_data[name], one_line=True) for code, name in self._other_hours.items()}
        return {code: words for code, words in given.items() if words}

    def clean_phone_hours(self) -> str:
        """One line."""
        return clean_text(self.cleaned_data["phone_hours"], one_line=True)

    def values(self, organisation: Organisation) -> dict[str, Any]:
        """What has changed, as the organisation's fields."""
        given = self.cleaned_data
        own = {**organisation.settings, "data_protection_email": given["data_protection_email"]}
        own["phone_hours"] = {**own.get("phone_hours", {}), **dict.fromkeys(self._other_hours, ""), **self._hours()}
        own["phone_hours"] = {code: words for code, words in own["phone_hours"].items() if words}
        own = {
            name: value for name, value in own.items() if value or name not in {"data_protection_email", "phone_hours"}
        }
        said = {slug: given[f"feature_{slug}"] for slug in FEATURES}
        features = {**organisation.features, **said}
        wanted = {
            **{name: given[name] for name in ("service_name", "colour", "phone", "phone_hours", "emergency_phone")},
            **{name: given[name] for name in ("email", "country", "time_zone")},
            "languages": [code for code, _label in settings.LANGUAGES if code in given["languages"]]
            + [code for code in organisation.languages if code in settings.OWN_WORDS_LANGUAGES],
            "settings": own,
            "features": {
                slug: on for slug, on in features.items() if slug not in FEATURES or on != FEATURES[slug].default
            },
        }
        return {name: value for name, value in wanted.items() if getattr(organisation, name) != value}


def initial(organisation: Organisation) -> dict[str, Any]:
    """What the form shows first."""
    names = (
        "service_name",
        "colour",
        "phone",
        "phone_hours",
        "emergency_phone",
        "email",
        "languages",
        "country",
        "time_zone",
    )
    return {
        **{name: getattr(organisation, name) for name in names},
        "data_protection_email": organisation.settings.get("data_protection_email", ""),
        **{f"phone_hours_{code}": words for code, words in organisation.settings.get("phone_hours", {}).items()},
        **{f"feature_{slug}": organisation.has(slug) for slug in FEATURES},
    }


def _number(text: str) -> str:
    number = clean_text(text, one_line=True)
    if number and not _PHONE.fullmatch(number):
        raise ValidationError(_("Skriv numret med siffror, till exempel 0141-00 00 00."))
    return number


class PublishesForm(PlainForm):
    """Whether anything at all is published."""

    publishes = forms.BooleanField(
        label=_("Visa granskade ärenden för alla"),
        help_text=_("Lista, karta och egna sidor. Av: inget visas, och ingen får frågan om att visa sitt ärende."),
        required=False,
    )


class OpenCategoryForm(PlainForm):
    """Why a category is opened; closing needs no reason."""

    reason = forms.CharField(
        label=_("Vem har bestämt det?"),
        help_text=_("Namn och datum, eller beslutets nummer. Sparas i loggen."),
        required=False,
        max_length=300,
    )
