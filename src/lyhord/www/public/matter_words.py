"""Matters in the words of residents: what a body did, where a matter is."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lyhord.core.clock import today
from lyhord.matters.models import Item, Matter, MatterEvent
from lyhord.matters.public_queries import OPEN_TO_ALL, OVER
from lyhord.matters.stages import Levels, events, stage
from lyhord.www.templatetags.look import day_text

_R = Item.Result
DID = {
    _R.APPROVED: gettext_lazy("sa ja"),
    _R.REJECTED: gettext_lazy("sa nej"),
    _R.REFERRED_BACK: gettext_lazy("vill att det utreds igen"),
    _R.POSTPONED: gettext_lazy("sköt upp det"),
    _R.ENDORSED: gettext_lazy("föreslår ja"),
    _R.ANSWERED: gettext_lazy("svarade på förslaget"),
    _R.NOTED: gettext_lazy("fick veta om det"),
    _R.DROPPED: gettext_lazy("tog inte upp det"),
}
SENTENCES = {
    _R.APPROVED: gettext_lazy("%(body)s sa ja %(day)s."),
    _R.REJECTED: gettext_lazy("%(body)s sa nej %(day)s."),
    _R.REFERRED_BACK: gettext_lazy("%(body)s ville %(day)s att det utreds igen."),
    _R.POSTPONED: gettext_lazy("%(body)s sköt upp det %(day)s."),
    _R.ENDORSED: gettext_lazy("%(body)s föreslog %(day)s ett ja. Någon annan beslutar."),
    _R.ANSWERED: gettext_lazy("%(body)s svarade på förslaget %(day)s."),
    _R.NOTED: gettext_lazy("%(body)s fick veta om det %(day)s."),
    _R.DROPPED: gettext_lazy("%(body)s tog inte upp det %(day)s."),
}


def tone(code: str) -> tuple[str, str]:
    """The colour and the icon of a stage's chip."""
    if code in OPEN_TO_ALL:
        return "in_progress", "say"
    return ("resolved", "check") if code in OVER else ("info", "clock")


def stage_chip(matter: Matter, language: str) -> dict[str, str]:
    """Where it is: words, colour and icon."""
    if matter.stage in OPEN_TO_ALL and matter.answer_until is not None and matter.answer_until < today():
        return {"label": _("Tiden att svara är slut"), "tone": "info", "icon": "clock"}
    row = stage(matter.kind, matter.stage)
    colour, icon = tone(matter.stage)
    return {"label": row.name(language) if row else _("Har börjat"), "tone": colour, "icon": icon}


def latest_decision(happened: list[MatterEvent]) -> MatterEvent | None:
    """The last thing that a body did to it, of which minutes have words."""
    told = [event for event in happened if event.type not in {"consultation", "correction"}]
    done = [event for event in told if event.item and event.item.decision_text and not event.item.gone]
    return done[-1] if done else None


def sentence(event: MatterEvent) -> str:
    """What a body did, in one sentence."""
    body = event.body.name if event.body else _("Mötet")
    said = SENTENCES.get(_R(event.result)) if event.result else None
    text = str(said) if said else _("%(body)s beslutade %(day)s.")
    return text % {"body": body, "day": day_text(event.occurred_on)}


def steps(
    matter: Matter, happened: list[MatterEvent], levels: Levels, language: str, now: date
) -> list[dict[str, Any]]:
    """The way so far for parts/timeline.html: one step for each body and day, or stage; details are left out."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for event in happened:
        row = levels.row("", event.type)
        if event.level < 2 or (row is not None and not row.shown):
            continue
        by_body = event.body is not None and event.type not in {"consultation", "stage"}
        key = (event.body_id, event.occurred_on) if by_body else (event.stage, event.occurred_on)
        step = found.get(key)
        if step is None or event.result:
            found[key] = _step(event, matter, language, by_body=by_body)
    timeline = list(found.values())
    past = [step for step in timeline if step["at"] <= now]
    for step in timeline:
        step["phase"] = "later" if step["at"] > now else "done"
    if past:
        past[-1]["phase"] = "now"
    return timeline


def _step(event: MatterEvent, matter: Matter, language: str, *, by_body: bool) -> dict[str, Any]:
    if by_body and event.body is not None:
        return {"label": event.body.name, "at": event.occurred_on, "text": _did(event, language)}
    row = stage(matter.kind, event.stage)
    return {"label": row.name(language) if row else event.stage, "at": event.occurred_on, "text": event.text}


def _did(event: MatterEvent, language: str) -> str:
    if event.result:
        return str(DID[_R(event.result)])
    return events()[event.type].name(language) if event.type in events() else ""


def log_rows(happened: list[MatterEvent], levels: Levels, language: str) -> list[dict[str, Any]]:
    """Everything that has happened, newest first, each with how much it matters."""
    rows = []
    for event in reversed(happened):
        row = levels.row("", event.type)
        if row is not None and row.shown:
            words = [row.name(language)]
            words += [str(DID[_R(event.result)])] if event.result else []
            rows.append(
                {
                    "at": event.occurred_on,
                    "what": ": ".join(words) if len(words) > 1 else words[0],
                    "body": event.body.name if event.body else "",
                    "level": event.level,
                    "text": event.text,
                }
            )
    return rows


LEVELS = {
    1: gettext_lazy("Detalj"),
    2: gettext_lazy("Vanligt"),
    3: gettext_lazy("Viktigast"),
}
