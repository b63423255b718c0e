"""The form of a standing interest: of what, subjects, places, how much, and, for a new one, where to."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lyhord.cases.news import sort_of_category, sort_of_type
from lyhord.cases.public_queries import categories_of_published, types_of_published
from lyhord.core.errors import Invalid
from lyhord.core.forms import PlainForm
from lyhord.following.facts import CASES, MATTERS
from lyhord.following.models import Profile
from lyhord.following.rule import Circle, Rule
from lyhord.matters.topics import topics
from lyhord.organisations.models import Organisation
from lyhord.places.queries import areas_to_choose, search_addresses

RADII = (200, 500, 1_000, 2_000, 5_000)
_FIELDS = {"circles": "near"}


class AlertForm(PlainForm):
    """POST: about, name, topics, sorts, words (a line each), areas, near and radius, either, level; address if new."""

    about = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    name = forms.CharField(max_length=60)
    topics = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    sorts = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    areas = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    near = forms.CharField(required=False, max_length=120)
    radius = forms.TypedChoiceField(coerce=int, required=False)
    either = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    level = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)
    address = forms.EmailField(max_length=254)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        organisation: Organisation,
        asks_address: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        offered = abouts_of(organisation)
        usual = {"about": offered[:1], "level": 1, "radius": 500, "either": "", **(initial or {})}
        super().__init__(data, initial=usual, use_required_attribute=False)
        self.kept: Circle | None = usual.get("kept")
        if not asks_address:
            del self.fields["address"]
        self._label()
        language = get_language() or "sv"
        known = dict.fromkeys([*offered, *usual["about"]])
        self._choose("about", [(code, label) for code, label in _abouts() if code in known])
        self._choose("sorts", _sorts(language, chosen=usual.get("sorts", ())))
        named = sorted(((topic.code, topic.name(language)) for topic in topics().values()), key=lambda pair: pair[1])
        self._choose("topics", named)
        self._choose("areas", [(str(pk), name) for pk, _code, name in areas_to_choose()])
        radii = {*RADII, int(usual["radius"])}  # a program may have chosen another
        self._choose("radius", [(metres, _distance(metres)) for metres in sorted(radii)])
        self._choose(
            "level",
            [
                (1, _("Allt som händer")),
                (3, _("Bara det viktigaste: beslut, när du kan säga vad du tycker, och när ett ärende är klart")),
            ],
        )
        self._choose(
            "either",
            [("", _("Ämnet och platsen ska båda stämma")), ("1", _("Det räcker att ämnet eller platsen stämmer"))],
        )
        self.circle: Circle | None = None

    def _label(self) -> None:
        words = {
            "about": (_("Vad vill du veta om?"), ""),
            "sorts": (_("Vilka sorters ärenden"), _("Felanmälningar och synpunkter. Väljer du ingen gäller det alla.")),
            "name": (_("Vad vill du kalla bevakningen?"), _("Till exempel: hemma, eller barnens skola.")),
            "topics": (_("Ämnen"), _("För beslut. Väljer du inget gäller det alla.")),
            "words": (_("Egna ord"), _("Ett ord eller uttryck på varje rad. Böjningar räknas också.")),
            "areas": (_("Områden"), ""),
            "near": (_("Nära en adress"), _("Skriv gata och nummer.")),
            "radius": (_("Så långt bort"), ""),
            "either": (_("Om du har valt både ämne och plats"), ""),
            "level": (_("Hur mycket vill du veta?"), ""),
            "address": (
                _("Din mejladress"),
                _("Vi skickar en fråga dit först. Inget annat skickas innan du har sagt ja."),
            ),
        }
        for name, field in self.fields.items():
            field.label, field.help_text = words[name]
        self.fields["name"].error_messages["required"] = _("Skriv vad du vill kalla bevakningen.")
        self.fields["about"].error_messages["required"] = _("Välj vad du vill veta om.")
        for listed in ("about", "topics", "sorts", "areas", "radius", "either", "level"):
            self.fields[listed].error_messages["invalid_choice"] = _("Välj bland dem som finns på sidan.")
        self.fields["level"].error_messages["required"] = _("Välj hur mycket du vill få veta.")
        if "address" in self.fields:
            self.fields["address"].error_messages |= {
                "required": _("Skriv din mejladress."),
                "invalid": _("Skriv en hel mejladress, till exempel namn@exempel.se."),
            }

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # each of them is a choice field

    @staticmethod
    def of(profile: Profile) -> dict[str, Any]:
        """A profile as the form shows it. The circle keeps its place as long as its words are not changed."""
        rule = Rule.from_json(profile.rule)
        circle = rule.circles[0] if rule.circles else None
        return {
            "name": profile.name,
            "about": list(rule.about),
            "topics": list(rule.topics),
            "sorts": list(rule.sorts),
            "words": "\n".join(rule.words),
            "areas": [str(area) for area in rule.areas],
            "near": _named(circle) if circle else "",
            "radius": int(circle.radius_m) if circle else 500,
            "either": "1" if rule.either else "",
            "level": profile.level,
            "kept": circle,
        }

    def clean(self) -> dict[str, Any]:
        """The address becomes a place."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        written = cleaned.get("near", "").strip()
        if written:
            radius = float(cleaned.get("radius") or 500)
            if self.kept is not None and written == _named(self.kept):
                self.circle = Circle(self.kept.lat, self.kept.lon, radius, self.kept.label)
            elif found := search_addresses(written, most=1):
                self.circle = Circle(found[0].lat, found[0].lon, radius, found[0].label)
            else:
                self.add_error("near", _("Vi hittar inte adressen. Skriv gata och nummer, eller välj ett område."))
        return cleaned

    def rule(self) -> Rule:
        """What is asked for."""
        data = self.cleaned_data
        words = dict.fromkeys(word.strip() for word in data["words"].splitlines())
        return Rule(
            topics=tuple(data["topics"]),
            words=tuple(word for word in words if word),
            areas=tuple(int(area) for area in data["areas"]),
            circles=(self.circle,) if self.circle else (),
            either=data["either"] == "1",
            about=tuple(data["about"]),
            sorts=tuple(data["sorts"]),
        )

    @property
    def name_written(self) -> str:
        """What its owner calls it."""
        return str(self.cleaned_data["name"])

    @property
    def level_chosen(self) -> int:
        """The least of an event that is told."""
        return int(self.cleaned_data["level"])

    @property
    def address_written(self) -> str:
        """Where to."""
        return str(self.cleaned_data["address"])

    def profile(self) -> Profile:
        """A profile that is not kept, to look back with."""
        return Profile(name=self.name_written, rule=self.rule().as_json(), level=self.level_chosen)

    def complain(self, invalid: Invalid) -> None:
        """What the action says is wrong, at the field that it is about."""
        for name, sentence in invalid.errors.items():
            field = _FIELDS.get(name, name)
            self.add_error(field if field in self.fields else None, str(sentence))


