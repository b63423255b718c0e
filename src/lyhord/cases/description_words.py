"""A case type's description as sentences, for those who answer for it and do not read JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lyhord.cases.description import AcuteAnswer, CaseTypeDescription
from lyhord.cases.kind import KINDS
from lyhord.cases.questions import NO, YES, Datatype, Question, in_language
from lyhord.cases.rule_words import season_in_words

DATATYPES = {
    Datatype.TEXT: gettext_lazy("kort text"),
    Datatype.TEXTAREA: gettext_lazy("längre text"),
    Datatype.NUMBER: gettext_lazy("tal"),
    Datatype.DATE: gettext_lazy("datum"),
    Datatype.SINGLECHOICE: gettext_lazy("ett av flera svar"),
    Datatype.MULTICHOICE: gettext_lazy("ett eller flera svar"),
    Datatype.YESNO: gettext_lazy("ja eller nej"),
    Datatype.INFO: gettext_lazy("upplysning, inget att svara på"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One thing that a description says, as sentences."""

    title: str
    lines: tuple[str, ...]


def summary(
    description: CaseTypeDescription, *, language: str, unit_names: Mapping[str, str], goes_to: str
) -> list[Section]:
    """Everything a description says. `goes_to` is the name of the unit that gets such cases when no rule says else."""
    said = description
    return [
        Section(_("Namn"), (said.name["sv"], *(text for key, text in said.name.items() if key != "sv"))),
        Section(_("Det vi frågar"), tuple(_asks(said, language))),
        Section(_("Akut"), tuple(_acute(said, language)) or (_("Inga svar stoppar formuläret."),)),
        Section(_("Vem som får det"), tuple(_routing(said, unit_names, goes_to))),
        Section(_("När vi svarar"), tuple(_deadline(said, language))),
        Section(_("Visas för andra"), tuple(_publication(said))),
        Section(_("Hur länge vi sparar"), tuple(_retention(said))),
        Section(_("Hitta rätt"), tuple(_finding(said, language))),
        *([Section(_("Någon annan sköter det"), tuple(_owner(said, language)))] if said.owner else []),
        *([Section(_("Mer"), more)] if (more := tuple(_more(said))) else []),
    ]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one section no longer says, and what it says instead."""

    title: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


def differences(before: list[Section], after: list[Section]) -> list[Difference]:
    """What two summaries say differently, section by section."""
    titles = list(dict.fromkeys(section.title for section in [*before, *after]))
    old = {section.title: section.lines for section in before}
    new = {section.title: section.lines for section in after}
    found = []
    for title in titles:
        gone = tuple(line for line in old.get(title, ()) if line not in new.get(title, ()))
        come = tuple(line for line in new.get(title, ()) if line not in old.get(title, ()))
        if gone or come:
            found.append(Difference(title, gone, come))
    return found


def _asks(said: CaseTypeDescription, language: str) -> Iterator[str]:
    kind = KINDS.get(said.kind)
    yield _("Texten: %(question)s") % {"question": kind.text_question}
    places = {
        "required": _("Platsen måste fyllas i."),
        "optional": _("Platsen är frivillig."),
        "none": _("Platsen frågas inte efter."),
        "kind": _("Platsen är frivillig.") if kind.asks_place else _("Platsen frågas inte efter."),
    }
    yield places[said.place]
    for question in said.questions:
        yield _question(said, question, language)


def _question(said: CaseTypeDescription, question: Question, language: str) -> str:
    label = in_language(question.label, language)
    what = str(DATATYPES[question.datatype])
    if question.options:
        what += ": " + ", ".join(in_language(option.label, language) for option in question.options)
    if question.required:
        what += _(", måste besvaras")
    text = f"{label} ({what})"
    if question.show_if:
        earlier = said.question(question.show_if.question)
        name = in_language(earlier.label, language) if earlier else question.show_if.question
        values = ", ".join(value_in_words(earlier, value, language) for value in question.show_if.equals)
        text += _(". Frågas bara om svaret på ”%(question)s” är %(value)s") % {"question": name, "value": values}
    return text


def value_in_words(question: Question | None, value: str, language: str) -> str:
    """An answer's label."""
    if value in {YES, NO}:
        return _("ja") if value == YES else _("nej")
    options = question.options if question else ()
    return next((in_language(option.label, language) for option in options if option.code == value), value)


def _acute(said: CaseTypeDescription, language: str) -> Iterator[str]:
    for acute in said.acute:
        yield _("%(when)s: ”%(message)s” %(phone)s %(stop)s") % {
            "when": _when(said, acute, language),
            "message": in_language(acute.message, language),
            "phone": _phone(acute.phone),
            "stop": _("Formuläret stannar.") if acute.stop else _("Det går att skicka ändå."),
        }


def _when(said: CaseTypeDescription, acute: AcuteAnswer, language: str) -> str:
    if acute.question is None:
        return _("Alltid")
    question = said.question(acute.question)
    label = in_language(question.label, language) if question else acute.question
    return _("Svaret %(value)s på ”%(question)s”") % {
        "value": value_in_words(question, acute.value, language),
        "question": label,
    }


