"""A routing rule's conditions as short sentences, with names where the rule has codes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lyhord.cases.kind import KINDS
from lyhord.cases.routing_rules import Rule
from lyhord.cases.windows import WEEKDAYS, Hours, Season, Weekday

DAYS: Mapping[Weekday, object] = {
    "mon": gettext_lazy("måndag"),
    "tue": gettext_lazy("tisdag"),
    "wed": gettext_lazy("onsdag"),
    "thu": gettext_lazy("torsdag"),
    "fri": gettext_lazy("fredag"),
    "sat": gettext_lazy("lördag"),
    "sun": gettext_lazy("söndag och helgdag"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called: of units, categories, types, areas and answers ("question=value")."""

    units: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)


def rule_in_words(rule: Rule, names: Names) -> list[str]:
    """Every condition of the rule, one sentence each; "Alla ärenden" for a rule without any."""
    said = []
    if rule.kinds:
        labels = {kind.slug: str(kind.label) for kind in KINDS.all()}
        said.append(_("Sort: %(names)s") % {"names": _either(rule.kinds, labels)})
    if rule.categories:
        said.append(_("Kategori: %(names)s") % {"names": _either(rule.categories, names.categories)})
    if rule.types:
        said.append(_("Gäller: %(names)s") % {"names": _either(rule.types, names.types)})
    if rule.areas:
        said.append(_("Plats i %(names)s") % {"names": _either(rule.areas, names.areas)})
    if rule.assets:
        said.append(_("Anläggning: %(names)s") % {"names": _either(rule.assets, {})})
    for answer in rule.answers:
        keys = [f"{answer.question}={value}" for value in answer.values]
        said.append(_("Svar: %(names)s") % {"names": _either(keys, names.answers)})
    if rule.hours:
        windows = (" " + _("eller") + " ").join(hours_in_words(hours) for hours in rule.hours)
        said.append(_("Kommer in %(hours)s") % {"hours": windows})
    if rule.season:
        said.append(_("Kommer in %(season)s") % {"season": season_in_words(rule.season)})
    return said or [_("Alla ärenden")]


def season_in_words(season: Season) -> str:
    """ "1 november–30 april"."""
    return f"{_day(season.first)}–{_day(season.last)}"


def hours_in_words(hours: Hours) -> str:
    """ "måndag–fredag 16.00–07.00"."""
    if len(hours.days) == len(WEEKDAYS):
        days = _("alla dagar")
    else:
        positions = [WEEKDAYS.index(day) for day in hours.days]
        ordered = [WEEKDAYS[position] for position in sorted(positions)]
        unbroken = max(positions) - min(positions) == len(positions) - 1 and len(positions) > 2
        days = f"{DAYS[ordered[0]]}–{DAYS[ordered[-1]]}" if unbroken else ", ".join(str(DAYS[day]) for day in ordered)
    if (hours.start, hours.end) == ("00:00", "24:00"):
        return _("%(days)s hela dygnet") % {"days": days}
    return f"{days} {_clock(hours.start)}–{_clock(hours.end)}"


def _either(codes: Iterable[str], names: Mapping[str, str]) -> str:
    """The names with "eller" between; a code that nothing answers to says so."""
    known = [names.get(code, code if not names else _("%(code)s (finns inte)") % {"code": code}) for code in codes]
    if len(known) < 2:
        return "".join(known)
    return _("%(first)s eller %(last)s") % {"first": ", ".join(known[:-1]), "last": known[-1]}


def _clock(time: str) -> str:
    hour, minute = time.split(":")
    return _("%(hour)s.%(minute)s") % {"hour": hour, "minute": minute}


def _day(month_day: str) -> str:
    return date_format(date.fromisoformat(f"2000-{month_day}"), "j F", use_l10n=False)