def abouts_of(organisation: Organisation) -> list[str]:
    """What an alert can be about here."""
    there = ((MATTERS, organisation.has("matters")), (CASES, organisation.publishes))
    return [about for about, is_there in there if is_there] or [MATTERS]


def _abouts() -> list[tuple[str, str]]:
    return [(MATTERS, _("Beslut och ärenden i nämnder")), (CASES, _("Felanmälningar och synpunkter nära dig"))]


def sorts_to_choose(language: str) -> dict[str, str]:
    """The categories and then the types that cases which are published can have, with their names."""
    found = {sort_of_category(code): name for code, name in categories_of_published(language)}
    return found | {sort_of_type(code): name for code, name in types_of_published(language)}


def _sorts(language: str, *, chosen: Sequence[str]) -> list[tuple[str, str]]:
    """Categories, since types are too many for a page; and what a program has chosen besides."""
    known = sorts_to_choose(language)
    shown = dict.fromkeys([*(code for code in known if code.startswith(sort_of_category(""))), *chosen])
    return [(code, known.get(code, code.partition(":")[2])) for code in shown]


def _named(circle: Circle) -> str:
    """A place that a program has chosen need have no name."""
    return circle.label or _("Platsen du valde")


def _distance(metres: int) -> str:
    return _("%(n)s km") % {"n": metres // 1000} if metres % 1000 == 0 else _("%(n)s m") % {"n": metres}
