"""Papers of an invented municipality, as sources would hand them over."""

from datetime import date
from typing import Any

from lyhord.core.actor import Actor
from lyhord.matters.actions import Read, read_document
from lyhord.matters.papers import Page, Taken

TEST = Actor.system("test")
LAMPS = "Utbyte av gatubelysning på Vintergatan i Varamon"

COMMITTEE = f"""§ 31 Dnr KS 2026/412
{LAMPS}

Beslut
Kommunstyrelsens arbetsutskott föreslår att kommunstyrelsen tillstyrker utbytet.
"""
EXECUTIVE = f"""§ 36 Dnr KS 2026:412
{LAMPS}

Beslut
Kommunstyrelsen föreslår att kommunfullmäktige bifaller förslaget.

Reservation
Britta Ek (X) reserverar sig.
"""
COUNCIL = f"""§ 118
{LAMPS}

Ärendebeskrivning
Ärendet har behandlats av kommunstyrelsen 2026-10-06, § 36

Beslut
Kommunfullmäktige beslutar att bifalla förslaget om ny belysning vid Varla 3:22.
"""


def taken(body: str, day: str, text: str, kind: str = "minutes", key: str = "", **values: Any) -> Taken:
    """One paper of one page."""
    return Taken(
        key=key or f"{body}-{day}-{kind}",
        kind=kind,
        title=f"{body} {day}",
        body=body,
        held_on=date.fromisoformat(day),
        pages=(Page(text),),
        **values,
    )


def read(body: str, day: str, text: str, kind: str = "minutes", key: str = "", **values: Any) -> Read:
    """The same, read in."""
    return read_document(taken=taken(body, day, text, kind, key, **values), by=TEST)


def three_boards() -> list[Read]:
    """The lamps on their way from committee to council."""
    return [
        read("Kommunstyrelsens arbetsutskott", "2026-09-22", COMMITTEE),
        read("Kommunstyrelsen", "2026-10-06", EXECUTIVE),
        read("Kommunfullmäktige", "2026-11-16", COUNCIL),
    ]
