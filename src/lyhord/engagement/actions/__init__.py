"""Every change that can happen to openings, to what is said at them, and to plans, one function each."""

from lyhord.engagement.actions.acts import Said, ask, support, take_part
from lyhord.engagement.actions.openings import (
    OpeningValues,
    hand_over,
    join,
    save_opening,
    switch_opening,
    tell_outcome,
)
from lyhord.engagement.actions.plans import drop_plan, evaluate, make_plan, set_step
from lyhord.engagement.actions.review import review

__all__ = [
    "OpeningValues",
    "Said",
    "ask",
    "drop_plan",
    "evaluate",
    "hand_over",
    "join",
    "make_plan",
    "review",
    "save_opening",
    "set_step",
    "support",
    "switch_opening",
    "take_part",
    "tell_outcome",
]
