"""Invented matters of Motala on their way through boards, read in from agendas and minutes as any others are.

The papers stand in papers.txt, each after a line with days from today, the body and what sort of paper it is.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from lyhord.core.actor import Actor
from lyhord.core.clock import today
from lyhord.core.tenancy import organisation_scope
from lyhord.demo.engagement import let_residents_speak
from lyhord.matters import actions
from lyhord.matters.models import Document, Matter
from lyhord.matters.papers import Page, Taken
from lyhord.organisations.models import Organisation

_PAPERS = Path(__file__).parent / "papers.txt"
_HEAD = re.compile(r"(?m)^=== (-?\d+) \| (.+) \| (\w+)$")
_LAMPS = "Utbyte av gatubelysning"
_PLAN = "Detaljplan"
_TITLE = "Nya gatlampor i Varamon"
_TEXT = """Motala byter ut de gamla lamporna på Vintergatan mot ledljus. Det kostar 2,4 miljoner kronor.

Lamporna dimras mellan midnatt och fem, utom på skolvägar."""


def take_in_papers(organisation: Organisation, *, by: Actor) -> None:
    """Turn matters on and read the papers in."""
    features = {**organisation.features, "matters": True}
    Organisation.objects.filter(pk=organisation.pk).update(features=features)
    with organisation_scope(organisation.pk):
        for taken in _papers():
            actions.read_document(taken=taken, by=by)
        lamps = Matter.objects.get(title__startswith=_LAMPS)
        actions.set_words(matter_id=lamps.pk, plain_title=_TITLE, plain_text=_TEXT, by=by)
        plan = actions.set_stage(
            matter_id=Matter.objects.get(title__startswith=_PLAN).pk,
            stage_code="consultation",
            occurred_on=today() - timedelta(days=20),
            answer_until=today() + timedelta(days=21),
            by=by,
        )
    let_residents_speak(organisation, lamps, plan, by=by)


def _papers() -> Iterator[Taken]:
    _before, *parts = _HEAD.split(_PAPERS.read_text(encoding="utf-8"))
    for days, body, kind, text in zip(*(parts[at::4] for at in range(4)), strict=True):
        day = today() + timedelta(days=int(days))
        title = f"{'Protokoll' if kind == Document.Kind.MINUTES else 'Kallelse'} {body} {day}"
        yield Taken(key=title, kind=kind, title=title, body=body, held_on=day, pages=(Page(text.strip()),))
