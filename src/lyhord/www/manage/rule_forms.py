"""The forms of the rules page: one rule, and a made-up case to ask where it would go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lyhord.cases.kind import KINDS
from lyhord.cases.routing_rules import Rule
from lyhord.cases.rule_words import DAYS, Names
from lyhord.core.errors import Invalid
from lyhord.core.forms import PlainForm

_TIME = forms.TextInput(attrs={"placeholder": "16:00", "inputmode": "numeric"})
_DATE = forms.TextInput(attrs={"placeholder": "11-01"})
WINDOWS = (1, 2)

PATHS = {
    "hours.0.start": "start1",
    "hours.0.end": "end1",
    "hours.0": "days1",
    "hours.1.start": "start2",
    "hours.1.end": "end2",
    "hours.1": "days2",
    "season.first": "season_first",
    "season.last": "season_last",
    "season": "season_first",
}


class RuleForm(PlainForm):
    """One rule. What is left empty does not matter; within one condition any of the chosen will do."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Kort namn"),
        help_text=gettext_lazy("Till exempel: Jouren på kvällar och helger. Står i förklaringen på ärendet."),
        required=False,
        max_length=120,
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Går till"), error_messages={"required": gettext_lazy("Välj en enhet.")}
    )

    def __init__(self, names: Names, rule: Rule | None, *args: Any, **options: Any) -> None:
        options["initial"] = {**(_initial(rule) if rule else {}), **options.get("initial", {})}
        super().__init__(*args, **options)
        self.rule = rule
        self.fields["unit"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("Välj enhet")),
            *_known(names.units, (rule.unit,) if rule else ()),
        ]
        kinds = {kind.slug: str(kind.label) for kind in KINDS.all()}
        self._add("kinds", _("Sort"), kinds, rule.kinds if rule else ())
        self._add("categories", _("Kategori"), names.categories, rule.categories if rule else ())
        self._add("types", _("Ärendetyp"), names.types, rule.types if rule else ())
        self._add("areas", _("Plats"), names.areas, rule.areas if rule else ())
        self._add("answers", _("Svar på frågor"), names.answers, _pairs(rule))
        for number in WINDOWS:
            self._add(f"days{number}", _("Dagar"), {day: str(label) for day, label in DAYS.items()}, ())
            self.fields[f"start{number}"] = forms.CharField(
                label=_("Från klockan"), required=False, max_length=5, widget=_TIME
            )
            self.fields[f"end{number}"] = forms.CharField(
                label=_("Till klockan"), required=False, max_length=5, widget=_TIME
            )
        self.fields["season_first"] = forms.CharField(
            label=_("Från och med"), help_text=_("Månad och dag"), required=False, max_length=5, widget=_DATE
        )
        self.fields["season_last"] = forms.CharField(
            label=_("Till och med"), help_text=_("Månad och dag"), required=False, max_length=5, widget=_DATE
        )

    def _add(self, name: str, label: str, known: Mapping[str, str], chosen: tuple[str, ...]) -> None:
        """A list of boxes; what the rule names but nobody knows any more is there too, so that it can be taken away."""
        choices = _known(known, chosen)
        if choices:
            self.fields[name] = forms.MultipleChoiceField(
                label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )

    def conditions(self) -> list[dict[str, Any]]:
        """The lists of boxes with how many are chosen, as the page folds them."""
        shown = [name for name in ("kinds", "categories", "types", "areas", "answers") if name in self.fields]
        return [{"field": self[name], "chosen": len(self[name].value() or [])} for name in shown]

    def windows(self) -> list[list[forms.BoundField]]:
        """The hours of the week: days, start, end; two of them."""
        return [[self[f"{name}{number}"] for name in ("days", "start", "end")] for number in WINDOWS]

    def timed(self) -> bool:
        """Whether the rule looks at the time, so that the page shows those fields."""
        names = [f"{name}{number}" for name in ("days", "start", "end") for number in WINDOWS]
        return any(self[name].value() for name in [*names, "season_first", "season_last"]) or any(
            name in self.errors for name in names
        )

    def data_of_rule(self) -> dict[str, Any]:
        """The rule as JSON; what the form does not ask (assets, a third window) stays. Raises Invalid."""
        given = self.cleaned_data
        kept = self.rule.model_dump(mode="json", exclude_none=True) if self.rule else {}
        lists = {name: given.get(name, []) for name in ("kinds", "categories", "types", "areas")}
        season = {"first": given["season_first"].strip(), "last": given["season_last"].strip()}
        if any(season.values()) and not all(season.values()):
            raise Invalid({"season": _("Skriv både första och sista dagen.")})
        return {
            **kept,
            **lists,
            "name": given["name"],
            "unit": given["unit"],
            "answers": _answers(given.get("answers", [])),
            "hours": [*self._windows_given(), *kept.get("hours", [])[len(WINDOWS) :]],
            "season": season if all(season.values()) else None,
        }

    def _windows_given(self) -> list[dict[str, Any]]:
        windows = []
        for number in WINDOWS:
            days = self.cleaned_data.get(f"days{number}", [])
            start, end = (self.cleaned_data[f"{name}{number}"].strip().replace(".", ":") for name in ("start", "end"))
            if days or start or end:
                window: dict[str, Any] = {"start": start or "00:00", "end": end or "24:00"}
                windows.append({**window, "days": days} if days else window)
        return windows


