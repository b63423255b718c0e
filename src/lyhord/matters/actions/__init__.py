"""Every change that can happen to matters, one function each."""

from lyhord.matters.actions.bodies import body_named, change_body
from lyhord.matters.actions.by_hand import link_case, make_matter, set_level, set_stage, unlink_case
from lyhord.matters.actions.findings import add_area, deny_place, set_hidden, set_topics, set_words
from lyhord.matters.actions.follow import (
    ask_to_renew_matter,
    follow_matter,
    follow_matter_as_owner,
    follow_matter_on_device,
)
from lyhord.matters.actions.merge import merge, split
from lyhord.matters.actions.read import Read, read_document, withdraw_document

__all__ = [
    "Read",
    "add_area",
    "ask_to_renew_matter",
    "body_named",
    "change_body",
    "deny_place",
    "follow_matter",
    "follow_matter_as_owner",
    "follow_matter_on_device",
    "link_case",
    "make_matter",
    "merge",
    "read_document",
    "set_hidden",
    "set_level",
    "set_stage",
    "set_topics",
    "set_words",
    "split",
    "unlink_case",
    "withdraw_document",
]
