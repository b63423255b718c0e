"""Who else than its reporter may write in a case by mail: somebody outside who works with it. Upper apps know them."""

from collections.abc import Callable

from lyhord.cases.models import Case

type Knows = Callable[[Case, str], str]

_knows: list[Knows] = []


def knows_parties(function: Knows) -> Knows:
    """Register who says what the owner of a mail address is called, "" for one that it does not know in the case."""
    if function not in _knows:
        _knows.append(function)
    return function


def party(case: Case, address: str) -> str:
    """What the owner of the address is called, "" for nobody whom we have written to about the case."""
    return next((name for knows in _knows if (name := knows(case, address))), "") if address else ""
