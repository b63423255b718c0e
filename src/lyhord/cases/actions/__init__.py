"""Every change that can happen to a case, one function each."""

from lyhord.cases.actions.assignment import assign, move
from lyhord.cases.actions.convert import convert
from lyhord.cases.actions.drafts import forget_draft, save_draft
from lyhord.cases.actions.follow import (
    confirm_by_code,
    confirm_follow,
    follow_case,
    stop_address,
    stop_all_following,
    stop_following,
)
from lyhord.cases.actions.merge import merge, unmerge
from lyhord.cases.actions.messages import mark_read, note, reply, resident_writes
from lyhord.cases.actions.outcome import say_good, say_not_good
from lyhord.cases.actions.photos import add_documents, add_late_photo
from lyhord.cases.actions.position import set_position
from lyhord.cases.actions.protect import protect, unprotect
from lyhord.cases.actions.publish import decline_publication, publish, withdraw
from lyhord.cases.actions.question import ask_reporter
from lyhord.cases.actions.register import Registered, register
from lyhord.cases.actions.shortlist import put_all_back, put_back, take_along
from lyhord.cases.actions.state import change_state
from lyhord.cases.actions.ways import add_way, drop_ways, push_reporter, stop_push, wake_way

__all__ = [
    "Registered",
    "add_documents",
    "add_late_photo",
    "add_way",
    "ask_reporter",
    "assign",
    "change_state",
    "confirm_by_code",
    "confirm_follow",
    "convert",
    "decline_publication",
    "drop_ways",
    "follow_case",
    "forget_draft",
    "mark_read",
    "merge",
    "move",
    "note",
    "protect",
    "publish",
    "push_reporter",
    "put_all_back",
    "put_back",
    "register",
    "reply",
    "resident_writes",
    "save_draft",
    "say_good",
    "say_not_good",
    "set_position",
    "stop_address",
    "stop_all_following",
    "stop_following",
    "stop_push",
    "take_along",
    "unmerge",
    "unprotect",
    "wake_way",
    "withdraw",
]
