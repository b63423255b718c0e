"""What a case system's settings mean: where we call, which queue, and how states and people are said there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.clock import now
from lyhord.core.kept import kept
from lyhord.core.sealed import unseal
from lyhord.exchange.adapter import ADAPTERS, Connection
from lyhord.exchange.mapping import EVERY_TYPE
from lyhord.exchange.models import Link, System
from lyhord.exchange.payload import secret

MOST_ASKED = 2000
"""So many cases are asked about one by one at most, the newest."""


def purpose(system: System) -> str:
    """What its secret is sealed for."""
    return f"case system {system.uid}"


def connection_to(system: System) -> Connection:
    """Where it is and who we are there."""
    return Connection(system.pk, system.settings, unseal(system.secret, purpose=purpose(system)) or "")


def has_systems() -> bool:
    """Whether any is switched on: every change of a case asks, and mostly the answer is no."""
    return kept("case systems", lambda: System.objects.filter(active=True).exists())


def connection_for_news(system: System) -> Connection:
    """The same for whoever reads what has happened there: with our open cases by their names there, if need be."""
    connection = connection_to(system)
    if not ADAPTERS.get(system.adapter).asks_by_id:
        return connection
    links = Link.objects.filter(system=system, case__open=True).exclude(remote_id="").order_by("-pk")
    return replace(connection, errands=tuple(links.values_list("remote_id", flat=True)[:MOST_ASKED]))


def queue_for(system: System, case: Case) -> str:
    """Where such cases go there; "" when they stay here."""
    types = _part(system, "types")
    return types.get(case.case_type.code) or types.get(EVERY_TYPE, "")


def handed_queue(system: System, case: Case) -> str:
    """Where such cases go there when somebody hands one over; "" when that is not done."""
    types = _part(system, "handover")
    return types.get(case.case_type.code) or types.get(EVERY_TYPE, "")


def time_is_old(at: datetime | None) -> bool:
    """Whether `note_time` would write it anew."""
    return at is None or at < now() - timedelta(minutes=1)


def note_time(system_id: int, field: str) -> None:
    """That something has just gone or come. Once a minute: else every worker would wait for this one row."""
    known, earlier = f"{field}__gte", now() - timedelta(minutes=1)
    System.objects.filter(pk=system_id).exclude(**{known: earlier}).update(**{field: now()})


def planned(system: System, since: datetime) -> list[Case]:
    """The open cases that `backfill` would send."""
    cases = Case.objects.open().select_related("case_type").filter(registered_at__gte=since).order_by("pk")
    known = set(Link.objects.filter(system=system).values_list("case_id", flat=True))
    return [case for case in cases if case.pk not in known and queue_for(system, case) and not secret(case)]


def word_for(system: System, state: str) -> str:
    """Our state in their words."""
    return _part(system, "states_out").get(state) or ADAPTERS.get(system.adapter).states_out[state]


def state_of(system: System, word: str) -> State | None:
    """Their word as our state; None for one that changes nothing. KeyError for a word that nobody has mapped."""
    states = {**ADAPTERS.get(system.adapter).states_in, **_part(system, "states_in")}
    return State(states[word]) if states[word] else None


def means_something(system: System, word: str) -> bool:
    """Whether their word is a state here."""
    try:
        return state_of(system, word) is not None
    except KeyError:
        return False


def email_of(system: System, person: str) -> str:
    """The address here of somebody there, "" when nobody has said."""
    return _part(system, "people").get(person, "")


def person_of(system: System, email: str) -> str:
    """What somebody here is called there, "" when nobody has said."""
    return next((person for person, here in _part(system, "people").items() if here == email), "")


def _part(system: System, name: str) -> Mapping[str, str]:
    part: Mapping[str, str] = system.mapping.get(name) or {}
    return part
