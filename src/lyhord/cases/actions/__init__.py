"""Every change that can happen to a case, one function each."""

from lyhord.cases.actions.assignment import assign, move
from lyhord.cases.actions.convert import convert
from lyhord.cases.actions.drafts import forget_draft, save_draft
from lyhord.cases.actions.follow import (
    confirm_follow,
    follow_case,
    mail_reporter,
    push_reporter,
    stop_following,
    stop_mail,
    stop_push,
)
from lyhord.cases.actions.merge import merge, unmerge
from lyhord.cases.actions.messages import mark_read, note, reply, resident_writes
from lyhord.cases.actions.outcome import say_good, say_not_good
from lyhord.cases.actions.photos import add_documents, add_late_photo
from lyhord.cases.actions.publish import decline_publication, publish, publish_new, withdraw
from lyhord.cases.actions.register import Registered, register
from lyhord.cases.actions.state import change_state

__all__ = [
    "Registered",
    "add_documents",
    "add_late_photo",
    "assign",
    "change_state",
    "confirm_follow",
    "convert",
    "decline_publication",
    "follow_case",
    "forget_draft",
    "mail_reporter",
    "mark_read",
    "merge",
    "move",
    "note",
    "publish",
    "publish_new",
    "push_reporter",
    "register",
    "reply",
    "resident_writes",
    "save_draft",
    "say_good",
    "say_not_good",
    "stop_following",
    "stop_mail",
    "stop_push",
    "unmerge",
    "withdraw",
]