def _phone(phone: str | None) -> str:
    known = {
        None: "",
        "emergency": _("Vi visar numret för fel som inte kan vänta."),
        "office": _("Vi visar växelns nummer."),
    }
    return known.get(phone, _("Vi visar numret %(phone)s.") % {"phone": phone})


def _routing(said: CaseTypeDescription, unit_names: Mapping[str, str], goes_to: str) -> Iterator[str]:
    yield _("Går till %(unit)s när ingen av kommunens regler säger något annat.") % {"unit": goes_to}
    if said.routing.rules:
        count = len(said.routing.rules)
        yield ngettext("Ärendetypen har en egen regel:", "Ärendetypen har %(n)s egna regler:", count) % {"n": count}
        for rule in said.routing.rules:
            yield f"{rule.name or _('Regel')} → {unit_names.get(rule.unit, rule.unit)}"
    if said.confidential:
        yield _("Omfattas av sekretess: bara den egna enheten ser ärendena.")


def _deadline(said: CaseTypeDescription, language: str) -> Iterator[str]:
    promise = said.deadline
    kind = KINDS.get(said.kind)
    days = promise.answer_days if promise.answer_days is not None else kind.answer_days
    units = {
        "working_days": ngettext("%(n)s arbetsdag", "%(n)s arbetsdagar", days),
        "calendar_days": ngettext("%(n)s dag", "%(n)s dagar", days),
        "working_hours": ngettext("%(n)s arbetstimme", "%(n)s arbetstimmar", days),
    }
    length = units[promise.unit] % {"n": days}
    usual = "" if promise.answer_days is not None else _(" (det vanliga för %(kind)s)") % {"kind": kind.label}
    yield _("Svar inom %(length)s%(usual)s.") % {"length": length, "usual": usual}
    if promise.season:
        yield _("Löftet gäller %(season)s.") % {"season": season_in_words(promise.season)}
    if promise.breach:
        yield _("Om vi inte håller det: %(breach)s") % {"breach": in_language(promise.breach, language)}
    yield from _law(promise.legal_reference, promise.decision)


def _publication(said: CaseTypeDescription) -> Iterator[str]:
    if said.confidential:
        yield _("Nej. Ärendetypen omfattas av sekretess.")
    elif not said.publication.allowed:
        yield _("Nej.")
    else:
        yield _("Ja, om den som skrev vill det och någon har granskat texten.")
        yield _("Bilder kan visas.") if said.publication.photos else _("Bilder visas aldrig.")


def _retention(said: CaseTypeDescription) -> Iterator[str]:
    months = said.retention.months
    if months is None:
        yield _("Tills vidare.")
    else:
        yield ngettext(
            "%(n)s månad efter att ärendet är avslutat.", "%(n)s månader efter att ärendet är avslutat.", months
        ) % {"n": months}
    yield from _law(said.retention.legal_reference, said.retention.decision)


def _finding(said: CaseTypeDescription, language: str) -> Iterator[str]:
    if text := in_language(said.help, language):
        yield _("Hjälptext: %(text)s") % {"text": text}
    if said.duplicate_radius_m:
        yield _("Öppna ärenden inom %(metres)s meter visas som ”samma sak?”.") % {"metres": said.duplicate_radius_m}
    if said.words:
        yield _("Föreslås av orden: %(words)s.") % {"words": ", ".join(said.words)}
    if said.open_from or said.open_until:
        yield _("Går att välja %(days)s.") % {"days": _days(said.open_from, said.open_until)}
    if said.thanks:
        yield _("Kvittot säger också: %(text)s") % {"text": in_language(said.thanks, language)}
    if said.season:
        yield _("Visas först %(season)s.") % {"season": season_in_words(said.season)}


def _days(first: date | None, last: date | None) -> str:
    words = {day: date_format(day, "j F Y", use_l10n=False) for day in (first, last) if day}
    if first and last:
        return f"{words[first]}–{words[last]}"
    return _("från %(day)s") % {"day": words[first]} if first else _("till %(day)s") % {"day": words[last or date.max]}


def _owner(said: CaseTypeDescription, language: str) -> Iterator[str]:
    owner = said.owner
    if owner is None:
        return
    yield f"{in_language(owner.name, language)}: {in_language(owner.text, language)}"
    if owner.url:
        yield owner.url
    yield _("Vi tar inte emot det.") if owner.stop else _("Vi tar emot det och skickar det vidare.")


def _more(said: CaseTypeDescription) -> Iterator[str]:
    if said.automatic_answer != "none":
        yield _("Svar kan lämnas automatiskt. Beslut: %(decision)s") % {
            "decision": said.automatic_answer_decision or _("saknas")
        }
    if said.mandate:
        yield _("Får beslutas av: %(roles)s.") % {"roles": ", ".join(said.mandate)}
    if said.process_guide:
        yield _("Arbetsgång: %(guide)s.") % {"guide": said.process_guide}
    if said.also_under:
        yield _("Andra appar och tjänster visar den också under: %(codes)s.") % {"codes": ", ".join(said.also_under)}
    if said.asset_layer:
        yield _("Anläggningar: %(layer)s.") % {"layer": said.asset_layer}


def _law(reference: str, decision: str) -> Iterator[str]:
    if reference:
        yield _("Stöd: %(reference)s.") % {"reference": reference}
    if decision:
        yield _("Beslut: %(decision)s.") % {"decision": decision}
