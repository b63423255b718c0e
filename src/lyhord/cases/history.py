"""The log of a case as sentences."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lyhord.audit.models import Event
from lyhord.cases.kind import KINDS
from lyhord.cases.states import State
from lyhord.core.http import SENTENCES as REASONS

type Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: when, who, what."""

    at: datetime
    who: str
    text: str


def staff_history(events: list[Event], kind: str) -> list[Line]:
    """Everything that happened, as staff read it, oldest first."""
    lines = []
    for event in events:
        say = _SENTENCES.get(event.verb.removeprefix("case."))
        if say:
            lines.append(Line(event.at, _who(event), say(event.data, kind)))
    return lines


def _who(event: Event) -> str:
    if event.actor_kind == "resident":
        return _("Invånaren")
    return event.person if event.actor_kind == "person" else _("Systemet")


def _state(data: Data, kind: str) -> str:
    words = KINDS.get(kind).words(State(data["after"])).staff
    text = _("Läge: %(state)s") % {"state": words}
    if data.get("until"):
        text += _(" till %(day)s") % {"day": date_format(date.fromisoformat(data["until"]), "j F Y")}
    if data.get("responsible"):
        text += _(". Ansvarig: %(who)s") % {"who": data["responsible"]}
    return _with_reason(text, str(data.get("reason") or ""))


def _assigned(data: Data, kind: str) -> str:
    return _("Handläggare: %(name)s") % {"name": data["name"]} if data.get("name") else _("Ingen handläggare längre")


def _moved(data: Data, kind: str) -> str:
    return _("Flyttat till %(unit)s. %(reason)s") % {"unit": data["unit"], "reason": data["reason"]}


def _converted(data: Data, kind: str) -> str:
    before, after = (data.get(f"{which}_name") or data[which] for which in ("before", "after"))
    return _("Ändrat från %(before)s till %(after)s") % {"before": before, "after": after}


def _reopened(data: Data, kind: str) -> str:
    reason = str(data.get("reason", ""))
    if reason == "resident":
        return _("Öppnades igen när invånaren skrev mer")
    if reason == "unmerged":
        return _("Öppnades igen, var inte samma sak som det andra")
    return _with_reason(_("Öppnades igen"), reason)


def _with_reason(text: str, reason: str) -> str:
    return f"{text}. {reason}" if reason else text


def _fixed(text: Callable[[], str]) -> Callable[[Data, str], str]:
    """A sentence, and the reason where one was given."""
    return lambda data, _kind: _with_reason(text(), str(data.get("reason") or ""))


def _photo_failed(data: Data, kind: str) -> str:
    why = REASONS.get(str(data.get("reason")))
    text = _("Bilden som skickades som en länk gick inte att hämta")
    return f"{text}. {why or _('Där fanns ingen bild som vi kan öppna.')}"


_SENTENCES: dict[str, Callable[[Data, str], str]] = {
    "registered": lambda data, _kind: _("Kom in. %(reason)s") % {"reason": data.get("reason", "")},
    "replied": _fixed(lambda: _("Svarade")),
    "noted": _fixed(lambda: _("Skrev en intern anteckning")),
    "reminded": _fixed(lambda: _("Påminde om frågan")),
    "no_answer": _fixed(lambda: _("Inget svar har kommit på frågan")),
    "resident_wrote": _fixed(lambda: _("Skrev mer")),
    "became_good": _fixed(lambda: _("Sa att det blev bra")),
    "not_good": _fixed(lambda: _("Sa att det inte blev bra")),
    "reopened": _reopened,
    "state_changed": _state,
    "assigned": _assigned,
    "moved": _moved,
    "converted": _converted,
    "merged": lambda data, _kind: _("Slogs ihop med %(number)s") % {"number": data["into"]},
    "joined_by": lambda data, _kind: _("%(number)s slogs ihop med det här") % {"number": data["number"]},
    "published": _fixed(lambda: _("Visas för andra")),
    "publication_declined": _fixed(lambda: _("Visas inte för andra")),
    "withdrawn": _fixed(lambda: _("Visas inte längre för andra")),
    "way_wanted": _fixed(lambda: _("Vill få besked på ett sätt till")),
    "way_dropped": _fixed(lambda: _("Tog bort ett sätt att få besked")),
    "alarm_repeated": lambda data, _kind: _("Larmet kom igen. Det har kommit %(count)s gånger") % data,
    "alarm_cleared": _fixed(lambda: _("Larmet har upphört")),
    "offered": lambda data, _kind: _("Frågade %(group)s om någon kan ta det. %(reason)s") % data,
    "offer_withdrawn": _fixed(lambda: _("Tog tillbaka frågan till de andra kommunerna")),
    "taken_over": lambda data, _kind: _("%(taker)s tog över. Hos dem har det nummer %(number)s") % data,
    "taken_from": lambda data, _kind: _("Togs över från %(giver)s, där det hade nummer %(number)s") % data,
    "photo_fetched": _fixed(lambda: _("Bilden som skickades som en länk har kommit")),
    "photo_failed": _photo_failed,
    "mentioned": _fixed(lambda: _("Någon annan nämnde ärendet. Det väntar under Inkommet")),
    "documents_added": lambda data, _kind: _("Filer kom med: %(count)s") % data,
    "sent_to_system": lambda data, _kind: _("Skickat till %(system)s, där det har nummer %(remote)s") % data,
    "party_wrote": _fixed(lambda: _("Svarade med mejl")),
    "handed_over": lambda data, _kind: _("Lämnade över till %(system)s") % data,
    "system_failed": lambda data, _kind: _("Kom inte fram till %(system)s") % data,
    "system_resent": lambda data, _kind: _("Skickade igen till %(system)s") % data,
    "system_given_up": lambda data, _kind: _("Gav upp att skicka till %(system)s") % data,
    "suspected": lambda _data, _kind: _("Kan vara skickat av en robot"),
    "protected": _fixed(lambda: _("Skyddade den som hörde av sig")),
    "unprotected": _fixed(lambda: _("Tog bort skyddet av den som hörde av sig")),
    "placed": _fixed(lambda: _("Satte platsen på plats ute")),
    "protected_read": _fixed(lambda: _("Läste skyddade uppgifter")),
}
