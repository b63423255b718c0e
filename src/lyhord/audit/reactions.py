"""Who reacts to which event. Calls go down; this is how news goes up.

An app names its interest in its `reactions.py`, found by name at start:

    @reacts_to("case.closed")
    def invite_to_survey(event: Event) -> None: ...

Each runs as a job of its own after the event is committed, inside the event's organisation, and must be safe to
run twice.
"""

from collections import defaultdict
from collections.abc import Callable

from django.tasks import task
from django.utils.module_loading import autodiscover_modules

from lyhord.audit.models import Event
from lyhord.core.tenancy import organisation_scope

type Reaction = Callable[[Event], None]

_by_verb: dict[str, list[str]] = defaultdict(list)
_by_name: dict[str, Reaction] = {}
_conditions: dict[str, Callable[[], bool]] = {}


def reacts_to(*verbs: str, when: Callable[[], bool] | None = None) -> Callable[[Reaction], Reaction]:
    """Register a function for events with any of these verbs.

    `when` is asked as an event is recorded, in its organisation: no job is added for those to whom it is no concern.
    """

    def register(reaction: Reaction) -> Reaction:
        name = f"{reaction.__module__}.{reaction.__qualname__}"
        _by_name[name] = reaction
        if when is not None:
            _conditions[name] = when
        for verb in verbs:
            if name not in _by_verb[verb]:
                _by_verb[verb].append(name)
        return reaction

    return register


def discover() -> None:
    """Import every app's `reactions.py`; called once when the apps are ready."""
    autodiscover_modules("reactions")


def enqueue_reactions(event: Event) -> None:
    """Queue a job for each reaction to the event, in the same transaction."""
    for name in _by_verb.get(event.verb, ()):
        condition = _conditions.get(name)
        if condition is not None and not condition():
            continue
        run_reaction.enqueue(organisation_id=event.organisation_id, event_id=event.pk, name=name)


@task()
def run_reaction(organisation_id: int, event_id: int, name: str) -> None:
    """Run one reaction to one event."""
    with organisation_scope(organisation_id):
        _by_name[name](Event.objects.get(pk=event_id))
