"""The forms about a case type. They change a copy of its description; what is allowed, the description itself says."""

from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lyhord.cases.kind import KINDS
from lyhord.cases.models import Category
from lyhord.core.forms import PlainForm
from lyhord.organisations.models import Unit
from lyhord.organisations.unit_roles import UNIT_ROLES

type Content = dict[str, Any]

PATHS = {
    "name": "name_sv",
    "name.en": "name_en",
    "help": "help_sv",
    "help.en": "help_en",
    "thanks": "thanks_sv",
    "thanks.en": "thanks_en",
    "deadline.answer_days": "answer_days",
    "deadline.unit": "deadline_unit",
    "deadline.legal_reference": "deadline_law",
    "deadline.decision": "deadline_decision",
    "retention.months": "retention_months",
    "retention.legal_reference": "retention_law",
    "retention.decision": "retention_decision",
    "routing.unit": "unit",
    "routing.role": "role",
}
"""Where the sentences about a description belong in the form."""


class VersionForm(PlainForm):
    """What every form that makes a version carries: what the person saw, and why it changes."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("Varför ändras den?"),
        help_text=gettext_lazy("En rad till den som läser historiken."),
        required=False,
        max_length=200,
    )


class CommonForm(VersionForm):
    """The parts that most municipalities change."""

    name_sv = forms.CharField(
        label=gettext_lazy("Namn på svenska"),
        max_length=80,
        error_messages={"required": gettext_lazy("Skriv ett namn på svenska.")},
    )
    name_en = forms.CharField(label=gettext_lazy("Namn på engelska"), required=False, max_length=80)
    help_sv = forms.CharField(
        label=gettext_lazy("Hjälptext på svenska"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    help_en = forms.CharField(
        label=gettext_lazy("Hjälptext på engelska"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    category = forms.ChoiceField(label=gettext_lazy("Kategori"), required=False)
    place = forms.ChoiceField(
        label=gettext_lazy("Plats"),
        choices=[
            ("kind", gettext_lazy("Som det är vanligt för sorten")),
            ("required", gettext_lazy("Måste fyllas i")),
            ("optional", gettext_lazy("Frivillig")),
            ("none", gettext_lazy("Frågas inte efter")),
        ],
    )
    unit = forms.ChoiceField(label=gettext_lazy("Går till enheten"), required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("eller till den enhet som tar hand om"),
        help_text=gettext_lazy("Används om ingen enhet är vald ovan."),
        required=False,
    )
    answer_days = forms.IntegerField(
        label=gettext_lazy("Svar inom"),
        help_text=gettext_lazy("Tomt: det vanliga för sorten."),
        required=False,
        min_value=0,
        max_value=2000,
    )
    deadline_unit = forms.ChoiceField(
        label=gettext_lazy("räknat i"),
        choices=[
            ("working_days", gettext_lazy("arbetsdagar")),
            ("calendar_days", gettext_lazy("dagar")),
            ("working_hours", gettext_lazy("arbetstimmar")),
        ],
    )
    deadline_law = forms.CharField(label=gettext_lazy("Stöd för löftet"), required=False, max_length=300)
    deadline_decision = forms.CharField(label=gettext_lazy("Beslut om löftet"), required=False, max_length=300)
    publication = forms.BooleanField(
        label=gettext_lazy("Får visas för andra"),
        help_text=gettext_lazy("Om den som skrev vill, och efter granskning."),
        required=False,
    )
    photos = forms.BooleanField(label=gettext_lazy("Bilder får visas"), required=False)
    confidential = forms.BooleanField(
        label=gettext_lazy("Sekretess"),
        help_text=gettext_lazy("Bara den egna enheten ser ärendena. Inget visas för andra."),
        required=False,
    )
    duplicate_radius_m = forms.IntegerField(
        label=gettext_lazy("Fråga ”samma sak?” inom så många meter"),
        help_text=gettext_lazy("0: fråga aldrig."),
        required=False,
        min_value=0,
        max_value=2000,
    )
    words = forms.CharField(
        label=gettext_lazy("Ord som föreslår typen"),
        help_text=gettext_lazy("Komma eller ny rad mellan. Flera ord ihop ska alla finnas i texten."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    open_from = forms.DateField(
        label=gettext_lazy("Går att välja från"),
        help_text=gettext_lazy("För en kampanj. Tomt: alltid."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    open_until = forms.DateField(
        label=gettext_lazy("till och med"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    thanks_sv = forms.CharField(
        label=gettext_lazy("Eget tack på kvittot, svenska"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    thanks_en = forms.CharField(
        label=gettext_lazy("Eget tack på kvittot, engelska"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    open311 = forms.ChoiceField(
        label=gettext_lazy("Appar och tjänster som skickar får numret"),
        choices=[
            ("realtime", gettext_lazy("direkt")),
            ("batch", gettext_lazy("senare, mot ett kvitto")),
            ("blackbox", gettext_lazy("aldrig")),
        ],
    )
    also_under = forms.MultipleChoiceField(
        label=gettext_lazy("Visas där också under"),
        help_text=gettext_lazy("Utöver den egna kategorin."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    retention_months = forms.IntegerField(
        label=gettext_lazy("Sparas i så många månader"),
        help_text=gettext_lazy("Räknat från att ärendet är avslutat. Tomt: tills vidare."),
        required=False,
        min_value=1,
        max_value=1200,
    )
    retention_law = forms.CharField(label=gettext_lazy("Stöd för gallringen"), required=False, max_length=300)
    retention_decision = forms.CharField(label=gettext_lazy("Gallringsbeslut"), required=False, max_length=300)

    groups = (
        (gettext_lazy("Namn"), ("name_sv", "name_en", "help_sv", "help_en", "category", "place")),
        (gettext_lazy("Vem som får det"), ("unit", "role", "confidential")),
        (gettext_lazy("När vi svarar"), ("answer_days", "deadline_unit", "deadline_law", "deadline_decision")),
        (gettext_lazy("Visas för andra"), ("publication", "photos")),
        (gettext_lazy("Hitta rätt"), ("words", "duplicate_radius_m")),
        (gettext_lazy("Kampanj"), ("open_from", "open_until", "thanks_sv", "thanks_en")),
        (gettext_lazy("Andra system (Open311)"), ("open311", "also_under")),
        (gettext_lazy("Hur länge vi sparar"), ("retention_months", "retention_law", "retention_decision")),
    )

    def __init__(self, content: Content, *args: Any, **options: Any) -> None:
        options["initial"] = {**_initial(content), **options.get("initial", {})}
        super().__init__(*args, **options)
        asks_category = content["kind"] == "felanmalan"
        categories = [(row.code, row.name("sv")) for row in Category.objects.filter(for_faults=True) if asks_category]
        none = _("Ingen") if asks_category else _("Den som skriver väljer område")
        _choose(self, "category", none, _with(categories, content.get("category")))
        more = [*categories, *((code, code) for code in content.get("also_under", ()) if code not in dict(categories))]
        if more:
            self.fields["also_under"].choices = more  # type: ignore[attr-defined]  # a choice field
        else:
            del self.fields["also_under"]
        units = [(unit.code, unit.name) for unit in Unit.objects.order_by("sort_key")]
        _choose(self, "unit", _("Ingen: bestäms av uppgiften eller kategorin"), units)
        role = content.get("routing", {}).get("role")
        _choose(self, "role", _("Ingen: bestäms av kategorin"), _with(list(UNIT_ROLES.items()), role))

    def clean(self) -> dict[str, Any] | None:
        """Days in order: said at the field, since the description can only say it of itself."""
        given = super().clean()
        first, last = self.cleaned_data.get("open_from"), self.cleaned_data.get("open_until")
        if first and last and last < first:
            self.add_error("open_until", _("Sista dagen ligger före den första."))
        return given

    def grouped(self) -> list[dict[str, Any]]:
        """The fields in their groups, as the page shows them."""
        return [
            {"label": label, "fields": [self[name] for name in names if name in self.fields]}
            for label, names in self.groups
        ]

    def content(self, before: Content) -> Content:
        """The description as the form says it; what the form does not ask stays as it was."""
        given, said = self.cleaned_data, deepcopy(before)
        said["name"] = _texts(said.get("name", {}), given["name_sv"], given["name_en"])
        said["help"] = _texts(said.get("help", {}), given["help_sv"], given["help_en"])
        said["thanks"] = _texts(said.get("thanks", {}), given["thanks_sv"], given["thanks_en"])
        for name in ("open_from", "open_until"):
            said[name] = given[name].isoformat() if given[name] else None
        said["category"] = given["category"] or None
        said["place"] = given["place"]
        said["open311"] = given["open311"]
        said["also_under"] = [code for code in given.get("also_under", ()) if code != said["category"]]
        said["confidential"] = given["confidential"]
        said["words"] = words_of(given["words"])
        said["duplicate_radius_m"] = given["duplicate_radius_m"] or 0
        said["routing"] = {**said.get("routing", {}), "unit": given["unit"] or None, "role": given["role"] or None}
        said["deadline"] = {
            **said.get("deadline", {}),
            "answer_days": given["answer_days"],
            "unit": given["deadline_unit"],
            "legal_reference": given["deadline_law"],
            "decision": given["deadline_decision"],
        }
        said["publication"] = {
            **said.get("publication", {}),
            "allowed": given["publication"],
            "photos": given["photos"],
        }
        said["retention"] = {
            **said.get("retention", {}),
            "months": given["retention_months"],
            "legal_reference": given["retention_law"],
            "decision": given["retention_decision"],
        }
        return said


class NewTypeForm(PlainForm):
    """A new type: what it is called, what sort it is, and what it begins as."""

    kind = forms.ChoiceField(label=gettext_lazy("Sort"))
    name_sv = forms.CharField(
        label=gettext_lazy("Namn på svenska"),
        max_length=80,
        error_messages={"required": gettext_lazy("Skriv ett namn på svenska.")},
    )
    name_en = forms.CharField(label=gettext_lazy("Namn på engelska"), required=False, max_length=80)
    category = forms.ChoiceField(
        label=gettext_lazy("Kategori"), help_text=gettext_lazy("För felanmälningar."), required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [(kind.slug, str(kind.label)) for kind in KINDS.all()]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a choice field
        categories = [(row.code, row.name("sv")) for row in Category.objects.filter(for_faults=True)]
        _choose(self, "category", _("Ingen"), categories)


def words_of(text: str) -> list[str]:
    """The words in a list with commas or line ends between, each once."""
    found = (" ".join(word.split()) for line in text.splitlines() for word in line.split(","))
    return list(dict.fromkeys(word for word in found if word))


def _initial(content: Content) -> dict[str, Any]:
    deadline, retention = content.get("deadline", {}), content.get("retention", {})
    routing, publication = content.get("routing", {}), content.get("publication", {})
    return {
        "name_sv": content["name"].get("sv", ""),
        "name_en": content["name"].get("en", ""),
        "help_sv": content.get("help", {}).get("sv", ""),
        "help_en": content.get("help", {}).get("en", ""),
        "thanks_sv": content.get("thanks", {}).get("sv", ""),
        "thanks_en": content.get("thanks", {}).get("en", ""),
        "open_from": content.get("open_from"),
        "open_until": content.get("open_until"),
        "category": content.get("category") or "",
        "place": content.get("place", "kind"),
        "unit": routing.get("unit") or "",
        "role": routing.get("role") or "",
        "answer_days": deadline.get("answer_days"),
        "deadline_unit": deadline.get("unit", "working_days"),
        "deadline_law": deadline.get("legal_reference", ""),
        "deadline_decision": deadline.get("decision", ""),
        "publication": publication.get("allowed", True),
        "photos": publication.get("photos", True),
        "open311": content.get("open311", "realtime"),
        "also_under": content.get("also_under", []),
        "confidential": content.get("confidential", False),
        "duplicate_radius_m": content.get("duplicate_radius_m", 0),
        "words": ", ".join(content.get("words", [])),
        "retention_months": retention.get("months"),
        "retention_law": retention.get("legal_reference", ""),
        "retention_decision": retention.get("decision", ""),
    }


def _texts(before: dict[str, str], swedish: str, english: str) -> dict[str, str]:
    """Texts by language; other languages than these two stay."""
    said = {**before, "sv": swedish.strip(), "en": english.strip()}
    return {language: text for language, text in said.items() if text}


def _choose(form: forms.Form, name: str, none: str, choices: list[tuple[str, Any]]) -> None:
    form.fields[name].choices = [("", none), *choices]  # type: ignore[attr-defined]  # a choice field


def _with(choices: list[tuple[str, Any]], code: str | None) -> list[tuple[str, Any]]:
    """The choices, and what stands there today even if nobody else knows it."""
    return choices if not code or code in dict(choices) else [*choices, (code, code)]