class AskForm(PlainForm):
    """A made-up case."""

    case_type = forms.ChoiceField(label=gettext_lazy("Vad gäller det?"))
    category = forms.ChoiceField(
        label=gettext_lazy("Område"), help_text=gettext_lazy("För synpunkter och frågor."), required=False
    )
    area = forms.ChoiceField(label=gettext_lazy("Var?"), required=False)
    at = forms.DateTimeField(
        label=gettext_lazy("När kommer det in?"),
        help_text=gettext_lazy("Till exempel 2026-11-28 22:15. Tomt: nu."),
        required=False,
        input_formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("Skriv dag och tid så här: 2026-11-28 22:15.")},
    )

    def __init__(self, names: Names, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field, none, known in (
            ("case_type", _("Välj"), names.types),
            ("category", _("Inget"), names.categories),
            ("area", _("Ingen plats"), names.areas),
        ):
            self.fields[field].choices = [("", none), *known.items()]  # type: ignore[attr-defined]  # a choice field
        self.fields["case_type"].error_messages["required"] = _("Välj vad det gäller.")

    def clean_at(self) -> datetime | None:
        """A moment that a case could come in at."""
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and not 2000 <= at.year < 2100:
            raise ValidationError(_("Skriv dag och tid så här: 2026-11-28 22:15."))
        return at


def _initial(rule: Rule) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "name": rule.name,
        "unit": rule.unit,
        **{name: list(getattr(rule, name)) for name in ("kinds", "categories", "types", "areas")},
        "answers": list(_pairs(rule)),
        "season_first": rule.season.first if rule.season else "",
        "season_last": rule.season.last if rule.season else "",
    }
    for number, window in zip(WINDOWS, rule.hours, strict=False):
        initial |= {
            f"days{number}": list(window.days),
            f"start{number}": window.start,
            f"end{number}": window.end,
        }
    return initial


def _pairs(rule: Rule | None) -> tuple[str, ...]:
    return tuple(f"{one.question}={value}" for one in rule.answers for value in one.values) if rule else ()


def _answers(pairs: list[str]) -> list[dict[str, Any]]:
    """Answers to one question are alternatives; those to different questions must all hold."""
    by_question: dict[str, list[str]] = {}
    for pair in pairs:
        question, _sep, value = pair.partition("=")
        by_question.setdefault(question, []).append(value)
    return [{"question": question, "values": values} for question, values in by_question.items()]


def _known(known: Mapping[str, str], chosen: tuple[str, ...]) -> list[tuple[str, str]]:
    gone = [(code, _("%(code)s (finns inte)") % {"code": code}) for code in chosen if code not in known]
    return [*known.items(), *gone]
